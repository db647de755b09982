import { type Changeset, type Collection, ProjectState, projectToJSON, type RecordKind, type Registers, type Schedule, type Snapshot } from "@livegantt/core";
import type {
  ConnectionStatus,
  LiveEvents,
  LiveProject,
  OpenConflict,
  PresentUser,
  RejectedEdit,
  RemoteSelection,
  Resolution,
  ScheduleWatch,
  Transaction,
} from "./api.ts";
import { Draft } from "./draft.ts";
import type { SubmitOptions } from "./editor.ts";
import { Emitter } from "./emitter.ts";
import type { Environment } from "./environment.ts";
import { ClientError } from "./errors.ts";
import { makeId } from "./ids.ts";
import { LazySchedule } from "./lazySchedule.ts";
import { isEmptyChangeset, operations } from "./operations.ts";
import type { OpenProjectOptions } from "./options.ts";
import type { OwnSelection } from "./presence.ts";
import { Workplace } from "./workplace.ts";

const noUsers: readonly PresentUser[] = [];
const noSelections: ReadonlyMap<string, RemoteSelection> = new Map();

/** The handle that `openProject` gives out. It is there at once; the plan follows (`ready()`). */
export class Live implements LiveProject {
  readonly projectId: string;
  readonly user: { readonly name: string; readonly avatar?: string };
  readonly #env: Environment;
  readonly #events = new Emitter<LiveEvents>();
  readonly #schedule = new LazySchedule(() => this.state);
  readonly #placeholder: ProjectState;
  readonly #makeId: () => string;
  #workplace: Workplace | undefined;
  #status: ConnectionStatus = "connecting";
  #wanted: "connected" | "disconnected";
  #failure: ClientError | undefined;
  #readyWaiters: { readonly resolve: () => void; readonly reject: (error: ClientError) => void }[] = [];
  #destroyed = false;
  readonly #abort = new AbortController();

