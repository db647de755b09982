import type { Changeset } from "@livegantt/core";
import type { Ground } from "./ground.ts";
import { type SyncedKind, syncedCollections } from "./kinds.ts";
import type { Dirty } from "./shadow.ts";

export type Touched = Map<SyncedKind, Set<string>>;

/** Records of the chart that are to be brought to the plan. */
export class TouchedRecords {
  #ids: Touched = new Map();
  /** Name of the person whose change touched them last. */
  by: string | undefined;

  /** Their places are to be looked at as well, whatever the shadow says: the chart moved them, and the plan did not. */
  places = false;

  get empty(): boolean {
    return this.#ids.size === 0;
  }

  has(kind: SyncedKind, id: string): boolean {
    return this.#ids.get(kind)?.has(id) === true;
  }

  add(kind: SyncedKind, id: string): void {
    const ids = this.#ids.get(kind);
    if (ids) ids.add(id);
    else this.#ids.set(kind, new Set([id]));
  }

  addNamed(payload: Changeset): void {
    for (const kind of syncedCollections) {
      const { added = [], updated = [], removed = [] } = payload[kind] ?? {};
      for (const { id } of [...added, ...updated, ...removed]) this.add(kind, id);
    }
  }

  /** What the chart shows otherwise, where that is no edit. */
  addDirty(dirty: Dirty): void {
    for (const kind of syncedCollections) for (const id of dirty.ids[kind]) this.add(kind, id);
    this.places = true;
  }

  /** Everything that plan or chart has. */
  addAll(ground: Ground): void {
    const { state } = ground.live;
    for (const kind of syncedCollections) {
      for (const id of state.map(kind).keys()) this.add(kind, id);
      for (const id of ground.shadow.ids(kind)) this.add(kind, id);
    }
    this.add("project", state.project.id);
    this.places = true;
  }

  take(): { readonly touched: Touched; readonly by: string | undefined; readonly places: boolean } {
    const taken = { touched: this.#ids, by: this.by, places: this.places };
    this.places = false;
    this.#ids = new Map();
    this.by = undefined;
    return taken;
  }
}
