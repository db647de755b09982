import { type DurationUnit, orderKeysBetween, type Snapshot, type SnapshotCalendar, type SnapshotTask } from "@livegantt/core";
import { baselineRows } from "./baseline.ts";
import { calendarRows, linkRows, linkTypeOf, resourceRows, type TaskRow, taskRows } from "./tables.ts";

const units: Readonly<Record<string, DurationUnit>> = { h: "hour", d: "day", w: "week", mo: "month" };

function amount(text: string): readonly [number, DurationUnit] {
  const m = /^(-?\d+(?:\.\d+)?)(h|d|w|mo)$/.exec(text);
  const unit = units[m?.[2] ?? ""];
  if (!m || unit === undefined) throw new Error(`"${text}" is no duration`);
  return [Number(m[1]), unit];
}

/** The plan that a new installation shows: an old fire station becomes a library. The same on every call. */
export function samplePlan(): Snapshot {
  const parents = parentsOf(taskRows);
  const keys = keysOf(parents);
  return {
    revision: 0,
    project: {
      id: "library",
      name: "A library for the old fire station",
      startDate: "2026-11-02T08:00:00",
      statusDate: "2026-11-23T17:00:00",
      calendar: "office",
      hoursPerDay: 8,
      daysPerWeek: 5,
      daysPerMonth: 20,
    },
    tasks: taskRows.map((row, i) => taskOf(row, parents[i] as string | null, keys[i] as string)),
    dependencies: linkRows.map(([fromTask, toTask, type = "FS", lag = "0d"]) => {
      const [value, lagUnit] = amount(lag);
      return { id: `${fromTask}--${toTask}`.slice(0, 64), fromTask, toTask, type: linkTypeOf[type], ...(value === 0 ? {} : { lag: value, lagUnit }) };
    }),
    resources: resourceRows.map((row) => ({ type: "work", ...row })),
    assignments: taskRows.flatMap((row) =>
      (row.who ?? "")
        .split(" ")
        .filter(Boolean)
        .map((entry) => {
          const [resource = "", percent = "100"] = entry.split("@");
          return { id: `${row.id}--${resource}`, event: row.id, resource, units: Number(percent) };
        }),
    ),
    calendars: calendarRows.map(calendarOf),
    comments: [],
  };
}

function parentsOf(rows: readonly TaskRow[]): (string | null)[] {
  const path: string[] = [];
  return rows.map((row) => {
    path.length = row.level - 1;
    const parent = path.at(-1) ?? null;
    path.push(row.id);
    return parent;
  });
}

function keysOf(parents: readonly (string | null)[]): string[] {
  const last = new Map<string | null, string>();
  return parents.map((parent) => {
    const [key] = orderKeysBetween(last.get(parent) ?? null, null, 1) as [string];
    last.set(parent, key);
    return key;
  });
}

const baselines = new Map(baselineRows.map(([task, start, finish]) => [task, { startDate: `${start}:00`, endDate: `${finish}:00` }]));

function taskOf(row: TaskRow, parentId: string | null, orderKey: string): SnapshotTask {
  const [duration, durationUnit] = row.duration === undefined ? [] : amount(row.duration);
  const record = {
    id: row.id,
    ...(parentId === null ? {} : { parentId }),
    orderKey,
    name: row.name,
    ...(duration === undefined ? {} : { duration, durationUnit }),
    ...(row.done === undefined ? {} : { percentDone: row.done }),
    ...(row.constraint ? { constraintType: row.constraint[0], constraintDate: row.constraint[1] } : {}),
    ...(row.manual === undefined ? {} : { manuallyScheduled: true, startDate: row.manual }),
    ...(row.deadline === undefined ? {} : { deadlineDate: row.deadline }),
    ...(row.crew ? { calendar: "site" } : {}),
    ...(row.late ? { direction: "Backward" as const } : {}),
    ...(row.note === undefined ? {} : { note: row.note }),
    ...(row.color === undefined ? {} : { eventColor: row.color }),
  };
  return Object.assign(record, { baselines: [baselines.get(row.id) ?? null] });
}

function calendarOf(row: (typeof calendarRows)[number]): SnapshotCalendar {
  const weekly = row.week.map(([days, from, to], i) => ({
    id: `${row.id}-hours-${i + 1}`,
    recurrentStartDate: `on ${days} at ${from}`,
    recurrentEndDate: `on ${days} at ${to}`,
    isWorking: true,
  }));
  const closed = row.closed.map(([name, from, to]) => ({
    id: `${row.id}-${name.toLowerCase().replaceAll(" ", "-")}`,
    name,
    startDate: `${from}T00:00:00`,
    endDate: `${to}T00:00:00`,
    isWorking: false,
  }));
  return Object.assign({ id: row.id, name: row.name, unspecifiedTimeIsWorking: false }, { intervals: [...weekly, ...closed] });
}
