import type { EventSource } from "./types.ts";

/** Listens to a Bryntum object; returns the function that stops. */
export function listen(source: EventSource, handlers: Readonly<Record<string, (event: never) => unknown>>): () => void {
  const off = source.on({ ...handlers });
  return () => {
    if (typeof off === "function") off();
  };
}
