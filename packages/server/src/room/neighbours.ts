import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { Scheduler, Timer } from "../interfaces/scheduler.ts";
import type { SharedStore } from "../interfaces/store.ts";
import type { Seat, Standing } from "./crowd.ts";
import { fitting, fullWord, type NeighbourText, parseNeighbourText, type Word } from "./neighbourText.ts";
import type { PresencePeers } from "./presence.ts";

const aliveMs = 1_000;
/** A server that was not heard of for so long is dead, and so is the presence of its users. */
const deadMs = 3_000;
/** Everything is told at most once in this time, however many ask. */
const allEveryMs = 250;
/** How long a server that stops waits for its last word to be out. */
const byeMs = 500;

interface Neighbour {
  heardAt: number;
  seq: number;
  /** Everything it told arrived. Otherwise it was asked for everything, and what it tells until then is passed over. */
  inStep: boolean;
  /** Counts tellings of everything; what is of an older one when it ends is gone. */
  telling: number;
}

interface Told {
  readonly seat: Seat;
  telling: number;
}

/**
 * Presence of other servers, and of this one for them (D4). Each server tells its own users only, and each keeps of each other what that one told last; so they agree,
 * whatever order things arrive in. Nothing is stored: what is lost is asked for.
 */
export class Neighbours implements PresencePeers {
  readonly node = randomBytes(9).toString("base64url");
  readonly #shared: SharedStore;
  readonly #scheduler: Scheduler;
  readonly #log: Logger;
  readonly #noticed: (project: string, clientId: string) => void;
  readonly #timer: Timer;
  readonly #neighbours = new Map<string, Neighbour>();
  /** What others told: project, client, node. */
  readonly #told = new Map<string, Map<string, Map<string, Told>>>();
  /** What there is to tell of this server: project, client. */
  readonly #own = new Map<string, Map<string, Standing>>();
  #seq = 0;
  /** Words that are not out yet, by project and client: the last one counts. */
  #words = new Map<string, Word>();
  #asks = new Set<string>();
  #alive = false;
  #all: "no" | "waits" | "due" = "no";
  #toldAllAt = Number.NEGATIVE_INFINITY;
  #telling: Promise<void> | undefined;
  #closed = false;

