import type { RandomSource } from "./environment.ts";

export interface BackoffOptions {
  /** Milliseconds before the first retry, at most. */
  readonly base: number;
  /** Milliseconds that no wait exceeds. */
  readonly max: number;
  /** Attempts in a row before giving up. */
  readonly attempts: number;
}

/** Full jitter: each wait is uniform between 0 and a bound that doubles, so that a thousand clients of a restarted server do not return at once. */
export class Backoff {
  #attempt = 0;
  readonly #options: BackoffOptions;
  readonly #random: RandomSource;

  constructor(options: BackoffOptions, random: RandomSource) {
    this.#options = options;
    this.#random = random;
  }

  /** Milliseconds until the next attempt, or undefined when there were enough. */
  next(): number | undefined {
    if (this.#attempt >= this.#options.attempts) return undefined;
    const bound = Math.min(this.#options.max, this.#options.base * 2 ** this.#attempt);
    this.#attempt++;
    return Math.round(this.#random() * bound);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
