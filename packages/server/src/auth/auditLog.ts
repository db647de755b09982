import type { Logger } from "pino";
import type { Access } from "../interfaces/access.ts";
import type { AuditAction, AuditRow } from "../interfaces/audit.ts";
import type { Store } from "../interfaces/store.ts";

/** Ids, roles and numbers. */
type Detail = Readonly<Record<string, string | number | boolean | null>>;

/** A refusal of one person for one reason is written once in this time: whoever knocks again and again must not fill the log. */
const refusalMs = 60_000;
const keptRefusals = 10_000;

/** Refusals that an admin wants to know of although it is not known whose they are; forged tokens and junk are for the log of the server. */
export const refusedCodes: ReadonlySet<string> = new Set(["not_allowed", "link_revoked", "link_expired"]);

/** Who did what to a project, for its admins. */
export class AuditLog {
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #log: Logger;
  readonly #refused = new Map<string, number>();

  constructor(store: Store, clock: () => number, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * A line that a store writes together with what it tells of.
   * @param called how the person wants to be called, where no token vouches for a name.
   */
  line(project: string, action: AuditAction, who: Access, detail?: Detail, called?: string): AuditRow {
    return {
      project,
      at: this.#clock(),
      action,
      actor: nameOf(who, called),
      sub: who.sub ?? null,
      detail: detail === undefined ? null : JSON.stringify(detail),
    };
  }

  /** Durable when it resolves. Written before what it tells of, so that nothing happens without a line. */
  record(project: string, action: AuditAction, who: Access, detail?: Detail): Promise<void> {
    return this.#store.audit.append(this.line(project, action, who, detail));
  }

  /** Notes that somebody wanted what was not theirs; `who` is undefined where not even that is known. Never in the way of the answer. */
  refused(project: string, who: Access | undefined, detail: Detail): void {
    const now = this.#clock();
    const key = JSON.stringify([project, who?.sub ?? who?.role, detail]);
    if (now - (this.#refused.get(key) ?? Number.NEGATIVE_INFINITY) < refusalMs) return;
    this.#refused.delete(key);
    if (this.#refused.size >= keptRefusals) this.#refused.delete(this.#refused.keys().next().value as string);
    this.#refused.set(key, now);
    this.#note(project, who, detail).catch((err: unknown) => this.#log.warn({ err, project }, "a refusal could not be written to the audit log"));
  }

  async #note(project: string, who: Access | undefined, detail: Detail): Promise<void> {
    if (!(await this.#store.project(project))) return;
    await this.#store.audit.append({ ...this.line(project, "refused", who ?? { role: "viewer" }, detail), ...(!who && { actor: "Unknown" }) });
  }
}

/** A name that a token vouches for, or else the one that somebody gave; a guest's is told from a member's. */
export function nameOf({ name, link }: Access, called?: string): string {
  const given = (name ?? called ?? "").trim().slice(0, 255);
  if (name === undefined && link !== undefined) return given ? `${given} (by link)` : "Guest (by link)";
  return given || "Anybody";
}
