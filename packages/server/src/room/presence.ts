import type { Scheduler, Timer } from "../interfaces/scheduler.ts";
import type { FrameGroup as Group } from "../socket/frameGroup.ts";
import { FrameGroup } from "../socket/frameGroup.ts";
import { byArrival, type Elsewhere, freeColor, newest, nextColor, nowhere, type Seat, type Selection, type Standing, sameUser, type User } from "./crowd.ts";

/** Who came, went and moved within one beat goes out together: a hundred people who connect at once are one write to each, not a hundred. */
const beatMs = 40;
/** What comes from another server has waited for a beat there. */
const echoMs = 2;

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

/** Where presence goes, and comes from, beside the sockets of its room. */
export interface PresencePeers extends Elsewhere {
  /** Id of this server. */
  readonly node: string;
  /** How these clients of a project stand here now; `undefined`: not here any more. */
  tell(project: string, clients: ReadonlyMap<string, Standing | undefined>): void;
}

const alone: PresencePeers = { ...nowhere, node: "", tell: () => {} };

/** Who is in a room and where each one works. Nothing of it is stored. */
export class Presence {
  readonly #project: string;
  readonly #peers: PresencePeers;
  /** Who is connected to this server. */
  readonly #own = new Map<string, Seat>();
  /** Everybody, each with the seat that counts; what listeners were told, or will be with the next beat. */
  readonly #shown = new Map<string, Seat>();
  /** Clients whose selection changed since the last beat. */
  readonly #moved = new Set<string>();
  /** Clients of this server that the others have not heard of as they are. */
  readonly #untold = new Set<string>();
  readonly #listeners: () => Iterable<Listener>;
  #news: News[] = [];
  #usersChanged = false;
  readonly #scheduler: Scheduler;
  #beat: Timer | undefined;
  #echo: Timer | undefined;

  constructor(scheduler: Scheduler, listeners: () => Iterable<Listener>, project = "", peers: PresencePeers = alone) {
    this.#scheduler = scheduler;
    this.#listeners = listeners;
    this.#project = project;
    this.#peers = peers;
    for (const clientId of peers.clients(project)) {
      const seat = newest(peers.seats(project, clientId));
      if (seat) this.#shown.set(clientId, seat);
    }
  }

  /** In the order in which they came. */
  users(): User[] {
    return [...this.#shown.values()].map(({ user }) => user).sort(byArrival);
  }

  /** Frames that show a newcomer where the others are. */
  selections(): string[] {
    return [...this.#shown.values()].filter(({ selection }) => selection !== undefined).map(selectionText);
  }

  join(clientId: string, { name, avatar }: { readonly name: string; readonly avatar?: string }, joinedAt: string): User {
    const color = this.#shown.get(clientId)?.user.color ?? nextColor(this.users());
    const user: User = { clientId, name, ...(avatar !== undefined && { avatar }), color, joinedAt };
    this.#sit(clientId, { user });
    return user;
  }

  leave(clientId: string): void {
    if (!this.#own.delete(clientId)) return;
    this.#untold.add(clientId);
    this.#look(clientId);
    this.#schedule();
  }

  activeTask(clientId: string, task: string | undefined): void {
    const seat = this.#own.get(clientId);
    if (!seat || seat.user.activeTask === task) return;
    const { activeTask: _, ...rest } = seat.user;
    this.#sit(clientId, { ...seat, user: task === undefined ? rest : { ...rest, activeTask: task } });
  }

  select(clientId: string, selection: Selection): void {
    const seat = this.#own.get(clientId);
    if (seat) this.#sit(clientId, { ...seat, selection });
  }

  /** Another server told something of this client. */
  noticed(clientId: string): void {
    this.#look(clientId);
    this.#echo ??= this.#scheduler.after(echoMs, () => {
      this.#echo = undefined;
      this.#recolour();
      this.#send();
    });
  }

  close(): void {
    this.#beat?.cancel();
    this.#echo?.cancel();
    for (const clientId of this.#own.keys()) this.#untold.add(clientId);
    this.#own.clear();
    this.#tellPeers();
  }

  #sit(clientId: string, { user, selection }: Standing): void {
    this.#own.set(clientId, { node: this.#peers.node, user, ...(selection && { selection }) });
    this.#untold.add(clientId);
    this.#look(clientId);
    this.#schedule();
  }

  /** Finds the seat that counts, and what is new about it. */
  #look(clientId: string): void {
    const before = this.#shown.get(clientId);
    const own = this.#own.get(clientId);
    const elsewhere = this.#peers.seats(this.#project, clientId);
    const now = newest(own ? [own, ...elsewhere] : elsewhere);
    if (!now) {
      if (!before) return;
      this.#shown.delete(clientId);
      this.#moved.delete(clientId);
      this.#tell("user_left", before.user);
      return;
    }
    this.#shown.set(clientId, now);
    if (before?.user.joinedAt !== now.user.joinedAt) this.#tell("user_joined", now.user);
    else if (!sameUser(before.user, now.user)) this.#usersChanged = true;
    if (JSON.stringify(before?.selection) !== JSON.stringify(now.selection)) this.#moved.add(clientId);
  }

  /** Two servers gave the same colour to two people at once: who came later takes another. Every server sees the same order, so one of the two moves and only one. */
  #recolour(): void {
    const users = this.users();
    const holders = new Set<string>();
    for (const user of users) {
      const own = this.#own.get(user.clientId);
      if (holders.has(user.color) && own) {
        const color = freeColor(this.users());
        if (color === undefined) return;
        holders.add(color);
        this.#sit(user.clientId, { ...own, user: { ...own.user, color } });
        if (own.selection) this.#moved.add(user.clientId);
      } else holders.add(user.color);
    }
  }

  #tell(type: "user_joined" | "user_left", user: User): void {
    this.#news.push({ about: user.clientId, text: JSON.stringify({ type, payload: { clientId: user.clientId, user } }) });
  }

  #usersText(): string {
    return JSON.stringify({ type: "presence", payload: { users: this.users() } });
  }

  #schedule(): void {
    this.#beat ??= this.#scheduler.after(beatMs, () => {
      this.#beat = undefined;
      this.#send();
      this.#tellPeers();
    });
  }

  #tellPeers(): void {
    if (this.#untold.size === 0) return;
    this.#peers.tell(this.#project, new Map([...this.#untold].map((clientId) => [clientId, this.#own.get(clientId)])));
    this.#untold.clear();
  }

  #send(): void {
    const news = this.#news;
    this.#news = [];
    for (const about of this.#moved) {
      const seat = this.#shown.get(about);
      if (seat) news.push({ about, text: selectionText(seat) });
    }
    this.#moved.clear();
    const texts = news.map(({ text }) => text);
    if (this.#usersChanged) texts.push(this.#usersText());
    this.#usersChanged = false;
    if (texts.length === 0) return;
    const group = new FrameGroup(texts);
    const ofClient = new Map<string, { at: number; text: undefined }[]>();
    for (const [at, { about }] of news.entries()) {
      const own = ofClient.get(about);
      if (own) own.push({ at, text: undefined });
      else ofClient.set(about, [{ at, text: undefined }]);
    }
    for (const listener of this.#listeners()) listener.presence(group, ofClient.get(listener.clientId) ?? [], () => this.#usersText());
  }
}

/** Where a person works; a selection that ended is one of nothing. */
function selectionText({ user, selection = { taskId: null } }: Seat): string {
  const { taskId, field, mode, ghost } = selection;
  return JSON.stringify({ type: "selection", payload: { clientId: user.clientId, userName: user.name, color: user.color, taskId, field, mode, ghost } });
}
