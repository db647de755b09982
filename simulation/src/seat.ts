import { type CommitResult, type ProjectCommit, type Store, StoreError } from "@livegantt/server";
import type { Owner } from "./device.ts";
import type { Disk } from "./disk.ts";
import { never, type World } from "./world.ts";

/** Faults that lie ahead. Counted down as they strike. */
export interface StoreFaults {
  /** Commits that are refused with nothing written. */
  refuse: number;
  /** Commits whose outcome is not known: with the rows, or without. */
  unknownKept: number;
  unknownLost: number;
  /** Reads that fail. */
  reads: number;
  /** Milliseconds that a commit takes at most. */
  slow: number;
}

/** A server process at its database: everything takes time, may fail, and ends where the process ends. */
export class Seat implements Store {
  readonly kind = "simulated";
  readonly #world: World;
  readonly #disk: Disk;
  readonly #process: Owner;
  readonly #faults: StoreFaults;
  /** A place where the process may be killed. */
  readonly #crashPoint: (where: string) => void;

  constructor(world: World, disk: Disk, process: Owner, faults: StoreFaults, crashPoint: (where: string) => void) {
    this.#world = world;
    this.#disk = disk;
    this.#process = process;
    this.#faults = faults;
    this.#crashPoint = crashPoint;
  }

  project: Store["project"] = (id) => this.#read(() => this.#disk.project(id));
  snapshot: Store["snapshot"] = (id, notAfter) => this.#read(() => this.#disk.snapshot(id, notAfter));
  changes: Store["changes"] = (id, query) => this.#read(() => this.#disk.changes(id, query));
  oldestChange: Store["oldestChange"] = (id) => this.#read(() => this.#disk.oldestChange(id));
  revisionAt: Store["revisionAt"] = (id, before) => this.#read(() => this.#disk.revisionAt(id, before));
  client: Store["client"] = (id, clientId) => this.#read(() => this.#disk.client(id, clientId));
  saveSnapshot: Store["saveSnapshot"] = (id, snapshot) => this.#write("a snapshot", () => this.#disk.saveSnapshot(id, snapshot));
  prune: Store["prune"] = (id, upTo) => this.#write("pruning", () => this.#disk.prune(id, upTo));

  async commit(batch: readonly ProjectCommit[]): Promise<CommitResult[]> {
    const faults = this.#faults;
    await this.#pass("before a commit");
    if (faults.refuse > 0) {
      faults.refuse--;
      this.#world.tell(() => "the store refuses a commit");
      throw new StoreError("storage_unavailable", "The database did not take a write: simulated.");
    }
    if (faults.unknownLost > 0) {
      faults.unknownLost--;
      this.#world.tell(() => "a commit is lost, and the store does not say so");
      throw new StoreError("unknown_outcome", "The connection was lost in COMMIT: simulated.");
    }
    const results = await this.#disk.commit(batch);
    await this.#pass("after a commit was written, before it was synced");
    this.#disk.sync();
    await this.#pass("after a commit was synced");
    if (faults.unknownKept > 0) {
      faults.unknownKept--;
      this.#world.tell(() => "a commit is there, but the store does not say so");
      throw new StoreError("unknown_outcome", "The connection was lost in COMMIT: simulated.");
    }
    return results;
  }

  get links(): Store["links"] {
    return unused("share");
  }

  get versions(): Store["versions"] {
    return unused("name versions of");
  }

  get audit(): Store["audit"] {
    return unused("audit");
  }

  get deliveries(): Store["deliveries"] {
    return unused("deliver");
  }

  projects: Store["projects"] = async () => [];
  create: Store["create"] = () => unused("create");
  archive: Store["archive"] = () => unused("archive");
  purge: Store["purge"] = () => unused("purge");
  setting: Store["setting"] = async () => undefined;
  claimSetting: Store["claimSetting"] = async () => true;
  size: Store["size"] = async () => 0;
  ping: Store["ping"] = async () => {};
  close: Store["close"] = async () => {};

  async #read<T>(read: () => Promise<T>): Promise<T> {
    await this.#pass("at a read");
    if (this.#faults.reads > 0) {
      this.#faults.reads--;
      this.#world.tell(() => "the store fails a read");
      throw new StoreError("storage_unavailable", "The database does not answer: simulated.");
    }
    return read();
  }

  async #write<T>(what: string, write: () => Promise<T>): Promise<T> {
    await this.#pass(`before ${what}`);
    const result = await write();
    await this.#pass(`after ${what}`);
    return result;
  }

  /** Time passes; the process may be gone afterwards. */
  async #pass(where: string): Promise<void> {
    if (!this.#process.gone) this.#crashPoint(where);
    if (this.#process.gone) return never();
    await this.#world.wait(this.#world.random.int(1 + this.#faults.slow));
    if (this.#process.gone) return never();
  }
}

const unused = (method: string): never => {
  throw new Error(`the simulation does not ${method} projects`);
};
