import { listen } from "./listen.ts";
import type { ProjectLike } from "./types.ts";

/** Longer than any indent takes; only there so that one that never ends does not stop everything. */
const longestMs = 3000;
/** After its commit an indent needs a few turns to tell its end; one that was refused on the way never tells it. */
const afterCommitMs = 50;

/**
 * Holds while rows are being indented or outdented: in the middle of it the store misses rows that are in the tree, and its events are suspended, so that afterwards
 * everything is to be looked at. `hold` starts a hold and returns its end; `ended` is called before it.
 */
export function holdInBetween(project: ProjectLike, hold: () => () => void, ended: () => void): () => void {
  let release: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    if (!release) return;
    const letGo = release;
    release = undefined;
    ended();
    letGo();
  };
  const endIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(end, ms);
  };
  const begin = (): void => {
    release ??= hold();
    endIn(longestMs);
  };
  const offs = [
    listen(project.taskStore, { indentStart: begin, outdentStart: begin, indent: end, outdent: end }),
    listen(project, { commitFinalized: () => release && endIn(afterCommitMs) }),
  ];
  return () => {
    for (const off of offs) off();
    clearTimeout(timer);
    release = undefined;
  };
}
