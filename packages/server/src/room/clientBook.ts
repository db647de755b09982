import { type AnswerRow, type ProjectCommit, rememberedAnswers, type Store } from "../interfaces/store.ts";

/** What a number means for its client (W3). */
export type Judgement =
  | { readonly kind: "next" }
  | { readonly kind: "gap"; readonly expected: number }
  /** `answer` is absent where the number is older than the answers kept. */
  | { readonly kind: "repeat"; readonly answer?: string };

export interface Counter {
  readonly sub: string | null;
  readonly last: number;
  readonly acks: Uint32Array;
  readonly answers: ReadonlyMap<number, string>;
}

/** A counter as this turn leaves it, if its commit succeeds. */
interface Staged {
  readonly counter: Counter & { last: number; answers: Map<number, string> };
  /** The store has not heard of this client. */
  readonly isNew: boolean;
}

export const ackText = (clientRevision: number, serverRevision: number, outcome: "applied" | "merged"): string =>
  `{"type":"ack","payload":{"clientRevision":${clientRevision},"serverRevision":${serverRevision},"outcome":"${outcome}"}}`;

/**
 * The counters of the clients that a room deals with. Invariant: between turns it equals the store; within a turn `#staged` holds what the turn adds, dropped
 * where its commit fails.
 */
export class ClientBook {
  readonly #store: Store;
  readonly #project: string;
  readonly #known = new Map<string, { counter: Counter; pins: number }>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #staged = new Map<string, Staged>();
  #rows: AnswerRow[] = [];

  constructor(store: Store, project: string) {
    this.#store = store;
    this.#project = project;
  }

  /** Brings a client's counter into memory and keeps it there until `release`. A client that nobody knows starts at 0 and belongs to `sub`. */
  async retain(clientId: string, sub: string | null): Promise<{ readonly last: number; readonly sub: string | null }> {
    if (!this.#known.has(clientId)) {
      let loading = this.#loading.get(clientId);
      if (!loading) {
        loading = this.#load(clientId, sub).finally(() => this.#loading.delete(clientId));
        this.#loading.set(clientId, loading);
      }
      await loading;
    }
    const known = this.#known.get(clientId);
    if (!known) return this.retain(clientId, sub);
    known.pins++;
    return known.counter;
  }

  /** One more reason to keep a retained client. */
  hold(clientId: string): void {
    const known = this.#known.get(clientId);
    if (known) known.pins++;
  }

  release(clientId: string): void {
    const known = this.#known.get(clientId);
    if (known && --known.pins <= 0 && !this.#staged.has(clientId)) this.#known.delete(clientId);
  }

  last(clientId: string): number {
    return this.#counter(clientId).last;
  }

  /** What a number means, numbers of this turn included. */
  judge(clientId: string, number: number): Judgement {
    const { last, acks, answers } = this.#counter(clientId);
    if (number === last + 1) return { kind: "next" };
    if (number > last) return { kind: "gap", expected: last + 1 };
    if (number <= last - rememberedAnswers) return { kind: "repeat" };
    return { kind: "repeat", answer: answers.get(number) ?? ackText(number, acks[number % rememberedAnswers] ?? 0, "applied") };
  }

  /** Uses up the next number with the plain ack of a change, whose row says so itself. */
  ack(clientId: string, serverRevision: number): void {
    const { counter } = this.#stage(clientId);
    counter.last++;
    counter.acks[counter.last % rememberedAnswers] = serverRevision;
    counter.answers.delete(counter.last - rememberedAnswers);
  }

  /** Uses up the next number with any other answer, or with one that made no revision. */
  answer(clientId: string, body: string): void {
    const { counter } = this.#stage(clientId);
    counter.last++;
    counter.answers.set(counter.last, body);
    counter.answers.delete(counter.last - rememberedAnswers);
    this.#rows.push({ clientId, clientRevision: counter.last, body });
  }

  /** Rows that make this turn's answers durable, beside those of its changes. */
  staged(): { readonly newClients: ProjectCommit["newClients"]; readonly answers: readonly AnswerRow[] } {
    const newClients: { clientId: string; sub: string | null }[] = [];
    for (const [clientId, { counter, isNew }] of this.#staged) if (isNew) newClients.push({ clientId, sub: counter.sub });
    return { newClients, answers: this.#rows };
  }

  commit(): void {
    for (const [clientId, { counter }] of this.#staged) {
      const known = this.#known.get(clientId);
      if (!known) continue;
      known.counter = counter;
      if (known.pins <= 0) this.#known.delete(clientId);
    }
    this.#staged.clear();
    this.#rows = [];
  }

  rollback(): void {
    for (const clientId of this.#staged.keys()) if ((this.#known.get(clientId)?.pins ?? 0) <= 0) this.#known.delete(clientId);
    this.#staged.clear();
    this.#rows = [];
  }

  /** Whom a client belongs to. */
  owner(clientId: string): string | null {
    return this.#counter(clientId).sub;
  }

  /** What the store knows of those of these clients that are at hand (of all of them without a list): for after somebody else wrote to it. */
  async stored(clients: Iterable<string> = this.#known.keys()): Promise<ReadonlyMap<string, Counter>> {
    const found = new Map<string, Counter>();
    for (const clientId of [...clients]) {
      const counter = this.#known.has(clientId) ? await this.#read(clientId) : undefined;
      if (counter) found.set(clientId, counter);
    }
    return found;
  }

  /** Call between turns. What was read before one of our own commits is older than what we know. */
  adopt(counters: ReadonlyMap<string, Counter>): void {
    for (const [clientId, counter] of counters) {
      const known = this.#known.get(clientId);
      if (known && counter.last >= known.counter.last) known.counter = counter;
    }
  }

  #counter(clientId: string): Counter {
    const counter = this.#staged.get(clientId)?.counter ?? this.#known.get(clientId)?.counter;
    if (!counter) throw new Error(`client "${clientId}" is used before it was retained`);
    return counter;
  }

  #stage(clientId: string): Staged {
    let staged = this.#staged.get(clientId);
    if (!staged) {
      const { sub, last, acks, answers } = this.#counter(clientId);
      staged = { counter: { sub, last, acks: acks.slice(), answers: new Map(answers) }, isNew: last === 0 };
      this.#staged.set(clientId, staged);
    }
    return staged;
  }

  async #load(clientId: string, sub: string | null): Promise<void> {
    const counter = (await this.#read(clientId)) ?? { sub, last: 0, acks: new Uint32Array(rememberedAnswers), answers: new Map() };
    this.#known.set(clientId, { counter, pins: 0 });
  }

  async #read(clientId: string): Promise<Counter | undefined> {
    const stored = await this.#store.client(this.#project, clientId);
    if (!stored) return undefined;
    const { client, answers } = stored;
    return { sub: client.sub, last: client.lastRevision, acks: client.acks, answers: new Map(answers.map((row) => [row.clientRevision, row.body])) };
  }
}
