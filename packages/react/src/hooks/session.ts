"use client";
import type { ConnectionStatus, LiveEvents, LiveProject, OpenConflict, PresentUser, RejectedEdit, RemoteSelection, Resolution } from "@livegantt/client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLive } from "../ProjectProvider.tsx";
import { useSelected } from "./store.ts";

/** Calls back on any of these events; the reader compares values, so an event too many costs nothing. */
function useEvents(live: LiveProject | null, ...events: (keyof LiveEvents)[]): ((listener: () => void) => () => void) | null {
  const names = events.join();
  return useMemo(() => {
    if (!live) return null;
    return (listener: () => void) => {
      const stops = (names.split(",") as (keyof LiveEvents)[]).map((event) => live.on(event, listener));
      return () => {
        for (const stop of stops) stop();
      };
    };
  }, [live, names]);
}

const nobody: readonly PresentUser[] = [];
const noConflicts: readonly OpenConflict[] = [];
const noRejections: readonly RejectedEdit[] = [];

export function usePresence(): readonly PresentUser[] {
  const live = useLive();
  const subscribe = useEvents(live, "presenceUpdate", "connected", "disconnected");
  return useSelected(
    subscribe,
    useCallback(() => live?.presence ?? nobody, [live]),
    nobody,
    sameUsers,
  );
}

/** Where the others are, by client id. */
export function useSelections(): readonly RemoteSelection[] {
  const live = useLive();
  const subscribe = useEvents(live, "selection", "presenceUpdate");
  return useSelected(
    subscribe,
    useCallback(() => (live ? [...live.selections.values()] : noSelections), [live]),
    noSelections,
    sameSelections,
  );
}
const noSelections: readonly RemoteSelection[] = [];

const sameList = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean = Object.is): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => same(value, b[i] as T)));
/** Inbox entries may be made anew at each reading: an entry is the same while its id and what waits behind it are. */
const sameConflicts = (a: readonly OpenConflict[], b: readonly OpenConflict[]): boolean => sameList(a, b, (x, y) => x.id === y.id && x.parked === y.parked);
const sameRejections = (a: readonly RejectedEdit[], b: readonly RejectedEdit[]): boolean => sameList(a, b, (x, y) => x.id === y.id);
const sameUsers = (a: readonly PresentUser[], b: readonly PresentUser[]): boolean => sameList(a, b, shallowEqual);
const sameSelections = (a: readonly RemoteSelection[], b: readonly RemoteSelection[]): boolean => sameList(a, b, shallowEqual);

function shallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Whole seconds until the next attempt, counting down, while reconnecting. */
  readonly retryIn: number | undefined;
  /** Everything this person did is on the server. */
  readonly saved: boolean;
  readonly pending: number;
  /** What is pending would survive a crash of this page now. */
  readonly kept: boolean;
  reconnectNow(): void;
}

export function useConnectionStatus(): ConnectionState {
  const live = useLive();
  const status = useSelected<ConnectionStatus>(
    useEvents(live, "status", "connected", "disconnected"),
    useCallback(() => live?.status ?? "connecting", [live]),
    "connecting",
  );
  const pending = useSelected(
    useEvents(live, "saved", "change", "conflicts"),
    useCallback(() => live?.pendingCount ?? 0, [live]),
    0,
  );
  const kept = useSelected(
    useEvents(live, "saved", "change", "conflicts"),
    useCallback(() => live?.pendingKept ?? true, [live]),
    true,
  );
  const retryIn = useCountdown(live);
  const reconnectNow = useCallback(() => live?.reconnectNow(), [live]);
  return { status, retryIn, saved: pending === 0, pending, kept, reconnectNow };
}

function useCountdown(live: LiveProject | null): number | undefined {
  const [seconds, setSeconds] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const restart = (retryInMs: number | undefined): void => {
      clearInterval(timer);
      if (retryInMs === undefined) {
        setSeconds(undefined);
        return;
      }
      const at = Date.now() + retryInMs;
      const tick = (): void => setSeconds(Math.max(0, Math.ceil((at - Date.now()) / 1000)));
      tick();
      timer = setInterval(tick, 1000);
    };
    restart(live.retryInMs);
    const stop = live.on("status", (event) => restart(event.retryInMs));
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [live]);
  return seconds;
}

export interface Conflicts {
  readonly open: readonly OpenConflict[];
  resolve(id: string, choice: Resolution): void;
  resolveAll(choice: "keep_local" | "accept_server"): void;
}

export function useConflicts(): Conflicts {
  const live = useLive();
  const open = useSelected(
    useEvents(live, "conflict", "conflicts"),
    useCallback(() => live?.conflicts ?? noConflicts, [live]),
    noConflicts,
    sameConflicts,
  );
  return useMemo(
    () => ({
      open,
      resolve: (id: string, choice: Resolution) => live?.resolve(id, choice),
      resolveAll: (choice: "keep_local" | "accept_server") => live?.resolveAll(choice),
    }),
    [live, open],
  );
}

export interface Rejections {
  readonly list: readonly RejectedEdit[];
  dismiss(id: string): void;
}

/** Edits that the server refused for good; each stays until its author dismisses it. */
export function useRejections(): Rejections {
  const live = useLive();
  const [dismissed, setDismissed] = useState(0);
  const list = useSelected(
    useEvents(live, "rejected", "change", "conflicts"),
    // `dismissed` makes the list be read anew after a dismissal, which has no event of its own.
    // biome-ignore lint/correctness/useExhaustiveDependencies: see above
    useCallback(() => live?.rejections ?? noRejections, [live, dismissed]),
    noRejections,
    sameRejections,
  );
  return useMemo(
    () => ({
      list,
      dismiss: (id: string) => {
        live?.dismiss(id);
        setDismissed((count) => count + 1);
      },
    }),
    [live, list],
  );
}

export interface UndoState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): void;
  redo(): void;
}

export function useUndo(): UndoState {
  const live = useLive();
  const subscribe = useEvents(live, "undo");
  const canUndo = useSelected(
    subscribe,
    useCallback(() => live?.canUndo ?? false, [live]),
    false,
  );
  const canRedo = useSelected(
    subscribe,
    useCallback(() => live?.canRedo ?? false, [live]),
    false,
  );
  return useMemo(() => ({ canUndo, canRedo, undo: () => live?.undo(), redo: () => live?.redo() }), [live, canUndo, canRedo]);
}

/** Calls `listener` for each event while mounted. The listener may change between renders. */
export function useLiveEvent<E extends keyof LiveEvents>(event: E, listener: (payload: LiveEvents[E]) => void): void {
  const live = useLive();
  useEffect(() => live?.on(event, listener), [live, event, listener]);
}
