import type { Changeset, CollectionChanges, ProjectState } from "@livegantt/core";
import { syncedCollections } from "./kinds.ts";
import type { ProjectLike } from "./types.ts";

/** Parts a changeset from edits of records that have gone from the plan since the chart was drawn; `gone` is undefined where there are none. */
export function withoutGone(payload: Changeset, state: ProjectState): { readonly payload: Changeset; readonly gone: Changeset | undefined } {
  const kept: Record<string, unknown> = { ...payload };
  const gone: Record<string, CollectionChanges> = {};
  for (const kind of syncedCollections) {
    const changes = payload[kind];
    const updated = changes?.updated?.filter(({ id }) => state.map(kind).has(id)) ?? [];
    const removed = changes?.removed?.filter(({ id }) => state.map(kind).has(id)) ?? [];
    if (!changes || (updated.length === (changes.updated?.length ?? 0) && removed.length === (changes.removed?.length ?? 0))) continue;
    const lost = changes.updated?.filter(({ id }) => !state.map(kind).has(id)) ?? [];
    if (lost.length > 0) gone[kind] = { updated: lost };
    const left = { ...(changes.added?.length ? { added: changes.added } : {}), ...(updated.length ? { updated } : {}), ...(removed.length ? { removed } : {}) };
    if (Object.keys(left).length > 0) kept[kind] = left;
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
