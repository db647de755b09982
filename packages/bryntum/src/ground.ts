import type { LiveProject } from "@livegantt/client";
import type { Json, StoredRecord } from "@livegantt/core";
import type { TouchedIds } from "./apply.ts";
import { differences, levelDirection } from "./desired.ts";
import { type EngineCase, engineWrites } from "./engineWrites.ts";
import {
  allRecordsOf,
  childrenOf,
  isSummary,
  kindOfStore,
  parentIdOf,
  type SyncedCollection,
  type SyncedKind,
  storeOf,
  syncedCollections,
  wireId,
} from "./kinds.ts";
import { readProject, readRecord, sameValue } from "./read.ts";
import { type KindMap, mapKind, specialFields, syncedKinds, unknownFields } from "./registers.ts";
import { Dirty, Shadow } from "./shadow.ts";
import type { ModelClassLike, ProjectChange, ProjectLike } from "./types.ts";
import { fromJson, toJson } from "./values.ts";

export interface Difference {
  readonly kind: SyncedKind;
  readonly id: string;
  readonly field: string;
}

/** What a binding stands on: the chart, the plan, the shadow between them and the register table of the chart's model classes. */
export class Ground {
  readonly live: LiveProject;
  readonly project: ProjectLike;
  readonly shadow = new Shadow();
  readonly dirty = new Dirty();
  readonly maps: Record<SyncedKind, KindMap>;
  /** Registers that somebody else wrote after this person did, by `kind/id`. */
  readonly #foreign = new Map<string, Set<string>>();

