import type { Clock, TimerHandle } from "./environment.ts";
import type { HeldLock, TabLocks } from "./locks.ts";

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
}

type Message = { readonly ask: string; readonly from: string } | { readonly held: string; readonly to: string } | { readonly free: string };

/** How long a holder in another tab may take to speak up, and how often a waiter asks again in case a holder was closed without a word. */
const answerMs = 200;
const askAgainMs = 5_000;

/**
 * Locks between tabs by asking around, for pages without Web Locks (those not served over https). A tab holds a name when nobody objects;
 * of two that ask at one time the one with the smaller mark wins.
 */
export class ChannelLocks implements TabLocks {
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #mark: string;
  readonly #held = new Set<string>();
  readonly #asking = new Map<string, { refused: boolean }>();
  readonly #waiters = new Map<string, Set<() => void>>();

  /** @param mark tells tabs apart. */
  constructor(channel: Channel, clock: Clock, mark: string) {
    this.#channel = channel;
    this.#clock = clock;
    this.#mark = mark;
    channel.onmessage = ({ data }) => this.#heard(data as Message);
  }

  async tryAcquire(name: string): Promise<HeldLock | undefined> {
    if (this.#held.has(name) || this.#asking.has(name)) return undefined;
    const question = { refused: false };
    this.#asking.set(name, question);
    this.#channel.postMessage({ ask: name, from: this.#mark } satisfies Message);
    await new Promise<void>((done) => this.#clock.setTimeout(done, answerMs));
    this.#asking.delete(name);
    if (question.refused) return undefined;
    this.#held.add(name);
    return {
      release: () => {
        if (!this.#held.delete(name)) return;
        this.#channel.postMessage({ free: name } satisfies Message);
        this.#wake(name);
      },
    };
  }

  async acquire(name: string, signal: AbortSignal): Promise<HeldLock | undefined> {
    while (!signal.aborted) {
      const lock = await this.tryAcquire(name);
      if (lock && !signal.aborted) return lock;
      lock?.release();
      if (!signal.aborted) await this.#change(name, signal);
    }
    return undefined;
  }

  /** Until the name is said to be free, some time has passed, or the wait is given up. */
  #change(name: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let timer: TimerHandle;
      const waiters = this.#waiters.get(name) ?? new Set();
      this.#waiters.set(name, waiters);
      const done = (): void => {
        this.#clock.clearTimeout(timer);
        waiters.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      waiters.add(done);
      signal.addEventListener("abort", done);
      timer = this.#clock.setTimeout(done, askAgainMs);
    });
  }

  #heard(message: Message): void {
    if ("free" in message) this.#wake(message.free);
    else if ("held" in message) {
      const question = message.to === this.#mark ? this.#asking.get(message.held) : undefined;
      if (question) question.refused = true;
    } else if (message.from !== this.#mark && (this.#held.has(message.ask) || (this.#asking.has(message.ask) && this.#mark < message.from)))
      this.#channel.postMessage({ held: message.ask, to: message.from } satisfies Message);
  }

  #wake(name: string): void {
    for (const waiter of [...(this.#waiters.get(name) ?? [])]) waiter();
  }
}
