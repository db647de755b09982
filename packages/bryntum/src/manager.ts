import { type OpenConflict, type OpenProjectOptions, openProject } from "@livegantt/client";
import type { Changeset, Conflict, Registers, Snapshot } from "@livegantt/core";
import { Binding } from "./binding.ts";
import { toast } from "./bryntumClasses.ts";
import { type BuiltChangeset, buildChangeset, coalesceChanges, type PendingChange } from "./changes.ts";
import type { ConflictDialog } from "./conflictDialog.ts";
import type { ChosenResolution } from "./conflictEntries.ts";
import { safeColor } from "./html.ts";
import { kindOfStore } from "./kinds.ts";
import { loadThroughBryntum } from "./loaded.ts";
import { clientOptions, type GanttWebSocketManagerConfig } from "./managerConfig.ts";
import { ManagerConnection } from "./managerConnection.ts";
import { ManagerOfflineQueue, ManagerPresence, type UnackedChange } from "./managerParts.ts";
import { Stage } from "./stage.ts";
import { textsFor } from "./texts.ts";
import type { GanttLike, ModelLike, ProjectChange, ProjectLike } from "./types.ts";

/** What the server said about an edit that lost. */
export interface ConflictData {
  readonly conflicts: readonly Conflict[];
  readonly currentState: Partial<Snapshot>;
}

/**
 * A shared project for a Bryntum ProjectModel: connects, syncs both ways, tracks who is here, asks about conflicts, and fills `userPresence`, `connectionStatus` and
 * the frames of every Gantt on the project. Events: `connected disconnected presenceUpdate statusChange ready changes ack conflict conflictsChange rejected notice
 * saved selection offline reconnecting destroy`.
 */
export class GanttWebSocketManager extends ManagerConnection {
  declare binding: Binding;
  declare presence: ManagerPresence;
  declare stage: Stage;
  declare offlineQueue: ManagerOfflineQueue;
  /** Changes of the chart since the last one that was captured. */
  pendingChanges: PendingChange[] = [];
  unackedChanges: UnackedChange[] = [];
  /** Changesets captured by this manager. */
  localRevision = 0;
  /** Set while `scheduleSend()` waits. */
  sendTimer: ReturnType<typeof setTimeout> | undefined;
  /** The open WebSocket, to look at. */
  socket: object | null = null;
  readonly #off: (() => void)[] = [];

  #wasConnected = false;

  constructor(config: GanttWebSocketManagerConfig) {
    super();
    this.construct(config);
  }

  get gantts(): readonly GanttLike[] {
    return this.stage.gantts;
  }

  /** Edits of the chart are neither captured nor sent while this is true. What was done meanwhile is sent when it is false again. */
  get suspendSync(): boolean {
    return this.binding.suspended;
  }

  set suspendSync(value: boolean) {
    this.binding.suspended = value;
  }

