import type { PresentUser, RemoteSelection } from "./api.ts";
import type { Clock, TimerHandle } from "./environment.ts";

/** Where this person works: sent to the others. */
export interface OwnSelection {
  readonly taskId: string | null;
  readonly field?: string;
  readonly mode?: "select" | "edit" | "drag";
  readonly ghost?: { readonly startDate: string; readonly endDate: string };
}

const heartbeatMs = 30_000;
/** A drag is shown to the others about 15 times a second. */
const dragEveryMs = 66;

interface PresenceHooks {
  send(message: object): boolean;
  users(users: readonly PresentUser[]): void;
  selection(selection: RemoteSelection): void;
  /** The dates of this replica, for the server to compare with its own; undefined where there is nothing to compare. */
  computed(): { readonly revision: number; readonly scheduleHash: string } | undefined;
}

/** Who else is here and where they work; tells the others the same of this person. Nothing of it is kept or replayed. */
export class PresenceManager {
  readonly #clock: Clock;
  readonly #hooks: PresenceHooks;
  readonly #users = new Map<string, PresentUser>();
  readonly #selections = new Map<string, RemoteSelection>();
  #list: readonly PresentUser[] = [];
  #own: OwnSelection | undefined;
  #sentText = "";
  #sentAt = Number.NEGATIVE_INFINITY;
  #heartbeat: TimerHandle;
  #trailing: TimerHandle;

  constructor(clock: Clock, hooks: PresenceHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** Everybody in the project, this person included. The array is replaced, never changed. */
  get users(): readonly PresentUser[] {
    return this.#list;
  }

  get selections(): ReadonlyMap<string, RemoteSelection> {
    return this.#selections;
  }

  /** A new connection: these are here; the others learn where this person is. */
  start(users: readonly PresentUser[]): void {
    this.setUsers(users);
    this.#beat();
    this.#sentText = "";
    if (this.#own && this.#own.taskId !== null) this.#send();
  }

  /** The connection is gone, and with it all knowledge of the others. */
  stop(): void {
    this.#clear();
    if (this.#users.size === 0 && this.#selections.size === 0) return;
    this.#selections.clear();
    this.setUsers([]);
  }

  setUsers(users: readonly PresentUser[]): void {
    this.#users.clear();
    for (const user of users) this.#users.set(user.clientId, user);
    for (const clientId of this.#selections.keys()) if (!this.#users.has(clientId)) this.#forget(clientId);
    this.#changed();
  }

  joined(user: PresentUser): void {
    this.#users.set(user.clientId, user);
    this.#changed();
  }

  left(clientId: string): void {
    this.#forget(clientId);
    if (this.#users.delete(clientId)) this.#changed();
  }

  selected(selection: RemoteSelection): void {
    if (selection.taskId === null) this.#selections.delete(selection.clientId);
    else this.#selections.set(selection.clientId, selection);
    this.#hooks.selection(selection);
  }

  nameOf(clientId: string): string | undefined {
    return this.#users.get(clientId)?.name;
  }

  /** Tells the others. The moves of a drag are thinned out; its last place always arrives. */
  select(selection: OwnSelection): void {
    this.#own = selection;
    const wait = selection.mode === "drag" ? this.#sentAt + dragEveryMs - this.#clock.now() : 0;
    if (wait <= 0) this.#send();
    else this.#trailing ??= this.#clock.setTimeout(() => this.#send(), wait);
  }

  destroy(): void {
    this.#clear();
  }

  #send(): void {
    if (this.#trailing !== undefined) this.#clock.clearTimeout(this.#trailing);
    this.#trailing = undefined;
    const text = JSON.stringify(this.#own);
    if (!this.#own || text === this.#sentText || !this.#hooks.send({ type: "selection", payload: this.#own })) return;
    this.#sentText = text;
    this.#sentAt = this.#clock.now();
  }

  #beat(): void {
    if (this.#heartbeat !== undefined) this.#clock.clearTimeout(this.#heartbeat);
    this.#heartbeat = this.#clock.setTimeout(() => {
      const activeTask = this.#own?.taskId;
      this.#hooks.send({ type: "heartbeat", payload: { ...(activeTask ? { activeTask } : {}), ...this.#hooks.computed() } });
      this.#beat();
    }, heartbeatMs);
  }

  #forget(clientId: string): void {
    const gone = this.#selections.get(clientId);
    if (!gone) return;
    this.#selections.delete(clientId);
    this.#hooks.selection({ clientId, userName: gone.userName, color: gone.color, taskId: null });
  }

  #changed(): void {
    this.#list = [...this.#users.values()];
    this.#hooks.users(this.#list);
  }

  #clear(): void {
    for (const timer of [this.#heartbeat, this.#trailing]) if (timer !== undefined) this.#clock.clearTimeout(timer);
    this.#heartbeat = undefined;
    this.#trailing = undefined;
  }
}
