import type { Role } from "./access.ts";
import type { AuditRow } from "./audit.ts";

/** A share link. Its token is known to nobody but who holds the link: a store keeps the SHA-256 of it. Times in ms since the epoch. */
export interface LinkRow {
  readonly id: string;
  readonly project: string;
  readonly role: Role;
  /** What its maker calls it, for the list of links. */
  readonly label: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** What a browser or a program got for a link's token: one person (`sub`), who may collect several links. */
export interface SessionRow {
  /** SHA-256 of the session's token. */
  readonly hash: string;
  readonly link: string;
  readonly sub: string;
  readonly at: number;
}

export interface SessionLimits {
  /** Sessions of a link that were not used since then are forgotten. */
  readonly idleSince: number;
  /** Sessions that a link may have. */
  readonly most: number;
}

export interface Session {
  readonly sub: string;
  readonly usedAt: number;
  readonly links: readonly LinkRow[];
}

export interface LinkStore {
  /** Together with its line of the audit log. @throws StoreError `exists` where the project is gone or the id is taken. */
  add(link: LinkRow, hash: string, audit: AuditRow): Promise<void>;
  /** Newest first, ended ones included. */
  list(project: string): Promise<LinkRow[]>;
  /** False where the project has no such link, or it is revoked already. */
  revoke(project: string, id: string, at: number, audit: AuditRow): Promise<boolean>;
  /** The link of a token, by the token's hash. */
  byToken(hash: string): Promise<LinkRow | undefined>;
  byIds(ids: readonly string[]): Promise<LinkRow[]>;
  /** Adds a link to a session, which is made where it does not exist. False where the link would have too many sessions by that; then nothing was written. */
  open(session: SessionRow, limits: SessionLimits): Promise<boolean>;
  session(hash: string): Promise<Session | undefined>;
  /** Notes that a session is in use. */
  touch(hash: string, at: number): Promise<void>;
}
