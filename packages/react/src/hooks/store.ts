"use client";
import { useCallback, useRef, useSyncExternalStore } from "react";

const nothing = (): void => {};

/**
 * `useSyncExternalStore` with a selector: re-renders only where the selected value differs (by `equal`, default identity).
 * `subscribe` must be stable or depend on stable things; on the server `fallback` is shown.
 */
export function useSelected<T>(
  subscribe: ((listener: () => void) => () => void) | null,
  read: () => T,
  fallback: T,
  equal: (a: T, b: T) => boolean = Object.is,
): T {
  const last = useRef<{ readonly value: T } | null>(null);
  const snapshot = useCallback((): T => {
    const next = subscribe ? read() : fallback;
    if (last.current && equal(last.current.value, next)) return last.current.value;
    last.current = { value: next };
    return next;
  }, [subscribe, read, fallback, equal]);
  return useSyncExternalStore(subscribe ?? neverChanges, snapshot, () => fallback);
}

const neverChanges = (): (() => void) => nothing;
