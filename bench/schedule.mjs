#!/usr/bin/env node
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { ProjectState, projectFromSnapshot, projectToJSON, ScheduleEngine } from "@livegantt/core";
import { bryntumInstalled, loadBryntum, timeBryntum } from "./lib/bryntum.mjs";

const help = `Times the schedule engine on generated plans: five calendars with 200 exceptions each, three levels of outline, about 1.4 links a task.

  npm run bench:schedule -- [--sizes 1000,10000,100000] [--edits 400] [--one-calendar] [--bryntum | --no-bryntum]

load      graph, columns and first pass from the records of the project
full      everything again on a warm engine: early dates, late dates, roll-up of dates
edit      one change of a duration, a link, a place in the outline or a new task: graph update and early dates
late      late dates after such an edit
memory    heap and typed arrays of the engine, without the records

Where Bryntum is installed in examples/bryntum-tests, its engine does the same project of 1,000 tasks in the same run; with --bryntum also one of 10,000, which
takes a while. Both start from the same plain snapshot, records included; an edit is a new duration of one task, with late dates in ours.
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    sizes: { type: "string", default: "1000,10000,100000" },
    edits: { type: "string", default: "400" },
    "one-calendar": { type: "boolean" },
    bryntum: { type: "boolean" },
    "no-bryntum": { type: "boolean" },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

if (values.bryntum && !bryntumInstalled()) {
  process.stderr.write("Bryntum is not installed: run `npm ci` in examples/bryntum-tests (its licence applies), or leave --bryntum out.\n");
  process.exit(1);
}

function randomSource(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const day = (n) => new Date(Date.UTC(2026, 0, 5) + n * 86_400_000).toISOString().slice(0, 10);
const hours = [
  [
    ["08:00", "12:00"],
    ["13:00", "17:00"],
  ],
  [["06:00", "14:00"]],
  [
    ["09:00", "12:30"],
    ["13:30", "18:00"],
  ],
  [["07:00", "15:00"]],
  [["10:00", "18:00"]],
];

function calendarRecord(k) {
  const random = randomSource(k + 7);
  const record = { id: `c${k}`, unspecifiedTimeIsWorking: false };
  const days = k % 2 ? "Mon,Tue,Wed,Thu" : "Mon,Tue,Wed,Thu,Fri";
  hours[k].forEach(([from, to], i) => {
    record[`intervals.w${i}`] = { recurrentStartDate: `on ${days} at ${from}`, recurrentEndDate: `on ${days} at ${to}`, isWorking: true };
  });
  for (let i = 0; i < 200; i++) {
    const at = Math.floor(random() * 365 * 20);
    record[`intervals.x${i}`] = { startDate: `${day(at)}T00:00:00`, endDate: `${day(at + 1)}T00:00:00`, isWorking: random() < 0.1 };
  }
  return record;
}

/** Phases of ten groups of twenty tasks; each task has no to two predecessors among the 60 before it. */
function plan(size, calendars) {
  const state = new ProjectState({ id: "p", startDate: "2026-01-05T08:00:00", calendar: "c0", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 });
  for (let k = 0; k < 5; k++) state.put("calendars", calendarRecord(k));
  const random = randomSource(1);
  let [phase, group, links] = ["", "", 0];
  const key = (i) => `a${String(i).padStart(7, "0")}`;
  for (let i = 0; i < size; i++) {
    if (i % 200 === 0) {
      phase = `p${i}`;
      state.load("tasks", { id: phase, name: "Phase", orderKey: key(i) });
    }
    if (i % 20 === 0) {
      group = `g${i}`;
      state.load("tasks", { id: group, name: "Group", parentId: phase, orderKey: key(i) });
    }
    state.load("tasks", {
      id: `t${i}`,
      name: `Task ${i}`,
      parentId: group,
      orderKey: key(i),
      duration: 1 + Math.floor(random() * 8),
      durationUnit: "day",
      percentDone: Math.floor(random() * 100),
      calendar: calendars > 1 ? `c${i % calendars}` : null,
    });
    const count = random() < 0.1 ? 0 : random() < 0.6 ? 1 : 2;
    const used = new Set();
    for (let n = 0; n < count && i > 0; n++) {
      const from = i - 1 - Math.floor(random() * random() * Math.min(i, 60));
      const [u, hasLag, lag] = [random(), random() < 0.15, Math.floor(random() * 4) - 1];
      if (from < 0 || used.has(from)) continue;
      used.add(from);
      const type = u < 0.85 ? 2 : u < 0.93 ? 0 : u < 0.98 ? 3 : 1;
      state.load("dependencies", { id: `d${links++}`, fromTask: `t${from}`, toTask: `t${i}`, type, lag: hasLag ? lag : 0, lagUnit: "day" });
    }
  }
  return state;
}

const quantile = (times, q) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))];
const timed = (action) => {
  const start = performance.now();
  action();
  return performance.now() - start;
};
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
const us = (value) => `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} µs`;

/** One random edit of each kind in turn, as touched records. */
function editor(state, size) {
  const random = randomSource(42);
  const one = (kind, id) => new Map([[kind, new Set([id])]]);
  const task = () => state.tasks.get(`t${Math.floor(random() * size)}`);
  let serial = 0;
  return (n) => {
    switch (n % 8) {
      case 5: {
        const i = Math.floor(random() * (size - 61));
        const id = `n${serial++}`;
        state.put("dependencies", { id, fromTask: `t${i}`, toTask: `t${i + 1 + Math.floor(random() * 60)}`, type: 2 });
        return one("dependencies", id);
      }
      case 6: {
        const id = `t${size + serial++}`;
        state.put("tasks", { id, name: "New", duration: 3, durationUnit: "day", parentId: task().parentId, orderKey: `z${serial}` });
        return one("tasks", id);
      }
      case 7: {
        const id = `n${serial - 2}`;
        if (state.dependencies.has(id)) state.remove("dependencies", id);
        return one("dependencies", id);
      }
      default: {
        const before = task();
        state.put("tasks", { ...before, duration: Math.max(1, before.duration + (n % 2 ? 1 : -1)) });
        return one("tasks", before.id);
      }
    }
  };
}

const calendarCounts = values["one-calendar"] ? [1] : [1, 5];
const rows = [];
for (const size of values.sizes.split(",").map(Number))
  for (const calendars of calendarCounts) {
    const state = plan(size, calendars);
    globalThis.gc?.();
    const before = process.memoryUsage();
    let engine;
    const load = timed(() => {
      engine = new ScheduleEngine(state);
      engine.schedule.projectEnd;
    });
    globalThis.gc?.();
    const after = process.memoryUsage();
    const full = Array.from({ length: size >= 100_000 ? 9 : 25 }, () => timed(() => engine.recompute()));
    const edit = editor(state, size);
    const edits = [];
    const lates = [];
    for (let n = 0; n < Number(values.edits) + 100; n++) {
      const touched = edit(n);
      const took = timed(() => engine.update(touched));
      const late = timed(() => engine.schedule.projectEnd);
      if (n < 100) continue;
      edits.push(took);
      lates.push(late);
    }
    rows.push({
      tasks: size,
      calendars,
      links: state.dependencies.size,
      load: ms(load),
      "full p50": ms(quantile(full, 0.5)),
      "edit p50": us(quantile(edits, 0.5)),
      "edit p95": us(quantile(edits, 0.95)),
      "edit max": ms(quantile(edits, 1)),
      "late p50": us(quantile(lates, 0.5)),
      "late p95": ms(quantile(lates, 0.95)),
      memory: globalThis.gc ? `${((after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6).toFixed(1)} MB` : "",
    });
  }
console.table(rows);

/** Our engine on what Bryntum gets too. */
function timeOurs(snapshot, edits) {
  globalThis.gc?.();
  const before = process.memoryUsage();
  let state;
  let engine;
  const load = timed(() => {
    state = projectFromSnapshot(snapshot);
    engine = new ScheduleEngine(state);
    engine.schedule.projectEnd;
  });
  globalThis.gc?.();
  const after = process.memoryUsage();
  const dates = new Map(
    [...state.tasks.keys()].map((id) => [id, engine.schedule.tasks.get(id)]).map(([id, { startDate, endDate }]) => [id, [startDate, endDate]]),
  );
  const times = edits.map(([id, duration]) => {
    state.put("tasks", { ...state.tasks.get(id), duration });
    return timed(() => {
      engine.update(new Map([["tasks", new Set([id])]]));
      engine.schedule.projectEnd;
    });
  });
  return { load, edits: times, bytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers, dates };
}

const bytes = (n) => (globalThis.gc ? `${(n / 1e6).toFixed(1)} MB` : "");
const times = (theirs, ours) => `${Math.round(theirs / ours).toLocaleString("en")} ×`;

async function compare() {
  const bryntum = await loadBryntum();
  const compared = [];
  for (const size of values.bryntum ? [1_000, 10_000] : [1_000])
    for (const calendars of calendarCounts) {
      const snapshot = projectToJSON(plan(size, calendars));
      const random = randomSource(7);
      const edits = Array.from({ length: 24 }, () => [`t${Math.floor(random() * size)}`, 1 + Math.floor(random() * 12)]);
      const ours = timeOurs(snapshot, edits);
      const theirs = await timeBryntum(bryntum, snapshot, edits);
      const [oursEdit, theirsEdit] = [quantile(ours.edits, 0.5), quantile(theirs.edits, 0.5)];
      const same = [...ours.dates].filter(([id, dates]) => dates.join() === theirs.dates.get(id).join()).length;
      compared.push({
        tasks: size,
        calendars,
        "first pass": ms(ours.load),
        Bryntum: ms(theirs.load),
        ratio: times(theirs.load, ours.load),
        "edit p50": us(oursEdit),
        "Bryntum ": ms(theirsEdit),
        "ratio ": times(theirsEdit, oursEdit),
        memory: bytes(ours.bytes),
        "Bryntum  ": bytes(theirs.bytes),
        "same dates": `${((100 * same) / ours.dates.size).toFixed(1)} %`,
      });
    }
  console.table(compared);
}

if (!values["no-bryntum"] && bryntumInstalled()) {
  await compare();
  process.exit(0); // the document keeps timers
}
