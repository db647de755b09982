import type { AuditStore } from "./audit.ts";
import type { DeliveryStore } from "./deliveries.ts";
import type { LinkStore } from "./links.ts";
import type { VersionStore } from "./versions.ts";

/**
 * What the server needs of a database. Drivers: `stores/sqlite`, `stores/postgres`. One suite (`test/storeSuite.ts`) runs over every driver.
 * All times are milliseconds since the epoch. Texts are stored and returned byte for byte.
 */
export interface ProjectInfo {
  readonly id: string;
  readonly name: string;
  /** Changes where the log may have been rewound (a restored backup): revisions of different epochs do not compare (W0). */
  readonly epoch: string;
  readonly revision: number;
  readonly tasks: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}

/** One revision of a project: the log's row. */
export interface ChangeRow {
  readonly revision: number;
  readonly clientId: string;
  readonly clientRevision: number;
  /** Name of the person, and the token's subject where access control is on. */
  readonly author: string;
  readonly sub: string | null;
  readonly at: number;
  /** When the person did it, where that differs from its arrival (O6). */
  readonly madeAt: string | null;
  readonly intent: string | null;
  /** The normalised changeset, and the notices that went with it: JSON texts. With the fields above they are the broadcast. */
  readonly payload: string;
  readonly notices: string | null;
  /** JSON text of the changeset that takes this one back. */
  readonly inverse: string;
}

/** A row without the way back: all that a replay and a broadcast need. */
export type LoggedChange = Omit<ChangeRow, "inverse">;

/** How many numbers of a client are remembered with their answers (W3). */
export const rememberedAnswers = 64;

/**
 * What is known of one client's counter (W3), as the store puts it together: a change's row holds its client's number, so it is its own memory of a plain ack.
 * `acks[n % 64]` is the revision of number `n` for those of the last 64 numbers that made one.
 */
export interface ClientRow {
  readonly clientId: string;
  /** Whom it belongs to. */
  readonly sub: string | null;
  /** The highest number that was answered. */
  readonly lastRevision: number;
  readonly acks: Uint32Array;
}

/** An answer that made no revision, or is more than a plain ack: JSON text of the message. It goes before `acks`. */
export interface AnswerRow {
  readonly clientId: string;
  readonly clientRevision: number;
  readonly body: string;
}

/** Everything one turn of the event loop did to one project; all of it becomes durable, or none. */
export interface ProjectCommit {
  readonly project: string;
  /** The revision this stands on: compared and set. Equal to `revision` where only answers are kept. */
  readonly base: number;
  readonly revision: number;
  readonly at: number;
  readonly name: string;
  readonly tasks: number;
  readonly changes: readonly ChangeRow[];
  /** Clients that were not known before. */
  readonly newClients: readonly { readonly clientId: string; readonly sub: string | null }[];
  readonly answers: readonly AnswerRow[];
  /**
   * Numbers that are judged only when the project is locked (`base` is then no revision, and the rest is empty but for `newClients`): where several servers write to a
   * project, whoever judges before judges in vain.
   */
  readonly claims?: readonly { readonly clientId: string; readonly clientRevision: number }[];
}

/** `behind`: somebody else moved the project on, or has judged one of these messages already; `gone`: it was erased. In both cases nothing of that project was written. */
export type CommitResult = "committed" | "behind" | "gone";

/** `clients`: those whose numbers of this commit, or whose id, somebody else has used already. */
export type JudgeAgain = (project: string, clients: readonly string[]) => Promise<ProjectCommit | undefined>;

export interface SnapshotRow {
  readonly revision: number;
  readonly body: Uint8Array;
}

export interface ChangeQuery {
  /** Revisions greater than this. */
  readonly after: number;
  /** Up to and including this. */
  readonly upTo?: number;
  readonly limit?: number;
  readonly newestFirst?: boolean;
  /** Only rows whose texts contain this; a coarse filter, the caller looks closer. */
  readonly containing?: string;
}

/** A hint: another server may have moved a project on to a revision. Without arguments: any project may have moved, hints were lost. */
export type Hear = (project?: string, revision?: number) => void;

/** What a store has on top where several servers write to it at once. Hints may be lost, so whoever listens also asks for the heads now and then. */
export interface SharedStore {
  /** @param overhear takes what any server tells by `tell`, this one included. Returns the function that ends it. */
  watch(hear: Hear, overhear?: (text: string) => void): () => void;
  /** Says something to all servers that listen now. Nothing of it is kept. @throws StoreError where it was not said. */
  tell(texts: readonly string[]): Promise<void>;
  /** Bytes that one text may have. */
  readonly tellBytes: number;
  /** How these projects stand; erased ones are left out. */
  heads(projects: readonly string[]): Promise<ProjectInfo[]>;
  /** All changes of a project after a revision; cheap to ask for many projects at one moment. */
  missed(project: string, after: number): Promise<LoggedChange[]>;
}

export interface Store {
  /** Name for logs and health. */
  readonly kind: string;
  /** Absent where this process is the only one that writes. */
  readonly shared?: SharedStore;
  readonly links: LinkStore;
  readonly versions: VersionStore;
  readonly audit: AuditStore;
  readonly deliveries: DeliveryStore;
  projects(): Promise<ProjectInfo[]>;
  project(id: string): Promise<ProjectInfo | undefined>;
  /** @throws StoreError `exists` where the id is taken. */
  create(info: ProjectInfo, snapshot: Uint8Array): Promise<void>;
  archive(id: string, at: number | null): Promise<boolean>;
  /** Erases a project with all its history. */
  purge(id: string): Promise<boolean>;
  /** The newest snapshot, or the newest one not after a revision. */
  snapshot(project: string, notAfter?: number): Promise<SnapshotRow | undefined>;
  saveSnapshot(project: string, snapshot: SnapshotRow): Promise<void>;
  changes(project: string, query: ChangeQuery): Promise<ChangeRow[]>;
  /** The oldest revision in the log, or undefined where the log is empty. */
  oldestChange(project: string): Promise<{ readonly revision: number; readonly at: number } | undefined>;
  /** The newest revision that is older than a time. */
  revisionAt(project: string, before: number): Promise<number | undefined>;
  client(project: string, clientId: string): Promise<{ readonly client: ClientRow; readonly answers: readonly AnswerRow[] } | undefined>;
  /**
   * Durable when it resolves (P3); one transaction for all projects.
   * @param again a store that holds a lock on a project calls this where the commit is behind: what must be written instead, nothing else being able to come
   *   before it. `undefined`: nothing. So whoever is late is served all the same. Without it, or in a store without locks, the result is `behind`.
   * @throws StoreError where nothing was written (`storage_unavailable`), or where that is not known (`unknown_outcome`).
   */
  commit(batch: readonly ProjectCommit[], again?: JudgeAgain): Promise<CommitResult[]>;
  /** Drops log rows up to and including a revision, and the snapshots before it but those of named versions. A snapshot at that revision or later must exist. */
  prune(project: string, upTo: number): Promise<void>;
  /** A fact about the store as a whole. */
  setting(name: string): Promise<string | undefined>;
  /** Sets a fact that nobody has set before; of several servers that try at once, one is told true. */
  claimSetting(name: string, value: string): Promise<boolean>;
  /** Bytes on disk. */
  size(): Promise<number>;
  /** Cheap proof that the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type StoreErrorCode =
  | "storage_unavailable"
  | "unknown_outcome"
  | "exists"
  | "corrupt"
  | "newer_schema"
  | "older_schema"
  | "no_driver"
  | "no_database"
  | "in_use";

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
  }
}
