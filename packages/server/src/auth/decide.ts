import type { IncomingMessage } from "node:http";
import { ServerError } from "../errors.ts";
import { type Access, type Authorize, atLeast } from "../interfaces/access.ts";
import { accountCookie, cookieOf, linkCookie } from "./cookies.ts";
import type { LinkAccess } from "./linkAccess.ts";

/**
 * Puts share links beside whoever decides about everybody else. A token that the caller names (in `hello`, or as Bearer) is the only one that counts. Without one the
 * cookies do: who is signed in keeps being that person, with the role of the link where that is the higher one; who is not comes by the link.
 */
export function withLinks(accounts: Authorize, links: LinkAccess): Authorize {
  return async (named, project, request) => {
    if (named) return links.made(named) ? links.access(named, project) : accounts(named, project, request);
    const account = cookieOf(request, accountCookie);
    const link = cookieOf(request, linkCookie);
    if (link === undefined || !links.made(link)) return accounts(account, project, request);
    return both(
      () => accounts(account, project, request),
      () => links.access(link, project),
    );
  };
}

async function both(byAccount: () => Promise<Access>, byLink: () => Promise<Access>): Promise<Access> {
  let person: Access;
  try {
    person = await byAccount();
  } catch (error) {
    // A failure that passes by itself says nothing about rights.
    if (!(error instanceof ServerError) || (error.action !== "reauth" && error.action !== "fatal")) throw error;
    return byLink();
  }
  if (person.role === "admin") return person;
  try {
    const guest = await byLink();
    if (atLeast(person.role, guest.role)) return person;
    const ends = Math.min(person.expiresAt ?? Number.POSITIVE_INFINITY, guest.expiresAt ?? Number.POSITIVE_INFINITY);
    return { ...person, role: guest.role, ...(guest.link !== undefined && { link: guest.link }), ...(Number.isFinite(ends) && { expiresAt: ends }) };
  } catch (error) {
    if (error instanceof ServerError) return person;
    throw error;
  }
}

/** The token that a request names by itself. */
export const bearerOf = ({ headers }: IncomingMessage): string | undefined => /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
