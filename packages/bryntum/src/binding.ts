import type { ChangeEvent, LiveProject } from "@livegantt/client";
import { equalJson, type Json, type RecordKind, type StoredRecord } from "@livegantt/core";
import { applyState, type TouchedIds } from "./apply.ts";
import { type Captured, capture } from "./capture.ts";
import { Emitter } from "./emitter.ts";
import { nextFrame } from "./frame.ts";
import { intentOf } from "./intents.ts";
import { isSummary, kindOfStore, parentIdOf, type SyncedKind, storeOf, syncedCollections } from "./kinds.ts";
import { listen } from "./listen.ts";
import { Quiet } from "./quiet.ts";
import { readProject, readRecord, sameValue } from "./read.ts";
import { type KindMap, mapKind, syncedKinds, unknownFields } from "./registers.ts";
import { Dirty, Shadow } from "./shadow.ts";
import type { ProjectChange, ProjectLike } from "./types.ts";
import { noteChange, noteEverything } from "./watch.ts";

export interface BindingEvents {
  /** The chart shows what the plan holds, for the first time. */
  ready: Record<string, never>;
  /** An edit of this chart became a changeset. */
  captured: { readonly payload: Captured["payload"]; readonly intent: string };
  /** A remote change stands in the chart. */
  applied: { readonly touched: TouchedIds; readonly by: string | undefined };
  /** The plan refused an edit (a law, the role): the chart went back to what the plan holds. */
  refused: { readonly payload: Captured["payload"]; readonly error: unknown };
  /** The chart's own undo left out what somebody else has changed since. */
  kept: { readonly records: readonly { readonly kind: SyncedKind; readonly id: string }[] };
}

/**
 * One plan bound to one Bryntum project. It decides nothing about sync: edits of the chart are what differs from a plain shadow of its inputs, and the chart is
 * brought to the plan state against state.
 *
 * Invariants. The shadow is what the chart showed when it was last level with the plan. Local edits are always captured before the chart is written to. While the
 * binding writes, nothing is captured but what the engine cannot have computed.
 */
export class Binding {
  readonly live: LiveProject;
  readonly project: ProjectLike;
  readonly events = new Emitter<BindingEvents>();
  /** Edits are neither captured nor sent while this is true; they are found when it is false again. */
  #suspended = false;
  #holds = 0;
  #applying = false;
  #capturing = false;
  #scheduled = false;
  #levelling = false;
  #started = false;
  #destroyed = false;
  readonly #shadow = new Shadow();
  readonly #dirty = new Dirty();
  #duringApply = new Dirty();
  #touched = new Map<SyncedKind, Set<string>>();
  #by: string | undefined;
  readonly #maps: Record<SyncedKind, KindMap>;
  readonly #foreign = new Map<string, Set<string>>();
  #restoring: "undo" | "redo" | undefined;
  readonly #quiet: Quiet;
  readonly #waiting: (() => void)[] = [];
  readonly #detach: (() => void)[] = [];

  constructor(live: LiveProject, project: ProjectLike) {
    this.live = live;
    this.project = project;
    this.#maps = Object.fromEntries(syncedKinds.map((kind) => [kind, this.#mapOf(kind)])) as Record<SyncedKind, KindMap>;
    this.#quiet = new Quiet(project);
    // A task without children is a leaf in the plan, whatever it was before.
    project.taskStore.convertEmptyParentToLeaf = true;
    this.#detach.push(
      listen(project, {
        change: (event: ProjectChange) => this.#onChange(event),
        commitFinalized: () => this.#captureSoon(true),
        ...this.#quiet.handlers,
      }),
      live.on("change", (event: ChangeEvent) => this.#onPlan(event)),
    );
    const stm = project.stm;
    if (stm) {
      this.#detach.push(
        listen(stm, {
          beforeUndo: () => {
            this.#restoring = "undo";
          },
          beforeRedo: () => {
            this.#restoring = "redo";
          },
          restoringStart: () => {
            this.#restoring ??= "undo";
          },
        }),
      );
    }
    void this.#start();
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  set suspended(value: boolean) {
    this.#suspended = value;
    if (!value) this.#captureSoon(false);
  }

  /** Counts an edit in progress (an open editor, a drag): until it is released nothing is captured and the chart is not written to. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds > 0) return;
      this.#captureSoon(false);
      this.#levelSoon();
    };
  }

  /** Sends what the person did up to now; returns whether there was anything. */
  async flush(): Promise<boolean> {
    await this.project.commitAsync();
    return this.#capture();
  }

