import type { TaskRecord } from "./collections.ts";
import { compareOrder } from "./orderKeys.ts";

const none: readonly string[] = [];

/** Children of each task in sibling order. A list is sorted when first read after a bulk load; single changes then cost a binary search. */
export class SiblingIndex {
  readonly #lists = new Map<string | null, { ids: string[]; sorted: boolean }>();
  readonly #tasks: ReadonlyMap<string, TaskRecord>;

  constructor(tasks: ReadonlyMap<string, TaskRecord>) {
    this.#tasks = tasks;
  }

  /** Ids of the children of a task (`null`: the top level), in order. Do not keep or change the array. */
  of(parent: string | null): readonly string[] {
    const list = this.#lists.get(parent);
    if (!list) return none;
    if (!list.sorted) {
      list.ids.sort((a, b) => this.#compare(a, b));
      list.sorted = true;
    }
    return list.ids;
  }

  /** Index of a living task among its siblings. */
  position(parent: string | null, task: string): number {
    const ids = this.of(parent);
    const record = this.#tasks.get(task);
    const at = record ? this.#place(ids, record) : -1;
    return ids[at] === task ? at : ids.indexOf(task);
  }

  has(parent: string): boolean {
    return this.#lists.has(parent);
  }

  /** Call after the record stands in the task map. */
  insert(task: TaskRecord): void {
    const parent = task.parentId ?? null;
    const list = this.#lists.get(parent);
    if (!list) this.#lists.set(parent, { ids: [task.id], sorted: true });
    else if (!list.sorted) list.ids.push(task.id);
    else {
      const last = list.ids.at(-1);
      if (last === undefined || this.#compare(last, task.id) < 0) list.ids.push(task.id);
      else list.ids.splice(this.#place(list.ids, task), 0, task.id);
    }
  }

  /** Marks all lists for one sort at the next read: for a bulk load, where one insert after the other would cost a shift each. */
  insertUnsorted(task: TaskRecord): void {
    const parent = task.parentId ?? null;
    const list = this.#lists.get(parent);
    if (!list) this.#lists.set(parent, { ids: [task.id], sorted: false });
    else {
      list.ids.push(task.id);
      list.sorted = false;
    }
  }

  /** Call with the record as it was indexed. */
  remove(task: TaskRecord): void {
    const parent = task.parentId ?? null;
    const list = this.#lists.get(parent);
    if (!list) return;
    let at = list.sorted ? this.#place(list.ids, task) : -1;
    if (list.ids[at] !== task.id) at = list.ids.indexOf(task.id);
    if (at >= 0) list.ids.splice(at, 1);
    if (list.ids.length === 0) this.#lists.delete(parent);
  }

  #compare(a: string, b: string): number {
    return compareOrder(this.#tasks.get(a)?.orderKey ?? "", a, this.#tasks.get(b)?.orderKey ?? "", b);
  }

  /** First position whose task does not come before `task`. */
  #place(ids: readonly string[], task: TaskRecord): number {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const id = ids[middle] as string;
      if (compareOrder(this.#tasks.get(id)?.orderKey ?? "", id, task.orderKey ?? "", task.id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