  constructor(live: LiveProject, project: ProjectLike) {
    this.live = live;
    this.project = project;
    this.maps = Object.fromEntries(syncedKinds.map((kind) => [kind, this.#mapOf(kind)])) as Record<SyncedKind, KindMap>;
  }

  stored(kind: SyncedKind, id: string): StoredRecord | undefined {
    return this.live.state.get(kind, id) as StoredRecord | undefined;
  }

  isForeign(kind: SyncedKind, id: string, register: string | null): boolean {
    const registers = this.#foreign.get(`${kind}/${id}`);
    return registers !== undefined && (register === null || registers.has(register));
  }

  own(kind: SyncedKind, id: string): void {
    this.#foreign.delete(`${kind}/${id}`);
  }

  /** The shadow of what the chart loaded by itself: only edits after this are a person's. */
  shadowChart(): void {
    for (const kind of syncedCollections) {
      for (const record of allRecordsOf(storeOf(this.project, kind))) {
        const id = wireId(record);
        const seen = readRecord(this.maps[kind], record);
        const parentId = kind === "tasks" ? parentIdOf(record) : undefined;
        this.shadow.put(kind, id, {
          seen,
          base: { id, ...seen, ...(parentId ? { parentId } : {}) } as StoredRecord,
          summary: kind === "tasks" && isSummary(record),
        });
      }
    }
  }

  /** What the chart showed before the plan came is what its author saw; places are the plan's. */
  rebaseOnPlan(): void {
    for (const kind of syncedCollections) {
      for (const id of [...this.shadow.ids(kind)]) {
        const entry = this.shadow.get(kind, id);
        const stored = this.stored(kind, id);
        if (!entry || !stored) continue;
        const base: Record<string, unknown> = { ...stored };
        for (const field of this.maps[kind].fields.keys())
          if (field in entry.seen && !sameValue(this.maps[kind], field, entry.seen[field], stored[field] as Json)) base[field] = entry.seen[field];
        this.shadow.put(kind, id, { ...entry, base: base as StoredRecord });
      }
    }
    const { project } = this.live.state;
    this.shadow.put("project", project.id, { seen: readProject(this.maps.project, this.project), base: project as StoredRecord, summary: false });
  }

  /**
   * After the chart was written to, the shadow takes over what was written and what the engine can have computed. Anything else that reads otherwise is an edit that
   * a person made meanwhile: it stays different and is captured next. `shown`: the stored records that were written; `during`: what changed meanwhile.
   */
  rebase(touched: TouchedIds, shown: ReadonlyMap<string, StoredRecord | undefined>, during: Dirty, by: string | undefined): void {
    for (const kind of syncedCollections) {
      const ids = touched.get(kind);
      for (const id of ids ?? []) this.#rebaseRecord(kind, id, shown.get(`${kind}/${id}`), by);
      for (const id of during.ids[kind]) if (!ids?.has(id)) this.#rebaseComputed(kind, id);
    }
    for (const parent of during.parents) this.dirty.parents.add(parent);
    for (const id of [...this.shadow.ids("project")]) {
      const entry = this.shadow.get("project", id);
      if (!entry) continue;
      const base = shown.get(`project/${id}`) ?? entry.base;
      this.shadow.put("project", id, { seen: readProject(this.maps.project, this.project), base, summary: false });
    }
  }

  /** The shadow takes over what these records read now, without the plan knowing. */
  accept(dirty: Dirty): void {
    for (const kind of syncedCollections)
      for (const id of dirty.ids[kind]) {
        const record = storeOf(this.project, kind).getById(id);
        const entry = this.shadow.get(kind, id);
        if (record && entry) this.shadow.put(kind, id, { ...entry, seen: readRecord(this.maps[kind], record) });
      }
  }

  /** Compares everything, the slow way: what the chart shows otherwise than the shadow says. Empty unless an edit is under way. */
  audit(): Difference[] {
    const found: Difference[] = [];
    for (const kind of syncedCollections) {
      const store = storeOf(this.project, kind);
      for (const id of this.shadow.ids(kind)) {
        const record = store.getById(id);
        const seen = this.shadow.get(kind, id)?.seen ?? {};
        if (!record) found.push({ kind, id, field: "" });
        else
          for (const [field, value] of Object.entries(readRecord(this.maps[kind], record)))
            if (!sameValue(this.maps[kind], field, value, seen[field])) found.push({ kind, id, field });
      }
      for (const record of allRecordsOf(store)) if (!this.shadow.has(kind, wireId(record))) found.push({ kind, id: wireId(record), field: "" });
    }
    return found;
  }

  /** The other comparison: what the chart shows otherwise than the plan has it. */
  unlevel(): Difference[] {
    const found: Difference[] = [];
    const { state } = this.live;
    for (const kind of syncedCollections) {
      for (const id of state.map(kind).keys()) found.push(...this.#unlevelRecord(kind, id));
      for (const record of allRecordsOf(storeOf(this.project, kind)))
        if (!state.map(kind).has(wireId(record))) found.push({ kind, id: wireId(record), field: "extra" });
    }
    for (const parent of [null, ...state.tasks.keys()]) {
      const owner = parent === null ? this.project.taskStore.rootNode : this.project.taskStore.getById(parent);
      if (owner && childrenOf(owner).map(wireId).join() !== state.children.of(parent).join()) found.push({ kind: "tasks", id: parent ?? "", field: "order" });
    }
    return found;
  }

  /** Those of these tasks, and of the summaries above them, that came out of the engine without dates: their computation went wrong. */
  broken(tasks: Iterable<string>): string[] {
    const found = new Set<string>();
    for (const id of tasks) {
      if (!this.live.state.tasks.has(id)) continue;
      for (let at = this.project.taskStore.getById(id); at && !at.isRoot; at = at.parent)
        if (!isDate(at.get("startDate")) || !isDate(at.get("endDate"))) found.add(wireId(at));
    }
    return [...found];
  }

  /** Whether the chart shows a date that the plan's schedule does not: a fresh computation tells whether it is old or the engines differ. */
  isOld(): boolean {
    const { state, schedule } = this.live;
    for (const id of state.tasks.keys()) {
      const record = this.project.taskStore.getById(id);
      const computed = schedule.tasks.get(id);
      if (record && computed && (toJson(record.get("startDate")) !== computed.startDate || toJson(record.get("endDate")) !== computed.endDate)) return true;
    }
    return false;
  }

  #unlevelRecord(kind: SyncedCollection, id: string): Difference[] {
    const { state } = this.live;
    const stored = this.stored(kind, id);
    const record = storeOf(this.project, kind).getById(id);
    if (!record || !stored) return [{ kind, id, field: record ? "extra" : "missing" }];
    const summary = kind === "tasks" && state.isSummary(id);
    const fields = Object.keys(differences(this.project, this.maps[kind], stored, record, readRecord(this.maps[kind], record), summary));
    if ((kind === "tasks" || kind === "calendars") && parentIdOf(record) !== (stored.parentId ?? null)) fields.push("parentId");
    return fields.map((field) => ({ kind, id, field }));
  }

  /** A task that got its first child or lost its last one sleeps or wakes as a leaf: it is touched with its child. */
  touchOwners(touched: ReadonlyMap<SyncedKind, Set<string>>): void {
    const tasks = touched.get("tasks");
    if (!tasks) return;
    for (const id of [...tasks]) {
      const record = this.project.taskStore.getById(id);
      const before = record ? parentIdOf(record) : this.shadow.get("tasks", id)?.base.parentId;
      for (const parent of [before, this.live.state.tasks.get(id)?.parentId])
        if (typeof parent === "string" && this.live.state.tasks.has(parent)) tasks.add(parent);
    }
  }

  /** Where units count, task and assignments follow from each other: what is written to one may move the other, so they are written together. */
  touchWork(touched: Map<SyncedKind, Set<string>>): void {
    const { state } = this.live;
    const counts = (task: string): boolean => {
      const stored = state.tasks.get(task);
      return stored?.effort != null && (stored.schedulingMode ?? "Normal") !== "Normal";
    };
    const tasks = new Set(touched.get("tasks"));
    const assignments = new Set(touched.get("assignments"));
    for (const id of assignments) {
      const event = state.assignments.get(id)?.event;
      if (event !== undefined && counts(event)) tasks.add(event);
    }
    for (const id of tasks) if (counts(id)) for (const assignment of state.assignmentsOfTask.of(id)) assignments.add(assignment);
    if (tasks.size > 0) touched.set("tasks", tasks);
    if (assignments.size > 0) touched.set("assignments", assignments);
  }

  /** A custom field that another client brought becomes a field of the chart's model, so that columns, filters and edits of it work. */
  exposeCustomFields(touched: TouchedIds): void {
    for (const kind of syncedCollections) {
      const names = new Set<string>();
      for (const id of touched.get(kind) ?? []) for (const name of unknownFields(kind, this.maps[kind], this.stored(kind, id) ?? {})) names.add(name);
      this.#expose(kind, [...names]);
    }
  }

  /** The same for a field that this page writes without having declared it. */
  exposeWritten(event: ProjectChange): void {
    const kind = event.action === "update" && event.store ? kindOfStore(this.project, event.store) : undefined;
    if (kind === undefined) return;
    const known = storeOf(this.project, kind).modelClass.allFields;
    this.#expose(
      kind,
      unknownFields(kind, this.maps[kind], event.changes ?? {}).filter((name) => !known.some((field) => field.name === name)),
    );
  }

  #expose(kind: SyncedKind & keyof Dirty["ids"], names: readonly string[]): void {
    const model = storeOf(this.project, kind).modelClass;
    if (names.length === 0 || !model.addField) return;
    for (const name of names) model.addField({ name });
    this.maps[kind] = this.#mapOf(kind);
  }

  #mapOf(kind: SyncedKind): KindMap {
    return mapKind(kind, kind === "project" ? (this.project.constructor as unknown as ModelClassLike) : storeOf(this.project, kind).modelClass);
  }

