import { closeCodes } from "@livegantt/core";
import type { Random } from "./random.ts";
import type { Scene } from "./scene.ts";
import type { Tab } from "./tab.ts";

const maxTabs = 9;
const hour = 3_600_000;

type Fault = (scene: Scene, tab: Tab, random: Random) => void;

/** A page ends. What it could not keep may be gone: the page says so before it lets its person go. */
function leave({ ledger }: Scene, { live, isKept }: Tab): void {
  if (!live) return;
  if (isKept) ledger.keep(live.clientId);
  ledger.crash(live.clientId);
}

/** What befalls a tab, its device, the network or the server. */
export const faults = {
  cut: ({ world }, tab) => {
    for (const link of tab.connections) link.cut();
    world.tell(() => `${tab.name} loses its connection`);
  },
  silence: ({ world }, tab, random) => {
    const [up, down] = random.pick([
      [true, false],
      [false, true],
      [true, true],
    ] as const) ?? [true, true];
    for (const link of tab.connections) {
      link.deafUp ||= up;
      link.deafDown ||= down;
    }
    world.tell(() => `the line of ${tab.name} goes dead ${up && down ? "" : up ? "upwards" : "downwards"}`);
  },
  lag: ({ world }, tab, random) => {
    const ms = random.int(2_000);
    for (const link of tab.connections) link.lag = ms;
    world.tell(() => `the line of ${tab.name} takes ${ms} ms from now on`);
  },
  refuseClient: ({ host, world }, tab) => {
    for (const link of host.links) if (link.clientId === tab.live?.clientId) link.closedByServer(closeCodes.goingAway, "");
    world.tell(() => `the server sends ${tab.name} away`);
  },
  disconnect: ({ world }, tab) => {
    tab.live?.disconnect();
    world.tell(() => `${tab.name} works offline`);
  },
  connect: ({ world }, tab) => {
    tab.live?.connect();
    world.tell(() => `${tab.name} connects`);
  },
  offline: ({ world }, { device }) => {
    device.setOnline(false);
    world.tell(() => `${device.person}'s device has no network`);
  },
  online: ({ world }, { device }) => {
    device.setOnline(true);
    world.tell(() => `${device.person}'s device has a network again`);
  },
  reload: (scene, tab, random) => {
    const { world } = scene;
    leave(scene, tab);
    tab.close();
    const keep = random.chance(0.7);
    world.after(random.int(400), () => tab.open(keep));
    world.tell(() => `${tab.name} is closed and opened again${keep ? "" : " as another tab"}`);
  },
  crash: (scene, tab, random) => {
    if (!tab.live) return;
    leave(scene, tab);
    tab.crash();
    const keep = random.chance(0.5);
    scene.world.after(random.int(3_000), () => tab.open(keep));
    scene.world.tell(() => `${tab.name} crashes${keep ? "" : " and is forgotten"}`);
  },
  close: (scene, tab, random) => {
    const { world } = scene;
    leave(scene, tab);
    tab.close();
    world.after(random.int(60_000), () => tab.open(false));
    world.tell(() => `${tab.name} is closed`);
  },
  duplicate: (scene, tab) => {
    if (scene.tabs.length >= maxTabs || !tab.live) return;
    scene.addTab(tab.device, tab.session).open(true);
    scene.world.tell(() => `${tab.name} is duplicated`);
  },
  fullDisk: ({ world }, { device }, random) => {
    device.failingWrites = 1 + random.int(3);
    world.tell(() => `${device.person}'s disk is full for ${device.failingWrites} writes`);
  },
  kill: ({ host, world }, _, random) => {
    const fuse = random.int(25);
    host.killAt(fuse, random.chance(0.7) ? random.int(500) : random.int(30_000));
    world.tell(() => `the server will be killed ${fuse} steps from here`);
  },
  refuseCommits: ({ host, world }, _, random) => {
    host.faults.refuse = 1 + random.int(3);
    world.tell(() => "the store is about to refuse commits");
  },
  unknownOutcome: ({ host, world }, _, random) => {
    if (random.chance(0.5)) host.faults.unknownKept++;
    else host.faults.unknownLost++;
    if (random.chance(0.3)) host.faults.reads++;
    world.tell(() => "the store is about to lose its connection in a commit");
  },
  failReads: ({ host }, _, random) => {
    host.faults.reads += 1 + random.int(2);
  },
  slowStore: ({ host, world }, _, random) => {
    host.faults.slow = random.pick([1, 4, 40, 400]) as number;
    world.tell(() => `the store takes up to ${host.faults.slow} ms`);
  },
  compact: ({ host, world }) => {
    void host.sync?.rooms.compact();
    world.tell(() => "old history is folded");
  },
  sleep: ({ world }, _, random) => {
    const ms = random.pick([hour, 26 * hour, 24 * 7 * hour, 24 * 120 * hour]) as number;
    world.leap(ms);
    world.tell(() => `everything sleeps for ${ms / hour} hours`);
  },
} satisfies Record<string, Fault>;

export const faultWeights: Readonly<Record<keyof typeof faults, number>> = {
  cut: 10,
  silence: 3,
  lag: 3,
  refuseClient: 2,
  disconnect: 5,
  connect: 8,
  offline: 2,
  online: 4,
  reload: 5,
  crash: 6,
  close: 2,
  duplicate: 2,
  fullDisk: 1,
  kill: 8,
  refuseCommits: 2,
  unknownOutcome: 3,
  failReads: 1,
  slowStore: 3,
  compact: 4,
  sleep: 0.6,
};
