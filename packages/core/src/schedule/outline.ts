import type { ProjectState } from "../model/state.ts";

/** WBS numbers: places among siblings from the top down, as `2.1.3`. Made when read. */
export class Outline {
  readonly #state: ProjectState;
  readonly #places = new Map<string | null, Map<string, number>>();

  constructor(state: ProjectState) {
    this.#state = state;
  }

  wbs(id: string): string {
    const state = this.#state;
    const path: number[] = [];
    for (let at: string | undefined = id, steps = 0; at !== undefined && steps < 4096; steps++) {
      const parent: string | null = state.tasks.get(at)?.parentId ?? null;
      path.push(this.#place(parent, at));
      at = parent ?? undefined;
    }
    return path.reverse().join(".");
  }

  #place(parent: string | null, id: string): number {
    let places = this.#places.get(parent);
    if (!places) {
      places = new Map(this.#state.children.of(parent).map((child, i) => [child, i + 1]));
      this.#places.set(parent, places);
    }
    return places.get(id) ?? 0;
  }

  drop(parent: string | null): void {
    this.#places.delete(parent);
  }

  clear(): void {
    this.#places.clear();
  }
}
