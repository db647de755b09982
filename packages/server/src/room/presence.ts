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

/** Who came, went and moved within one beat goes out together: a hundred people who connect at once are one write to each, not a hundred. */
const beatMs = 40;

/** A message that everybody hears but the one it is about. */
interface News {
  readonly about: string;
  readonly text: string;
}

export interface Listener {
  readonly clientId: string;
  /** May be dropped where the listener is slow; it then needs `users` when it is not any more. `own`: messages that are not for this listener. */
  presence(group: Group, own: readonly { readonly at: number; readonly text: undefined }[], users: () => string): void;
}

/** Who is in a room and where each one works. Nothing of it is stored. */
export class Presence {
  readonly #users = new Map<string, User>();
  readonly #selections = new Map<string, string>();
  /** Clients whose selection changed since the last beat. */
  readonly #moved = new Set<string>();
  readonly #listeners: () => Iterable<Listener>;
  #news: News[] = [];
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
    this.#tell("user_joined", user);
    return user;
  }

  leave(clientId: string): void {
    const user = this.#users.get(clientId);
    if (!user) return;
    this.#users.delete(clientId);
    this.#selections.delete(clientId);
    this.#moved.delete(clientId);
    this.#tell("user_left", user);
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

  #tell(type: "user_joined" | "user_left", user: User): void {
    this.#news.push({ about: user.clientId, text: JSON.stringify({ type, payload: { clientId: user.clientId, user } }) });
    this.#schedule();
  }

  #usersText(): string {
    return JSON.stringify({ type: "presence", payload: { users: this.users() } });
  }

  #schedule(): void {
    this.#beat ??= this.#scheduler.after(beatMs, () => this.#send());
  }

  #send(): void {
    this.#beat = undefined;
    const news = this.#news;
    this.#news = [];
    for (const about of this.#moved) news.push({ about, text: this.#selections.get(about) as string });
    this.#moved.clear();
    const texts = news.map(({ text }) => text);
    if (this.#usersChanged) texts.push(this.#usersText());
    this.#usersChanged = false;
    const group = new FrameGroup(texts);
    const ofClient = new Map<string, { at: number; text: undefined }[]>();
    for (const [at, { about }] of news.entries()) {
      const own = ofClient.get(about);
      if (own) own.push({ at, text: undefined });
      else ofClient.set(about, [{ at, text: undefined }]);
    }
    for (const listener of this.#listeners()) listener.presence(group, ofClient.get(listener.clientId) ?? [], () => this.#usersText());
  }

  #color(): string {
    const taken = new Set([...this.#users.values()].map((user) => user.color));
    return palette.find((color) => !taken.has(color)) ?? (palette[this.#users.size % palette.length] as string);
  }
}
