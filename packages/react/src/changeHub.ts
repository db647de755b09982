import type { ChangeEvent, LiveProject } from "@livegantt/client";
import type { RecordKind } from "@livegantt/core";

type Listener = () => void;

/**
 * One `change` listener per project, fanned out by record: a reader of one task is called for that task alone, whatever the number of mounted readers.
 * The hub listens to the project only while somebody listens to the hub.
 */
class ChangeHub {
  readonly #live: LiveProject;
  readonly #records = new Map<string, Set<Listener>>();
  readonly #kinds = new Map<RecordKind, Set<Listener>>();
  readonly #all = new Set<Listener>();
  readonly #versions = new Map<RecordKind, number>();
  #version = 0;
  #stop: (() => void) | undefined;
  #count = 0;

  constructor(live: LiveProject) {
    this.#live = live;
  }

  /** Grows with each change of the plan: a snapshot for `useSyncExternalStore` where the state itself is one mutable object. */
  get version(): number {
    return this.#version;
  }

  versionOf(kind: RecordKind): number {
    return this.#versions.get(kind) ?? 0;
  }

  onRecord(kind: RecordKind, id: string, listener: Listener): Listener {
    const key = `${kind}/${id}`;
    return this.#join(this.#records, key, listener);
  }

  onKind(kind: RecordKind, listener: Listener): Listener {
    return this.#join(this.#kinds, kind, listener);
  }

  onAny(listener: Listener): Listener {
    this.#all.add(listener);
    this.#start();
    return () => {
      if (this.#all.delete(listener)) this.#leave();
    };
  }

  #join<K>(map: Map<K, Set<Listener>>, key: K, listener: Listener): Listener {
    const set = map.get(key) ?? new Set();
    set.add(listener);
    map.set(key, set);
    this.#start();
    return () => {
      if (!set.delete(listener)) return;
      if (set.size === 0 && map.get(key) === set) map.delete(key);
      this.#leave();
    };
  }

  #start(): void {
    this.#count += 1;
    this.#stop ??= this.#live.on("change", (change) => this.#fan(change));
  }

  #leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #fan(change: ChangeEvent): void {
    this.#version += 1;
    const called = new Set<Listener>(this.#all);
    if (change.origin === "load") {
      for (const kind of this.#kinds.keys()) this.#bump(kind);
      for (const set of [...this.#records.values(), ...this.#kinds.values()]) for (const listener of set) called.add(listener);
    } else
      for (const [kind, ids] of change.touched) {
        this.#bump(kind);
        for (const listener of this.#kinds.get(kind) ?? []) called.add(listener);
        for (const id of ids) for (const listener of this.#records.get(`${kind}/${id}`) ?? []) called.add(listener);
      }
    for (const listener of called) listener();
  }

  #bump(kind: RecordKind): void {
    this.#versions.set(kind, this.versionOf(kind) + 1);
  }
}

const hubs = new WeakMap<LiveProject, ChangeHub>();

export function changeHub(live: LiveProject): ChangeHub {
  let hub = hubs.get(live);
  if (!hub) {
    hub = new ChangeHub(live);
    hubs.set(live, hub);
  }
  return hub;
}
