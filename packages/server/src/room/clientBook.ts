import { type AnswerRow, type ClientRow, rememberedAnswers, type Store } from "../interfaces/store.ts";

/** What a number means for its client (W3). */
export type Judgement =
  | { readonly kind: "next" }
  | { readonly kind: "gap"; readonly expected: number }
  /** `answer` is absent where the number is older than the answers kept. */
  | { readonly kind: "repeat"; readonly answer?: string };

interface Counter {
  readonly sub: string | null;
  readonly last: number;
  readonly acks: Uint32Array;
  readonly answers: ReadonlyMap<number, string>;
}

/** A counter as this turn leaves it, if its commit succeeds. */
interface Staged {
  readonly counter: Counter & { last: number; answers: Map<number, string> };
  readonly rows: AnswerRow[];
}

export const ackText = (clientRevision: number, serverRevision: number, outcome: "applied" | "merged"): string =>
  `{"type":"ack","payload":{"clientRevision":${clientRevision},"serverRevision":${serverRevision},"outcome":"${outcome}"}}`;

/** A plain ack in 32 bits, never 0: server revision + 1, and whether it was merged. */
const packAck = (serverRevision: number, outcome: "applied" | "merged"): number => (serverRevision + 1) * 2 + (outcome === "merged" ? 1 : 0);
const unpackAck = (packed: number, clientRevision: number): string =>
  ackText(clientRevision, Math.floor(packed / 2) - 1, packed % 2 === 1 ? "merged" : "applied");

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
    const ack = acks[number % rememberedAnswers] ?? 0;
    const answer = ack > 0 ? unpackAck(ack, number) : answers.get(number);
    return answer === undefined ? { kind: "repeat" } : { kind: "repeat", answer };
  }

  /** Uses up the next number with a plain ack of a server revision. */
  ack(clientId: string, serverRevision: number, outcome: "applied" | "merged"): void {
    const { counter } = this.#stage(clientId);
    counter.last++;
    counter.acks[counter.last % rememberedAnswers] = packAck(serverRevision, outcome);
    counter.answers.delete(counter.last - rememberedAnswers);
  }

  /** Uses up the next number with any other answer. */
  answer(clientId: string, body: string): void {
    const { counter, rows } = this.#stage(clientId);
    counter.last++;
    counter.acks[counter.last % rememberedAnswers] = 0;
    counter.answers.set(counter.last, body);
    counter.answers.delete(counter.last - rememberedAnswers);
    rows.push({ clientId, clientRevision: counter.last, body });
  }

  /** Rows that make this turn's answers durable. */
  staged(): { readonly clients: ClientRow[]; readonly answers: AnswerRow[] } {
    const clients: ClientRow[] = [];
    const answers: AnswerRow[] = [];
    for (const [clientId, { counter, rows }] of this.#staged) {
      clients.push({ clientId, sub: counter.sub, lastRevision: counter.last, acks: counter.acks });
      answers.push(...rows);
    }
    return { clients, answers };
  }

  commit(): void {
    for (const [clientId, { counter }] of this.#staged) {
      const known = this.#known.get(clientId);
      if (!known) continue;
      known.counter = counter;
      if (known.pins <= 0) this.#known.delete(clientId);
    }
    this.#staged.clear();
  }

  rollback(): void {
    for (const clientId of this.#staged.keys()) if ((this.#known.get(clientId)?.pins ?? 0) <= 0) this.#known.delete(clientId);
    this.#staged.clear();
  }

  /** Reads every counter anew: for after somebody else wrote to the store. */
  async refresh(): Promise<void> {
    for (const [clientId, known] of this.#known) {
      const stored = await this.#read(clientId);
      if (stored) known.counter = stored;
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
      staged = { counter: { sub, last, acks: acks.slice(), answers: new Map(answers) }, rows: [] };
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