  constructor(options: OpenProjectOptions, env: Environment) {
    this.projectId = options.project;
    this.user = options.user ?? { name: "Anonymous" };
    this.#env = env;
    this.#placeholder = new ProjectState({ id: options.project });
    this.#makeId = () => makeId(env.clock, env.random);
    this.#wanted = options.autoConnect === false ? "disconnected" : "connected";
    if (this.#wanted === "disconnected") this.#status = "offline";
    this.#events.on("change", ({ touched }) => this.#schedule.note(touched));
    this.#events.on("status", (payload) => this.#statusChanged(payload));
    this.#start(options).catch((error: unknown) => this.#fail(error));
  }

  get clientId(): string {
    return this.#workplace?.clientId ?? "";
  }

  get role(): LiveProject["role"] {
    return this.#workplace?.session.role ?? "viewer";
  }

  get roleKnown(): boolean {
    return this.#workplace?.session.knowsRole ?? false;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get retryInMs(): number | undefined {
    return this.#workplace?.connection.retryInMs;
  }

  get revision(): number {
    return this.state.revision;
  }

  get state(): ProjectState {
    return this.#workplace?.replica.state ?? this.#placeholder;
  }

  get schedule(): Schedule {
    return this.#schedule.current;
  }

  watchSchedule(): ScheduleWatch {
    return this.#schedule.watch();
  }

  get conflicts(): readonly OpenConflict[] {
    return this.#workplace?.editor.conflicts ?? [];
  }

  get rejections(): readonly RejectedEdit[] {
    return this.#workplace?.editor.rejections ?? [];
  }

  get presence(): readonly PresentUser[] {
    return this.#workplace?.presence.users ?? noUsers;
  }

  get selections(): ReadonlyMap<string, RemoteSelection> {
    return this.#workplace?.presence.selections ?? noSelections;
  }

  get canUndo(): boolean {
    return this.#workplace?.undo.canUndo ?? false;
  }

  get canRedo(): boolean {
    return this.#workplace?.undo.canRedo ?? false;
  }

  get pendingCount(): number {
    return this.#workplace?.queue.edits.length ?? 0;
  }

  get pendingKept(): boolean {
    return this.#workplace?.queue.persisted ?? true;
  }

  nameOf(clientId: string): string | undefined {
    return this.#workplace?.session.nameOf(clientId);
  }

  ready(): Promise<void> {
    if (this.#workplace?.session.hasPlan) return Promise.resolve();
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#readyWaiters.push({ resolve, reject }));
  }

  snapshot(): Snapshot {
    return projectToJSON(this.state);
  }

  add(collection: Collection, record: Registers & { readonly id?: string }, intent = `${collection}.add`): string {
    return this.transact(intent, (tx) => tx.add(collection, record));
  }

  update(kind: RecordKind, id: string, changes: Registers, intent = `${kind}.update`): void {
    this.transact(intent, (tx) => tx.update(kind, id, changes));
  }

  remove(collection: Collection, id: string, intent = `${collection}.remove`): void {
    this.transact(intent, (tx) => tx.remove(collection, id));
  }

  transact<T>(intent: string, edit: (tx: Transaction) => T, options: { readonly atomic?: boolean } = {}): T {
    this.#editable();
    const draft = new Draft(this.state, this.#makeId);
    const result = edit(draft);
    this.#submit(draft, { intent, ...(options.atomic ? { atomic: true } : {}) });
    return result;
  }

  apply(payload: Changeset, intent: string): void {
    this.transact(intent, (tx) => (tx as Draft).include(payload));
  }

  async send(payload: Changeset, intent: string): Promise<{ readonly serverRevision: number }> {
    this.#editable();
    const draft = new Draft(this.state, this.#makeId);
    draft.include(payload);
    return new Promise((resolve, reject) => {
      if (!this.#submit(draft, { intent, waiter: { resolve, reject } })) resolve({ serverRevision: this.revision });
    });
  }

  undo(): void {
    this.#editable().editor.undo("undo");
  }

  redo(): void {
    this.#editable().editor.undo("redo");
  }

  resolve(conflictId: string, choice: Resolution): void {
    this.#open().editor.resolve(conflictId, choice);
  }

  resolveAll(choice: "keep_local" | "accept_server"): void {
    for (const { id } of this.conflicts) this.resolve(id, choice);
  }

  dismiss(rejectionId: string): void {
    this.#open().editor.dismiss(rejectionId);
  }

  captureBaseline(index: number): void {
    this.#editable().editor.submit({}, { intent: "baseline.capture", command: { name: "captureBaseline", args: { index } } });
  }

  level(): void {
    this.#editable().editor.submit({}, { intent: "resources.level", command: { name: "level", args: {} } });
  }

  select(selection: OwnSelection): void {
    this.#workplace?.presence.select(selection);
  }

  async request<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
    await this.ready();
    return this.#open().request<T>(method, path, body);
  }

  saved(): Promise<void> {
    if (this.#destroyed) return Promise.reject(destroyedError());
    return this.#workplace?.editor.saved() ?? this.ready().then(() => this.saved());
  }

  connect(): void {
    this.#wanted = "connected";
    this.#workplace?.connection.connect();
  }

  disconnect(): void {
    this.#wanted = "disconnected";
    this.#workplace?.connection.disconnect();
  }

  reconnectNow(): void {
    this.#wanted = "connected";
    this.#workplace?.connection.reconnectNow();
  }

  on<E extends keyof LiveEvents>(event: E, listener: (payload: LiveEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#abort.abort();
    this.#workplace?.destroy(destroyedError());
    this.#events.clear();
    this.#status = "offline";
    this.#failure ??= destroyedError();
    this.#settleReady();
  }

  async #start(options: OpenProjectOptions): Promise<void> {
    const workplace = await Workplace.open(options, this.#env, {
      events: this.#events,
      user: this.user,
      makeId: this.#makeId,
      signal: this.#abort.signal,
      loaded: () => this.#settleReady(),
      scheduleHash: () => this.#schedule.fingerprint,
      openHelper: (helperOptions, helperEnv) => new Live(helperOptions, helperEnv),
      opened: (opened) => {
        this.#workplace = opened;
      },
    });
    if (!workplace || this.#destroyed) return;
    if (this.#wanted === "connected") workplace.connection.connect();
    else workplace.connection.disconnect();
  }

  #submit(draft: Draft, options: SubmitOptions): boolean {
    const payload = draft.changeset();
    if (isEmptyChangeset(payload)) return false;
    this.#permitted(payload);
    const starts = this.#startsFor(payload);
    this.#open().editor.submit(payload, starts ? { ...options, starts } : options);
    return true;
  }

  /** A task that becomes manual stays where the schedule has it: here at once, on the server by its own schedule. */
  #startsFor(payload: Changeset): ReadonlyMap<string, string> | undefined {
    const manual = payload.tasks?.updated?.filter(({ changes }) => changes.manuallyScheduled === true && changes.startDate == null) ?? [];
    if (manual.length === 0) return undefined;
    const { tasks } = this.schedule;
    return new Map(manual.flatMap(({ id }) => [[id, tasks.get(id)?.startDate ?? ""] as const]).filter(([, start]) => start !== ""));
  }

  #open(): Workplace {
    if (this.#destroyed) throw destroyedError();
    if (!this.#workplace?.session.hasPlan) throw this.#failure ?? new ClientError("not_ready", "retry", "The plan is not there yet. Wait for ready().");
    return this.#workplace;
  }

  #editable(): Workplace {
    const workplace = this.#open();
    if (workplace.session.knowsRole && workplace.session.role === "viewer")
      throw new ClientError("forbidden", "fatal", "You may look at this project, but not change it. Ask its owner for the role of an editor.");
    return workplace;
  }

  /** A commenter changes comments and nothing else; while offline the last role counts, and the server checks again. */
  #permitted(payload: Changeset): void {
    if (this.role !== "commenter") return;
    for (const { kind } of operations(payload))
      if (kind !== "comments") throw new ClientError("forbidden", "fatal", "You may comment on this project, but not change its plan.", { path: kind });
  }

  #statusChanged({ status, error }: LiveEvents["status"]): void {
    this.#status = status;
    this.#failure = status === "denied" || status === "outdated" ? error : undefined;
    this.#settleReady();
  }

  #fail(error: unknown): void {
    if (this.#destroyed) return;
    this.#failure =
      error instanceof ClientError ? error : new ClientError("open_failed", "retry", error instanceof Error ? error.message : String(error), {}, error);
    const failure = this.#failure;
    this.#events.emit("status", { status: "denied", error: failure });
    this.#events.emit("error", failure);
  }

  #settleReady(): void {
    const waiters = this.#readyWaiters;
    if (waiters.length === 0) return;
    const there = this.#workplace?.session.hasPlan === true && !this.#destroyed;
    const failure = this.#failure;
    if (!there && !failure) return;
    this.#readyWaiters = [];
    for (const waiter of waiters) {
      if (there) waiter.resolve();
      else waiter.reject(failure as ClientError);
    }
  }
}

const destroyedError = (): ClientError => new ClientError("destroyed", "fatal", "This project was closed with destroy(). Open it again.");
