import type { EventSource } from "./types.ts";

/** Listens to a Bryntum object; returns the function that stops. */
export function listen(source: EventSource, handlers: Readonly<Record<string, (event: never) => unknown>>): () => void {
  const off = source.on({ ...handlers });
  return () => {
    if (typeof off === "function") off();
  };
}

/** Resolves with the first of these events. */
export function once(source: EventSource, ...names: string[]): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      off();
      resolve();
    };
    const off = listen(source, Object.fromEntries(names.map((name) => [name, settle])));
  });
}
