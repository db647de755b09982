import { join } from "node:path";
import { canonicalJson, checkInvariants, projectFromJSON, type Snapshot } from "@livegantt/core";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { plan } from "../plan.ts";
import { launch, Person, shots } from "./person.ts";
import { openSite, type Site } from "./site.ts";

/** Two people in two windows on one project; every story gets a project of its own. */
export class Scene {
  site!: Site;
  browser!: Browser;
  id = "";
  ada!: Person;
  ben!: Person;
  #seed = 0;

  get people(): readonly [Person, Person] {
    return [this.ada, this.ben];
  }

  async create(content: object): Promise<string> {
    const body = JSON.stringify({ name: "Test", plan: content });
    const response = await fetch(`${this.site.url}/api/projects`, { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { id: string }).id;
  }

  /** Another window on the story's project. */
  async enter(name: string, options: { readonly timezoneId?: string } = {}): Promise<Person> {
    const url = `${this.site.url}/?project=${this.id}&user=${encodeURIComponent(name)}`;
    return (await Person.enter(this.browser, url, options)).opened();
  }

  /** Shows both people a new project. Messages take up to 25 and 40 ms. */
  async open(content: object = plan): Promise<void> {
    this.id = await this.create(content);
    const show = (person: Person, name: string, slow: number): Promise<unknown> =>
      person.page.evaluate(`openPage("${this.id}", "${name}", { slow: ${slow}, seed: ${++this.#seed} })`);
    await Promise.all([show(this.ada, "Ada Lovelace", 25), show(this.ben, "Ben", 40)]);
    for (const person of this.people) await person.page.locator(".b-gantt-task").first().waitFor();
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.site.url}/api/projects/${this.id}${path}`)).json()) as T;
  }

  /** Everything that was done is on the server, and both charts are at rest. */
  async rest(): Promise<void> {
    const sent = async (): Promise<number[]> => Promise.all(this.people.map((person) => person.read<number>("manager.localRevision")));
    for (let round = 0; round < 20; round++) {
      const before = await sent();
      for (const person of this.people) await person.page.evaluate("manager.binding.flush().then(() => manager.live.saved())");
      const { revision } = await this.get<Snapshot>("");
      for (const person of this.people) {
        await person.sees(`manager.live.revision >= ${revision} && manager.live.status === "live"`);
        await person.page.evaluate("manager.binding.levelled().then(() => project.commitAsync()).then(() => manager.binding.flush())");
      }
      const now = await sent();
      if (before.join() === now.join() && (await this.get<Snapshot>("")).revision === revision) return;
    }
    throw new Error("the pages do not come to rest");
  }

  /**
   * P1, P2, P5: the plan is valid; both replicas are the server's plan; both charts show it, with the dates that the server computes; nothing is left to be captured.
   * `sent`: how many changesets each of the two has made since the story began, so that nobody sent back what he got.
   */
  async same(...sent: [number, number] | []): Promise<void> {
    await this.rest();
    const snapshot = await this.get<Snapshot>("");
    expect(checkInvariants(projectFromJSON(snapshot))).toEqual([]);
    const { tasks: computed } = await this.get<{ tasks: Readonly<Record<string, { startDate: string; endDate: string }>> }>("/schedule");
    const charts: Chart[] = [];
    for (const person of this.people) {
      const replica = await person.read<Snapshot>("manager.live.snapshot()");
      expect(canonicalJson({ ...replica, revision: 0 })).toBe(canonicalJson({ ...snapshot, revision: 0 }));
      expect(await person.read("[manager.binding.audit(), manager.binding.unlevel()]")).toEqual([[], []]);
      charts.push(await person.read<Chart>(shown));
    }
    expect(charts[1]).toEqual(charts[0]);
    expect(Object.fromEntries(charts[0]?.tasks.map(({ id, start, end }) => [id, `${start}–${end}`]) ?? [])).toEqual(
      Object.fromEntries(Object.entries(computed).map(([id, { startDate, endDate }]) => [id, `${startDate}–${endDate}`])),
    );
    if (sent.length > 0) expect(await Promise.all(this.people.map((person) => person.read("manager.localRevision")))).toEqual(sent);
  }

  /** What the two do while Ben has no connection, so that neither has seen the other's. It comes back at the end. */
  async apart(whileBenIsAway: () => Promise<void>, bensOwn: () => Promise<void>): Promise<void> {
    await this.ben.page.evaluate("network.cut()");
    await whileBenIsAway();
    await this.ada.page.evaluate("manager.binding.flush().then(() => manager.live.saved())");
    const before = await this.ben.read<number>("manager.localRevision");
    await bensOwn();
    await this.ben.sees(`manager.localRevision > ${before}`);
    await this.ben.page.evaluate("manager.binding.flush()");
    await this.ben.page.evaluate("(network.heal(), manager.reconnect())");
  }
}

interface Chart {
  readonly tasks: readonly { readonly id: string; readonly start: string; readonly end: string }[];
}

/** All that a chart shows of a plan, computed values included. */
const shown = `(() => {
  const pad = (n) => String(n).padStart(2, "0");
  const wall = (d) => d.getFullYear() + "-" + pad(d.getMonth() + 1) + "-" + pad(d.getDate()) + "T" + pad(d.getHours()) + ":" + pad(d.getMinutes()) + ":" + pad(d.getSeconds());
  const tasks = project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => ({
    id: t.id, parent: t.parent.isRoot ? null : t.parent.id, at: t.parent.orderedChildren.indexOf(t), name: t.name, duration: t.duration, wbs: String(t.wbsValue),
    start: wall(t.startDate), end: wall(t.endDate), percent: t.percentDone, manual: t.manuallyScheduled,
    constraint: [t.constraintType, t.constraintDate && wall(t.constraintDate)], calendar: t.calendar?.id ?? null,
  }));
  const of = (store, fields) => store.allRecords.filter((r) => !r.isRoot).map((r) => fields(r)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    tasks: tasks.sort((a, b) => (a.id < b.id ? -1 : 1)),
    links: of(project.dependencyStore, (d) => ({ id: d.id, from: d.fromEvent?.id, to: d.toEvent?.id, type: d.type, lag: d.lag })),
    assignments: of(project.assignmentStore, (a) => ({ id: a.id, task: a.event?.id, resource: a.resource?.id, units: a.units })),
    resources: of(project.resourceStore, (r) => ({ id: r.id, name: r.name })),
    calendars: of(project.calendarManagerStore, (c) => ({ id: c.id, name: c.name, intervals: c.intervalStore.records.map((i) => i.id).sort() })),
  };
})()`;

/** Opens the windows once for a file of stories, and a new project in them for each story. Errors in a page fail its story. */
export function useScene(content?: object): Scene {
  const scene = new Scene();
  beforeAll(async () => {
    [scene.site, scene.browser] = await Promise.all([openSite({ page: "page/page.js" }), launch()]);
    [scene.ada, scene.ben] = await Promise.all([Person.enter(scene.browser, scene.site.url), Person.enter(scene.browser, scene.site.url)]);
    await Promise.all(scene.people.map((person) => person.sees("globalThis.openPage")));
  });
  afterAll(async () => {
    await scene.browser?.close();
    await scene.site?.close();
  });
  beforeEach(() => scene.open(content));
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail")
      for (const [i, person] of scene.people.entries())
        await person.page.screenshot({ path: join(shots, `failed-${task.name.replace(/\W+/g, "-").slice(0, 50)}-${i}.png`) });
    expect(scene.people.flatMap((person) => person.complaints.splice(0))).toEqual([]);
  });
  return scene;
}
