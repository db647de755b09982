import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const home = new URL("../../examples/bryntum-tests/", import.meta.url);

/** Bryntum is licensed: its engine is there only where somebody installed it next to the tests that use it. */
export const bryntumInstalled = () => existsSync(new URL("node_modules/@bryntum/gantt", home));

/** The real engine without a chart, in the document that it looks for while it is imported. */
export async function loadBryntum() {
  const { resolve } = createRequire(home);
  const { GlobalRegistrator } = await import(resolve("@happy-dom/global-registrator"));
  const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask } = globalThis;
  GlobalRegistrator.register({ url: "http://localhost/" });
  // The document's timers are wrappers that would be counted against the engine.
  Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask });
  return import(resolve("@bryntum/gantt"));
}

/** A snapshot of a project as the engine takes it: tasks under their parents. */
function inlineData({ project: { id: _, ...project }, tasks, dependencies, calendars }) {
  const nodes = new Map(tasks.map(({ parentId: _, orderKey: __, ...task }) => [task.id, { ...task, children: [] }]));
  const roots = [];
  for (const { id, parentId } of tasks) (parentId == null ? roots : nodes.get(parentId).children).push(nodes.get(id));
  return { ...project, tasks: roots, dependencies: dependencies.map((link) => ({ ...link })), calendars: structuredClone(calendars) };
}

const pad = (n) => String(n).padStart(2, "0");
const wallClock = (at) =>
  at && `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;

/**
 * Loads a snapshot, then changes durations one after the other.
 * @param edits `[task id, days]` each.
 * @returns ms of the first pass and of each edit, bytes of the heap (where the collector can be called), and the start and end of every task before the edits.
 */
export async function timeBryntum({ ProjectModel }, snapshot, edits) {
  const data = inlineData(snapshot);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  const project = new ProjectModel(data);
  await project.commitAsync();
  const load = performance.now() - start;
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  const dates = new Map(
    snapshot.tasks.map(({ id }) => [id, project.taskStore.getById(id)]).map(([id, task]) => [id, [task.startDate, task.endDate].map(wallClock)]),
  );
  const times = [];
  for (const [id, days] of edits) {
    const from = performance.now();
    project.taskStore.getById(id).duration = days;
    await project.commitAsync();
    times.push(performance.now() - from);
  }
  project.destroy();
  return { load, edits: times, bytes, dates };
}
