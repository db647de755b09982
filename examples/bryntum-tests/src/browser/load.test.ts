import { openProject } from "@livegantt/client";
import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plan } from "../plan.ts";
import { launch, Person } from "./person.ts";
import { openSite, type Site } from "./site.ts";

const seconds = Number(process.env.LOAD_SECONDS ?? 8);
const perSecond = 20;

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite({ page: "page/page.js" }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const create = async (content: object): Promise<string> => {
  const body = JSON.stringify({ name: "Load", plan: content });
  const response = await fetch(`${site.url}/api/projects`, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { id: string }).id;
};

/** A hundred summaries of nine tasks, chained within each. */
function thousand(): object {
  const tasks = Array.from({ length: 100 }, (_, i) => ({
    id: `s${i}`,
    name: `Part ${i}`,
    children: Array.from({ length: 9 }, (_, k) => ({ id: `t${i}-${k}`, name: `Task ${i}.${k}`, duration: 1 + (k % 4) })),
  }));
  const dependencies = tasks.flatMap(({ children }, i) =>
    children.slice(1).map((task, k) => ({ id: `d${i}-${k}`, fromTask: children[k]?.id, toTask: task.id })),
  );
  return { ...plan, tasks, dependencies, assignments: [] };
}

async function heap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return ((await session.send("Runtime.getHeapUsage")) as { usedSize: number }).usedSize;
}

const watchLongTasks = `globalThis.longTasks = []; new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((e) => Math.round(e.duration)))).observe({ entryTypes: ["longtask"] })`;
/** What a click would wait for: a turn of the page's event loop and a frame. */
const clickDelay = "new Promise((done) => { const t = performance.now(); setTimeout(() => requestAnimationFrame(() => done(performance.now() - t))); })";

test(`A4 1,000 tasks, ${perSecond} remote edits a second for ${seconds} s: the page stays responsive`, async () => {
  const id = await create(thousand());
  const ada = await (await Person.enter(browser, `${site.url}/?project=${id}&user=Ada`)).opened();
  const live = openProject({ url: site.url, project: id, user: { name: "Script" }, batchDelayMs: 0 });
  await live.ready();
  const session = await ada.page.context().newCDPSession(ada.page);
  await ada.page.evaluate(watchLongTasks);
  const before = await heap(session);
  const delays: number[] = [];
  const from = performance.now();
  for (let i = 0; i < seconds * perSecond; i++) {
    live.update("tasks", `t${(i * 37) % 100}-${(i * 5) % 9}`, { duration: 1 + (i % 7), durationUnit: "day" });
    const wait = from + ((i + 1) * 1000) / perSecond - performance.now();
    if (wait > 0) await ada.page.waitForTimeout(wait);
    if (i % perSecond === 0) delays.push(await ada.read<number>(clickDelay));
  }
  await live.saved();
  await ada.sees(`manager.live.revision >= ${live.revision}`);
  await ada.page.evaluate("manager.binding.levelled()");
  const longTasks = (await ada.read<number[]>("longTasks")).sort((a, b) => b - a);
  const after = await heap(session);
  delays.sort((a, b) => a - b);
  const figures = {
    edits: seconds * perSecond,
    longTasks: longTasks.length,
    longestMs: longTasks[0] ?? 0,
    longTaskMsTotal: longTasks.reduce((sum, ms) => sum + ms, 0),
    clickMsMedian: Math.round(delays[delays.length >> 1] ?? 0),
    clickMsWorst: Math.round(delays.at(-1) ?? 0),
    heapMB: [before, after].map((bytes) => Math.round(bytes / 1e6)),
  };
  console.log(JSON.stringify(figures));
  expect(await ada.read("[manager.binding.audit(), manager.binding.unlevel(), manager.localRevision]")).toEqual([[], [], 0]);
  // Generous: a busy machine, a server and a browser on two cores.
  expect(figures.clickMsMedian).toBeLessThan(400);
  expect(ada.complaints).toEqual([]);
  live.destroy();
  await ada.leave();
}, 300_000);

test("O5 made and destroyed ten times: nothing of a manager is held, and the heap stays flat", async () => {
  const id = await create(plan);
  const ada = await (await Person.enter(browser, `${site.url}/?project=${id}&user=Ada`)).opened();
  const session = await ada.page.context().newCDPSession(ada.page);
  const again = `(manager.destroy(), (globalThis.gone ??= []).push(new WeakRef(manager), new WeakRef(manager.live), new WeakRef(manager.binding)), new Promise((resolve) => { globalThis.manager = new parts.GanttWebSocketManager({ project, wsUrl: "/gantt-sync?project=${id}", userName: "Again", client: { leaveGuard: false, load: "socket" } }); manager.on({ ready: () => resolve(1), once: true }); }))`;
  for (let i = 0; i < 3; i++) await ada.page.evaluate(again);
  const before = await heap(session);
  for (let i = 0; i < 10; i++) await ada.page.evaluate(again);
  // The last one's socket may still be closing.
  const held = (): Promise<number> => ada.read<number>("gone.filter((ref) => ref.deref()).length");
  let after = await heap(session);
  for (let tries = 0; tries < 100 && (await held()) > 0; tries++) {
    await ada.page.waitForTimeout(100);
    after = await heap(session);
  }
  expect(await held(), "managers that are still held").toBe(0);
  expect(after - before).toBeLessThan(2_500_000);
  await ada.leave();
});
