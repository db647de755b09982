import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChangeRow, type CommitResult, openSqliteStore, type ProjectCommit, type ProjectInfo, type SqliteStore, type Store } from "@livegantt/server";
import { Image } from "./image.ts";
import type { Random } from "./random.ts";

type Reads = Pick<Store, "project" | "snapshot" | "changes" | "oldestChange" | "revisionAt" | "client">;

/** A database as it outlives the processes that use it. Methods do their work at once; the time that it takes is the seat's. */
export interface Disk extends Reads {
  /** Writes; what is not synced yet may be lost with the process. */
  commit(batch: readonly ProjectCommit[]): Promise<CommitResult[]>;
  saveSnapshot: Store["saveSnapshot"];
  prune: Store["prune"];
  /** Everything written so far is safe from here on. */
  sync(): void;
  /** The process ended. */
  crash(random: Random): void;
  /** Every durable change since the beginning, pruned ones too. */
  readonly archive: readonly ChangeRow[];
  close(): Promise<void>;
}

/** A simulated database that keeps a write-ahead log: a crash loses any part of what was written since the last sync, from the end. */
export class MemoryDisk implements Disk {
  #disk: Image;
  #memory: Image;
  #unsynced: ((image: Image) => unknown)[] = [];

  constructor(info: ProjectInfo, snapshot: Uint8Array) {
    this.#disk = new Image(info, [{ revision: info.revision, body: snapshot }]);
    this.#memory = this.#disk.clone();
  }

  get archive(): readonly ChangeRow[] {
    return this.#disk.archive;
  }

  async project(): Promise<ProjectInfo> {
    return this.#memory.info;
  }

  async snapshot(_: string, notAfter?: number): ReturnType<Store["snapshot"]> {
    return this.#memory.snapshot(notAfter);
  }

  async changes(_: string, query: Parameters<Store["changes"]>[1]): Promise<ChangeRow[]> {
    return this.#memory.query(query);
  }

  async oldestChange(): ReturnType<Store["oldestChange"]> {
    return this.#memory.changes[0];
  }

  async revisionAt(_: string, before: number): Promise<number | undefined> {
    return this.#memory.changes.findLast(({ at }) => at < before)?.revision;
  }

  async client(_: string, clientId: string): ReturnType<Store["client"]> {
    return this.#memory.client(clientId);
  }

  async commit(batch: readonly ProjectCommit[]): Promise<CommitResult[]> {
    return this.#write((image) => batch.map((commit) => image.commit(commit)));
  }

  async saveSnapshot(_: string, snapshot: Parameters<Store["saveSnapshot"]>[1]): Promise<void> {
    this.#write((image) => image.saveSnapshot(snapshot));
  }

  async prune(_: string, upTo: number): Promise<void> {
    this.#write((image) => image.prune(upTo));
  }

  sync(): void {
    for (const write of this.#unsynced.splice(0)) write(this.#disk);
  }

  crash(random: Random): void {
    this.#unsynced.length = random.int(this.#unsynced.length + 1);
    this.sync();
    this.#memory = this.#disk.clone();
  }

  async close(): Promise<void> {}

  #write<T>(write: (image: Image) => T): T {
    const result = write(this.#memory);
    this.#unsynced.push(write);
    return result;
  }
}

/** The real embedded database in a folder of its own. Its writes are safe when they return; a crash of the process closes and opens it. */
export class SqliteDisk implements Disk {
  readonly archive: ChangeRow[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "livegantt-simulation-"));
  #store: SqliteStore = openSqliteStore(this.#folder);

  static async create(info: ProjectInfo, snapshot: Uint8Array): Promise<SqliteDisk> {
    const disk = new SqliteDisk();
    await disk.#store.create(info, snapshot);
    return disk;
  }

  project: Disk["project"] = (id) => this.#store.project(id);
  snapshot: Disk["snapshot"] = (id, notAfter) => this.#store.snapshot(id, notAfter);
  changes: Disk["changes"] = (id, query) => this.#store.changes(id, query);
  oldestChange: Disk["oldestChange"] = (id) => this.#store.oldestChange(id);
  revisionAt: Disk["revisionAt"] = (id, before) => this.#store.revisionAt(id, before);
  client: Disk["client"] = (id, clientId) => this.#store.client(id, clientId);
  saveSnapshot: Disk["saveSnapshot"] = (id, snapshot) => this.#store.saveSnapshot(id, snapshot);
  prune: Disk["prune"] = (id, upTo) => this.#store.prune(id, upTo);

  async commit(batch: readonly ProjectCommit[]): Promise<CommitResult[]> {
    const results = await this.#store.commit(batch);
    for (const [i, { changes }] of batch.entries()) if (results[i] === "committed") this.archive.push(...changes);
    return results;
  }

  sync(): void {}

  crash(): void {
    void this.#store.close();
    this.#store = openSqliteStore(this.#folder);
  }

  async close(): Promise<void> {
    await this.#store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
