import type { Logger } from "pino";
import type { Scheduler } from "../interfaces/scheduler.ts";
import type { Store } from "../interfaces/store.ts";
import { holds } from "./linkAccess.ts";

/** An open connection, as far as its rights go. */
export interface Visitor {
  /** The share link that its rights come from. */
  readonly link: string | undefined;
  /** ms since the epoch: when its rights were looked at last. */
  readonly judgedAt: number;
  /** Asks anew what it may do; it ends where that is nothing, or something else than before. */
  judge(): Promise<void>;
}

/** Connections that are asked about at one time: whoever decides about them may have to read a database, and everybody else on this server waits for as many. */
const atOnce = 64;

interface Options {
  readonly store: Store;
  readonly clock: () => number;
  readonly log: Logger;
  readonly scheduler: Scheduler;
  /** Rights that come from elsewhere are asked for again after this time; left out: never, since nobody decides about them. */
  readonly againMs: number | undefined;
}

/** D6: rights that were taken away end the connections that stand on them, on whichever server that was done. */
export class AccessWatch {
  readonly #options: Options;
  #looking = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Looks at all of them; one read for all links, whatever the number of connections. */
  async look(visitors: Iterable<Visitor>): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { againMs, clock, scheduler } = this.#options;
      const now = clock();
      const all = [...visitors];
      const standing = await this.#standing([...new Set(all.flatMap(({ link }) => link ?? []))], now);
      const due = all.filter(({ link, judgedAt }) => (link === undefined ? againMs !== undefined && now - judgedAt >= againMs : !standing.has(link)));
      while (due.length > 0) {
        await Promise.all(due.splice(0, atOnce).map((visitor) => visitor.judge()));
        if (due.length > 0) await new Promise<void>((done) => scheduler.soon(done));
      }
    } catch (err) {
      this.#options.log.warn({ err }, "the store does not say which share links hold; asked again shortly");
    } finally {
      this.#looking = false;
    }
  }

  async #standing(ids: readonly string[], now: number): Promise<ReadonlySet<string>> {
    const rows = ids.length > 0 ? await this.#options.store.links.byIds(ids) : [];
    return new Set(rows.filter((link) => holds(link, now)).map(({ id }) => id));
  }
}
