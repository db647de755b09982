import type { AddedRecord, Changeset, CollectionChanges, ProjectState, Registers } from "@livegantt/core";
import { type SyncedCollection, syncedCollections } from "./kinds.ts";
import type { ProjectLike } from "./types.ts";

export interface Parted {
  readonly payload: Changeset;
  /** Edits that have nothing to stand on any more; undefined where there are none. */
  readonly gone: Changeset | undefined;
}

const ends: Partial<Record<SyncedCollection, readonly string[]>> = { dependencies: ["fromTask", "toTask"], assignments: ["event", "resource"] };
const kindOfEnd = (field: string): SyncedCollection => (field === "resource" ? "resources" : "tasks");

/**
 * Parts a changeset from edits of what has gone from the plan since the chart was drawn. A task that was added under one that has gone is put under the nearest
 * ancestor that lives (`parentOf`: where the chart last showed a task).
 */
export function withoutGone(payload: Changeset, state: ProjectState, parentOf: (task: string) => string | null): Parted {
  const kept: Record<string, unknown> = { ...payload };
  const gone: Record<string, CollectionChanges> = {};
  const fresh = (kind: SyncedCollection): Set<string> => new Set(payload[kind]?.added?.map(({ id }) => id));
  const lives = (kind: SyncedCollection, id: unknown): boolean => state.map(kind).has(String(id)) || fresh(kind).has(String(id));
  const rescued = (task: AddedRecord): AddedRecord => {
    let parent = typeof task.parentId === "string" ? task.parentId : null;
    if (parent === null || lives("tasks", parent)) return task;
    for (let steps = 0; parent !== null && !state.tasks.has(parent); steps++) parent = steps < 64 ? parentOf(parent) : null;
    const { parentId: _, orderKey: __, ...rest } = task;
    return parent === null ? rest : { ...rest, parentId: parent };
  };
  for (const kind of syncedCollections) {
    const { added = [], updated = [], removed = [] } = payload[kind] ?? {};
    const stands = (record: Registers): boolean => (ends[kind] ?? []).every((field) => lives(kindOfEnd(field), record[field]));
    const left = {
      added: added.filter(stands).map((record) => (kind === "tasks" ? rescued(record) : record)),
      updated: updated.filter(({ id }) => state.map(kind).has(id)),
      removed: removed.filter(({ id }) => state.map(kind).has(id)),
    };
    const lost = { added: added.filter((record) => !stands(record)), updated: updated.filter(({ id }) => !state.map(kind).has(id)) };
    if (lost.added.length + lost.updated.length > 0) gone[kind] = lost;
    const filled = Object.entries(left).filter(([, list]) => list.length > 0);
    if (filled.length > 0) kept[kind] = Object.fromEntries(filled);
    else delete kept[kind];
  }
  return { payload: kept as Changeset, gone: Object.keys(gone).length > 0 ? (gone as Changeset) : undefined };
}

/** The records that a changeset writes, as `kind/id`. */
export function idsOf(payload: Changeset): Set<string> {
  const ids = new Set<string>();
  for (const kind of syncedCollections)
    for (const { id } of [...(payload[kind]?.added ?? []), ...(payload[kind]?.updated ?? []), ...(payload[kind]?.removed ?? [])]) ids.add(`${kind}/${id}`);
  return ids;
}

/** An interval that was edited in place leaves the dates as they were until its calendar says that it is another one. */
export function recompute(project: ProjectLike, payload: Changeset): void {
  for (const { id, changes } of payload.calendars?.updated ?? [])
    if (Object.keys(changes).some((field) => field.startsWith("intervals.")))
      (project.calendarManagerStore.getById(id) as { bumpVersion?(): void } | undefined)?.bumpVersion?.();
}