  /** Subclasses may override it, as with Bryntum's classes: `construct(config) { super.construct(config); … }`. */
  construct(config: GanttWebSocketManagerConfig): void {
    this.configure(config);
    this.texts = textsFor(this.locale ?? pageLocale(), config.texts ?? {});
    const chart = config.project as ProjectLike | GanttLike;
    if (!chart) throw new Error("GanttWebSocketManager needs `project`: a Bryntum ProjectModel, or a Gantt.");
    const gantt = "isGanttBase" in chart && chart.isGanttBase ? (chart as GanttLike) : undefined;
    this.project = gantt ? gantt.project : (chart as ProjectLike);
    this.live = openProject(this.#options());
    this.presence = new ManagerPresence(this);
    this.offlineQueue = new ManagerOfflineQueue(this.live, () => this.unackedChanges);
    this.setupSocketListeners();
    this.setupProjectListeners();
    this.stage = new Stage(this.live, this.binding, {
      texts: this.texts,
      frames: this.frames,
      selected: (task) => {
        this.presence.currentSelection = task === null ? null : { id: task };
      },
    });
    if (gantt) this.stage.add(gantt);
  }

  override destroy(): void {
    if (this.isDestroyed) return;
    if (this.sendTimer !== undefined) clearTimeout(this.sendTimer);
    for (const off of this.#off.splice(0)) off();
    this.stage.destroy();
    this.binding.destroy();
    this.live.destroy();
    this.socket = null;
    super.destroy();
  }

  /** Brings the connection and the whole chart in step anew. */
  requestFullSync(): void {
    this.live.reconnectNow();
    this.handleFullSync();
  }

  /** Sends a message of the document's protocol: `heartbeat`, `selection`, `changes`, `request_sync`, `request_delta`. */
  send(message: { readonly type: string; readonly payload?: unknown }): void {
    const payload = (message.payload ?? {}) as { activeTask?: string; taskId?: string | null };
    if (message.type === "heartbeat") this.live.select({ taskId: payload.activeTask ?? null });
    else if (message.type === "selection") this.live.select({ ...payload, taskId: payload.taskId ?? null });
    else if (message.type === "changes") this.live.apply(payload as Changeset, "plan.edit");
    else if (message.type === "request_sync" || message.type === "request_delta") this.requestFullSync();
    else throw new Error(`"${message.type}" is no message of a client. Messages are heartbeat, selection, changes, request_sync and request_delta.`);
  }

  setupSocketListeners(): void {
    const { live } = this;
    this.#off.push(
      live.on("connected", () => {
        if (this.#wasConnected) this.onReconnected();
        this.#wasConnected = true;
        this.trigger("connected");
        this.stage?.refresh();
      }),
      live.on("disconnected", (event) => {
        this.trigger("disconnected", { ...event });
        this.stage?.refresh();
      }),
      live.on("status", ({ status, retryInMs }) => {
        if (status === "reconnecting") {
          this.reconnectAttempts++;
          this.trigger("reconnecting", { delay: retryInMs });
        }
        if (status === "live") this.reconnectAttempts = 0;
        if (status === "offline") this.showOfflineMode();
        this.trigger("statusChange", { status, retryInMs });
        this.stage?.refresh();
      }),
      live.on("presenceUpdate", ({ users }) => {
        this.presence.handlePresenceUpdate(users);
        this.trigger("presenceUpdate", { users });
      }),
      live.on("selection", (selection) => this.handleSelectionUpdate(selection)),
      live.on("change", (event) => {
        if (event.origin !== "remote") return;
        for (const taskId of this.stage.editedAmong(event.touched.get("tasks"))) {
          this.trigger("changedWhileEditing", { taskId, by: event.by });
          toast(this.texts.whileYouTyped(event.by ?? this.texts.somebody));
        }
      }),
      live.on("conflict", (conflict) => this.trigger("conflict", { conflict, conflicts: conflict.conflicts })),
      live.on("conflicts", ({ open }) => {
        this.trigger("conflictsChange", { open });
        this.stage.refresh();
        this.stage.conflictsChanged(this.conflictDialog);
      }),
      live.on("rejected", (edit) => {
        this.trigger("rejected", { edit });
        toast(this.texts.refused(edit.message));
      }),
      live.on("notice", (event) => this.trigger("notice", { ...event })),
      live.on("saved", ({ saved, pending }) => {
        if (saved) this.unackedChanges = [];
        this.trigger("saved", { saved, pending });
        this.stage?.refresh();
      }),
    );
  }

  setupProjectListeners(): void {
    this.binding = new Binding(this.live, this.project);
    this.#off.push(
      this.binding.events.on("ready", () => {
        this.stage?.refresh();
        this.trigger("ready");
      }),
      this.binding.events.on("captured", ({ payload, intent }) => {
        this.pendingChanges = [];
        this.unackedChanges.push({ changeset: payload, revision: ++this.localRevision, timestamp: Date.now() });
        this.trigger("changesSent", { changeset: payload, intent });
      }),
      this.binding.events.on("changed", (event) => this.onProjectChange(event)),
      this.binding.events.on("refused", ({ error }) => {
        this.trigger("refused", { error });
        toast(this.texts.refused(error instanceof Error ? error.message : String(error)));
      }),
      this.binding.events.on("kept", ({ records }) => toast(this.texts.kept(records.length))),
    );
  }

  // Messages, as they come over the socket

  /** Called with each message of the server. The client has understood it already; this tells subclasses and listeners. */
  onMessage(data: { readonly type: string; readonly payload?: unknown; readonly revision?: number; readonly sender?: string }): void {
    const { type, payload, revision, sender } = data;
    switch (type) {
      case "sync":
        this.handleFullSync(payload);
        break;
      case "changes":
        this.handleChanges(payload as Changeset, revision ?? 0, sender ?? "");
        break;
      case "ack":
        this.handleAck(payload as { readonly clientRevision: number; readonly serverRevision: number });
        break;
      case "conflict":
        this.handleConflict(payload as ConflictData);
        break;
    }
  }

  /** Shows the whole plan anew. */
  handleFullSync(_projectData?: unknown): void {
    this.binding.relevel();
  }

  /** A change of somebody else. Own ones are ignored, and so are those that the chart has already; one that was missed is fetched. */
  handleChanges(changes: Changeset, revision: number, sender: string): void {
    if (sender === this.clientId) return;
    this.trigger("changes", { changes, revision, sender, userName: this.live.nameOf(sender) });
  }

  handleAck(payload: { readonly clientRevision: number; readonly serverRevision: number }): void {
    this.trigger("ack", payload);
  }

  /** Shows the dialog. With `conflictDialog: false` it is left to whoever listens for `conflictsChange`. */
  handleConflict(data: ConflictData): void {
    this.trigger("conflictMessage", { ...data });
  }

  handleSelectionUpdate(selection: { readonly clientId: string; readonly taskId: string | null; readonly userName: string }): void {
    this.stage.updateFrames();
    this.trigger("selection", { selection });
  }

  /** The colour that the server gave a person; the same in every window. */
  getColorForUser(clientId: string): string {
    const color = this.live.presence.find((user) => user.clientId === clientId)?.color ?? this.live.selections.get(clientId)?.color;
    return safeColor(color ?? "#667085");
  }

  // Edits

  /** Called with each change of the project, before it is captured. */
  onProjectChange(event: ProjectChange): void {
    if (this.suspendSync) return;
    const { action, records, changes } = event;
    const kind = event.store && kindOfStore(this.project, event.store);
    if (kind === "tasks" && action === "add") this.onTaskAdd(event);
    else if (kind === "tasks" && action === "remove") this.onTaskRemove(event);
    else if (kind === "tasks" && action === "update") this.onTaskUpdate(event);
    else if (kind === "dependencies" && action === "add") this.onDependencyAdd(event);
    else if (kind === "dependencies" && action === "remove") this.onDependencyRemove(event);
    this.pendingChanges.push({ ...(kind ? { type: kind } : {}), action, records: (records ?? []).map(({ id }) => id), ...(changes ? { changes } : {}) });
  }

  onTaskAdd(event: ProjectChange): void {
    this.trigger("taskAdd", { ...event });
  }

  onTaskRemove(event: ProjectChange): void {
    this.trigger("taskRemove", { ...event });
  }

  onTaskUpdate(event: ProjectChange): void {
    this.trigger("taskUpdate", { ...event });
  }

  onDependencyAdd(event: ProjectChange): void {
    this.trigger("dependencyAdd", { ...event });
  }

  onDependencyRemove(event: ProjectChange): void {
    this.trigger("dependencyRemove", { ...event });
  }

  /** Sends soon what the person did and what is not sent by itself: the time of `debounce` after the last call. */
  scheduleSend(): void {
    if (this.sendTimer !== undefined) clearTimeout(this.sendTimer);
    this.sendTimer = setTimeout(() => {
      this.sendTimer = undefined;
      void this.sendChanges();
    }, this.debounce);
  }

  /** Sends now what the person did, and `changes` where they are given. Resolves when it is on its way. */
  async sendChanges(changes?: readonly PendingChange[]): Promise<void> {
    await this.binding.flush();
    if (changes && changes.length > 0) this.live.apply(buildChangeset(changes), "plan.edit");
  }

  buildChangeset(changes: readonly PendingChange[]): BuiltChangeset {
    return buildChangeset(changes);
  }

  coalesceChanges(changes: readonly PendingChange[]): PendingChange[] {
    return coalesceChanges(changes);
  }

  /** Applies a changeset to plan and chart and sends it. */
  applyChangeset(changes: Changeset): void {
    this.live.apply(changes, "plan.edit");
  }

  /** Sends a changeset; settles with the server's answer. Rejects with a SendConflict (`{ type: "conflict", conflictData }`), or an error with `code` and `message`. */
  sendAndWaitAck(changeset: Changeset): Promise<{ readonly serverRevision: number }> {
    return this.live.send(changeset, "plan.edit");
  }

  /** Shows a changeset in this chart only. Returns the function that takes it back. */
  applyOptimistic(changeset: Changeset): () => void {
    void this.binding.overlay(changeset);
    return () => this.rollback(changeset);
  }

  /** The records that a changeset names show again what the plan holds. */
  rollback(applied: Changeset): void {
    this.binding.relevel(applied);
  }

  /**
   * Shows a changeset at once, sends it, and takes it back by itself where it loses. Resolves with the server's revision; rejects with
   * `{ type: "conflict", conflictData }`. Offline it waits on this device and settles when it was sent.
   */
  sendWithOptimistic(changeset: Changeset): Promise<{ readonly serverRevision: number }> {
    return this.sendAndWaitAck(changeset);
  }

  // Conflicts

  /** Shows what is given, or every open conflict, in the dialog. */
  showConflictDialog(conflicts: readonly Conflict[] = [], serverState: Partial<Snapshot> = {}): ConflictDialog | undefined {
    const known = conflicts.length === 0 || conflicts.some(({ id }) => this.#openOf(id).length > 0);
    if (known) return this.stage.showInbox();
    return this.stage.showOne(conflicts[0] as Conflict, serverState, (id, resolution) => this.resolveConflict(id, resolution));
  }

  /** Decides the open conflicts of one record. Without an open one, `keep_local` sends what the chart shows and `merge` the merged values. */
  resolveConflict(
    taskId: string,
    resolution: { readonly strategy: ChosenResolution["strategy"]; readonly serverState?: Registers; readonly mergedState?: Registers },
  ): void {
    const { strategy, mergedState = {} } = resolution;
    const open = this.#openOf(taskId);
    if (open.length > 0) {
      for (const entry of open) this.live.resolve(entry.id, strategy === "merge" ? { merge: mergedState } : strategy);
      return;
    }
    if (strategy === "keep_local") this.forcePush(taskId);
    else if (strategy === "merge") this.live.update("tasks", taskId, mergedState);
    else this.binding.relevel();
  }

  /** Sends this chart's version of a task, also where another one stands on the server. */
  forcePush(task: ModelLike | string): void {
    const id = String(typeof task === "string" ? task : task.id);
    for (const entry of this.#openOf(id)) this.live.resolve(entry.id, "keep_local");
    void this.binding.flush();
  }

  /** Fills the toolbars anew. */
  updatePresence(): void {
    this.stage?.refresh();
  }

  #openOf(id: string): readonly OpenConflict[] {
    return this.live.conflicts.filter((entry) => entry.conflicts.some((conflict) => conflict.id === id));
  }

  #options(): OpenProjectOptions {
    const loaded = this.project.loadUrl ? loadThroughBryntum(this.project, this.client?.fetch) : undefined;
    if (loaded) this.#off.push(() => loaded.stop());
    return clientOptions(this, this.fixedClientId, loaded?.fetch, {
      opened: (socket) => {
        this.socket = socket;
      },
      received: (text) => {
        if (!this.isDestroyed && watched.test(text)) this.onMessage(JSON.parse(text));
      },
    });
  }
}

const watched = /^\{"type":"(sync|changes|ack|conflict)"/;
const pageLocale = (): string | undefined => (typeof document === "undefined" ? undefined : document.documentElement.lang || globalThis.navigator?.language);
