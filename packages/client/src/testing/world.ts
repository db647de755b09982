import type { LiveEvents, LiveProject } from "../api.ts";
import type { Connectivity, TabMemory } from "../environment.ts";
import { MemoryLocks } from "../locks.ts";
import { openProject } from "../openProject.ts";
import type { OpenProjectOptions } from "../options.ts";
import { MemoryStorage } from "../storage/memory.ts";
import type { OutboxStorage } from "../storage/storage.ts";
import { FakeClock, seeded, settle } from "./fakeClock.ts";
import { MemoryServer } from "./memoryServer.ts";

export const smallPlan = {
  project: { id: "p", name: "House", startDate: "2026-01-05T08:00:00" },
  tasks: [
    { id: "a", name: "Dig", duration: 2, durationUnit: "day" },
    { id: "b", name: "Pour", duration: 3, durationUnit: "day" },
    { id: "s", name: "Walls", children: [{ id: "c", name: "Brick", duration: 5, durationUnit: "day" }] },
  ],
  dependencies: [{ id: "ab", fromTask: "a", toTask: "b" }],
  resources: [{ id: "r", name: "Ann" }],
  assignments: [{ id: "ra", event: "a", resource: "r" }],
};

/** A store that outlives its tabs, as IndexedDB does. */
export class DeviceStorage extends MemoryStorage implements OutboxStorage {
  override readonly durable = true as false;
  full = false;

  override write(...writing: Parameters<MemoryStorage["write"]>): void {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    super.write(...writing);
  }
}

class FakeNetwork implements Connectivity {
  #online = true;
  readonly #watchers = new Set<(online: boolean) => void>();

  online(): boolean {
    return this.#online;
  }

  watch(changed: (online: boolean) => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  set(online: boolean): void {
    this.#online = online;
    for (const changed of [...this.#watchers]) changed(online);
  }

  get watchers(): number {
    return this.#watchers.size;
  }
}

export class FakeTab implements TabMemory {
  readonly #values: Map<string, string>;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  /** What a browser does when a tab is duplicated. */
  duplicate(): FakeTab {
    return new FakeTab(this.#values);
  }
}

/** One clock, one server, one device; as many people on it as a story needs. */
export class World {
  readonly clock = new FakeClock();
  readonly server: MemoryServer;
  readonly locks = new MemoryLocks();
  readonly network = new FakeNetwork();
  readonly #opened: LiveProject[] = [];
  #seed = 1;

  constructor(plan: object = smallPlan) {
    this.server = new MemoryServer(this.clock, plan);
  }

  open(name: string, options: Partial<OpenProjectOptions> = {}): LiveProject {
    const live = openProject({
      url: "ws://server",
      project: "p",
      user: { name },
      storage: "memory",
      clock: this.clock,
      random: seeded(this.#seed++),
      WebSocket: this.server.WebSocket,
      load: "socket",
      locks: this.locks,
      connectivity: this.network,
      tab: new FakeTab(),
      page: { guardLeave: () => () => {} },
      ...options,
    });
    this.#opened.push(live);
    return live;
  }

  async enter(name: string, options: Partial<OpenProjectOptions> = {}): Promise<LiveProject> {
    const live = this.open(name, options);
    await settle();
    await this.clock.advance(0);
    return live;
  }

  /** Lets everything happen that happens within half a second. */
  calm(ms = 500): Promise<void> {
    return this.clock.advance(ms);
  }

  end(): void {
    for (const live of this.#opened) live.destroy();
  }
}

/** Everything that one event said, in order. */
export function record<E extends keyof LiveEvents>(live: LiveProject, event: E): LiveEvents[E][] {
  const heard: LiveEvents[E][] = [];
  live.on(event, (payload) => heard.push(payload));
  return heard;
}
