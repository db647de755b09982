import { gzipSync } from "node:zlib";
import type { ClientPolicies } from "@livegantt/client";
import { Ledger as CoreLedger, type Notice, projectFromJSON, projectToJSON, type Snapshot, type StoredRecord } from "@livegantt/core";
import { Device } from "./device.ts";
import { type Disk, MemoryDisk, SqliteDisk } from "./disk.ts";
import { Host, projectId } from "./host.ts";
import { Ledger } from "./ledger.ts";
import { plan } from "./plan.ts";
import { derive, Random } from "./random.ts";
import { Tab, type TabOptions } from "./tab.ts";
import { Wire } from "./wire.ts";
import { World } from "./world.ts";

export interface Setting {
  readonly seed: number;
  /** Tabs of all people together. */
  readonly clients: number;
  readonly sqlite: boolean;
  readonly tells: boolean;
}

const names = ["Ann", "Ben", "Cleo", "Dan", "Eva", "Fay", "Gus", "Hal"];

/** Everything of one run: the world, its server, its people with their devices and tabs, and those who keep the books. */
export class Scene {
  readonly world: World;
  readonly host: Host;
  readonly disk: Disk;
  readonly wire: Wire;
  readonly ledger = new Ledger();
  readonly initial: Snapshot;
  /** In every seventh run people often do the same at the same time. */
  readonly crowded: boolean;
  readonly devices: readonly Device[];
  readonly tabs: Tab[] = [];
  /** Broken promises, in the order in which they were found. */
  readonly problems: string[] = [];
  /** Tabs whose view changed since the laws were checked on it. */
  readonly changed = new Set<Tab>();
  /** Records whose values were found good. */
  readonly sound = new WeakSet<StoredRecord>();
  readonly #random: Random;
  readonly #policies: ClientPolicies;
  readonly #load: "http" | "socket";
  readonly #aliases = new Map<string, string>();
  #aliasesRead = 0;
  #numbers = 0;

  static async open(setting: Setting): Promise<Scene> {
    const initial = projectToJSON(projectFromJSON(plan));
    const info = { id: projectId, name: "House", epoch: "epoch", revision: 0, tasks: initial.tasks.length, createdAt: 0, updatedAt: 0, archivedAt: null };
    const body = gzipSync(JSON.stringify({ format: 1, snapshot: initial, ledger: new CoreLedger().toJSON() }));
    const disk = setting.sqlite ? await SqliteDisk.create(info, body) : new MemoryDisk(info, body);
    return new Scene(setting, disk, initial);
  }

  private constructor({ seed, clients, tells }: Setting, disk: Disk, initial: Snapshot) {
    const random = new Random(derive(seed, 0));
    this.#random = random;
    this.crowded = seed % 7 === 5;
    this.world = new World(new Random(derive(seed, 1)), tells);
    this.disk = disk;
    this.initial = initial;
    this.host = new Host(this.world, disk, limitsOf(random));
    this.wire = new Wire({
      archive: () => disk.archive,
      aliasOf: (kind, id) => this.#aliasOf(kind, id),
      conflict: (clientId, conflicts) => this.ledger.show(clientId, conflicts),
      tell: (words) => this.world.tell(words),
    });
    this.#policies = policiesOf(random, () => this.world.wait(this.world.random.int(200)));
    this.#load = random.chance(0.5) ? "http" : "socket";
    const people = Math.max(2, Math.ceil(clients * 0.6));
    this.devices = names
      .slice(0, people)
      .map((name) => new Device(this.world, name, random.chance(0.5), random.chance(0.3) ? random.int(3_600_000 * 24) - 3_600_000 * 12 : 0));
    for (let i = 0; i < clients; i++) this.addTab(this.devices[i % this.devices.length] as Device);
  }

  fresh = (): number => ++this.#numbers;

