import { canonicalJson, checkInvariants, computeSchedule, defaultLimits, type ProjectState, projectToJSON } from "@livegantt/core";
import { account, type End } from "./ends.ts";
import { faults, faultWeights } from "./faults.ts";
import { History } from "./history.ts";
import { act } from "./people.ts";
import { derive, Random } from "./random.ts";
import { Scene, type Setting } from "./scene.ts";

/** What a run is made of: a setting, and one number for each step that all its chance comes from. */
export interface Plan extends Omit<Setting, "tells"> {
  readonly steps: readonly number[];
}

export interface Figures {
  readonly steps: number;
  readonly events: number;
  readonly revisions: number;
  readonly conflicts: number;
  readonly repeats: number;
  readonly kills: number;
  readonly ends: Readonly<Record<End, number>>;
}

export interface Result {
  /** Broken promises; empty where the run is green. */
  readonly problems: readonly string[];
  readonly story: readonly string[];
  readonly figures: Figures | undefined;
}

export const planOf = (seed: number, { clients, steps, sqlite }: { readonly clients: number; readonly steps: number; readonly sqlite: boolean }): Plan => ({
  seed,
  clients,
  sqlite,
  steps: Array.from({ length: steps }, (_, i) => derive(seed, 10 + i)),
});

/** Plays a plan to its end, or to the first broken promise. */
export async function run(plan: Plan, tells = false): Promise<Result> {
  const scene = await Scene.open({ ...plan, tells });
  const strays: unknown[] = [];
  const stray = (error: unknown): void => void strays.push(error);
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
  let figures: Figures | undefined;
  try {
    figures = await play(scene, plan, strays);
  } catch (error) {
    scene.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    process.off("uncaughtException", stray);
    process.off("unhandledRejection", stray);
    await scene.disk.close();
  }
  return { problems: scene.problems, story: scene.world.story ?? [], figures: scene.problems.length === 0 ? figures : undefined };
}

async function play(scene: Scene, plan: Plan, strays: readonly unknown[]): Promise<Figures | undefined> {
  const { world, host, tabs, problems, wire } = scene;
  const broken = (): boolean => {
    for (const error of strays) problems.push(`nobody caught: ${error instanceof Error ? error.stack : String(error)}`);
    problems.push(...wire.problems);
    return problems.length > 0;
  };
  host.start();
  for (const tab of tabs) {
    tab.open(false);
    await world.advance(50, () => watch(scene));
  }
  for (const salt of plan.steps) {
    const random = new Random(salt);
    world.random = new Random(derive(salt, 1));
    step(scene, random);
    await world.advance(pause(random), () => watch(scene));
    checkLaws(scene, random.chance(0.05));
    if (broken()) return undefined;
  }
  world.tell(() => "everything calms down");
  world.random = new Random(derive(plan.seed, 2));
  await calm(scene);
  checkLaws(scene, true);
  checkSame(scene);
  if (broken()) return undefined;
  return finish(scene, plan, broken);
}

/** One thing happens: mostly somebody does something, else a fault. */
function step(scene: Scene, random: Random): void {
  const tab = random.pick(scene.tabs);
  if (!tab) return;
  if (random.chance(0.8)) act(scene, tab, random);
  else faults[random.weighted(faultWeights)](scene, tab, random);
}

function pause(random: Random): number {
  const kind = random.next();
  if (kind < 0.5) return random.int(15);
  if (kind < 0.85) return random.int(150);
  return kind < 0.98 ? random.int(2_000) : random.int(40_000);
}

/** After every event: what is kept is noted as kept. */
function watch(scene: Scene): void {
  if (!scene.ledger.hasUnkept) return;
  for (const tab of scene.tabs) if (tab.live && tab.isKept) scene.ledger.keep(tab.live.clientId);
}

