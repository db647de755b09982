import { compareText, equalJson, type Json, type ProjectState, type StoredRecord } from "@livegantt/core";
import { differences, newRecord, projectDifferences } from "./desired.ts";
import { type EngineCase, engineWrites } from "./engineWrites.ts";
import { longestIncreasing } from "./increasing.ts";
import { childrenOf, parentIdOf, type SyncedCollection, type SyncedKind, storeOf, wireId } from "./kinds.ts";
import { baselineFields, baselineModel, elementForChart, elementsOf, intervalFields, intervalStoreOf, readIntervals, setIntervals } from "./lists.ts";
import { readProject, readRecord } from "./read.ts";
import type { KindMap, MappedRegister } from "./registers.ts";
import type { ModelLike, ProjectLike, StoreLike } from "./types.ts";

export type TouchedIds = ReadonlyMap<SyncedKind, ReadonlySet<string>>;

export interface ApplyContext {
  readonly project: ProjectLike;
  readonly state: ProjectState;
  readonly maps: Readonly<Record<SyncedKind, KindMap>>;
  /** Order key that a task of the chart stands by; undefined for one that the chart lacks. */
  orderKeyOf(task: string): Json | undefined;
  computedStart(): Json;
}

/**
 * Brings the named records of the chart to what the plan holds now: state against state, so it makes no difference how many changes led there. Only what differs is
 * written; returns whether anything was. Work is in proportion to the named records and the sibling lists they stand in.
 */
export function applyState(context: ApplyContext, touched: TouchedIds): boolean {
  const work = new Application(context);
  const ids = (kind: SyncedKind): readonly string[] => [...(touched.get(kind) ?? [])];
  work.remove("dependencies", ids("dependencies"));
  work.remove("assignments", ids("assignments"));
  work.calendars(ids("calendars"));
  work.flat("resources", ids("resources"));
  work.tasks(ids("tasks"));
  work.flat("dependencies", ids("dependencies"));
  work.flat("assignments", ids("assignments"));
  work.remove("resources", ids("resources"));
  if (touched.has("project")) work.project();
  work.remove("calendars", ids("calendars"));
  return work.wrote;
}

/**
 * Writes again what the engine answered with values of its own; now everything that belongs together stands there. Nothing that a person can have edited since.
 * Returns whether anything was written.
 */
export function settleEngine(context: ApplyContext, touched: TouchedIds): boolean {
  const work = new Application(context);
  for (const kind of ["tasks", "assignments"] as const) for (const id of touched.get(kind) ?? []) work.settle(kind, id);
  return work.wrote;
}

class Application {
  wrote = false;
  readonly #context: ApplyContext;

  constructor(context: ApplyContext) {
    this.#context = context;
  }

