import { type ClientPolicies, type LiveProject, type OpenProjectOptions, openProject, type SocketLike } from "@livegantt/client";
import type { Device, Owner } from "./device.ts";
import { type Host, projectId } from "./host.ts";
import { Link, type Witness } from "./network.ts";
import { Random } from "./random.ts";
import { never, type World } from "./world.ts";

/** One life of a page: from its load to its end. Whatever it waits for never comes once it is gone. */
interface Life extends Owner {
  gone: boolean;
}

export interface Place {
  readonly world: World;
  readonly host: Host;
  readonly witness: Witness;
  /** A page has just been opened. */
  readonly opened: (tab: Tab) => void;
}

export interface TabOptions {
  readonly batchDelayMs: number;
  readonly load: "http" | "socket";
  readonly policies: ClientPolicies;
}

/** A tab of a person's browser: the real client, which can be reloaded, crashed, duplicated. Its session memory outlives reloads. */
export class Tab {
  readonly name: string;
  readonly device: Device;
  readonly #place: Place;
  readonly #options: TabOptions;
  readonly #session: Map<string, string>;
  readonly #random: Random;
  #life: Life = { gone: true };
  #live: LiveProject | undefined;

  constructor(place: Place, device: Device, name: string, options: TabOptions, random: Random, session: ReadonlyMap<string, string> = new Map()) {
    this.#place = place;
    this.device = device;
    this.name = name;
    this.#options = options;
    this.#random = random;
    this.#session = new Map(session);
  }

  get live(): LiveProject | undefined {
    return this.#live;
  }

  get session(): ReadonlyMap<string, string> {
    return this.#session;
  }

  /** The page is there and shows a plan. */
  get isReady(): boolean {
    return this.#live !== undefined && this.#live.clientId !== "" && this.#live.state.tasks.size + this.#live.revision > 0;
  }

  open(keepSession: boolean): void {
    if (this.#live) return;
    if (!keepSession) this.#session.clear();
    const life: Life = { gone: false };
    this.#life = life;
    this.#live = openProject(this.#environment(life));
    this.#place.opened(this);
  }

  /** Closed by its person. */
  close(): void {
    this.#live?.destroy();
    this.#live = undefined;
    const life = this.#life;
    // What it still has to write is written.
    this.#place.world.after(100, () => {
      life.gone = true;
    });
  }

  /** Gone without a farewell. */
  crash(): void {
    if (!this.#live) return;
    this.#life.gone = true;
    this.#live = undefined;
    this.device.abandoned(this.#life);
    for (const link of this.#links) link.cut();
    this.#links.clear();
  }

  /** What the browser's page would ask before it lets go: false where something would be lost. */
  get isKept(): boolean {
    return this.#live?.pendingKept ?? true;
  }

  get connections(): readonly Link[] {
    return [...this.#links].filter((link) => link.isOpen);
  }

  readonly #links = new Set<Link>();

  #environment(life: Life): OpenProjectOptions {
    const { world, host, witness } = this.#place;
    const links = this.#links;
    const { device } = this;
    const random = new Random(this.#random.int(2 ** 32));
    return {
      url: "ws://simulated",
      project: projectId,
      user: { name: device.person },
      ...this.#options,
      maxReconnectAttempts: 6,
      maxReconnectDelay: 4_000,
      leaveGuard: false,
      clock: {
        now: () => world.now + device.skew,
        setTimeout: (run, ms) => world.after(ms, () => !life.gone && run()),
        clearTimeout: (handle) => {
          (handle as { cancelled: boolean }).cancelled = true;
        },
      },
      random: () => random.next(),
      WebSocket: class extends Link implements SocketLike {
        constructor() {
          super(world, witness, host, life);
          links.add(this);
        }
      },
      fetch: async (_url, { signal }) => {
        await world.wait(2 + world.random.int(30));
        if (life.gone) return never();
        // A server that is killed meanwhile never answers.
        const late = world.wait(5_000).then(() => undefined);
        const room = signal.aborted ? undefined : await Promise.race([late, host.sync?.rooms.open(projectId).catch(() => undefined)]);
        const settled = room && (await Promise.race([late, room.settled().then(() => true)]));
        if (life.gone || !room || !settled) throw new TypeError("no answer");
        const { epoch, revision, text } = room.view();
        return { ok: true, status: 200, headers: { get: () => `"${epoch}-${revision}"` }, json: async () => JSON.parse(text) };
      },
      storage: device.storageOf(life),
      locks: device.locksOf(life),
      connectivity: device.connectivityOf(life),
      tab: { get: (key) => this.#session.get(key), set: (key, value) => void this.#session.set(key, value) },
      page: { guardLeave: () => () => {} },
    };
  }
}
