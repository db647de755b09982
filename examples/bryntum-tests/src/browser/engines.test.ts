import { canonicalJson, type Snapshot } from "@livegantt/core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences, equal } from "../enginePlans.ts";
import { plan } from "../plan.ts";
import { cell, drag, edit } from "./gestures.ts";
import { launch, Person } from "./person.ts";
import { openSite, type Site } from "./site.ts";

// One project in two windows: Bryntum with its own engine, and SVAR with the dates that livegantt computes.

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite({ page: "page/page.js", svar: "page/svar.jsx" }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

interface Windows {
  readonly id: string;
  readonly bryntum: Person;
  readonly svar: Person;
  leave(): Promise<void>;
}

async function open(content: object): Promise<Windows> {
  const body = JSON.stringify({ name: "Two engines", plan: content });
  const response = await fetch(`${site.url}/api/projects`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { id } = (await response.json()) as { id: string };
  const [bryntum, svar] = await Promise.all([
    Person.enter(browser, `${site.url}/?project=${id}&user=Bryntum`).then((person) => person.opened()),
    Person.enter(browser, `${site.url}/svar.html?project=${id}&user=Svar`),
  ]);
  await svar.sees("globalThis.shown");
  return {
    id,
    bryntum,
    svar,
    async leave() {
      expect([...bryntum.complaints, ...svar.complaints]).toEqual([]);
      await Promise.all([bryntum.leave(), svar.leave()]);
    },
  };
}

const bryntumDates = `(() => {
  const pad = (n) => String(n).padStart(2, "0");
  const wall = (d) => d.getFullYear() + "-" + pad(d.getMonth() + 1) + "-" + pad(d.getDate()) + "T" + pad(d.getHours()) + ":" + pad(d.getMinutes()) + ":00";
  return Object.fromEntries(project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => [t.id, wall(t.startDate) + "–" + wall(t.endDate)]));
})()`;

/** Inputs are equal in both windows and on the server; answers the tasks whose dates differ, as `id: Bryntum | SVAR`. */
async function differing({ id, bryntum, svar }: Windows): Promise<string[]> {
  for (const [person, live] of [
    [bryntum, "manager.live"],
    [svar, "live"],
  ] as const)
    await person.page.evaluate(`${live}.saved()`);
  const snapshot = (await (await fetch(`${site.url}/api/projects/${id}`)).json()) as Snapshot;
  await bryntum.sees(`manager.live.revision >= ${snapshot.revision}`);
  await svar.sees(`live.revision >= ${snapshot.revision}`);
  await bryntum.page.evaluate("manager.binding.levelled().then(() => project.commitAsync())");
  await svar.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
  for (const [person, live] of [
    [bryntum, "manager.live"],
    [svar, "live"],
  ] as const)
    expect(canonicalJson({ ...(await person.read<object>(`${live}.snapshot()`)), revision: 0 })).toBe(canonicalJson({ ...snapshot, revision: 0 }));
  const [own, other] = [await bryntum.read<Record<string, string>>(bryntumDates), await svar.read<Record<string, string>>("shown()")];
  expect(Object.keys(own).sort()).toEqual(Object.keys(other).sort());
  return Object.keys(own).flatMap((task) => (own[task] === other[task] ? [] : [`${task}: ${own[task]} | ${other[task]}`]));
}

test("A5 a Bryntum window and an SVAR window: what is done in one stands in the other, with the same dates", async () => {
  const windows = await open(plan);
  const { bryntum, svar } = windows;
  expect(await differing(windows)).toEqual([]);
  await drag(bryntum, "walls", "middle", 140);
  await svar.sees(`live.state.tasks.get("walls").constraintType === "startnoearlierthan"`);
  expect(await differing(windows)).toEqual([]);
  await edit(bryntum, "garden", "fullDuration", "1 week");
  await svar.sees(`live.state.tasks.get("garden").durationUnit === "week"`);
  expect(await differing(windows)).toEqual([]);
  await svar.page.evaluate(`api.exec("update-task", { id: "roof", task: { text: "Green roof" } })`);
  await svar.page.evaluate(`api.exec("add-link", { link: { source: "garden", target: "move", type: "e2s" } })`);
  await cell(bryntum, "roof", "name").locator("text=Green roof").waitFor();
  await bryntum.sees("project.dependencyStore.count === 2");
  expect(await differing(windows)).toEqual([]);
  await windows.leave();
});

test("A5 the plans on which both engines agree, shown by both", async () => {
  for (const content of [equal["all four kinds of links, with lag"], equal["holidays and a task's own calendar"], equal.segments] as object[]) {
    const windows = await open(content);
    expect(await differing(windows)).toEqual([]);
    await windows.leave();
  }
});

test("A5 a listed difference is shown as it is listed", async () => {
  const { plan: content, dates } = differences["an end that is asked for outside working time"] as (typeof differences)[string];
  const windows = await open(content);
  expect(await differing(windows)).toEqual(dates);
  await windows.leave();
});
