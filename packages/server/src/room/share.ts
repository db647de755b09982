import type { Scheduler, Timer } from "../interfaces/scheduler.ts";

/** How long one project may decide before the others have their turn. */
const turnMs = 40;
/** A single change may take longer. After such a turn a project rests. */
const longMs = 80;

/**
 * The share of the event loop that one project may take (D7): a turn of many changes ends in time, and after a turn that was long all the same the project rests for as
 * long as it took. So whatever its changes are, at least half of the time is left to the others.
 */
export class Share {
  readonly #scheduler: Scheduler;
  readonly #run: () => void;
  #spent = 0;
  #since = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #wake: Timer | undefined;

  /** @param run lets the project have its turn. */
  constructor(scheduler: Scheduler, run: () => void) {
    this.#scheduler = scheduler;
    this.#run = run;
  }

  /** Asks for a turn: now, or when the project has rested. */
  request(): void {
    if (this.#wake) return;
    const rest = this.#restsUntil - this.#scheduler.elapsed();
    if (rest <= 0) this.#run();
    else
      this.#wake = this.#scheduler.after(rest, () => {
        this.#wake = undefined;
        this.#run();
      });
  }

  /** Work of this turn. `over()`: the turn should end. */
  spend<T>(work: (over: () => boolean) => T): T {
    this.#since = this.#scheduler.elapsed();
    try {
      return work(() => this.#scheduler.elapsed() - this.#since > turnMs);
    } finally {
      this.#spent += this.#scheduler.elapsed() - this.#since;
    }
  }

  /** The turn is over. */
  end(): void {
    if (this.#spent > longMs) this.#restsUntil = this.#scheduler.elapsed() + this.#spent;
    this.#spent = 0;
  }

  close(): void {
    this.#wake?.cancel();
  }
}