  addTab(device: Device, session?: ReadonlyMap<string, string>): Tab {
    const { world, host, wire: witness } = this;
    const options: TabOptions = { batchDelayMs: this.#random.pick([0, 100, 150]) as number, load: this.#load, policies: this.#policies };
    const name = `${device.person}'s tab ${this.tabs.filter((tab) => tab.device === device).length + 1}`;
    const tab = new Tab({ world, host, witness, opened: (one) => this.#opened(one) }, device, name, options, new Random(this.#random.int(2 ** 32)), session);
    this.tabs.push(tab);
    return tab;
  }

  get open(): readonly Tab[] {
    return this.tabs.filter((tab) => tab.live !== undefined);
  }

  clientIdsOf(device: Device): ReadonlySet<string> {
    return this.#clientIds.get(device) ?? new Set();
  }

  /** Ids under which a person's tabs have worked. */
  readonly #clientIds = new Map<Device, Set<string>>();

  note(tab: Tab): void {
    const clientId = tab.live?.clientId;
    if (!clientId) return;
    const known = this.#clientIds.get(tab.device);
    if (known) known.add(clientId);
    else this.#clientIds.set(tab.device, new Set([clientId]));
  }

  #opened(tab: Tab): void {
    const { live } = tab;
    if (!live) return;
    live.on("change", () => this.changed.add(tab));
    live.on("connected", () => this.world.tell(() => `${tab.name} is connected as ${live.clientId.slice(-6)}`));
    live.on("conflict", (conflict) => {
      this.world.tell(
        () =>
          `${tab.name} gets a conflict: ${conflict.conflicts.map(({ type, collection, id, fields }) => `${type} ${collection}/${id} ${JSON.stringify(fields ?? {})}`).join("; ")}`,
      );
    });
    // Those of another tab that is gone come without an event of their own.
    live.on("conflicts", ({ open }) => {
      for (const conflict of open) this.ledger.show(live.clientId, conflict.conflicts);
    });
    live.on("notice", (notice) => {
      this.note(tab);
      for (const clientId of this.clientIdsOf(tab.device)) this.ledger.told(clientId, notice);
      this.world.tell(
        () =>
          `${tab.name} is told${notice.reason ? ` (${notice.reason})` : ""}: ${notice.notices.map(({ kind, collection, id, register }) => `${kind} ${collection}/${id} ${register ?? ""}`).join("; ")}`,
      );
    });
    live.on("rejected", ({ code, message }) => this.world.tell(() => `${tab.name} gets a rejection: ${code} ${message}`));
    live.on("error", ({ code, message }) => this.world.tell(() => `${tab.name} hears of an error: ${code} ${message}`));
  }

  /** K6, from the durable log. */
  #aliasOf(kind: string, id: string): string | undefined {
    const { archive } = this.disk;
    for (; this.#aliasesRead < archive.length; this.#aliasesRead++)
      for (const notice of JSON.parse(archive[this.#aliasesRead]?.notices ?? "[]") as Notice[])
        if (notice.kind === "merged_into") this.#aliases.set(`${notice.collection}/${notice.previous}`, notice.id);
    const target = this.#aliases.get(`${kind}/${id}`);
    if (target === undefined || (kind !== "dependencies" && kind !== "assignments")) return undefined;
    const map = this.host.state?.map(kind);
    return map?.has(target) && !map.has(id) ? target : undefined;
  }
}

function limitsOf(random: Random): Record<string, number> {
  const day = 24;
  return {
    snapshotEvery: random.pick([7, 25, 2_000]) as number,
    keepRevisions: random.pick([5, 20, 50_000]) as number,
    keepDays: random.pick([0.001, 1, 365]) as number,
    deltaChanges: random.pick([10, 40, 5_000]) as number,
    idleProjectSeconds: random.pick([5, 300]) as number,
    tombstoneDays: day * 4,
    changesPerTurn: random.pick([2, 512]) as number,
    changesInFlight: random.pick([4, 128]) as number,
  };
}

/** Some products decide a few registers without asking. */
function policiesOf(random: Random, wait: () => Promise<void>): ClientPolicies {
  if (random.chance(0.5)) return {};
  return {
    "tasks.note": "local",
    "tasks.percentDone": "server",
    "tasks.duration": async () => {
      await wait();
      return random.chance(0.4) ? "keep_local" : random.chance(0.5) ? "accept_server" : "ask";
    },
  };
}
