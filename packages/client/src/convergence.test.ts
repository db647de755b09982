import { canonicalJson, checkInvariants, type ProjectState } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import type { LiveProject } from "./api.ts";
import { ClientError } from "./errors.ts";
import { seeded } from "./testing/fakeClock.ts";
import { DeviceStorage, FakeTab, World } from "./testing/world.ts";

/** One person in the mill: their device outlives reloads of their page. */
class Person {
  live: LiveProject;
  readonly #name: string;
  readonly #world: World;
  readonly #storage = new DeviceStorage();
  #tab = new FakeTab();

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    this.live = this.#open();
  }

  reload(keepTab: boolean): void {
    this.live.destroy();
    if (!keepTab) this.#tab = new FakeTab();
    this.live = this.#open();
  }

  /** What the inbox keeps on the device, with the edits that wait behind each entry. */
  kept(): [string, string][] {
    const all = this.#storage.read("");
    return all.filter(([key]) => /\/(conflict|rejected)\//.test(key)).map(([, value]) => [(value as { id: string }).id, JSON.stringify(value)]);
  }

  #open(): LiveProject {
    return this.#world.open(this.#name, { storage: this.#storage, tab: this.#tab, maxReconnectAttempts: 1000, maxReconnectDelay: 2000 });
  }
}

const pick = <T>(random: () => number, list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

/** A name that a person typed. None of them may vanish (P4). */
interface Entered {
  readonly text: string;
  readonly by: string;
  readonly task: string;
}

/** Does one random thing; what a law forbids or a race made moot is no event. */
function act(person: Person, random: () => number, step: number, calm: boolean, entered: Entered[], given: Set<string>): void {
  const { live } = person;
  const type = (id: string, changes: { readonly name: string; readonly duration?: number }): void => {
    live.update("tasks", id, changes);
    entered.push({ text: changes.name, by: live.user.name, task: id });
  };
  const { state } = live;
  const task = (): string => pick(random, [...state.tasks.keys()]) ?? "a";
  const choice = Math.floor(random() * 16);
  if (calm && (choice === 7 || choice === 12 || choice === 13)) return;
  try {
    if (choice < 3) type(task(), { name: `${live.user.name} ${step}` });
    else if (choice === 3) live.update("tasks", task(), { duration: Math.floor(random() * 9) });
    else if (choice === 4) type(task(), { duration: Math.floor(random() * 9), name: `both ${step}` });
    else if (choice < 7) live.add("tasks", { id: `${live.user.name}${step}`, name: `new ${step}`, ...(random() < 0.5 ? { parentId: task() } : {}) });
    else if (choice < 8 && state.tasks.size > 4) live.remove("tasks", task());
    else if (choice < 10) live.update("tasks", task(), { parentId: random() < 0.3 ? null : task() });
    else if (choice < 12) live.add("dependencies", { fromTask: task(), toTask: task() });
    else if (choice === 12) live.undo();
    else if (choice === 13) live.redo();
    else if (choice === 14)
      live.transact("paste", (tx) => {
        const parent = tx.add("tasks", { name: `group ${step}` });
        const child = tx.add("tasks", { name: `child ${step}`, parentId: parent });
        tx.update("tasks", task(), { name: `moved ${step}` });
        tx.add("dependencies", { fromTask: task(), toTask: child });
      });
    else {
      const conflict = pick(random, live.conflicts);
      const choice = pick(random, ["keep_local", "accept_server"] as const) ?? "keep_local";
      const before = new Map(person.kept());
      if (conflict) live.resolve(conflict.id, choice);
      if (conflict && choice === "accept_server") given.add(before.get(conflict.id) ?? "");
      // Keeping mine is typing it again.
      for (const { id, changes } of choice === "keep_local" ? (conflict?.payload.tasks?.updated ?? []) : [])
        if (typeof changes.name === "string") entered.push({ text: changes.name, by: live.user.name, task: id });
    }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
}

/** Names that are neither in history nor in an inbox nor given up by choice, and that their author did not replace. */
function lost(entered: readonly Entered[], places: readonly string[]): Entered[] {
  return entered.filter(({ text, by, task }, i) => {
    const replaced = entered.slice(i + 1).some((later) => later.by === by && later.task === task);
    return !replaced && !places.some((place) => place.includes(`"${text}"`));
  });
}

const rules = (state: ProjectState): string[] => checkInvariants(state).map(({ rule, message }) => `${rule} ${message}`);

async function mill(seed: number, steps: number): Promise<void> {
  const random = seeded(seed);
  const world = new World();
  const people = ["Ann", "Ben", "Cleo"].map((name) => new Person(world, name));
  await world.calm();
  const entered: Entered[] = [];
  const given = new Set<string>();
  for (let step = 0; step < steps; step++) {
    const person = pick(random, people) as Person;
    const event = random();
    if (event < 0.8) {
      if (person.live.state.tasks.size > 0) act(person, random, step, seed % 2 === 0, entered, given);
    } else if (event < 0.84) world.server.cut(person.live.clientId);
    else if (event < 0.87) person.live.disconnect();
    else if (event < 0.92) person.live.connect();
    else if (event < 0.94) person.reload(random() < 0.7);
    else if (event < 0.97) world.server.held = true;
    else world.server.release();
    if (random() < 0.4) await world.calm(Math.floor(random() * 300));
    for (const { live } of people) if (live.state.tasks.size > 0) expect(rules(live.state), `seed ${seed} step ${step} ${live.user.name}`).toEqual([]);
  }
  world.server.release();
  for (const { live } of people) live.connect();
  await world.calm(60_000);
  const truth = canonicalJson(world.server.snapshot());
  for (const { live } of people) {
    expect(live.pendingCount, `seed ${seed}: pending of ${live.user.name}`).toBe(0);
    expect(canonicalJson(live.snapshot()), `seed ${seed}: view of ${live.user.name}`).toBe(truth);
  }
  expect(rules(world.server.state)).toEqual([]);
  if (seed % 2 === 0)
    expect(lost(entered, [JSON.stringify(world.server.log), ...given, ...people.flatMap((person) => person.kept().map(([, text]) => text))])).toEqual([]);
  world.end();
  await world.calm(1);
  expect(world.clock.pending, `seed ${seed}: timers left`).toBe(0);
  expect(world.network.watchers).toBe(0);
}

describe("P1 P2 whatever happens on the way, all views end equal to the server's plan", () => {
  const seeds = Number(process.env.MILL_SEEDS ?? 25);
  const first = Number(process.env.MILL_FIRST ?? 1);
  for (let seed = first; seed < first + seeds; seed++) it(`seed ${seed}`, () => mill(seed, 120));
});
