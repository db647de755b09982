import type { ChangeEvent, LiveProject } from "@livegantt/client";
import type { Changeset, RecordKind, StoredRecord } from "@livegantt/core";
import { type ApplyContext, applyState, settleEngine } from "./apply.ts";
import type { BindingEvents } from "./bindingEvents.ts";
import { type Captured, capture } from "./capture.ts";
import { Emitter } from "./emitter.ts";
import { nextFrame } from "./frame.ts";
import { idsOf, recompute, withoutGone } from "./gone.ts";
import { type Difference, Ground } from "./ground.ts";
import { holdInBetween } from "./inBetween.ts";
import { inlineData, isEmptyChart, takeAnew } from "./inline.ts";
import { intentOf } from "./intents.ts";
import { type SyncedCollection, type SyncedKind, storeOf, syncedCollections, wireId } from "./kinds.ts";
import { listen, once } from "./listen.ts";
import { overlay } from "./overlay.ts";
import { planReady } from "./planReady.ts";
import { Quiet } from "./quiet.ts";
import { Reload } from "./reload.ts";
import { Dirty } from "./shadow.ts";
import { type Touched, TouchedRecords } from "./touched.ts";
import type { ModelLike, ProjectChange, ProjectLike } from "./types.ts";
import { UndoWatch } from "./undoWatch.ts";
import { isOfProject, noteAll, noteChange } from "./watch.ts";

