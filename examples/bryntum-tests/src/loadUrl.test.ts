import { afterEach, expect, inject, test } from "vitest";
import { plan } from "./plan.ts";
import { closePages, expectSame, newProject, openPage, type Page, serverPlan, settle } from "./rig.ts";

// `loadUrl: '/api/project/123'` on the real ProjectModel: what Bryntum loads is what the plan has, and the socket goes on from there.

const pages: Page[] = [];
afterEach(() => closePages(...pages.splice(0)));

const rich = {
  ...plan,
  project: { ...plan.project, name: "House" },
  calendars: [
    ...plan.calendars,
    {
      id: "nights",
      name: "Nights",
      parentId: "cal",
      unspecifiedTimeIsWorking: false,
      intervals: [{ id: "n", recurrentStartDate: "every weekday at 20:00", recurrentEndDate: "every weekday at 23:00", isWorking: true }],
    },
  ],
  tasks: [
    ...plan.tasks,
    {
      id: "split",
      name: "In parts",
      duration: 2,
      risk: "high",
      segments: [
        { id: "s1", offset: 0, duration: 480 },
        { id: "s2", offset: 1440, duration: 480 },
      ],
      baselines: [null, { startDate: "2026-03-02T08:00:00", endDate: "2026-03-04T16:00:00", duration: 3, durationUnit: "day" }],
    },
    { id: "late", name: "Late", duration: 1, direction: "Backward", calendar: "nights", deadlineDate: "2026-04-01T00:00:00" },
    { id: "work", name: "Work", duration: 2, effort: 20, schedulingMode: "FixedUnits" },
  ],
  comments: [{ id: "c", task: "split", text: "Why in parts?", author: "Ada", createdAt: "2026-03-02T08:00:00" }],
};

const loading = (id: string): Promise<Page> =>
  openPage(id, "Ann", { project: { loadUrl: `${inject("serverUrl")}/api/project/${id}` }, manager: { client: { load: "http" } } });

test("A5 what loadUrl loads counts as the whole project: the socket asks for what came after its revision, and nothing is loaded twice", async () => {
  const id = await newProject(rich);
  const writer = await openPage(id, "Ben");
  pages.push(writer);
  writer.task("garden").name = "Park";
  await settle(id, writer);
  const { revision } = await serverPlan(id);
  const page = await loading(id);
  pages.push(page);
  const hello = JSON.parse(page.network.sent[0] ?? "{}") as { readonly lastRevision?: number };
  expect(hello).toMatchObject({ type: "hello", lastRevision: revision });
  await settle(id, page, writer);
  await expectSame(id, page, writer);
  expect(page.manager.live.snapshot().comments, "comments came with the load").toHaveLength(1);
  expect(page.sent, "nobody edited anything here").toEqual([]);
});

test("A5 Bryntum reads every part of what loadUrl answers by itself", async () => {
  const id = await newProject(rich);
  const page = await loading(id);
  pages.push(page);
  await settle(id, page);
  const split = page.task("split");
  expect(split.segments?.map(({ id: segment, startDate, endDate }) => [segment, startDate, endDate])).toEqual([
    ["s1", new Date(2026, 2, 2, 8), new Date(2026, 2, 2, 16)],
    ["s2", new Date(2026, 2, 5, 8), new Date(2026, 2, 5, 16)],
  ]);
  expect([split.baselines.records.length, split.get("risk")]).toEqual([2, "high"]);
  expect(page.project.calendarManagerStore.getById("nights")?.intervalStore.records).toHaveLength(1);
  expect((page.task("late").calendar as { readonly id: string }).id).toBe("nights");
  await page.project.load();
  await settle(id, page);
  expect(page.sent, "loading again is no edit").toEqual([]);
  await expectSame(id, page);
});
