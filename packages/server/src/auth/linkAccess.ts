import { ServerError } from "../errors.ts";
import { type Access, type Role, roles } from "../interfaces/access.ts";
import type { LinkRow, Session } from "../interfaces/links.ts";
import type { Store } from "../interfaces/store.ts";
import { hashOf, isLinkToken, isSessionToken, newSessionToken, subOfSession } from "./secrets.ts";

const day = 86_400_000;
/** Days without use after which a session is forgotten: browsers keep no cookie longer. */
export const sessionDays = 400;
/** A session in use is noted once in this time, so that reading costs no writes. */
const touchMs = day;

/** A session that was opened by a link. */
export interface Opened {
  readonly link: LinkRow;
  /** The session's token: the one that was presented, or a new one. */
  readonly token: string;
  readonly sub: string;
  readonly isNew: boolean;
}

export const holds = ({ revokedAt, expiresAt }: LinkRow, now: number): boolean => revokedAt === null && (expiresAt === null || expiresAt > now);

export const linkExpired = (): ServerError =>
  new ServerError("link_expired", "reauth", "This share link has expired. Ask an admin of the project for a new one.");

const ended = ({ revokedAt }: LinkRow): ServerError =>
  revokedAt === null ? linkExpired() : new ServerError("link_revoked", "reauth", "This share link was revoked. Ask an admin of the project for a new one.");

const unknown = (what: string): ServerError =>
  new ServerError("token_invalid", "reauth", `This ${what} is not known here. It may be incomplete, or its project was erased. Ask for a new share link.`);

/**
 * Rights by share links. A link's token may be used as it is, by a program; a browser exchanges it for a session, which is one person with the rights of all links
 * that were opened in it. Both are looked up at each use, so that a link that was revoked on any server is worth nothing at once.
 */
export class LinkAccess {
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #sessionsPerLink: number;
  readonly #looking = new Map<string, Promise<Session | undefined>>();

  constructor(store: Store, clock: () => number, sessionsPerLink: number) {
    this.#store = store;
    this.#sessionsPerLink = sessionsPerLink;
    this.#clock = clock;
  }

  /** Is this a token of ours? */
  made(token: string): boolean {
    return isLinkToken(token) || isSessionToken(token);
  }

  /** @throws ServerError with action `reauth` for a token that is not known or has ended, `fatal` where it is for other projects. */
  async access(token: string, project: string | null): Promise<Access> {
    if (isLinkToken(token)) {
      const link = await this.#linkOf(token);
      return this.#accessOf([link], project, `link-${link.id}`);
    }
    const hash = hashOf(token);
    const session = await this.#sessionOf(hash);
    if (!session) throw unknown("session");
    const now = this.#clock();
    if (now - session.usedAt > touchMs) await this.#store.links.touch(hash, now).catch(() => {}); // noted at the next use
    return this.#accessOf(session.links, project, session.sub);
  }

  /**
   * Exchanges a link's token for a session.
   * @param former tokens of sessions that the caller has already; the first one that is one takes the link up, so that a person stays the same person.
   * @throws ServerError as `access` does, and where the link has too many sessions.
   */
  async open(token: string, former: readonly (string | undefined)[]): Promise<Opened> {
    if (!isLinkToken(token)) throw unknown("share link");
    const link = await this.#linkOf(token);
    const now = this.#clock();
    if (!holds(link, now)) throw ended(link);
    const known = former.find((session) => session !== undefined && subOfSession(session) !== undefined);
    const session = known ?? newSessionToken();
    const [hash, sub] = [hashOf(session), subOfSession(session) as string];
    const before = known && (await this.#store.links.session(hash));
    const [most, idleSince] = [this.#sessionsPerLink, now - sessionDays * day];
    if (!(await this.#store.links.open({ hash, link: link.id, sub, at: now }, { idleSince, most }))) {
      const message = `The share link has ${most} sessions, its limit (sessionsPerLink). Ask an admin of the project for a new link.`;
      throw new ServerError("too_many_sessions", "fatal", message, { status: 403 });
    }
    return { link, token: session, sub, isNew: !before };
  }

  /** A list of projects asks about each of them at the same moment: that is one look. */
  #sessionOf(hash: string): Promise<Session | undefined> {
    let looking = this.#looking.get(hash);
    if (!looking) {
      looking = this.#store.links.session(hash).finally(() => this.#looking.delete(hash));
      this.#looking.set(hash, looking);
    }
    return looking;
  }

  async #linkOf(token: string): Promise<LinkRow> {
    const link = await this.#store.links.byToken(hashOf(token));
    if (!link) throw unknown("share link");
    return link;
  }

  #accessOf(links: readonly LinkRow[], project: string | null, sub: string): Access {
    const now = this.#clock();
    if (project === null) {
      if (!links.some((link) => holds(link, now))) throw ended(links.at(-1) as LinkRow);
      return { role: "viewer", sub };
    }
    const here = links.filter((link) => link.project === project);
    const last = here.at(-1);
    if (!last) throw new ServerError("not_allowed", "fatal", `Your share link gives no right to the project "${project.slice(0, 64)}".`);
    const best = strongest(here.filter((link) => holds(link, now)));
    if (!best) throw ended(last);
    return { role: best.role, sub, link: best.id, ...(best.expiresAt !== null && { expiresAt: best.expiresAt }) };
  }
}

/** Of several links of one role the one that holds longest. */
function strongest(links: readonly LinkRow[]): LinkRow | undefined {
  const rank = (role: Role): number => roles.indexOf(role);
  const until = ({ expiresAt }: LinkRow): number => expiresAt ?? Number.POSITIVE_INFINITY;
  return links.toSorted((a, b) => rank(b.role) - rank(a.role) || until(b) - until(a))[0];
}
