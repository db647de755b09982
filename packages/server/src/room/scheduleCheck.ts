import { computeSchedule, engineVersion, type ProjectState } from "@livegantt/core";

/** Between two passes that are made only to compare. */
const passEveryMs = 10_000;

/** Compares what clients make of a revision with what this server makes of it: one full pass for each revision that is asked about, and not too often. */
export class ScheduleCheck {
  readonly #elapsed: () => number;
  #known: { readonly state: ProjectState; readonly revision: number; readonly hash: string } | undefined;
  #passedAt = Number.NEGATIVE_INFINITY;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /**
   * False also where it cannot be told: another revision, an engine of another version, or a busy project whose last pass was just made.
   * @param hash `engineVersion:hash` as a heartbeat carries it.
   */
  contradicts(state: ProjectState, revision: number, hash: string): boolean {
    if (revision !== state.revision || !hash.startsWith(`${engineVersion}:`)) return false;
    if (this.#known?.state !== state || this.#known.revision !== revision) {
      const now = this.#elapsed();
      if (now - this.#passedAt < passEveryMs) return false;
      this.#passedAt = now;
      this.#known = { state, revision, hash: `${engineVersion}:${computeSchedule(state).hash()}` };
    }
    return this.#known.hash !== hash;
  }
}
