import type { Connectivity, HeldLock, OutboxStorage, TabLocks } from "@livegantt/client";
import { compareText } from "@livegantt/core";
import { never, type World } from "./world.ts";

/** Somebody who uses a device and may be gone from one moment to the next. */
export interface Owner {
  readonly gone: boolean;
}

interface Write {
  readonly owner: Owner;
  readonly apply: () => void;
}

/** A person's machine: its storage and locks are shared by all tabs, and outlive them. */
export class Device {
  readonly person: string;
  /** `localStorage` answers at once; IndexedDB promises. */
  readonly instant: boolean;
  /** How far its clock is off, ms. */
  readonly skew: number;
  /** The next writes fail as on a full disk. */
  failingWrites = 0;
  readonly #world: World;
  readonly #entries = new Map<string, string>();
  readonly #writes: Write[] = [];
  #lastWriteAt = 0;
  readonly #held = new Map<string, Owner>();
  readonly #queue: { readonly name: string; readonly owner: Owner; readonly grant: () => boolean }[] = [];
  #online = true;
  readonly #watchers = new Map<(online: boolean) => void, Owner>();

  constructor(world: World, person: string, instant: boolean, skew: number) {
    this.#world = world;
    this.person = person;
    this.instant = instant;
    this.skew = skew;
  }

  /** The storage as one tab has it. */
  storageOf(owner: Owner): OutboxStorage {
    const read = (prefix: string): [string, unknown][] =>
      [...this.#entries.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort(compareText)
        .map((key) => [key, JSON.parse(this.#entries.get(key) as string)]);
    const write = (puts: readonly (readonly [string, string])[], deletes: readonly string[]): void => {
      for (const key of deletes) this.#entries.delete(key);
      for (const [key, text] of puts) this.#entries.set(key, text);
    };
    return {
      durable: true,
      read: (prefix) => {
        if (this.instant) return read(prefix);
        return owner.gone ? never() : this.#world.wait(this.#world.random.int(3)).then(() => (owner.gone ? never() : read(prefix)));
      },
      write: (puts, deletes) => {
        if (owner.gone) return this.instant ? undefined : never();
        // What is written is the value as it is now.
        const texts = puts.map(([key, value]) => [key, JSON.stringify(value)] as const);
        if (this.failingWrites > 0) {
          this.failingWrites--;
          const full = Object.assign(new Error("the disk is full"), { name: "QuotaExceededError" });
          if (this.instant) throw full;
          return this.#world.wait(1).then(() => Promise.reject(full));
        }
        if (this.instant) return write(texts, deletes);
        return this.#later({ owner, apply: () => write(texts, deletes) });
      },
    };
  }

  /** Locks as one tab has them; a browser frees those of a tab that is gone. */
  locksOf(owner: Owner): TabLocks {
    const take = (name: string): HeldLock | undefined => {
      if (this.#held.has(name)) return undefined;
      this.#held.set(name, owner);
      let released = false;
      return {
        release: () => {
          if (released || this.#held.get(name) !== owner) return;
          released = true;
          this.#held.delete(name);
          this.#grant();
        },
      };
    };
    return {
      tryAcquire: async (name) => (owner.gone ? never() : take(name)),
      acquire: (name, signal) =>
        new Promise((resolve) => {
          const grant = (): boolean => {
            if (signal.aborted) {
              resolve(undefined);
              return true;
            }
            const lock = take(name);
            if (lock) resolve(lock);
            return lock !== undefined;
          };
          if (grant()) return;
          this.#queue.push({ name, owner, grant });
          signal.addEventListener("abort", () => this.#grant());
        }),
    };
  }

  connectivityOf(owner: Owner): Connectivity {
    return {
      online: () => this.#online,
      watch: (changed) => {
        this.#watchers.set(changed, owner);
        return () => this.#watchers.delete(changed);
      },
    };
  }

  /** Everything that the device keeps. */
  dump(): string[] {
    return [
      ...[...this.#held].map(([k, o]) => `LOCK ${k} ${o.gone}`),
      ...this.#queue.map((q) => `WAIT ${q.name} ${q.owner.gone}`),
      ...[...this.#entries].map(([key, text]) => `${key} ${text.slice(0, 200)}`),
    ];
  }

  get online(): boolean {
    return this.#online;
  }

  setOnline(online: boolean): void {
    if (this.#online === online) return;
    this.#online = online;
    for (const [changed, owner] of [...this.#watchers]) if (!owner.gone) changed(online);
  }

  /** A tab ended without a farewell: writes under way happened or not, its locks become free. */
  abandoned(owner: Owner): void {
    const own = this.#writes.filter((write) => write.owner === owner);
    for (const write of own.slice(0, this.#world.random.int(own.length + 1))) write.apply();
    for (const write of own) this.#writes.splice(this.#writes.indexOf(write), 1);
    for (const changed of [...this.#watchers.keys()]) if (this.#watchers.get(changed) === owner) this.#watchers.delete(changed);
    this.#world.after(this.#world.random.int(20), () => {
      for (const [name, holder] of [...this.#held]) if (holder === owner) this.#held.delete(name);
      this.#grant();
    });
  }

  /** Those who still listen or hold something. */
  get leftovers(): string[] {
    return [...[...this.#held.keys()].map((name) => `lock ${name}`), ...[...this.#watchers.keys()].map(() => "a listener of the network")];
  }

  /** Transactions of one database happen in the order in which they were asked for. */
  #later(write: Write): Promise<void> {
    this.#writes.push(write);
    this.#lastWriteAt = Math.max(this.#lastWriteAt, this.#world.now + this.#world.random.int(6));
    return this.#world.wait(this.#lastWriteAt - this.#world.now).then(() => {
      const at = this.#writes.indexOf(write);
      if (at < 0) return never();
      this.#writes.splice(at, 1);
      write.apply();
      return write.owner.gone ? never() : undefined;
    });
  }

  #grant(): void {
    for (const waiting of [...this.#queue]) {
      if (!waiting.owner.gone && !waiting.grant()) continue;
      const at = this.#queue.indexOf(waiting);
      if (at >= 0) this.#queue.splice(at, 1);
    }
  }
}
