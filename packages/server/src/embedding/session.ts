import type { IncomingMessage } from "node:http";
import { ServerError } from "../errors.ts";
import type { Authorize, Role } from "../interfaces/access.ts";

/** Somebody who is logged in to the product around the server. */
export interface Person {
  /** Stable id; what the person does offline belongs to it (W3). */
  readonly sub: string;
  /** Name that others see. */
  readonly name: string;
  /** What the person may do with a project; `undefined` is nothing. `null` stands for the server itself: listing projects needs a viewer, creating them an editor. */
  roleIn(project: string | null): Role | undefined | Promise<Role | undefined>;
  /** ms since the epoch: when the session ends, and connections with it. */
  readonly expiresAt?: number;
}

/** Whose session a request or a socket's upgrade belongs to; `undefined` where nobody is logged in. */
export type Authenticate = (request: IncomingMessage) => Person | undefined | Promise<Person | undefined>;

/** Decides by the product's sessions; a request that brings an access token is left to `tokens`, where there is one. */
export function sessionAccess(authenticate: Authenticate, tokens?: Authorize): Authorize {
  return async (token, project, request) => {
    if (tokens && token) return tokens(token, project, request);
    const person = await authenticate(request);
    if (!person) throw new ServerError("not_logged_in", "reauth", "Nobody is logged in. Log in, then open the project again.");
    const role = await person.roleIn(project);
    if (!role) throw new ServerError("not_allowed", "fatal", `You have no right to the project "${project?.slice(0, 64) ?? ""}".`);
    const { sub, name, expiresAt } = person;
    return { role, sub, name: name.slice(0, 255), ...(expiresAt !== undefined && { expiresAt }) };
  };
}