/**
 * One plan bound to one Bryntum project. It decides nothing about sync: edits of the chart are what differs from a plain shadow of its inputs, and the chart is
 * brought to the plan state against state.
 *
 * Invariants. The shadow is what the chart showed when it was last level with the plan. Local edits are always captured before the chart is written to. While the
 * binding writes, nothing is captured; afterwards what the engine cannot have computed is a person's edit.
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
  readonly #ground: Ground;
  #duringApply = new Dirty();
  readonly #touched = new TouchedRecords();
  readonly #undo: UndoWatch | undefined;
  readonly #quiet: Quiet;
  #reload: Reload | undefined;
  readonly #waiting: (() => void)[] = [];
  #failures = 0;
  /** The engine was stopped in the middle of a computation: what it left may be old. */
  #doubtful = false;
  /** Tasks that a fresh load did not mend either. */
  readonly #hopeless = new Set<string>();
  readonly #detach: (() => void)[] = [];

  constructor(live: LiveProject, project: ProjectLike) {
    this.live = live;
    this.project = project;
    this.#ground = new Ground(live, project);
    this.#quiet = new Quiet(project, () => {
      this.#doubtful = true;
      this.relevel();
    });
    // A task without children is a leaf in the plan, whatever it was before.
    project.taskStore.convertEmptyParentToLeaf = true;
    // Numbers of rows follow from places, the same in every window, however each one is sorted.
    project.taskStore.wbsMode = "auto";
    project.taskStore.useOrderedTreeForWbs = true;
    this.#detach.push(
      listen(project, {
        change: (event: ProjectChange) => {
          if (isOfProject(event, project)) this.#onChange({ action: event.action });
        },
        commitFinalized: () => this.#captureSoon(true),
        ...this.#quiet.handlers,
      }),
      live.on("change", (event: ChangeEvent) => this.#onPlan(event)),
    );
    // The stores themselves tell at once; the project tells again after the commit, and not what happened while a store's events were suspended (outdent does that).
    // Fields that are set together with one that the engine finds unchanged are told by `beforeUpdate` alone.
    for (const kind of syncedCollections)
      this.#detach.push(
        listen(storeOf(project, kind), {
          change: (event: ProjectChange) => this.#onChange({ ...event, store: storeOf(project, kind) }),
          beforeUpdate: (event: { readonly record?: ModelLike }) => this.#noteWrite(kind, event.record),
        }),
      );
    const look = (): void => noteAll(project, this.#ground.shadow, this.#applying ? this.#duringApply : this.#ground.dirty, "tasks");
    this.#detach.push(holdInBetween(project, () => this.hold(), look));
    if (project.stm) this.#undo = new UndoWatch(project.stm);
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

  /** Sends what the person did up to now. */
  async flush(): Promise<boolean> {
    try {
      await this.project.commitAsync();
    } catch (error) {
      this.#recover(error);
    }
    return this.capture();
  }

  /** Resolves when the chart shows what the plan holds now. */
  levelled(): Promise<void> {
    if (!this.#levelling && !this.#scheduled && this.#touched.empty) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when everything that is to be written to the chart now stands in it. */
  async settled(): Promise<void> {
    await this.project.queue(() => this.project.commitAsync());
    await this.levelled();
  }

  /** Compares everything, the slow way: what the chart shows otherwise than the shadow says. Empty unless an edit is under way. */
  audit(): Difference[] {
    return this.#ground.audit();
  }

  /** What the chart shows otherwise than the plan has it. Empty once everything is levelled. */
  unlevel(): Difference[] {
    return this.#ground.unlevel();
  }

  /** Brings the chart to the plan anew: all of it, or the records that a changeset names. */
  relevel(payload?: Changeset): void {
    if (payload) this.#touched.addNamed(payload);
    else this.#touched.addAll(this.#ground);
    this.#levelSoon();
  }

  /** Shows a changeset in the chart without telling the plan. */
  async overlay(payload: Changeset): Promise<void> {
    await this.project.queue(async () => {
      await this.project.commitAsync();
      this.capture();
      await this.#write(async () => {
        overlay(this.project, this.#ground.maps, payload);
        await this.project.commitAsync();
        this.#ground.accept(this.#duringApply);
      });
    });
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const detach of this.#detach) detach();
    this.#reload?.stop();
    this.#undo?.destroy();
    this.#ground.shadow.clear();
    this.events.clear();
  }

  async #start(): Promise<void> {
    if (this.project.isCrudManagerLoading) await once(this.project, "load", "loadFail");
    await this.project.commitAsync();
    if (this.#destroyed) return;
    this.#ground.dirty.take();
    this.#ground.shadowChart();
    await planReady(this.live, this.#detach);
    if (this.#destroyed) return;
    this.#ground.rebaseOnPlan();
    this.#started = true;
    this.capture();
    this.#reload = new Reload(this.project, this);
    this.relevel();
    await this.levelled();
    if (!this.#destroyed) this.events.emit("ready", {});
  }

  #onChange(event: ProjectChange): void {
    if (this.#destroyed) return;
    this.#ground.exposeWritten(event);
    noteChange(this.project, this.#ground.shadow, this.#applying ? this.#duringApply : this.#ground.dirty, event);
    if (this.#applying) return;
    this.events.emit("changed", event);
    this.#captureSoon(false);
  }

  #noteWrite(kind: SyncedCollection, record: ModelLike | undefined): void {
    if (this.#destroyed || !record || record.isRoot) return;
    (this.#applying ? this.#duringApply : this.#ground.dirty).ids[kind].add(wireId(record));
    if (!this.#applying) this.#captureSoon(false);
  }

  #captureSoon(committed: boolean): void {
    if (!this.#started || this.#applying || this.#destroyed || this.#ground.dirty.empty) return;
    if (committed) {
      this.capture();
      return;
    }
    queueMicrotask(() => {
      // Where the engine still computes, `commitFinalized` follows.
      if (!this.#destroyed && !this.#applying && this.project.isEngineReady?.() !== false && !this.project.isCommitting) this.capture();
    });
  }

  /** Sends what the engine has computed through; false where there was nothing, or an edit is under way. */
  capture(): boolean {
    if (!this.#started || this.#destroyed || this.#suspended || this.#reload?.busy || this.#holds > 0 || this.#ground.dirty.empty || this.project.isDestroyed)
      return false;
    const restoring = this.#undo?.running;
    // A part of what an undo brings back is there at once, the rest after the engine has computed.
    if (this.project.isEngineReady?.() !== false) this.#undo?.done();
    const dirty = this.#ground.dirty.take();
    const found = capture(
      {
        project: this.project,
        shadow: this.#ground.shadow,
        maps: this.#ground.maps,
        run: this.live.clientId,
        newId: () => crypto.randomUUID(),
        isForeign: (kind, id, register) => restoring !== undefined && this.#ground.isForeign(kind, id, register),
      },
      dirty,
    );
    const { payload, gone } = withoutGone(found.payload, this.live.state, (task) => {
      const parent = this.#ground.shadow.get("tasks", task)?.base.parentId;
      return typeof parent === "string" ? parent : null;
    });
    const sends = Object.keys(payload).length > 0;
    if (sends) {
      const intent = restoring ?? intentOf(payload);
      try {
        this.#capturing = true;
        this.live.apply(payload, intent);
      } catch (error) {
        this.#refuse(found, error);
        return true;
      } finally {
        this.#capturing = false;
      }
      this.#accept(found);
      recompute(this.project, payload);
      this.events.emit("captured", { payload, intent });
    } else this.#accept(found);
    if (gone) this.events.emit("refused", { payload: gone, error: new Error("What you edited has just been removed by somebody else.") });
    const broken = this.#ground.broken(dirty.ids.tasks).filter((id) => !this.#hopeless.has(id) && !this.#touched.has("tasks", id));
    for (const id of broken) this.#touched.add("tasks", id);
    if (broken.length > 0) this.#levelSoon();
    if (found.correct.length > 0) {
      this.#touched.places = true;
      for (const { kind, id } of found.correct) this.#touched.add(kind, id);
      if (restoring) this.events.emit("kept", { records: found.correct });
      this.#levelSoon();
    }
    return sends;
  }

  #accept(found: Captured): void {
    const written = idsOf(found.payload);
    for (const { kind, id, entry } of found.entries) {
      if (!entry) this.#ground.shadow.delete(kind, id);
      else {
        this.#ground.shadow.put(kind, id, entry);
        // The plan took it as another record (a second link between two tasks), at another place, or not at all.
        const stored = this.#ground.stored(kind, id);
        if (!stored || (stored.parentId ?? null) !== (entry.base.parentId ?? null)) this.#touched.add(kind, id);
      }
      if (written.has(`${kind}/${id}`)) this.#ground.own(kind, id);
    }
    this.#levelSoon();
  }

  #refuse(found: Captured, error: unknown): void {
    this.#touched.places = true;
    for (const { kind, id } of [...found.entries, ...found.correct]) this.#touched.add(kind, id);
    this.events.emit("refused", { payload: found.payload, error });
    this.#levelSoon();
  }

  #onPlan(event: ChangeEvent): void {
    // What the chart itself just sent stands in it already.
    if (this.#capturing || this.#destroyed) return;
    if (event.origin === "load") this.#touched.addAll(this.#ground);
    for (const [kind, ids] of event.touched) if (isSynced(kind)) for (const id of ids) this.#touched.add(kind, id);
    if (event.by !== undefined) this.#touched.by = event.by;
    this.#levelSoon();
  }

  /** Once per frame, however many changes came in. */
  #levelSoon(): void {
    if (!this.#started || this.#scheduled || this.#levelling || this.#destroyed || this.#holds > 0 || this.#touched.empty) return;
    this.#scheduled = true;
    nextFrame(() => {
      this.#scheduled = false;
      if (this.#destroyed || this.project.isDestroyed || this.#levelling) return;
      this.#levelling = true;
      const done = (): void => {
        this.#levelling = false;
        if (this.#touched.empty) for (const resolve of this.#waiting.splice(0)) resolve();
        this.#levelSoon();
      };
      // The queue of the project waits while a cell editor is open or a bar is dragged.
      Promise.resolve(this.project.queue(() => this.#level())).then(
        () => {
          this.#failures = 0;
          done();
        },
        (error: unknown) => {
          done();
          this.#recover(error);
        },
      );
    });
  }

  /** The chart's engine failed. The chart takes the whole plan anew; if that fails again and again, it is for the page to know. */
  #recover(error: unknown): void {
    if (this.#destroyed) return;
    if (++this.#failures > 3) throw error;
    this.#touched.addAll(this.#ground);
    this.#levelSoon();
  }

  async #level(): Promise<void> {
    if (this.#destroyed || this.project.isDestroyed) return;
    const failed = this.#failures > 0;
    if (!failed) await this.project.commitAsync();
    if (this.#holds > 0 || this.#destroyed || this.project.isDestroyed || this.#reload?.isLoading) return;
    if (this.#reload?.taken()) this.#touched.addDirty(this.#ground.dirty.take());
    this.capture();
    const { touched, by, places } = this.#touched.take();
    const { live, project } = this;
    this.#ground.touchOwners(touched);
    this.#ground.touchWork(touched);
    this.#ground.exposeCustomFields(touched);
    await this.#write(async () => {
      const shown = new Map<string, StoredRecord | undefined>();
      for (const [kind, ids] of touched) for (const id of ids) shown.set(`${kind}/${id}`, this.#ground.stored(kind, id));
      const orderKeyOf = (id: string) => (places ? undefined : this.#ground.shadow.get("tasks", id)?.base.orderKey);
      const context: ApplyContext = { project, state: live.state, maps: this.#ground.maps, orderKeyOf, computedStart: () => live.schedule.projectStart };
      if (project.loadInlineData && (failed || (isEmptyChart(project) && live.state.tasks.size > 0)))
        await project.loadInlineData(inlineData(project, live.state, this.#ground.maps, live.schedule.projectStart));
      applyState(context, touched);
      await project.commitAsync();
      if (!this.#destroyed && settleEngine(context, touched)) await project.commitAsync();
      await this.#mend(context, touched, shown);
      if (this.#destroyed || project.isDestroyed) return;
      this.#ground.rebase(touched, shown, this.#duringApply, by);
      project.acceptChanges();
    });
    this.capture();
    this.events.emit("applied", { touched, by });
  }

  /** The last resort, where the engine lost its way: the chart takes the whole plan anew. What that does not mend is left as it is. */
  async #mend(context: ApplyContext, touched: Touched, shown: Map<string, StoredRecord | undefined>): Promise<void> {
    const concerned = [...(touched.get("tasks") ?? []), ...this.#duringApply.ids.tasks];
    const old = this.#doubtful && this.#ground.isOld();
    this.#doubtful = false;
    if (this.#destroyed || (!old && !this.#ground.broken(concerned).some((id) => !this.#hopeless.has(id)))) return;
    await takeAnew(context, this.#ground, touched, shown);
    for (const id of this.#ground.broken(concerned)) this.#hopeless.add(id);
  }

  /** Writes to the chart: nothing of it is captured, recorded for undo, or asked about. */
  async #write(work: () => Promise<void>): Promise<void> {
    this.#applying = true;
    this.#duringApply = new Dirty();
    const wake = this.#quiet.begin();
    try {
      await work();
    } finally {
      await wake();
      this.#applying = false;
    }
  }
}

const isSynced = (kind: RecordKind): kind is SyncedKind => kind !== "comments";
