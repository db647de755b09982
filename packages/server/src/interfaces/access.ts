import type { IncomingMessage } from "node:http";

/** What a person may do with a project; each role may do what the ones before it may. */
export const roles = ["viewer", "commenter", "editor", "admin"] as const;
export type Role = (typeof roles)[number];

/** Who somebody is, for one project. */
export interface Access {
  readonly role: Role;
  /** Stable id of the person; `clientId`s belong to it (W3). */
  readonly sub?: string;
  /** Name to show, where the token vouches for one. */
  readonly name?: string;
  /** ms since the epoch; the connection ends then. */
  readonly expiresAt?: number;
  /** Id of the share link that the role comes from; it ends with the link. */
  readonly link?: string;
}

/**
 * Decides about a token (from `hello`, `Authorization: Bearer` or the session cookie) and a project; `null` stands for the server itself: listing and creating. It is
 * asked again every few seconds (limit `recheckSeconds`) for each open connection, with the request that opened it: rights that are taken away end the connection, and
 * other rights than before make the client connect anew. Tokens of share links do not come here.
 * @throws ServerError with action `reauth` for a missing or bad token, `fatal` where the person has no right.
 */
export type Authorize = (token: string | undefined, project: string | null, request: IncomingMessage) => Promise<Access>;

export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Without a secret everybody is admin; the server then listens on this machine only (D6). */
export const openAccess: Authorize = async () => ({ role: "admin" });
