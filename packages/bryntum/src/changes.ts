import type { AddedRecord, Json, UpdatedRecord } from "@livegantt/core";
import { type SyncedCollection, syncedCollections } from "./kinds.ts";
import type { ModelLike } from "./types.ts";
import { toJson } from "./values.ts";

/** A change of a Bryntum project as its `change` event tells it, or one of `{ type, id, changes }`. */
export interface PendingChange {
  readonly type?: string;
  readonly id?: string | number;
  readonly action?: string;
  readonly records?: readonly (ModelLike | string | number)[];
  readonly changes?: Readonly<Record<string, unknown>> | null;
}

export interface BuiltCollection {
  readonly added: AddedRecord[];
  readonly updated: UpdatedRecord[];
  readonly removed: { readonly id: string }[];
}
export type BuiltChangeset = Record<SyncedCollection, BuiltCollection>;

const kinds: Readonly<Record<string, SyncedCollection>> = {
  task: "tasks",
  event: "tasks",
  dependency: "dependencies",
  resource: "resources",
  assignment: "assignments",
  calendar: "calendars",
};

function collectionOf(type: string | undefined): SyncedCollection {
  const known = syncedCollections.find((kind) => kind === type);
  return (
    known ??
    kinds[
      (type ?? "task")
        .toLowerCase()
        .replace(/s$/, "")
        .replace(/(model|store)$/, "")
    ] ??
    "tasks"
  );
}

/** Bryntum tells a change as `{ field: { value, oldValue } }`; the wire has values. */
function valuesOf(changes: PendingChange["changes"]): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [field, change] of Object.entries(changes ?? {})) {
    const told = typeof change === "object" && change !== null && "value" in change ? (change as { value: unknown }).value : change;
    values[field] = toJson(told);
  }
  return values;
}

const idOf = (record: ModelLike | string | number): string => String(typeof record === "object" ? record.id : record);

/** Changes as one changeset in the document's shape. */
export function buildChangeset(changes: readonly PendingChange[]): BuiltChangeset {
  const built = Object.fromEntries(syncedCollections.map((kind) => [kind, { added: [], updated: [], removed: [] }])) as unknown as BuiltChangeset;
  for (const change of coalesceChanges(changes)) {
    const into = built[collectionOf(change.type)];
    const records = change.records ?? (change.id === undefined ? [] : [change.id]);
    for (const record of records) {
      const id = idOf(record);
      if (change.action === "add") into.added.push({ ...valuesOf(change.changes), id });
      else if (change.action === "remove") into.removed.push({ id });
      else into.updated.push({ id, changes: valuesOf(change.changes) });
    }
  }
  return built;
}

/** One change per record: later values win, what was added and removed again is gone. The input stays as it is. */
export function coalesceChanges(changes: readonly PendingChange[]): PendingChange[] {
  const byRecord = new Map<string, PendingChange>();
  for (const change of changes) {
    const records = change.records ?? (change.id === undefined ? [] : [change.id]);
    for (const record of records) {
      const id = idOf(record);
      const key = `${collectionOf(change.type)}-${id}`;
      const before = byRecord.get(key);
      const merged = before ? { ...before.changes, ...change.changes } : { ...change.changes };
      if (change.action === "remove" && before?.action === "add") byRecord.delete(key);
      else
        byRecord.set(key, {
          ...before,
          ...change,
          id,
          records: [record],
          changes: merged,
          action: before?.action === "add" ? "add" : (change.action ?? "update"),
        });
    }
  }
  return [...byRecord.values()];
}
