import type { Changeset, Collection, Conflict, Notice, ProjectState, RecordKind, Registers, Schedule, Snapshot, Touched } from "@livegantt/core";
import type { ClientError } from "./errors.ts";

/** Where the connection stands. `denied` and `outdated` are ends that a person must act on. */
export type ConnectionStatus = "connecting" | "syncing" | "live" | "reconnecting" | "offline" | "denied" | "outdated";

export interface PresentUser {
  readonly clientId: string;
  readonly name: string;
  readonly avatar?: string;
  readonly color: string;
  readonly activeTask?: string;
  readonly joinedAt: string;
}

/** Where another person works: shown as a frame in that person's colour. */
export interface RemoteSelection {
  readonly clientId: string;
  readonly userName: string;
  readonly color: string;
  readonly taskId: string | null;
  readonly field?: string;
  readonly mode?: "select" | "edit" | "drag";
  readonly ghost?: { readonly startDate: string; readonly endDate: string };
}

/** An entry of the conflict inbox: the server refused this edit because somebody else was first; both values are kept until the author chooses. */
export interface OpenConflict {
  readonly id: string;
  readonly conflicts: readonly Conflict[];
  /** What the author wanted. */
  readonly payload: Changeset;
  readonly intent?: string;
  /** ISO time when the author made the edit, and when the answer arrived. */
  readonly madeAt: string;
  readonly arrivedAt: string;
  /** Edits of the same registers that wait behind this one. */
  readonly parked: number;
}

/** An edit that the server refused for good; stays visible until its author dismisses it. */
export interface RejectedEdit {
  readonly id: string;
  readonly payload: Changeset;
  readonly intent?: string;
  readonly madeAt: string;
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export type Resolution = "keep_local" | "accept_server" | { readonly merge: Registers };

export interface ChangeEvent {
  /** `local`: this person edited, undid or resolved; `remote`: somebody else; `rebase`: own pending edits were taken back or corrected; `load`: a full sync replaced everything. */
  readonly origin: "local" | "remote" | "rebase" | "load";
  readonly touched: Touched;
  readonly intent?: string;
  /** Name of the author of a remote change. */
  readonly by?: string;
}

export interface LiveEvents {
  connected: Record<string, never>;
  disconnected: { readonly code: number; readonly reason: string };
  /** `retryInMs` while `reconnecting`; `error` says why it is `denied`, `outdated`, or `offline` until somebody acts. */
  status: { readonly status: ConnectionStatus; readonly retryInMs?: number; readonly error?: ClientError };
  change: ChangeEvent;
  presenceUpdate: { readonly users: readonly PresentUser[] };
  selection: RemoteSelection;
  conflict: OpenConflict;
  conflicts: { readonly open: readonly OpenConflict[] };
  rejected: RejectedEdit;
  /** What the rules tell this person: somebody's edit replaced, rescued or merged. `reason`: registers or records that an undo left alone, since another person changed them. */
  notice: { readonly notices: readonly Notice[]; readonly by?: string; readonly reason?: "undo_skipped" | "redo_skipped" };
  /** Everything this person did is on the server (`true`), or something is on its way (`false`). */
  saved: {
    readonly saved: boolean;
    readonly pending: number;
    /** What is pending would survive a crash of this page now (O1). */
    readonly kept: boolean;
  };
  undo: { readonly canUndo: boolean; readonly canRedo: boolean };
  /** Something went wrong that is no answer to an edit: the way to the server, the store of this device, a policy. `action` says what can be done. */
  error: ClientError;
}

/** Tasks whose computed figures may differ since the last look. */
export interface ScheduleMoves {
  /** Everything may differ: the first look, or another plan. The sets are then empty. */
  readonly all: boolean;
  /** Tasks where anything but late dates, slack and criticality may differ; removed tasks too. */
  readonly changed: ReadonlySet<string>;
  /** Tasks whose late dates, slack or criticality may differ. */
  readonly late: ReadonlySet<string>;
}

/** A look at what moved in the schedule, for a chart that repaints no more than that: `take` it once a frame. */
export interface ScheduleWatch {
  take(): ScheduleMoves;
  stop(): void;
}

/** Edits inside `transact`: one action of the person, one changeset, one undo step. */
export interface Transaction {
  /** Adds a record; without an id one is made. Returns the id. */
  add(collection: Collection, record: Registers & { readonly id?: string }): string;
  update(kind: RecordKind, id: string, changes: Registers): void;
  remove(collection: Collection, id: string): void;
}

/** A person's handle on one shared project. View = server plan + own pending edits. */
export interface LiveProject {
  readonly projectId: string;
  readonly clientId: string;
  readonly user: { readonly name: string; readonly avatar?: string };
  readonly role: "viewer" | "commenter" | "editor" | "admin";
  /** False until the server has said the role, now or at an earlier visit; edits made before that are judged when they arrive. */
  readonly roleKnown: boolean;
  readonly status: ConnectionStatus;
  /** Milliseconds until the next attempt while `reconnecting`. */
  readonly retryInMs: number | undefined;
  /** Server revision that the view stands on. */
  readonly revision: number;
  /** The view. Read only: change it through `update`, `add`, `remove`, `transact`. Records are immutable, so identity tells whether one changed. */
  readonly state: ProjectState;
  /** Computed dates of the view; brought up to date when read. */
  readonly schedule: Schedule;
  watchSchedule(): ScheduleWatch;
  readonly conflicts: readonly OpenConflict[];
  readonly rejections: readonly RejectedEdit[];
  readonly presence: readonly PresentUser[];
  readonly selections: ReadonlyMap<string, RemoteSelection>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Edits that the server has not answered. */
  readonly pendingCount: number;
  /** True where all of them would survive a crash of this page now. */
  readonly pendingKept: boolean;
  /** Name of the author of a change by client id, as far as this client has met them. */
  nameOf(clientId: string): string | undefined;

