"use client";
import type { LiveProject } from "@livegantt/client";
import type { RecordKind, RecordTypes, TaskRecord, TaskSchedule } from "@livegantt/core";
import { useCallback, useRef } from "react";
import { changeHub } from "../changeHub.ts";
import { useLive } from "../ProjectProvider.tsx";
import { useSelected } from "./store.ts";

/** The project, or what `select` takes from it; re-renders when the selection differs. Without a selector: on every change of the plan. */
export function useProject(): LiveProject | null;
export function useProject<T>(select: (live: LiveProject) => T, fallback: T, equal?: (a: T, b: T) => boolean): T;
export function useProject<T>(select?: (live: LiveProject) => T, fallback?: T, equal?: (a: T, b: T) => boolean): T | LiveProject | null {
  const live = useLive();
  const subscribe = useCallback((listener: () => void) => (live ? changeHub(live).onAny(listener) : () => {}), [live]);
  const chosen = useRef(select);
  chosen.current = select;
  const read = useCallback((): unknown => (live ? (chosen.current ? chosen.current(live) : changeHub(live).version) : fallback), [live, fallback]);
  const value = useSelected<unknown>(
    live ? subscribe : null,
    read,
    select ? fallback : 0,
    (equal as ((a: unknown, b: unknown) => boolean) | undefined) ?? Object.is,
  );
  return select ? (value as T) : live;
}

/** One record; re-renders when it was replaced, and only then. */
export function useRecord<K extends RecordKind>(kind: K, id: string | null | undefined): RecordTypes[K] | undefined {
  const live = useLive();
  const subscribe = useCallback((listener: () => void) => (live && id != null ? changeHub(live).onRecord(kind, id, listener) : () => {}), [live, kind, id]);
  const read = useCallback(() => (live && id != null ? live.state.get(kind, id) : undefined), [live, kind, id]);
  return useSelected<RecordTypes[K] | undefined>(live ? subscribe : null, read, undefined);
}

/** Inputs of one task. */
export const useTask = (id: string | null | undefined): TaskRecord | undefined => useRecord("tasks", id);

/** Grows whenever a record of this kind changed: read the collection from `useLive()!.state` after it. */
export function useCollectionVersion(kind: RecordKind): number {
  const live = useLive();
  const subscribe = useCallback((listener: () => void) => (live ? changeHub(live).onKind(kind, listener) : () => {}), [live, kind]);
  const read = useCallback(() => (live ? changeHub(live).versionOf(kind) : 0), [live, kind]);
  return useSelected(live ? subscribe : null, read, 0);
}

/** Computed dates of one task; re-renders when one of its values differs. */
export function useSchedule(id: string | null | undefined): TaskSchedule | undefined {
  const live = useLive();
  const subscribe = useCallback((listener: () => void) => (live ? changeHub(live).onAny(listener) : () => {}), [live]);
  const read = useCallback(() => (live && id != null ? live.schedule.tasks.get(id) : undefined), [live, id]);
  return useSelected<TaskSchedule | undefined>(live ? subscribe : null, read, undefined, equalSchedule);
}

function equalSchedule(a: TaskSchedule | undefined, b: TaskSchedule | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  for (const key of Object.keys(a) as (keyof TaskSchedule)[]) if (a[key] !== b[key]) return false;
  return true;
}
