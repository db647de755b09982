import type { Changeset, Json } from "@livegantt/core";
import { newRecord } from "./desired.ts";
import { type SyncedKind, storeOf, syncedCollections } from "./kinds.ts";
import type { KindMap } from "./registers.ts";
import type { ProjectLike } from "./types.ts";
import { fromJson } from "./values.ts";

/** Writes a changeset into the records of a chart as it is, without asking the plan. */
export function overlay(project: ProjectLike, maps: Readonly<Record<SyncedKind, KindMap>>, payload: Changeset): void {
  for (const kind of syncedCollections) {
    const store = storeOf(project, kind);
    const { added = [], updated = [], removed = [] } = payload[kind] ?? {};
    for (const record of added) {
      const data = newRecord(maps[kind], record);
      const parent = kind === "tasks" && typeof record.parentId === "string" ? store.getById(record.parentId) : store.rootNode;
      if (parent?.insertChild) parent.insertChild(data);
      else store.add(data);
    }
    for (const { id, changes } of updated) {
      const values = Object.entries(changes).filter(
        ([field]) => maps[kind].fields.has(field) && field !== "parentId" && field !== "orderKey" && field !== "segments",
      );
      store.getById(id)?.set(
        Object.fromEntries(
          values.map(([field, value]) => {
            const mapped = maps[kind].fields.get(field);
            return [field, fromJson(mapped?.model, value as Json, mapped?.fallback)];
          }),
        ),
      );
    }
    for (const { id } of removed) {
      const record = store.getById(id);
      if (record) store.remove(record);
    }
  }
}
