import { randomUUID } from "node:crypto";
import type { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { WebSocket } from "ws";
import { ServerError } from "../errors.ts";
import type { Scheduler } from "../interfaces/scheduler.ts";
import type { Limits } from "../limits.ts";

/** What all paces of a server share. */
export interface PaceMakers {
  readonly limits: Limits;
  readonly frameRate: RateLimiterMemory;
  readonly changeRate: RateLimiterMemory;
  readonly clock: () => number;
  readonly scheduler: Scheduler;
}

/** Frames are billed in bundles: the limiter costs more than most frames do. */
const billEvery = 32;
/** Two floods no further apart than this are one. */
const floodGapMs = 2_000;

/**
 * How fast one connection is read (D7). Over its rate, or with too many changes unanswered, it is read no further for a while, which slows whoever sends and nobody
 * else. One that floods on with messages that are no changes is reported as flooding.
 */
export class Pace {
  readonly #makers: PaceMakers;
  readonly #socket: WebSocket;
  readonly #report: (error: ServerError, flooding: boolean) => void;
  readonly #key = randomUUID();
  readonly #pauses = new Set<"rate" | "window">();
  #unanswered = 0;
  #unbilledFrames = 0;
  #unbilledChanges = 0;
  #floodedSeconds = 0;
  #floodedAt = 0;
  #ended = false;

  /** @param report told once when a connection is slowed down, and with `flooding` when it does not slow down. */
  constructor(makers: PaceMakers, socket: WebSocket, report: (error: ServerError, flooding: boolean) => void) {
    this.#makers = makers;
    this.#socket = socket;
    this.#report = report;
  }

  /** A message that is no change. */
  frame(cost = 1): void {
    this.#unbilledFrames += cost;
    if (this.#unbilledFrames < billEvery) return;
    this.#charge(this.#makers.frameRate, this.#unbilledFrames, true);
    this.#unbilledFrames = 0;
  }

  /** A numbered message that waits for its answer from now on. */
  change(): void {
    this.#unanswered++;
    if (this.#unanswered >= this.#makers.limits.changesInFlight) this.#pause("window");
    this.#unbilledChanges++;
    if (this.#unbilledChanges < billEvery) return;
    this.#charge(this.#makers.changeRate, this.#unbilledChanges, false);
    this.#unbilledChanges = 0;
  }

  answered(count: number): void {
    this.#unanswered -= count;
    if (this.#pauses.size > 0) this.admit();
  }

  /** Reads no further until `admit`. */
  hold(): void {
    this.#pause("window");
  }

  admit(): void {
    if (this.#unanswered < this.#makers.limits.changesInFlight) this.#resume("window");
  }

  end(): void {
    this.#ended = true;
    void this.#makers.frameRate.delete(this.#key);
    void this.#makers.changeRate.delete(this.#key);
  }

  #charge(limiter: RateLimiterMemory, points: number, closes: boolean): void {
    limiter.consume(this.#key, points).catch(({ msBeforeNext }: RateLimiterRes) => {
      const { limits, clock, scheduler } = this.#makers;
      if (this.#ended || this.#pauses.has("rate")) return;
      const wait = Math.max(1, msBeforeNext);
      const now = clock();
      this.#floodedSeconds = closes && now - this.#floodedAt < floodGapMs ? this.#floodedSeconds + 1 : 0;
      this.#floodedAt = now;
      const flooding = this.#floodedSeconds >= limits.floodSeconds;
      const limit = closes ? `${limits.framesPerSecond} messages a second (framesPerSecond)` : `${limits.changesPerSecond} changes a second (changesPerSecond)`;
      const error = new ServerError("too_fast", "backoff", `This connection is over ${limit}; it is being slowed down.`, { retryAfterMs: wait });
      if (flooding || this.#floodedSeconds === 0) this.#report(error, flooding);
      if (flooding) return;
      this.#pause("rate");
      scheduler.after(wait, () => this.#resume("rate"), { idle: true });
    });
  }

  #pause(reason: "rate" | "window"): void {
    this.#pauses.add(reason);
    this.#socket.pause();
  }

  #resume(reason: "rate" | "window"): void {
    if (this.#pauses.delete(reason) && this.#pauses.size === 0) this.#socket.resume();
  }
}
