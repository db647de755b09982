import type { Scheduler } from "../interfaces/scheduler.ts";
import type { CommitResult, ProjectCommit, Store } from "../interfaces/store.ts";
import { StoreError } from "../interfaces/store.ts";
import type { Metrics } from "../metrics.ts";

/** A room as the committer sees it. */
export interface CommitSource {
  /** Decides about what has arrived. Returns what must become durable before anybody hears of it, or nothing. */
  prepare(): ProjectCommit | undefined;
  /** Between `prepare` and `settle`: takes over what other servers wrote, counters of `clients` included, and decides again. Returns what must become durable instead, or nothing. */
  judgeAgain(clients: readonly string[]): Promise<ProjectCommit | undefined>;
  /** Always called after `prepare`: `undefined` where there was nothing to write. */
  settle(result: CommitResult | "failed" | undefined): void;
}

const unknownOutcomeRetryMs = 250;
/** How long a group may gather while every turn of the event loop still brings more. A lone edit waits for nobody. */
const gatherMs = 1;

/**
 * Group commit: everything that arrived together, in all projects, becomes durable in one transaction. While a commit is under way the next group gathers; so at most one group is undecided, and memory is ahead of the disk only between `prepare` and `settle`.
 */
export class Committer {
  readonly #store: Store;
  readonly #metrics: Metrics;
  readonly #scheduler: Scheduler;
  readonly #report: (error: unknown) => void;
  readonly #dirty = new Set<CommitSource>();
  /** By project, whose commit is under way. */
  readonly #writing = new Map<string, CommitSource>();
  #busy = false;
  #arrivals = 0;
  #idle: (() => void)[] = [];
  /** False from a failed write until the next one that succeeds. */
  healthy = true;

  constructor(store: Store, metrics: Metrics, scheduler: Scheduler, report: (error: unknown) => void) {
    this.#store = store;
    this.#metrics = metrics;
    this.#scheduler = scheduler;
    this.#report = report;
  }

  schedule(source: CommitSource): void {
    this.#dirty.add(source);
    this.#arrivals++;
    if (this.#busy) return;
    this.#busy = true;
    this.#gather(this.#scheduler.elapsed());
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#busy ? new Promise((done) => this.#idle.push(done)) : Promise.resolve();
  }

  #gather(started: number): void {
    const seen = this.#arrivals;
    this.#scheduler.soon(() => {
      if (this.#arrivals !== seen && this.#scheduler.elapsed() - started < gatherMs) this.#gather(started);
      else void this.#run();
    });
  }

  async #run(): Promise<void> {
    const sources = [...this.#dirty];
    this.#dirty.clear();
    const batch: ProjectCommit[] = [];
    const writers: CommitSource[] = [];
    for (const source of sources) {
      const commit = source.prepare();
      if (commit) {
        batch.push(commit);
        writers.push(source);
        this.#writing.set(commit.project, source);
      } else source.settle(undefined);
    }
    if (batch.length > 0) {
      const results = await this.#commit(batch);
      this.#writing.clear();
      for (const [i, writer] of writers.entries()) writer.settle(results[i] ?? "failed");
    }
    if (this.#dirty.size > 0) this.#gather(this.#scheduler.elapsed());
    else {
      this.#busy = false;
      for (const done of this.#idle.splice(0)) done();
    }
  }

  async #commit(batch: readonly ProjectCommit[]): Promise<(CommitResult | "failed")[]> {
    const newest = new Map<string, ProjectCommit | undefined>(batch.map((commit) => [commit.project, commit]));
    const again = async (project: string, clients: readonly string[]): Promise<ProjectCommit | undefined> => {
      const instead = await this.#writing.get(project)?.judgeAgain(clients);
      newest.set(project, instead);
      return instead;
    };
    const started = this.#scheduler.elapsed();
    try {
      const results = await this.#store.commit(batch, again);
      this.#metrics.commitSeconds.observe((this.#scheduler.elapsed() - started) / 1000);
      this.#metrics.groupSize.observe([...newest.values()].reduce((sum, commit) => sum + (commit?.changes.length ?? 0), 0));
      this.healthy = true;
      return results;
    } catch (error) {
      this.#metrics.commitFailures.inc();
      this.#report(error);
      if (error instanceof StoreError && error.code === "unknown_outcome")
        return Promise.all(batch.map(({ project }) => newest.get(project)).map((commit) => (commit ? this.#outcomeOf(commit) : "committed")));
      this.healthy = false;
      return batch.map(() => "failed");
    }
  }

  /** W4: the connection broke inside COMMIT. The store itself tells whether the group is there, as soon as it answers again. */
  async #outcomeOf({ project, base, changes, answers }: ProjectCommit): Promise<CommitResult | "failed"> {
    for (;;) {
      try {
        const info = await this.#store.project(project);
        if (!info) return "gone";
        const first = changes[0];
        if (first) {
          const [there] = await this.#store.changes(project, { after: base, limit: 1 });
          if (!there) return "failed";
          return there.clientId === first.clientId && there.clientRevision === first.clientRevision ? "committed" : "behind";
        }
        const answer = answers[0];
        const known = answer && (await this.#store.client(project, answer.clientId));
        return !answer || (known && known.client.lastRevision >= answer.clientRevision) ? "committed" : "failed";
      } catch (error) {
        this.#report(error);
        await new Promise<void>((done) => this.#scheduler.after(unknownOutcomeRetryMs, done));
      }
    }
  }
}
