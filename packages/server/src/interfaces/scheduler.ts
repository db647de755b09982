/** A wait that can still be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as the server spends it. Every wait goes through here, so that a simulation can hold the hands of the clock and end a server at any of its waits. */
export interface Scheduler {
  /** Milliseconds of a clock that never jumps, for measuring. */
  elapsed(): number;
  /** After everything that has already arrived. */
  soon(run: () => void): void;
  /** `idle`: a process that has nothing else to do ends without it. */
  after(ms: number, run: () => void, options?: { readonly idle?: boolean }): Timer;
  /** Again and again; a process that has nothing else to do ends without it. */
  every(ms: number, run: () => void): Timer;
}

export const systemScheduler: Scheduler = {
  elapsed: () => performance.now(),
  soon: (run) => void setImmediate(run),
  after(ms, run, { idle = false } = {}) {
    const timer = setTimeout(run, ms);
    if (idle) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return { cancel: () => clearInterval(timer) };
  },
};
