import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage may be forbidden: then choices last as long as the page.
    return kept.get(key) ?? null;
  }
};
const kept = new Map<string, string>();

export function store(key: string, value: string): void {
  kept.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // See `read`.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
};

/** A choice of this person on this device (M8: never shared), kept over reloads and equal in all tabs. */
export function useStored(key: string, fallback: string): readonly [string, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => read(key) ?? fallback);
  return [value, useCallback((next: string) => store(key, next), [key])];
}

export const storedValue = read;
