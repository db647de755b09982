import type { Scheduler } from "../interfaces/scheduler.ts";

/** How far the clock may be from what has passed, and still count as the same time. */
const maxJumpMs = 3_600_000;
/** A clock that was put right stays so; one that went astray is noticed within a day. */
const trustAgainMs = 86_400_000;

/**
 * Tells whether the machine's clock goes as time does. A clock that stands a year ahead for an hour must not make young history old: what is folded does not come
 * back when the clock does.
 */
export class SteadyClock {
  readonly #clock: () => number;
  readonly #scheduler: Scheduler;
  #offset: number;
  #jumpedAt: number | undefined;

  constructor(clock: () => number, scheduler: Scheduler) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#offset = clock() - scheduler.elapsed();
  }

  /** How far the clock has jumped, in ms; 0 where it has not, or did so more than a day ago. */
  jump(): number {
    const elapsed = this.#scheduler.elapsed();
    const jump = this.#clock() - elapsed - this.#offset;
    if (Math.abs(jump) < maxJumpMs) {
      this.#jumpedAt = undefined;
      return 0;
    }
    this.#jumpedAt ??= elapsed;
    if (elapsed - this.#jumpedAt < trustAgainMs) return jump;
    this.#offset += jump;
    this.#jumpedAt = undefined;
    return 0;
  }
}