  remove(kind: SyncedCollection, ids: readonly string[]): void {
    const store = this.#store(kind);
    const gone = ids.flatMap((id) => (this.#stored(kind, id) ? [] : (store.getById(id) ?? [])));
    if (gone.length === 0) return;
    this.wrote = true;
    store.remove(gone);
  }

  /** Collections without a tree. */
  flat(kind: SyncedCollection, ids: readonly string[]): void {
    const store = this.#store(kind);
    const fresh: Record<string, unknown>[] = [];
    for (const id of ids) {
      const stored = this.#stored(kind, id);
      if (!stored) continue;
      const record = store.getById(id);
      if (record) this.#update(kind, record, stored);
      else fresh.push(newRecord(this.#context.maps[kind], stored));
    }
    if (fresh.length === 0) return;
    this.wrote = true;
    store.add(fresh);
  }

  calendars(ids: readonly string[]): void {
    const { state } = this.#context;
    const depth = (id: string): number => {
      let steps = 0;
      for (let at = state.calendars.get(id)?.parentId; at != null && steps < 64; at = state.calendars.get(at)?.parentId) steps++;
      return steps;
    };
    for (const id of [...ids].sort((a, b) => depth(a) - depth(b) || compareText(a, b))) {
      const stored = this.#stored("calendars", id);
      if (!stored) continue;
      const store = this.#store("calendars");
      const parent = typeof stored.parentId === "string" ? store.getById(stored.parentId) : store.rootNode;
      const record = store.getById(id);
      if (!record || parentIdOf(record) !== (stored.parentId ?? null)) {
        this.wrote = true;
        parent?.insertChild?.(record ?? newRecord(this.#context.maps.calendars, stored));
      }
      const standing = record ?? store.getById(id);
      if (!standing) continue;
      if (record) this.#update("calendars", record, stored);
      this.#intervals(standing, stored);
    }
  }

  tasks(ids: readonly string[]): void {
    const { state } = this.#context;
    const store = this.#store("tasks");
    const lists = new Set<string | null>();
    const fresh = new Set<string>();
    for (const id of ids) {
      const stored = state.tasks.get(id);
      if (!stored) continue;
      const record = store.getById(id);
      if (!record) fresh.add(id);
      const parent = stored.parentId ?? null;
      if (!record || parentIdOf(record) !== parent || this.#context.orderKeyOf(id) !== stored.orderKey) lists.add(parent);
    }
    const depth = (parent: string | null): number => (parent === null ? -1 : state.ancestors(parent).length);
    for (const { parent } of [...lists].map((parent) => ({ parent, at: depth(parent) })).sort((a, b) => a.at - b.at)) this.#arrange(parent);
    this.#removeTasks(ids);
    for (const id of ids) {
      const stored = this.#stored("tasks", id);
      const record = stored && store.getById(id);
      if (!stored || !record) continue;
      this.#update("tasks", record, stored);
      this.#baselines(record, stored, fresh.has(id));
    }
  }

  project(): void {
    const { project, state, maps, computedStart } = this.#context;
    const values = projectDifferences(maps.project, state, computedStart, readProject(maps.project, project));
    if (Object.keys(values).length === 0) return;
    this.wrote = true;
    project.set(values);
  }

  #store(kind: SyncedCollection): StoreLike {
    return storeOf(this.#context.project, kind);
  }

  #stored(kind: SyncedCollection, id: string): StoredRecord | undefined {
    return this.#context.state.get(kind, id) as StoredRecord | undefined;
  }

  settle(kind: "tasks" | "assignments", id: string): void {
    const { project } = this.#context;
    const stored = this.#stored(kind, id);
    const record = this.#store(kind).getById(id);
    if (!stored || !record) return;
    const engine: EngineCase = { project, kind, record, stored, changedRole: false };
    this.#update(kind, record, stored, (register) => engineWrites(register, engine));
  }

  #update(kind: SyncedCollection, record: ModelLike, stored: StoredRecord, only?: (register: MappedRegister) => boolean): void {
    const { project, maps, state } = this.#context;
    const summary = kind === "tasks" && state.isSummary(stored.id);
    const values = differences(project, maps[kind], stored, record, readRecord(maps[kind], record), summary, only);
    if (Object.keys(values).length === 0) return;
    this.wrote = true;
    const { segments, ...plain } = values;
    if (Object.keys(plain).length > 0) record.set(plain);
    if ("segments" in values) record.set({ segments });
  }

  /** Puts the children of a task in the plan's order with as few moves as possible; children that the chart lacks are made in their place. */
  #arrange(parent: string | null): void {
    const { state, maps } = this.#context;
    const store = this.#store("tasks");
    const owner = parent === null ? store.rootNode : store.getById(parent);
    if (!owner?.insertChild) return;
    const wanted = state.children.of(parent);
    const position = new Map(wanted.map((id, i) => [id, i]));
    const present = childrenOf(owner)
      .map(wireId)
      .filter((id) => position.has(id));
    const stays = longestIncreasing(present, (a, b) => (position.get(a) as number) - (position.get(b) as number));
    const settled = new Set(present.filter((_, i) => stays.has(i)));
    let next: ModelLike | null = null;
    for (let i = wanted.length - 1; i >= 0; i--) {
      const id = wanted[i] as string;
      const record = store.getById(id);
      if (!settled.has(id)) {
        this.wrote = true;
        const shownBefore = store.isSorted || store.isFiltered ? null : next;
        owner.insertChild(record ?? newRecord(maps.tasks, state.tasks.get(id) as StoredRecord), shownBefore, false, { orderedBeforeNode: next });
      }
      next = store.getById(id) ?? next;
    }
  }

  #removeTasks(ids: readonly string[]): void {
    const store = this.#store("tasks");
    const gone = new Set(ids.filter((id) => !this.#stored("tasks", id) && store.getById(id)));
    const roots = [...gone].flatMap((id) => {
      const record = store.getById(id) as ModelLike;
      const parent = parentIdOf(record);
      return parent !== null && gone.has(parent) ? [] : [record];
    });
    if (roots.length === 0) return;
    this.wrote = true;
    store.remove(roots);
  }

  #baselines(record: ModelLike, stored: StoredRecord, isNew: boolean): void {
    const elements = elementsOf(stored, "baselines");
    if (elements.length === 0 && (isNew || !record.hasBaselines)) return;
    const reading = readRecord(this.#context.maps.tasks, record);
    const wanted = new Map(elements.map(([n, value]) => [`baselines.${n}`, value]));
    const shown = Object.keys(reading).filter((field) => field.startsWith("baselines."));
    const level = [...wanted].every(([field, value]) => {
      const now = reading[field] as Readonly<Record<string, Json>> | undefined;
      return now !== undefined && Object.entries(value).every(([key, member]) => equalJson(member, now[key] ?? null));
    });
    if (level && shown.every((field) => wanted.has(field))) return;
    const size = Math.max(0, ...elements.map(([n]) => Number(n) + 1));
    const list = Array.from({ length: size }, (_, n) => {
      const value = wanted.get(`baselines.${n}`) ?? {};
      return Object.fromEntries(Object.entries(elementForChart(baselineModel, baselineFields, value)).filter(([, member]) => member != null));
    });
    this.wrote = true;
    record.set({ baselines: list });
  }

  #intervals(calendar: ModelLike, stored: StoredRecord): void {
    const store = intervalStoreOf(calendar);
    if (!store) return;
    const shown: Record<string, Json> = {};
    readIntervals(calendar, shown);
    const wanted = new Map(elementsOf(stored, "intervals"));
    if (Object.keys(shown).length === wanted.size && [...wanted].every(([id, value]) => equalJson(shown[`intervals.${id}`] ?? null, value))) return;
    this.wrote = true;
    setIntervals(
      calendar,
      [...wanted].map(([id, value]) => {
        const filled = Object.entries(elementForChart(store.modelClass.allFields, intervalFields, value)).filter(([, member]) => member != null);
        return { id, ...Object.fromEntries(filled) };
      }),
    );
  }
}
