import type { RecordKind, Touched } from "@livegantt/core";

/** A growing set of touched records. */
export class TouchedSet {
  readonly #sets = new Map<RecordKind, Set<string>>();

  add(touched: Touched): void {
    for (const [kind, ids] of touched) {
      const set = this.#sets.get(kind);
      if (!set) this.#sets.set(kind, new Set(ids));
      else for (const id of ids) set.add(id);
    }
  }

  get isEmpty(): boolean {
    return this.#sets.size === 0;
  }

  /** What was collected; the set starts anew. */
  take(): Touched {
    const taken = new Map(this.#sets);
    this.#sets.clear();
    return taken;
  }
}