  /** @param noticed told of each client of whom something changed elsewhere. */
  constructor(shared: SharedStore, scheduler: Scheduler, log: Logger, noticed: (project: string, clientId: string) => void) {
    this.#shared = shared;
    this.#scheduler = scheduler;
    this.#log = log;
    this.#noticed = noticed;
    this.#timer = scheduler.every(aliveMs, () => {
      this.#alive = true;
      this.#flush();
      // What arrived while this server was busy is heard before anybody counts as dead.
      scheduler.soon(() => this.#bury());
    });
  }

  clients(project: string): Iterable<string> {
    return this.#told.get(project)?.keys() ?? [];
  }

  *seats(project: string, clientId: string): Iterable<Seat> {
    for (const { seat } of this.#told.get(project)?.get(clientId)?.values() ?? []) yield seat;
  }

  tell(project: string, clients: ReadonlyMap<string, Standing | undefined>): void {
    const known = this.#own.get(project) ?? new Map<string, Standing>();
    for (const [clientId, standing] of clients) {
      const key = JSON.stringify([project, clientId]);
      const before = known.get(clientId);
      const unsaid = this.#words.get(key);
      this.#words.delete(key);
      if (!standing) {
        known.delete(clientId);
        this.#words.set(key, { project, client: clientId, gone: true });
        continue;
      }
      known.set(clientId, standing);
      if (before?.user === standing.user && (!unsaid || (!unsaid.user && !unsaid.gone)))
        this.#words.set(key, { project, client: clientId, selection: standing.selection ?? null });
      else this.#words.set(key, fullWord(project, clientId, standing, this.#shared.tellBytes));
    }
    if (known.size > 0) this.#own.set(project, known);
    else this.#own.delete(project);
    this.#flush();
  }

  /** Something was told on the channel. */
  heard(text: string): void {
    const said = parseNeighbourText(text);
    if (!said || said.node === this.node || this.#closed) return;
    if (said.ask?.some((node) => node === "*" || node === this.node)) this.#tellAll();
    if (said.bye) {
      this.#drop(said.node);
      return;
    }
    this.#follow(said);
  }

  /** Texts may have been lost, or nothing was heard yet. */
  missed(): void {
    this.#ask("*");
  }

  /** The others need not wait until this server counts as dead. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.cancel();
    await this.#telling;
    const bye = this.#shared.tell([JSON.stringify({ node: this.node, seq: this.#seq, bye: true } satisfies NeighbourText)]);
    await Promise.race([bye.catch(() => {}), new Promise<void>((done) => this.#scheduler.after(byeMs, done, { idle: true }))]);
  }

  #follow({ node, seq, words, first, last }: NeighbourText): void {
    let neighbour = this.#neighbours.get(node);
    if (!neighbour) {
      neighbour = { heardAt: 0, seq: 0, inStep: true, telling: 0 };
      this.#neighbours.set(node, neighbour);
    }
    neighbour.heardAt = this.#scheduler.elapsed();
    if (first) {
      neighbour.inStep = true;
      neighbour.telling++;
    }
    const fell = !first && neighbour.inStep && seq !== neighbour.seq + (words ? 1 : 0);
    if (fell) neighbour.inStep = false;
    neighbour.seq = seq;
    if (!neighbour.inStep) {
      // Asked again with each sign of life.
      if (fell || !words) this.#ask(node);
      return;
    }
    for (const word of words ?? []) this.#take(node, neighbour, word);
    if (last) this.#sweep(node, ({ telling }) => telling < neighbour.telling);
  }

  #take(node: string, { telling }: Neighbour, { project, client, user, selection, gone }: Word): void {
    const clients = this.#told.get(project) ?? new Map<string, Map<string, Told>>();
    const seats = clients.get(client) ?? new Map<string, Told>();
    const before = seats.get(node);
    const standing = user ?? before?.seat.user;
    if (gone || !standing) seats.delete(node);
    else seats.set(node, { seat: { node, user: standing, ...(selection && { selection }) }, telling });
    this.#keep(project, clients, client, seats);
    this.#noticed(project, client);
  }

  #keep(project: string, clients: Map<string, Map<string, Told>>, client: string, seats: Map<string, Told>): void {
    if (seats.size > 0) clients.set(client, seats);
    else clients.delete(client);
    if (clients.size > 0) this.#told.set(project, clients);
    else this.#told.delete(project);
  }

  /** Forgets what a server told, as far as it is outdated. */
  #sweep(node: string, outdated: (told: Told) => boolean): void {
    for (const [project, clients] of this.#told)
      for (const [client, seats] of clients) {
        const told = seats.get(node);
        if (!told || !outdated(told)) continue;
        seats.delete(node);
        this.#keep(project, clients, client, seats);
        this.#noticed(project, client);
      }
  }

  #drop(node: string): void {
    if (this.#neighbours.delete(node)) this.#sweep(node, () => true);
  }

  #bury(): void {
    const now = this.#scheduler.elapsed();
    for (const [node, { heardAt }] of this.#neighbours) {
      if (now - heardAt < deadMs) continue;
      this.#log.info({ node }, "another server is not heard any more; its users count as gone");
      this.#drop(node);
    }
  }

  #ask(node: string): void {
    this.#asks.add(node);
    this.#flush();
  }

  #tellAll(): void {
    if (this.#all !== "no") return;
    this.#all = "waits";
    const wait = Math.max(0, this.#toldAllAt + allEveryMs - this.#scheduler.elapsed());
    this.#scheduler.after(
      wait,
      () => {
        this.#all = "due";
        this.#flush();
      },
      { idle: true },
    );
  }

  /** One telling at a time, so that all hear this server in one order. What comes meanwhile goes with the next one. */
  #flush(): void {
    this.#telling ??= this.#run();
  }

  async #run(): Promise<void> {
    // Rooms of one beat go together.
    await new Promise<void>((done) => this.#scheduler.soon(done));
    try {
      for (let texts = this.#texts(); texts.length > 0 && !this.#closed; texts = this.#texts()) await this.#shared.tell(texts);
    } catch (err) {
      // The count shows that something is missing; whoever hears the next sign of life asks for it.
      this.#log.debug({ err }, "presence could not be told to other servers");
    }
    this.#telling = undefined;
  }

  #texts(): string[] {
    const { node } = this;
    const bytes = this.#shared.tellBytes;
    const texts: NeighbourText[] = [];
    for (let from = 0, asks = [...this.#asks]; from < asks.length; from += 64) texts.push({ node, seq: this.#seq, ask: asks.slice(from, from + 64) });
    this.#asks = new Set();
    if (this.#all === "due") {
      this.#all = "no";
      this.#toldAllAt = this.#scheduler.elapsed();
      this.#words = new Map();
      const groups = fitting(this.#everything(bytes), bytes);
      if (groups.length === 0) groups.push([]);
      for (const [i, words] of groups.entries())
        texts.push({ node, seq: ++this.#seq, words, ...(i === 0 && { first: true }), ...(i === groups.length - 1 && { last: true }) });
    }
    for (const words of fitting([...this.#words.values()], bytes)) texts.push({ node, seq: ++this.#seq, words });
    this.#words = new Map();
    if (this.#alive && texts.length === 0) texts.push({ node, seq: this.#seq });
    this.#alive = false;
    return texts.map((text) => JSON.stringify(text));
  }

  #everything(bytes: number): Word[] {
    return [...this.#own].flatMap(([project, clients]) => [...clients].map(([clientId, standing]) => fullWord(project, clientId, standing, bytes)));
  }
}
