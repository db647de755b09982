import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { noSuchProject, ServerError } from "../errors.ts";
import type { Delivered } from "../interfaces/deliveries.ts";
import type { Scheduler, Timer } from "../interfaces/scheduler.ts";
import type { ProjectInfo, Store } from "../interfaces/store.ts";
import type { Metrics } from "../metrics.ts";
import { type Committed, committedRow, committedWhole, placeOf } from "./committed.ts";

/**
 * Hears of every change once it is on disk: at least once, and of each project in the order of its revisions. The next change of a project waits until this one has
 * resolved; where it throws, it is called again with the same change after a while. Other projects go on meanwhile.
 */
export type OnCommitted = (change: Committed) => void | Promise<void>;

interface DeliveriesOptions {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** A project that this server delivers. Invariant: `place` is behind every change that `onCommitted` has resolved for, `saved` is what the store knows of it. */
interface Held {
  place: Delivered | null;
  saved: Delivered | null;
  /** Somebody else has it by now, or it was rewound: nothing of this object counts any more. */
  lost: boolean;
  savedAt: number;
  usedAt: number;
}

const projectsAtOnce = 8;
const page = 100;
/** How long a server that died keeps its projects from the others. */
const leaseMs = 10_000;
/** How often places are saved: up to here a crash makes changes come twice. */
const saveMs = 500;
const idleMs = 2_000;
/** Brings what nobody here has said anything about: changes of other servers that died before they delivered them, and everything at the start. */
const pollMs = 5_000;
const firstRetryMs = 500;
const longestRetryMs = 60_000;
const closeMs = 3_000;
/** How long deliveries may keep the event loop to themselves, where product and store both work within it. */
const breathMs = 5;

/** Brings committed changes to the product around the server. The log itself is the queue, so nothing piles up in memory and nothing is lost in a crash. */
export class Deliveries {
  readonly #deliver: OnCommitted;
  readonly #options: DeliveriesOptions;
  readonly #owner = randomUUID();
  readonly #wanted = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #held = new Map<string, Held>();
  /** Projects whose last delivery failed. */
  readonly #failing = new Map<string, { readonly count: number; readonly retry: Timer }>();
  /** Projects that another server has, until the next poll: it hears of their changes as fast, so they are not asked for at every one. */
  readonly #elsewhere = new Set<string>();
  readonly #timers: readonly Timer[];
  #saving: Promise<void> | undefined;
  #breathedAt = 0;
  #closed = false;

  constructor(deliver: OnCommitted, options: DeliveriesOptions) {
    this.#deliver = deliver;
    this.#options = options;
    const { scheduler } = options;
    this.#timers = [scheduler.every(pollMs, () => void this.poll()), scheduler.every(saveMs, () => void this.#saveAll())];
    scheduler.soon(() => void this.poll());
  }

