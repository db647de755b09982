import type { StoredRecord } from "@livegantt/core";
import { type SyncedCollection, type SyncedKind, syncedCollections } from "./kinds.ts";
import type { Reading } from "./read.ts";

/** What the chart showed and what the plan held when the two were last level. */
export interface Entry {
  /** Registers as the chart reads them: an edit is what reads otherwise. */
  readonly seen: Reading;
  /** The stored record that the chart shows: what the author of the next edit saw (C1). */
  readonly base: StoredRecord;
  /** Only tasks: whether it had children. */
  readonly summary: boolean;
}

/** The plain copy that edits of the chart are found by. Indexed so that a removed summary finds its descendants without a walk over the plan. */
export class Shadow {
  readonly #entries: Record<SyncedKind, Map<string, Entry>> = {
    calendars: new Map(),
    resources: new Map(),
    tasks: new Map(),
    dependencies: new Map(),
    assignments: new Map(),
    project: new Map(),
  };
  readonly #children = new Map<string, Set<string>>();

  get(kind: SyncedKind, id: string): Entry | undefined {
    return this.#entries[kind].get(id);
  }

  has(kind: SyncedKind, id: string): boolean {
    return this.#entries[kind].has(id);
  }

  ids(kind: SyncedKind): Iterable<string> {
    return this.#entries[kind].keys();
  }

  put(kind: SyncedKind, id: string, entry: Entry): void {
    if (kind === "tasks") this.#unlink(id);
    this.#entries[kind].set(id, entry);
    const parent = kind === "tasks" ? entry.base.parentId : undefined;
    if (typeof parent !== "string") return;
    const set = this.#children.get(parent);
    if (set) set.add(id);
    else this.#children.set(parent, new Set([id]));
  }

  delete(kind: SyncedKind, id: string): void {
    if (kind === "tasks") this.#unlink(id);
    this.#entries[kind].delete(id);
  }

  clear(): void {
    for (const kind of syncedCollections) this.#entries[kind].clear();
    this.#entries.project.clear();
    this.#children.clear();
  }

  /** Ids of all tasks under a task, as the chart last showed them. */
  descendants(task: string): string[] {
    const found: string[] = [];
    const stack = [...(this.#children.get(task) ?? [])];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      found.push(id);
      stack.push(...(this.#children.get(id) ?? []));
    }
    return found;
  }

  #unlink(id: string): void {
    const parent = this.#entries.tasks.get(id)?.base.parentId;
    if (typeof parent !== "string") return;
    const set = this.#children.get(parent);
    set?.delete(id);
    if (set?.size === 0) this.#children.delete(parent);
  }
}

/** Ids of records that may read otherwise than the shadow says, and tasks whose children may stand in another order. */
export class Dirty {
  readonly ids: Record<SyncedCollection, Set<string>> = {
    calendars: new Set(),
    resources: new Set(),
    tasks: new Set(),
    dependencies: new Set(),
    assignments: new Set(),
  };
  /** Parents (`null`: top level) whose children were added, removed or moved. */
  readonly parents = new Set<string | null>();
  project = false;

  get empty(): boolean {
    return !this.project && this.parents.size === 0 && syncedCollections.every((kind) => this.ids[kind].size === 0);
  }

  take(): Dirty {
    const taken = new Dirty();
    for (const kind of syncedCollections) {
      for (const id of this.ids[kind]) taken.ids[kind].add(id);
      this.ids[kind].clear();
    }
    for (const parent of this.parents) taken.parents.add(parent);
    this.parents.clear();
    taken.project = this.project;
    this.project = false;
    return taken;
  }
}