  /** Resolves when the chart shows what the plan holds now. */
  levelled(): Promise<void> {
    if (!this.#levelling && !this.#scheduled && this.#touched.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Compares everything, the slow way: ids of records that the chart shows otherwise than the shadow says. Empty unless an edit is under way. */
  audit(): { readonly kind: SyncedKind; readonly id: string; readonly field: string }[] {
    const found: { kind: SyncedKind; id: string; field: string }[] = [];
    for (const kind of syncedCollections) {
      const store = storeOf(this.project, kind);
      for (const id of this.#shadow.ids(kind)) {
        const record = store.getById(id);
        const seen = this.#shadow.get(kind, id)?.seen ?? {};
        if (!record) found.push({ kind, id, field: "" });
        else
          for (const [field, value] of Object.entries(readRecord(this.#maps[kind], record)))
            if (!sameValue(this.#maps[kind], field, value, seen[field])) found.push({ kind, id, field });
      }
    }
    return found;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const detach of this.#detach) detach();
    this.#shadow.clear();
    this.events.clear();
  }

  async #start(): Promise<void> {
    if (this.project.isCrudManagerLoading) await this.#once("load", "loadFail");
    await this.project.commitAsync();
    if (this.#destroyed) return;
    this.#dirty.take();
    this.#shadowChart();
    await this.live.ready();
    if (this.#destroyed) return;
    this.#rebaseOnPlan();
    this.#started = true;
    this.#capture();
    this.#touchAll();
    this.#levelSoon();
    await this.levelled();
    if (!this.#destroyed) this.events.emit("ready", {});
  }

  #once(...names: string[]): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        off();
        resolve();
      };
      const off = listen(this.project, Object.fromEntries(names.map((name) => [name, settle])));
    });
  }

  /** The shadow of what the chart loaded by itself: only edits after this are a person's. */
  #shadowChart(): void {
    for (const kind of syncedCollections) {
      const store = storeOf(this.project, kind);
      const all = new Dirty();
      noteEverything(this.project, this.#shadow, all);
      for (const id of all.ids[kind]) {
        const record = store.getById(id);
        if (!record) continue;
        const seen = readRecord(this.#maps[kind], record);
        this.#shadow.put(kind, id, { seen, base: { id, ...seen } as StoredRecord, summary: kind === "tasks" && isSummary(record) });
      }
    }
  }

  /** What the chart showed before the plan came is what its author saw; places are the plan's. */
  #rebaseOnPlan(): void {
    const state = this.live.state;
    for (const kind of syncedCollections) {
      for (const id of [...this.#shadow.ids(kind)]) {
        const entry = this.#shadow.get(kind, id);
        const stored = state.get(kind, id) as StoredRecord | undefined;
        if (!entry || !stored) continue;
        const base: Record<string, unknown> = { ...stored };
        for (const field of this.#maps[kind].fields.keys())
          if (field in entry.seen && !sameValue(this.#maps[kind], field, entry.seen[field], stored[field] as Json)) base[field] = entry.seen[field];
        this.#shadow.put(kind, id, { ...entry, base: base as StoredRecord });
      }
    }
    const id = state.project.id;
    this.#shadow.put("project", id, { seen: readProject(this.#maps.project, this.project), base: state.project as StoredRecord, summary: false });
  }

  #mapOf(kind: SyncedKind): KindMap {
    const model = kind === "project" ? (this.project.constructor as unknown as KindMapSource) : storeOf(this.project, kind).modelClass;
    return mapKind(kind, model);
  }

  #onChange(event: ProjectChange): void {
    if (this.#destroyed) return;
    this.#exposeWritten(event);
    noteChange(this.project, this.#shadow, this.#applying ? this.#duringApply : this.#dirty, event);
    if (!this.#applying) this.#captureSoon(false);
  }

  #captureSoon(committed: boolean): void {
    if (!this.#started || this.#applying || this.#destroyed || this.#dirty.empty) return;
    if (committed) {
      this.#capture();
      return;
    }
    queueMicrotask(() => {
      // Where the engine still computes, `commitFinalized` follows.
      if (!this.#destroyed && !this.#applying && this.project.isEngineReady?.() !== false && !this.project.isCommitting) this.#capture();
    });
  }

  #capture(): boolean {
    if (!this.#started || this.#destroyed || this.#suspended || this.#holds > 0 || this.#dirty.empty || this.project.isDestroyed) return false;
    const restoring = this.#restoring;
    this.#restoring = undefined;
    const found = capture(
      {
        project: this.project,
        shadow: this.#shadow,
        maps: this.#maps,
        run: this.live.clientId,
        newId: () => crypto.randomUUID(),
        isForeign: (kind, id, register) => restoring !== undefined && this.#isForeign(kind, id, register),
      },
      this.#dirty.take(),
    );
    if (Object.keys(found.payload).length > 0) {
      const intent = restoring ?? intentOf(found.payload);
      try {
        this.#capturing = true;
        this.live.apply(found.payload, intent);
      } catch (error) {
        this.#refuse(found, error);
        return true;
      } finally {
        this.#capturing = false;
      }
      this.#accept(found);
      this.events.emit("captured", { payload: found.payload, intent });
    } else this.#accept(found);
    if (found.correct.length > 0) {
      for (const { kind, id } of found.correct) this.#touch(kind, id);
      if (restoring) this.events.emit("kept", { records: found.correct });
      this.#levelSoon();
    }
    return Object.keys(found.payload).length > 0;
  }

  #accept(found: Captured): void {
    for (const { kind, id, entry } of found.entries) {
      if (!entry) this.#shadow.delete(kind, id);
      else this.#shadow.put(kind, id, entry);
      this.#foreign.delete(`${kind}/${id}`);
    }
  }

  #refuse(found: Captured, error: unknown): void {
    for (const { kind, id } of [...found.entries, ...found.correct]) this.#touch(kind, id);
    this.events.emit("refused", { payload: found.payload, error });
    this.#levelSoon();
  }

  #isForeign(kind: SyncedKind, id: string, register: string | null): boolean {
    const registers = this.#foreign.get(`${kind}/${id}`);
    return registers !== undefined && (register === null || registers.has(register));
  }

  #onPlan(event: ChangeEvent): void {
    // What the chart itself just sent stands in it already.
    if (this.#capturing || this.#destroyed) return;
    if (event.origin === "load") this.#touchAll();
    for (const [kind, ids] of event.touched) if (isSynced(kind)) for (const id of ids) this.#touch(kind, id);
    if (event.by !== undefined) this.#by = event.by;
    this.#levelSoon();
  }

  #touch(kind: SyncedKind, id: string): void {
    const ids = this.#touched.get(kind);
    if (ids) ids.add(id);
    else this.#touched.set(kind, new Set([id]));
  }

  #touchAll(): void {
    const state = this.live.state;
    for (const kind of syncedCollections) {
      for (const id of state.map(kind).keys()) this.#touch(kind, id);
      for (const id of this.#shadow.ids(kind)) this.#touch(kind, id);
    }
    this.#touch("project", state.project.id);
  }

  /** Once per frame, however many changes came in. */
  #levelSoon(): void {
    if (!this.#started || this.#scheduled || this.#levelling || this.#destroyed || this.#holds > 0 || this.#touched.size === 0) return;
    this.#scheduled = true;
    nextFrame(() => {
      this.#scheduled = false;
      if (this.#destroyed || this.project.isDestroyed || this.#levelling) return;
      this.#levelling = true;
      const done = (): void => {
        this.#levelling = false;
        if (this.#touched.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
        this.#levelSoon();
      };
      // The queue of the project waits while a cell editor is open or a bar is dragged.
      Promise.resolve(this.project.queue(() => this.#level())).then(done, (error: unknown) => {
        done();
        if (!this.#destroyed) throw error;
      });
    });
  }

  async #level(): Promise<void> {
    if (this.#destroyed || this.project.isDestroyed) return;
    await this.project.commitAsync();
    if (this.#holds > 0 || this.#destroyed || this.project.isDestroyed) return;
    this.#capture();
    const touched = this.#touched;
    this.#touched = new Map();
    const by = this.#by;
    this.#by = undefined;
    this.#touchOwners(touched);
    this.#exposeCustomFields(touched);
    const shown = new Map<string, StoredRecord | undefined>();
    this.#applying = true;
    this.#duringApply = new Dirty();
    const wake = this.#quiet.begin();
    try {
      for (const [kind, ids] of touched) for (const id of ids) shown.set(`${kind}/${id}`, this.live.state.get(kind, id) as StoredRecord | undefined);
      const context = {
        project: this.project,
        state: this.live.state,
        maps: this.#maps,
        orderKeyOf: (id: string) => this.#shadow.get("tasks", id)?.base.orderKey,
        computedStart: () => this.live.schedule.projectStart,
      };
      applyState(context, touched);
      await this.project.commitAsync();
      // Once more where the engine answered with values of its own: now everything that belongs together stands there.
      if (applyState(context, touched)) await this.project.commitAsync();
      if (this.#destroyed || this.project.isDestroyed) return;
      this.#rebase(touched, shown, by);
      this.project.acceptChanges();
    } finally {
      this.#applying = false;
      wake();
    }
    this.#capture();
    this.events.emit("applied", { touched, by });
  }

  /** The shadow takes over what the chart reads now. What nobody but a person can have written in the meantime stays different, and is captured next. */
  #rebase(touched: TouchedIds, shown: ReadonlyMap<string, StoredRecord | undefined>, by: string | undefined): void {
    const during = this.#duringApply;
    for (const kind of syncedCollections) {
      const ids = touched.get(kind);
      for (const id of ids ?? []) this.#rebaseRecord(kind, id, shown.get(`${kind}/${id}`), by);
      for (const id of during.ids[kind]) if (!ids?.has(id)) this.#rebaseComputed(kind, id);
    }
    for (const id of touched.get("project") ?? []) {
      const base = shown.get(`project/${id}`);
      if (base) this.#shadow.put("project", id, { seen: readProject(this.#maps.project, this.project), base, summary: false });
    }
    if (!touched.has("project"))
      for (const id of [...this.#shadow.ids("project")]) {
        const entry = this.#shadow.get("project", id);
        if (entry) this.#shadow.put("project", id, { ...entry, seen: { ...entry.seen, ...readProject(this.#maps.project, this.project) } });
      }
  }

  #rebaseRecord(kind: SyncedKind, id: string, stored: StoredRecord | undefined, by: string | undefined): void {
    if (kind === "project") return;
    const record = storeOf(this.project, kind).getById(id);
    const before = this.#shadow.get(kind, id);
    if (!stored || !record) {
      this.#shadow.delete(kind, id);
      this.#foreign.delete(`${kind}/${id}`);
      return;
    }
    if (by !== undefined && before) this.#noteForeign(kind, id, before.base, stored);
    this.#shadow.put(kind, id, { seen: readRecord(this.#maps[kind], record), base: stored, summary: kind === "tasks" && isSummary(record) });
  }

  #rebaseComputed(kind: SyncedKind, id: string): void {
    if (kind === "project") return;
    const entry = this.#shadow.get(kind, id);
    const record = storeOf(this.project, kind).getById(id);
    if (!entry || !record) {
      this.#dirty.ids[kind as "tasks"].add(id);
      return;
    }
    const reading = readRecord(this.#maps[kind], record);
    const seen: Record<string, Json> = { ...entry.seen };
    for (const register of this.#maps[kind].registers)
      if (register.computed) for (const field of register.fields) if (field in reading) seen[field] = reading[field] ?? null;
    this.#shadow.put(kind, id, { seen, base: entry.base, summary: kind === "tasks" && isSummary(record) });
    this.#dirty.ids[kind as "tasks"].add(id);
  }

  #noteForeign(kind: SyncedKind, id: string, before: StoredRecord, now: StoredRecord): void {
    const changed = this.#maps[kind].registers.filter((register) => register.fields.some((field) => !equalJson(before[field] ?? null, now[field] ?? null)));
    if (changed.length === 0) return;
    const known = this.#foreign.get(`${kind}/${id}`) ?? new Set<string>();
    for (const register of changed) known.add(register.name);
    this.#foreign.set(`${kind}/${id}`, known);
  }

  /** A task that got its first child or lost its last one sleeps or wakes as a leaf: it is touched with its child. */
  #touchOwners(touched: Map<SyncedKind, Set<string>>): void {
    const tasks = touched.get("tasks");
    if (!tasks) return;
    for (const id of [...tasks]) {
      const record = this.project.taskStore.getById(id);
      const before = record ? parentIdOf(record) : this.#shadow.get("tasks", id)?.base.parentId;
      for (const parent of [before, this.live.state.tasks.get(id)?.parentId])
        if (typeof parent === "string" && this.live.state.tasks.has(parent)) tasks.add(parent);
    }
  }

  /** A custom field that another client brought becomes a field of the chart's model, so that columns, filters and edits of it work. */
  #exposeWritten(event: ProjectChange): void {
    const kind = event.action === "update" && event.store ? kindOfStore(this.project, event.store) : undefined;
    if (kind === undefined) return;
    const model = storeOf(this.project, kind).modelClass;
    const names = unknownFields(kind, this.#maps[kind], event.changes ?? {}).filter((name) => !model.allFields.some((field) => field.name === name));
    if (names.length === 0 || !model.addField) return;
    for (const name of names) model.addField({ name });
    this.#maps[kind] = this.#mapOf(kind);
  }

  #exposeCustomFields(touched: TouchedIds): void {
    for (const kind of syncedCollections) {
      const names = new Set<string>();
      for (const id of touched.get(kind) ?? []) {
        const stored = this.live.state.get(kind, id) as StoredRecord | undefined;
        if (stored) for (const name of unknownFields(kind, this.#maps[kind], stored)) names.add(name);
      }
      const model = storeOf(this.project, kind).modelClass;
      if (names.size === 0 || !model.addField) continue;
      for (const name of names) model.addField({ name });
      this.#maps[kind] = this.#mapOf(kind);
    }
  }
}

type KindMapSource = ProjectLike["taskStore"]["modelClass"];

const isSynced = (kind: RecordKind): kind is SyncedKind => kind !== "comments";
