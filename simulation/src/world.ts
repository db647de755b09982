import type { Random } from "./random.ts";

export interface Handle {
  cancelled: boolean;
}

interface Event extends Handle {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** 2026-01-05, a Monday, 09:00 UTC. */
const start = Date.UTC(2026, 0, 5, 9);

/**
 * Time and chance of one run. Whatever happens is an event in one queue; between two events every promise that can go on does so. Nothing else moves the
 * world, so that a seed tells the same story on every machine.
 */
export class World {
  now = start;
  /** Where delays and faults come from; every step of a plan brings its own, so that leaving one out does not change the chance in the others. */
  random: Random;
  /** What happened, in words; only where somebody wants to read it. */
  readonly story: string[] | undefined;
  events = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  constructor(random: Random, tells: boolean) {
    this.random = random;
    this.story = tells ? [] : undefined;
  }

  tell(words: () => string): void {
    this.story?.push(`${((this.now - start) / 1000).toFixed(3).padStart(10)}  ${words()}`);
  }

  after(ms: number, run: () => void): Handle {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.#order++, run, cancelled: false };
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(event, heap[parent] as Event)) break;
      heap[i] = heap[parent] as Event;
      i = parent;
    }
    heap[i] = event;
    return event;
  }

  /** Waits as a promise. */
  wait(ms: number): Promise<void> {
    return new Promise((done) => this.after(ms, done));
  }

  /** Everything that is due within `ms`, in its order. `between` is called after each event, when all promises have had their turn. */
  async advance(ms: number, between?: () => void): Promise<void> {
    const end = this.now + ms;
    await turn();
    between?.();
    for (let next = this.#heap[0]; next && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled) continue;
      this.now = Math.max(this.now, next.at);
      this.events++;
      next.run();
      await turn();
      between?.();
    }
    this.now = Math.max(this.now, end);
  }

  /** The clock jumps, as it does for a machine that slept: what was due meanwhile happens late. */
  leap(ms: number): void {
    this.now += ms;
  }

  /** Events that are still to come. */
  get pending(): number {
    return this.#heap.reduce((sum, { cancelled }) => sum + (cancelled ? 0 : 1), 0);
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[i] = heap[child] as Event;
      i = child;
    }
    heap[i] = last;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Returns when no promise can go on any more. */
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A promise that is never kept: what somebody waits for who is not there any more. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});
