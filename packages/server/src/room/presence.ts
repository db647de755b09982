import type { Scheduler, Timer } from "../interfaces/scheduler.ts";
import type { FrameGroup as Group } from "../socket/frameGroup.ts";
import { FrameGroup } from "../socket/frameGroup.ts";

export interface User {
  readonly clientId: string;
  readonly name: string;
  readonly avatar?: string;
  readonly color: string;
  readonly activeTask?: string;
  readonly joinedAt: string;
}

export interface Selection {
  readonly taskId: string | null;
  readonly field?: string;
  readonly mode?: string;
  readonly ghost?: { readonly startDate: string; readonly endDate: string };
}

/** Colours that people tell apart on light and dark ground, in the order in which they are given out. */
const palette = ["#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#0891b2", "#dc2626", "#65a30d", "#9333ea", "#0d9488", "#c2410c", "#4f46e5"];

/** Selections and active tasks of one beat go out together. */
const beatMs = 40;

export interface Listener {
  readonly clientId: string;
  presence(group: Group, own: readonly { readonly at: number; readonly text: undefined }[]): void;
}

/** Who is in a room and where each one works. Nothing of it is stored. */
export class Presence {
  readonly #users = new Map<string, User>();
  readonly #selections = new Map<string, string>();
  /** Clients whose selection changed since the last beat. */
  readonly #moved = new Set<string>();
  readonly #listeners: () => Iterable<Listener>;
  #usersChanged = false;
  readonly #scheduler: Scheduler;
  #beat: Timer | undefined;

  constructor(scheduler: Scheduler, listeners: () => Iterable<Listener>) {
    this.#scheduler = scheduler;
    this.#listeners = listeners;
  }

  users(): User[] {
    return [...this.#users.values()];
  }

  /** Frames that show a newcomer where the others are. */
  selections(): string[] {
    return [...this.#selections.values()];
  }

  join(clientId: string, { name, avatar }: { readonly name: string; readonly avatar?: string }, joinedAt: string): User {
    const user: User = { clientId, name, ...(avatar !== undefined && { avatar }), color: this.#users.get(clientId)?.color ?? this.#color(), joinedAt };
    this.#users.set(clientId, user);
    return user;
  }

  leave(clientId: string): User | undefined {
    const user = this.#users.get(clientId);
    this.#users.delete(clientId);
    this.#selections.delete(clientId);
    this.#moved.delete(clientId);
    return user;
  }

  activeTask(clientId: string, task: string | undefined): void {
    const user = this.#users.get(clientId);
    if (!user || user.activeTask === task) return;
    const { activeTask: _, ...rest } = user;
    this.#users.set(clientId, task === undefined ? rest : { ...rest, activeTask: task });
    this.#usersChanged = true;
    this.#schedule();
  }

  select(clientId: string, { taskId, field, mode, ghost }: Selection): void {
    const user = this.#users.get(clientId);
    if (!user) return;
    const payload = { clientId, userName: user.name, color: user.color, taskId, field, mode, ghost };
    this.#selections.set(clientId, JSON.stringify({ type: "selection", payload }));
    this.#moved.add(clientId);
    this.#schedule();
  }

  close(): void {
    this.#beat?.cancel();
  }

  #schedule(): void {
    this.#beat ??= this.#scheduler.after(beatMs, () => this.#send());
  }

  #send(): void {
    this.#beat = undefined;
    const moved = [...this.#moved];
    const texts: string[] = moved.map((clientId) => this.#selections.get(clientId) as string);
    if (this.#usersChanged) texts.push(JSON.stringify({ type: "presence", payload: { users: this.users() } }));
    this.#moved.clear();
    this.#usersChanged = false;
    const group = new FrameGroup(texts);
    for (const listener of this.#listeners()) {
      const at = moved.indexOf(listener.clientId);
      listener.presence(group, at < 0 ? [] : [{ at, text: undefined }]);
    }
  }

  #color(): string {
    const taken = new Set([...this.#users.values()].map((user) => user.color));
    return palette.find((color) => !taken.has(color)) ?? (palette[this.#users.size % palette.length] as string);
  }
}
