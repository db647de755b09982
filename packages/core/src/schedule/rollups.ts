import type { TaskRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { durationOf, effortOf } from "./inputs.ts";

/** Sums over the leaves under a summary. */
export interface Rollup {
  /** Minutes of work, and the same weighted with percent done. */
  readonly work: number;
  readonly done: number;
  readonly effort: number;
  /** Leaves, and the sum of their percent done: for summaries of nothing but milestones. */
  readonly leaves: number;
  readonly percents: number;
}

const nothing: Rollup = { work: 0, done: 0, effort: 0, leaves: 0, percents: 0 };

/** Percent of a parent: weighted with duration; milestones alone count alike. */
export const percentOf = (rollup: Rollup): number => (rollup.work > 0 ? rollup.done / rollup.work : rollup.leaves > 0 ? rollup.percents / rollup.leaves : 0);

/** Roll-ups of summaries, made when read and kept until something under them changes. Sums run in sibling order, so every replica adds in the same order. */
export class Rollups {
  readonly #state: ProjectState;
  readonly #known = new Map<string, Rollup>();

  constructor(state: ProjectState) {
    this.#state = state;
  }

  of(summary: string): Rollup {
    const known = this.#known.get(summary);
    if (known) return known;
    const state = this.#state;
    const path = [summary];
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      const missing = state.children.of(id).filter((child) => state.isSummary(child) && !this.#known.has(child));
      if (missing.length > 0) path.push(...missing);
      else {
        path.pop();
        if (!this.#known.has(id)) this.#known.set(id, this.#sum(id));
      }
    }
    return this.#known.get(summary) ?? nothing;
  }

  #sum(id: string): Rollup {
    const state = this.#state;
    const whole = state.tasks.get(id)?.inactive === true;
    let [work, done, effort, leaves, percents] = [0, 0, 0, 0, 0];
    for (const childId of state.children.of(id)) {
      const child = state.tasks.get(childId) as TaskRecord;
      if (child.inactive === true && !whole) continue;
      const sum = state.isSummary(childId) ? (this.#known.get(childId) ?? nothing) : this.leaf(child);
      work += sum.work;
      done += sum.done;
      effort += sum.effort;
      leaves += sum.leaves;
      percents += sum.percents;
    }
    return { work, done, effort, leaves, percents };
  }

  leaf(task: TaskRecord): Rollup {
    const { work } = durationOf(this.#state, task);
    const percent = task.percentDone ?? 0;
    return { work, done: work * percent, effort: effortOf(this.#state, task, work), leaves: 1, percents: percent };
  }

  /** Forgets a summary and all above it. */
  drop(id: string): void {
    this.#known.delete(id);
    for (const above of this.#state.ancestors(id)) this.#known.delete(above);
  }

  clear(): void {
    this.#known.clear();
  }
}
