import type { Logger } from "pino";
import type { House } from "./house.ts";
import { type Decided, encodeSnapshot, stateAt } from "./storedProject.ts";

/** Snapshots of one project, and where its log begins (D3). */
export class Keeping {
  readonly #house: House;
  readonly #project: string;
  readonly #log: Logger;
  #snapshotRevision: number;
  #saving: Promise<void> | undefined;
  #logFrom: number;

  constructor(house: House, project: string, log: Logger, snapshotRevision: number, logFrom: number) {
    this.#house = house;
    this.#project = project;
    this.#log = log;
    this.#snapshotRevision = snapshotRevision;
    this.#logFrom = logFrom;
  }

  /** The log holds every change after this revision. */
  get logFrom(): number {
    return this.#logFrom;
  }

  /** Asks the store where the log begins: another server may have folded it. */
  async find(revision: number): Promise<void> {
    const oldest = await this.#house.store.oldestChange(this.#project);
    this.#logFrom = oldest ? oldest.revision - 1 : revision;
  }

  /** Resolves when no snapshot is being written. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  saveWhenDue(decided: Decided): void {
    if (this.#saving || decided.state.revision - this.#snapshotRevision < this.#house.limits.snapshotEvery) return;
    this.#saving = this.save(decided).finally(() => {
      this.#saving = undefined;
    });
  }

  /** Reads the project at once. Where the store does not take it, the log has everything. */
  async save(decided: Decided): Promise<void> {
    const { revision } = decided.state;
    if (revision <= this.#snapshotRevision) return;
    try {
      await this.#house.store.saveSnapshot(this.#project, { revision, body: await encodeSnapshot(decided) });
      this.#snapshotRevision = revision;
    } catch (error) {
      this.#log.warn({ err: error, revision }, "no snapshot was saved; the log has everything, the next start takes longer");
    }
  }

  /** Folds the log up to a revision into a snapshot. History reaches back to that snapshot from then on; clients older than it get the whole project. */
  async fold(upTo: number): Promise<void> {
    const { store } = this.#house;
    if (upTo <= this.#logFrom) return;
    const decided = await stateAt(store, this.#project, upTo);
    if (!decided) return;
    await store.saveSnapshot(this.#project, { revision: upTo, body: await encodeSnapshot(decided) });
    this.#logFrom = upTo;
    await store.prune(this.#project, upTo);
    this.#log.info({ revision: upTo }, "history folded");
  }
}