/** P1 on the server and on every replica that changed; with `deep` on all, with every value looked at again, and also V10: the incremental schedule is the full one. */
function checkLaws({ host, tabs, problems, changed, sound }: Scene, deep: boolean): void {
  const check = (who: string, state: ProjectState | undefined): void => {
    for (const { rule, collection, id, message } of state ? checkInvariants(state, defaultLimits, deep ? undefined : sound) : [])
      problems.push(`P1 ${who}: ${rule} ${collection}/${id} ${message}`);
  };
  if (deep || changed.size > 0) check("the server", host.state);
  for (const tab of tabs) {
    const { live, name } = tab;
    if (!live) continue;
    if (deep || changed.has(tab)) check(name, live.state);
    if (deep && live.schedule.hash() !== computeSchedule(live.state).hash()) problems.push(`V10 ${name}: the incremental schedule is not the full one`);
  }
  changed.clear();
}

/** All faults end, and everything that is under way arrives. */
async function calm(scene: Scene): Promise<void> {
  const { world, host, tabs, devices, problems } = scene;
  host.disarm();
  Object.assign(host.faults, { refuse: 0, unknownKept: 0, unknownLost: 0, reads: 0, slow: 4 });
  for (const device of devices) {
    device.failingWrites = 0;
    device.setOnline(true);
  }
  await world.advance(60_000, () => watch(scene));
  host.start();
  for (const tab of tabs) tab.open(true);
  const resting = (): boolean => tabs.every(({ live }) => live?.status === "live" && live.pendingCount === 0);
  for (let round = 0; round < 40; round++) {
    for (const { live } of tabs) if (live && live.status !== "live") live.connect();
    // Long enough for a silent line to be noticed, and for orphaned outboxes to be looked for.
    await world.advance(round < 2 ? 130_000 : 20_000, () => watch(scene));
    if (round >= 2 && resting()) return;
  }
  const restless = tabs.map(({ name, live }) => `${name} is ${live?.status} with ${live?.pendingCount} unsent`);
  problems.push(`P2 the world does not come to rest: ${restless.join("; ")}`);
}

/** P2: every view is the server's plan, computed dates included. */
function checkSame({ host, tabs, problems }: Scene): void {
  const { state } = host;
  if (!state) return;
  const truth = canonicalJson(projectToJSON(state));
  const hash = computeSchedule(state).hash();
  for (const { name, live } of tabs) {
    if (!live) continue;
    const view = canonicalJson(live.snapshot());
    if (view !== truth) problems.push(`P2 ${name} does not show the server's plan:\n${difference(view, truth)}`);
    else if (live.schedule.hash() !== hash) problems.push(`P2 ${name} computes other dates than the server`);
  }
}

function difference(view: string, truth: string): string {
  let i = 0;
  while (i < view.length && view[i] === truth[i]) i++;
  return `      view   …${view.slice(Math.max(0, i - 120), i + 120)}…\n      server …${truth.slice(Math.max(0, i - 120), i + 120)}…`;
}

/** P3 and P4 over the whole run, then the end of everything (O5). */
async function finish(scene: Scene, plan: Plan, broken: () => boolean): Promise<Figures | undefined> {
  const { world, host, tabs, devices, problems, wire, ledger, disk } = scene;
  const history = new History(scene.initial, disk.archive, wire, ledger);
  problems.push(...history.problems);
  if (host.state && canonicalJson(projectToJSON(history.state)) !== canonicalJson(projectToJSON(host.state)))
    problems.push("P3 the log does not lead to the server's plan");
  const pages = tabs.flatMap(({ device, live }) => (live ? [{ person: device.person, live }] : []));
  const accounts = account(ledger, history, wire, pages);
  problems.push(...accounts.problems);
  if (process.env.DUMP)
    for (const d of devices) {
      console.log(d.person, d.dump().join("\n   "));
    }
  if (broken()) return undefined;
  const figures = {
    steps: plan.steps.length,
    events: world.events,
    revisions: disk.archive.length,
    conflicts: wire.conflicts,
    repeats: wire.repeats,
    kills: host.kills,
    ends: accounts.counts,
  };
  for (const tab of tabs) tab.close();
  await world.advance(20_000);
  const stopped = host.stop();
  await world.advance(20_000);
  await stopped;
  for (const device of devices) for (const left of device.leftovers) problems.push(`O5 after the end of all tabs ${device.person}'s device still has ${left}`);
  return broken() ? undefined : figures;
}