  /** Resolves when the first plan is there (from the server, or from this device while offline). */
  ready(): Promise<void>;
  snapshot(): Snapshot;
  add(collection: Collection, record: Registers & { readonly id?: string }, intent?: string): string;
  update(kind: RecordKind, id: string, changes: Registers, intent?: string): void;
  remove(collection: Collection, id: string, intent?: string): void;
  /** Runs `edit` as one action. Throws a `ClientError` (code, action, data) and changes nothing where a law forbids it. */
  transact<T>(intent: string, edit: (tx: Transaction) => T, options?: { readonly atomic?: boolean }): T;
  /** Sends a ready changeset (a fix of the schedule, an import) as one action. */
  apply(payload: Changeset, intent: string): void;
  /**
   * Like `apply`, and settles with the server's answer; offline it stays open until then.
   * Rejects with `SendConflict` (`{ type: "conflict", conflictData }`) where somebody else was first, with a `ClientError` where a law or the server forbids it.
   */
  send(payload: Changeset, intent: string): Promise<{ readonly serverRevision: number }>;
  undo(): void;
  redo(): void;
  resolve(conflictId: string, choice: Resolution): void;
  resolveAll(choice: "keep_local" | "accept_server"): void;
  dismiss(rejectionId: string): void;
  captureBaseline(index: number): void;
  level(): void;
  select(selection: {
    readonly taskId: string | null;
    readonly field?: string;
    readonly mode?: "select" | "edit" | "drag";
    readonly ghost?: { readonly startDate: string; readonly endDate: string };
  }): void;
  /**
   * Asks the server over HTTP with this person's rights, below the project's own address: `request("GET", "/versions")`. Resolves with the JSON of the answer.
   * Rejects with a `ClientError` that has the server's code and action, or `unreachable`.
   */
  request<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T>;
  /** Resolves when everything done so far is on the server. */
  saved(): Promise<void>;
  connect(): void;
  disconnect(): void;
  reconnectNow(): void;
  /** Returns the function that stops listening. */
  on<E extends keyof LiveEvents>(event: E, listener: (payload: LiveEvents[E]) => void): () => void;
  destroy(): void;
}