  /** Projects with something that was not delivered yet, as far as this server knows. */
  get behind(): number {
    return new Set([...this.#wanted, ...this.#running.keys(), ...this.#failing.keys()]).size;
  }

  /** Something was committed to a project. */
  heard(project: string): void {
    if (this.#closed || this.#failing.has(project) || this.#elsewhere.has(project)) return;
    this.#wanted.add(project);
    this.#next();
  }

  /** Asks the store for projects with something to deliver. */
  async poll(): Promise<void> {
    if (this.#closed) return;
    this.#elsewhere.clear();
    try {
      for (const project of await this.#options.store.deliveries.waiting(this.#owner)) this.heard(project);
    } catch (err) {
      this.#options.log.warn({ err }, "the store does not say what is to be delivered; asked again shortly");
    }
  }

  /** The log up to here is not needed for deliveries any more. */
  async reached({ id, epoch }: Pick<ProjectInfo, "id" | "epoch">): Promise<number> {
    const place = await this.#options.store.deliveries.delivered(id);
    return place?.epoch === epoch ? place.revision : 0;
  }

  /**
   * Delivers everything after a place again; without a cursor everything, from the plan that the project began with.
   * @throws ServerError for a text that is no cursor, or a project that does not exist.
   */
  async replay(project: string, cursor?: string): Promise<void> {
    const place = cursor === undefined ? null : placeOf(cursor);
    if (place === undefined) throw new ServerError("invalid_value", "fix", `"${cursor?.slice(0, 80)}" is no cursor of onCommitted.`, { path: "cursor" });
    if (!(await this.#options.store.deliveries.rewind(project, place))) throw noSuchProject(project);
    this.#lose(project);
    this.heard(project);
  }

  /** Lets deliveries that are under way end, but not for ever, and keeps how far they came. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    for (const { retry } of this.#failing.values()) retry.cancel();
    this.#wanted.clear();
    let late: Timer | undefined;
    const waited = new Promise<void>((done) => {
      late = this.#options.scheduler.after(closeMs, done);
    });
    await Promise.race([Promise.all(this.#running.values()), waited]);
    late?.cancel();
    await this.#saving;
    for (const project of [...this.#held.keys()]) await this.#letGo(project);
  }

  #next(): void {
    for (const project of this.#wanted) {
      if (this.#running.size >= projectsAtOnce) return;
      if (this.#running.has(project)) continue;
      this.#wanted.delete(project);
      const run = this.#run(project).finally(() => {
        this.#running.delete(project);
        if (!this.#closed) this.#next();
      });
      this.#running.set(project, run);
    }
  }

  async #run(project: string): Promise<void> {
    try {
      const held = this.#held.get(project) ?? (await this.#take(project));
      while (held && !this.#closed && !held.lost && (await this.#deliverSome(project, held)));
      this.#failing.delete(project);
      if (held?.lost && !this.#closed) this.#wanted.add(project);
    } catch (err) {
      this.#failed(project, err);
      await this.#letGo(project);
    }
  }

  async #take(project: string): Promise<Held | undefined> {
    const { store, scheduler } = this.#options;
    const place = await store.deliveries.claim(project, this.#owner, leaseMs);
    if (place === false) {
      this.#elsewhere.add(project);
      return undefined;
    }
    const now = scheduler.elapsed();
    const held: Held = { place, saved: place, lost: false, savedAt: now, usedAt: now };
    this.#held.set(project, held);
    return held;
  }

  /** One page of the log. False where nothing is left. */
  async #deliverSome(project: string, held: Held): Promise<boolean> {
    const { store } = this.#options;
    const info = await store.project(project);
    if (!info || (held.place?.epoch === info.epoch && held.place.revision === info.revision)) return false;
    for (const change of await this.#after(info, held.place)) {
      await this.#breathe();
      await this.#renew(project, held);
      if (this.#closed || held.lost) return false;
      await this.#deliver(change);
      held.place = { epoch: info.epoch, revision: change.revision };
      held.usedAt = this.#options.scheduler.elapsed();
      this.#failing.delete(project);
      this.#options.metrics.deliveries.inc({ outcome: "delivered" });
    }
    return true;
  }

  async #breathe(): Promise<void> {
    const { scheduler } = this.#options;
    if (scheduler.elapsed() - this.#breathedAt < breathMs) return;
    await new Promise<void>((done) => scheduler.soon(done));
    this.#breathedAt = scheduler.elapsed();
  }

  /** A server that stood still for longer than its lease asks whether the project is still its own, before anybody hears more from it. */
  async #renew(project: string, held: Held): Promise<void> {
    const isOver = (): boolean => this.#options.scheduler.elapsed() - held.savedAt > leaseMs / 2;
    if (!isOver()) return;
    await this.#save(project, held);
    if (isOver()) throw new Error("the store does not take how far changes were delivered");
  }

  async #after(info: ProjectInfo, place: Delivered | null): Promise<Committed[]> {
    const { store } = this.#options;
    if (place?.epoch === info.epoch && place.revision < info.revision) {
      const rows = await store.changes(info.id, { after: place.revision, limit: page });
      if (rows[0]?.revision === place.revision + 1) return rows.map((row) => committedRow(info, row));
    }
    return [await committedWhole(store, info)];
  }

  #failed(project: string, err: unknown): void {
    const { scheduler, metrics, log } = this.#options;
    const count = (this.#failing.get(project)?.count ?? 0) + 1;
    const retryInMs = Math.min(firstRetryMs * 2 ** (count - 1), longestRetryMs);
    metrics.deliveries.inc({ outcome: "failed" });
    log.error({ err, project, after: this.#held.get(project)?.place?.revision ?? null, retryInMs }, "a change was not delivered; it is tried again");
    if (this.#closed) return;
    const retry = scheduler.after(
      retryInMs,
      () => {
        this.#wanted.add(project);
        this.#next();
      },
      { idle: true },
    );
    this.#failing.set(project, { count, retry });
  }

  #saveAll(): Promise<void> {
    this.#saving ??= this.#saveEach().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #saveEach(): Promise<void> {
    for (const [project, held] of [...this.#held]) {
      const now = this.#options.scheduler.elapsed();
      if (held.place !== held.saved || now - held.savedAt > leaseMs / 3) await this.#save(project, held);
      if (!this.#running.has(project) && now - held.usedAt > idleMs) await this.#letGo(project);
    }
  }

  async #save(project: string, held: Held): Promise<void> {
    const { place } = held;
    try {
      const mine = !held.lost && (await this.#options.store.deliveries.advance(project, this.#owner, place, leaseMs));
      held.saved = place;
      held.savedAt = this.#options.scheduler.elapsed();
      if (!mine && this.#held.get(project) === held) this.#lose(project);
    } catch (err) {
      this.#options.log.warn({ err, project }, "how far changes were delivered could not be saved; tried again shortly");
    }
  }

  async #letGo(project: string): Promise<void> {
    const held = this.#held.get(project);
    if (!held) return;
    if (held.place !== held.saved) await this.#save(project, held);
    if (held.place !== held.saved && !this.#closed) return;
    this.#lose(project);
    await this.#options.store.deliveries
      .release(project, this.#owner)
      .catch((err) => this.#options.log.warn({ err, project }, "a delivery could not be released"));
  }

  #lose(project: string): void {
    const held = this.#held.get(project);
    if (!held) return;
    held.lost = true;
    this.#held.delete(project);
  }
}
