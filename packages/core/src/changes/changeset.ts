import type { Collection, RecordKind } from "../model/collections.ts";
import type { Json } from "../model/json.ts";

/** Field → value. A partial register keeps its other members; `null` unsets. List registers are written as `intervals.<id>` and `baselines.<n>`. */
export type Registers = { readonly [field: string]: Json | undefined };
export type AddedRecord = { readonly id: string } & Registers;

export interface UpdatedRecord {
  readonly id: string;
  readonly changes: Registers;
  /** The values the author saw (C1). */
  readonly was?: Registers;
}

export interface RemovedRecord {
  readonly id: string;
  /** What the author saw go with it (C2); left out: what existed at `baseRevision` (C5). */
  readonly seen?: { readonly tasks?: readonly string[]; readonly dependencies?: readonly string[]; readonly assignments?: readonly string[] };
}

export interface CollectionChanges {
  readonly added?: readonly AddedRecord[];
  readonly updated?: readonly UpdatedRecord[];
  readonly removed?: readonly RemovedRecord[];
}

/** One action of a person (C4), in the shape that crosses the wire. Every part is optional. */
export type Changeset = { readonly [K in Collection]?: CollectionChanges } & { readonly project?: { readonly updated: readonly UpdatedRecord[] } };

export interface Notice {
  readonly kind: "rescued" | "merged_into" | "key_repaired" | "overwritten" | "cascaded" | "snapped";
  readonly collection: string;
  readonly id: string;
  readonly register?: string;
  /** What stood there before; for `merged_into` the id that became an alias of `id`. */
  readonly previous?: unknown;
  /** Name of the person whose change was adjusted or replaced. */
  readonly by?: string;
}

export type ConflictType =
  | "concurrent_edit"
  | "task_not_found"
  | "dependency_not_found"
  | "resource_not_found"
  | "assignment_not_found"
  | "calendar_not_found"
  | "comment_not_found"
  | "edited_before_remove"
  | "hierarchy_cycle"
  | "dependency_cycle"
  | "missing_reference"
  | "duplicate_id"
  | "empty_calendar";

export interface FieldConflict {
  readonly base: unknown;
  readonly local: unknown;
  readonly server: unknown;
}

export interface Conflict {
  readonly type: ConflictType;
  readonly collection: string;
  readonly id: string;
  readonly fields?: { readonly [field: string]: FieldConflict };
  /** Revision of the other side's change. */
  readonly serverRevision?: number;
  readonly by?: { readonly clientId: string; readonly name: string };
  /** ISO time of the other side's change. */
  readonly at?: string;
  readonly path?: readonly { readonly id: string; readonly name: string }[];
  /** K2: the changeset that brings the removed record back with everything that went with it; absent once its tombstone is gone. */
  readonly restore?: Changeset;
}

/** Records that a change touched, by kind. */
export type Touched = ReadonlyMap<RecordKind, ReadonlySet<string>>;
