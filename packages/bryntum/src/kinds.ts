import type { Collection } from "@livegantt/core";
import type { ModelLike, ProjectLike, StoreLike } from "./types.ts";

/** The collections that a Bryntum project holds, in the order in which they can be added (a calendar before the task that names it). */
export const syncedCollections = ["calendars", "resources", "tasks", "dependencies", "assignments"] as const satisfies readonly Collection[];
export type SyncedCollection = (typeof syncedCollections)[number];
export type SyncedKind = SyncedCollection | "project";

const storeNames = {
  tasks: "taskStore",
  dependencies: "dependencyStore",
  resources: "resourceStore",
  assignments: "assignmentStore",
  calendars: "calendarManagerStore",
} as const satisfies Record<SyncedCollection, keyof ProjectLike>;

export const storeOf = (project: ProjectLike, kind: SyncedCollection): StoreLike => project[storeNames[kind]];

export function kindOfStore(project: ProjectLike, store: unknown): SyncedCollection | undefined {
  return syncedCollections.find((kind) => project[storeNames[kind]] === store);
}

/** Every record of a store, filtered and collapsed ones too, parents before children. */
export const allRecordsOf = (store: StoreLike): readonly ModelLike[] => (store.allRecords ?? store.records).filter((record) => !record.isRoot);

/** Ids are texts on the wire; Bryntum finds a record by the text of a numeric id as well. */
export const wireId = (record: ModelLike): string => String(record.id);

export function parentIdOf(record: ModelLike): string | null {
  const parent = record.parent;
  return parent == null || parent.isRoot ? null : wireId(parent);
}

export function childrenOf(record: ModelLike): readonly ModelLike[] {
  if (record.orderedChildren) return record.orderedChildren;
  return Array.isArray(record.children) ? (record.children as readonly ModelLike[]) : [];
}

/** A summary is a task with children: Bryntum also calls an emptied one a parent. */
export const isSummary = (record: ModelLike): boolean => childrenOf(record).length > 0;
