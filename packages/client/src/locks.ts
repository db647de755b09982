/** A name that one tab holds until it releases it or is gone. */
export interface HeldLock {
  release(): void;
}

/** Locks that all tabs of one origin share: they say whose outbox is alive and whose is an orphan. */
export interface TabLocks {
  /** At once: the lock, or undefined where somebody holds it. */
  tryAcquire(name: string): Promise<HeldLock | undefined>;
  /** Waits until the holder is gone. Undefined when aborted first. */
  acquire(name: string, signal: AbortSignal): Promise<HeldLock | undefined>;
}

/** Locks of one process, for Node and for pages without Web Locks. */
export class MemoryLocks implements TabLocks {
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  async tryAcquire(name: string): Promise<HeldLock | undefined> {
    return this.#take(name);
  }

  acquire(name: string, signal: AbortSignal): Promise<HeldLock | undefined> {
    return new Promise((resolve) => {
      const attempt = (): void => {
        const lock = signal.aborted ? undefined : this.#take(name);
        if (!lock && !signal.aborted) return;
        this.#queue(name).delete(attempt);
        signal.removeEventListener("abort", attempt);
        resolve(lock);
      };
      this.#queue(name).add(attempt);
      signal.addEventListener("abort", attempt);
      attempt();
    });
  }

  #queue(name: string): Set<() => void> {
    let queue = this.#waiting.get(name);
    if (!queue) {
      queue = new Set();
      this.#waiting.set(name, queue);
    }
    return queue;
  }

  #take(name: string): HeldLock | undefined {
    if (this.#held.has(name)) return undefined;
    this.#held.add(name);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        this.#held.delete(name);
        const [next] = this.#queue(name);
        next?.();
        if (this.#queue(name).size === 0) this.#waiting.delete(name);
      },
    };
  }
}

/** The part of `navigator.locks` that is used. */
export interface WebLockManager {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: object | null) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** Web Locks: a browser frees them by itself when a tab closes or crashes. */
export class WebLocks implements TabLocks {
  readonly #manager: WebLockManager;

  constructor(manager: WebLockManager) {
    this.#manager = manager;
  }

  tryAcquire(name: string): Promise<HeldLock | undefined> {
    return this.#request(name, { ifAvailable: true });
  }

  acquire(name: string, signal: AbortSignal): Promise<HeldLock | undefined> {
    return this.#request(name, { signal });
  }

  #request(name: string, options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal }): Promise<HeldLock | undefined> {
    return new Promise((resolve, reject) => {
      this.#manager
        .request(name, options, (lock) => {
          if (!lock) {
            resolve(undefined);
            return undefined;
          }
          return new Promise<void>((release) => resolve({ release }));
        })
        .catch((error: unknown) => (options.signal?.aborted ? resolve(undefined) : reject(error)));
    });
  }
}
