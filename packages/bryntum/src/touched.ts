import type { Changeset } from "@livegantt/core";
import type { Ground } from "./ground.ts";
import { type SyncedKind, syncedCollections } from "./kinds.ts";

export type Touched = Map<SyncedKind, Set<string>>;

/** Records of the chart that are to be brought to the plan. */
export class TouchedRecords {
  #ids: Touched = new Map();
  /** Name of the person whose change touched them last. */
  by: string | undefined;

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

  /** Everything that plan or chart has. */
  addAll(ground: Ground): void {
    const { state } = ground.live;
    for (const kind of syncedCollections) {
      for (const id of state.map(kind).keys()) this.add(kind, id);
      for (const id of ground.shadow.ids(kind)) this.add(kind, id);
    }
    this.add("project", state.project.id);
  }

  take(): { readonly touched: Touched; readonly by: string | undefined } {
    const taken = { touched: this.#ids, by: this.by };
    this.#ids = new Map();
    this.by = undefined;
    return taken;
  }
}
