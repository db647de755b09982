import type { ClientError } from "./errors.ts";

/** Somebody who wants the server's answer to one edit. */
export interface Waiter {
  resolve(answer: { readonly serverRevision: number }): void;
  reject(reason: unknown): void;
}

/** Promises about edits: the answer to one, and that everything up to one is on the server. */
export class Waiters {
  readonly #answers = new Map<number, Waiter[]>();
  readonly #saved: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: ClientError) => void }[] = [];

  add(seq: number, waiter: Waiter): void {
    this.#answers.set(seq, [...(this.#answers.get(seq) ?? []), waiter]);
  }

  answer(seq: number, tell: (waiter: Waiter) => void): void {
    const waiters = this.#answers.get(seq);
    if (!waiters) return;
    this.#answers.delete(seq);
    for (const waiter of waiters) tell(waiter);
  }

  saved(upTo: number): Promise<void> {
    return new Promise((resolve, reject) => this.#saved.push({ upTo, resolve, reject }));
  }

  /** `first`: the oldest edit that is not on the server. */
  savedBefore(first: number): void {
    if (this.#saved.length === 0) return;
    const done = this.#saved.filter(({ upTo }) => upTo < first);
    for (const waiter of done) {
      this.#saved.splice(this.#saved.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  end(error: ClientError): void {
    for (const seq of [...this.#answers.keys()]) this.answer(seq, (waiter) => waiter.reject(error));
    for (const waiter of this.#saved.splice(0)) waiter.reject(error);
  }
}
