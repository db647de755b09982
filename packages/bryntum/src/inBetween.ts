import { listen } from "./listen.ts";
import type { StoreLike } from "./types.ts";

/** Longer than any indent takes; only there so that one that never ends does not stop everything. */
const longestMs = 3000;

/**
 * Holds while rows are being indented or outdented: in the middle of it the store misses rows that are in the tree, and its events are suspended.
 * `hold` starts a hold and returns its end.
 */
export function holdInBetween(taskStore: StoreLike, hold: () => () => void): () => void {
  let release: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    release?.();
    release = undefined;
  };
  const begin = (): void => {
    end();
    release = hold();
    timer = setTimeout(end, longestMs);
  };
  const off = listen(taskStore, { indentStart: begin, outdentStart: begin, indent: end, outdent: end });
  return () => {
    off();
    clearTimeout(timer);
    release = undefined;
  };
}
