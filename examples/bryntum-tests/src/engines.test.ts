import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { differences, equal } from "./enginePlans.ts";
import { closePages, newProject, openPage, type Page, settle } from "./rig.ts";

// One plan, two engines: what Bryntum shows and what everybody else's schedule says. Inputs are equal; dates are, but for the cases listed here.

const pages: Page[] = [];
afterEach(() => closePages(...pages.splice(0)));

const wall = (date: Date): string => {
  const pad = (n: number): string => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}:00`;
};

/** Tasks whose dates differ, as `id: Bryntum | livegantt`. */
async function differing(content: object, project: object = {}): Promise<string[]> {
  const id = await newProject(content);
  const page = await openPage(id, "Ann", { project });
  pages.push(page);
  await settle(id, page);
  const { schedule, state } = page.manager.live;
  const found: string[] = [];
  for (const task of state.tasks.keys()) {
    const shown = page.task(task);
    const computed = schedule.tasks.get(task);
    const bryntum = `${wall(shown.startDate)}–${wall(shown.endDate)}`;
    const own = `${computed?.startDate}–${computed?.endDate}`;
    if (bryntum !== own) found.push(`${task}: ${bryntum} | ${own}`);
  }
  return found;
}

for (const [name, content] of Object.entries(equal))
  test(`A5 two engines, one answer: ${name}`, async () => {
    expect(await differing(content)).toEqual([]);
  });

for (const [name, { plan: content, dates }] of Object.entries(differences))
  test(`A5 two engines, two answers: ${name}`, async () => {
    expect(await differing(content)).toEqual(dates);
  });

test("A5 with its project told to count working time, Bryntum ends a manual task where livegantt does", async () => {
  const content = differences["a manual task on an 8-hour calendar"]?.plan ?? {};
  expect(await differing(content, { skipNonWorkingTimeInDurationWhenSchedulingManually: true })).toEqual([]);
});

test("A5 the migration page lists each of these cases", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/bryntum-migration.md"), "utf8");
  const from = page.indexOf("## Where two engines");
  const table = page.slice(from, page.indexOf("\n## ", from + 1));
  const listed = [...table.matchAll(/^\| (?!case|---)(.+?) \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(differences));
});