  #rebaseRecord(kind: SyncedCollection, id: string, stored: StoredRecord | undefined, by: string | undefined): void {
    const record = storeOf(this.project, kind).getById(id);
    const before = this.shadow.get(kind, id);
    this.dirty.ids[kind].add(id);
    if (!stored) {
      // The chart lost it with the plan; where it is there again, a person made it.
      this.shadow.delete(kind, id);
      this.own(kind, id);
      return;
    }
    // Removed by a person meanwhile.
    if (!record) return;
    if (by !== undefined && before) this.#noteForeign(kind, id, before.base, stored);
    const reading = readRecord(this.maps[kind], record);
    const seen: Record<string, Json> = { ...reading };
    const summary = kind === "tasks" && isSummary(record);
    const engine: EngineCase = { project: this.project, kind, record, stored, changedRole: (before?.summary ?? false) !== summary };
    for (const register of this.maps[kind].registers) {
      if (register.fixed || engineWrites(register, engine)) continue;
      for (const field of register.fields) if (field in reading) seen[field] = this.#expected(kind, field, stored, reading[field] ?? null);
    }
    this.shadow.put(kind, id, { seen, base: stored, summary });
  }

  /** What a field reads when the chart shows the stored value. */
  #expected(kind: SyncedCollection, field: string, stored: StoredRecord, reading: Json): Json {
    const map = this.maps[kind];
    const mapped = map.fields.get(field);
    if (!mapped || specialFields[kind].has(field)) return reading;
    const wanted = toJson(fromJson(mapped.model, (kind === "tasks" ? levelDirection(stored) : stored)[field] as Json | undefined, mapped.fallback));
    return sameValue(map, field, reading, wanted) ? reading : wanted;
  }

  #rebaseComputed(kind: SyncedCollection, id: string): void {
    this.dirty.ids[kind].add(id);
    const entry = this.shadow.get(kind, id);
    const record = storeOf(this.project, kind).getById(id);
    if (!entry || !record) return;
    const reading = readRecord(this.maps[kind], record);
    const seen: Record<string, Json> = { ...entry.seen };
    const summary = kind === "tasks" && isSummary(record);
    const engine: EngineCase = { project: this.project, kind, record, stored: entry.base, changedRole: entry.summary !== summary };
    for (const register of this.maps[kind].registers)
      if (engineWrites(register, engine)) for (const field of register.fields) if (field in reading) seen[field] = reading[field] ?? null;
    // A change of role is seen by the capture that follows, which wakes what sleeps.
    this.shadow.put(kind, id, { seen, base: entry.base, summary: entry.summary });
  }

  #noteForeign(kind: SyncedKind, id: string, before: StoredRecord, now: StoredRecord): void {
    const changed = this.maps[kind].registers.filter((register) =>
      register.fields.some((field) => !sameValue(this.maps[kind], field, before[field] as Json, now[field] as Json)),
    );
    if (changed.length === 0) return;
    const known = this.#foreign.get(`${kind}/${id}`) ?? new Set<string>();
    for (const register of changed) known.add(register.name);
    this.#foreign.set(`${kind}/${id}`, known);
  }
}

const isDate = (value: unknown): boolean => value instanceof Date && !Number.isNaN(value.getTime());
