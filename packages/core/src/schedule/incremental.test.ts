import { describe, expect, it } from "vitest";
import type { ConstraintType, DependencyRecord, RecordKind, StoredRecord, TaskRecord } from "../model/collections.ts";
import { findCycle } from "../model/precedence.ts";
import { ProjectState, pairKey } from "../model/state.ts";
import { formatWallClock, parseWallClock } from "../model/wallClock.ts";
import { computeSchedule, ScheduleEngine } from "./index.ts";
import type { Schedule, TaskSchedule } from "./types.ts";

/** mulberry32 */
function randomSource(seed: number) {
  let s = seed >>> 0;
  const next = (): number => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const chance = (p: number): boolean => next() < p;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return { next, below, chance, pick };
}
type Random = ReturnType<typeof randomSource>;

const day0 = parseWallClock("2026-01-05T00:00:00") as number;
const constraints: ConstraintType[] = [
  "muststarton",
  "mustfinishon",
  "startnoearlierthan",
  "startnolaterthan",
  "finishnoearlierthan",
  "finishnolaterthan",
  "aslateaspossible",
  "assoonaspossible",
];
const weekly = (days: string, from: string, to: string) => ({
  recurrentStartDate: `on ${days} at ${from}`,
  recurrentEndDate: `on ${days} at ${to}`,
  isWorking: true,
});
const calendarKinds: StoredRecord[] = [
  {
    id: "",
    unspecifiedTimeIsWorking: false,
    "intervals.a": weekly("Mon,Tue,Wed,Thu,Fri", "08:00", "12:00"),
    "intervals.b": weekly("Mon,Tue,Wed,Thu,Fri", "13:00", "17:00"),
  },
  { id: "", unspecifiedTimeIsWorking: false, "intervals.a": weekly("Mon,Tue,Wed,Thu", "06:00", "14:00") },
  { id: "", unspecifiedTimeIsWorking: false, "intervals.a": weekly("Sat,Sun", "10:00", "16:00") },
  { id: "", unspecifiedTimeIsWorking: true, "intervals.a": { recurrentStartDate: "on Sat", recurrentEndDate: "on Mon", isWorking: false } },
  {
    id: "",
    unspecifiedTimeIsWorking: false,
    "intervals.a": { recurrentStartDate: "on Mon,Wed at 20:00", recurrentEndDate: "on Tue,Thu at 04:00", isWorking: true },
  },
];

const dateNear = (r: Random, days = 40): string => formatWallClock(day0 + (r.below(days) - 4) * 1440 + r.pick([0, 480, 600, 750, 1020, 1439]));

function calendarRecord(r: Random, id: string): StoredRecord {
  const holidays = Object.fromEntries(
    Array.from({ length: r.below(4) }, (_, i) => {
      const from = day0 + r.below(40) * 1440;
      return [`intervals.h${i}`, { startDate: formatWallClock(from), endDate: formatWallClock(from + 1440 * (1 + r.below(3))), isWorking: r.chance(0.2) }];
    }),
  );
  return { ...r.pick(calendarKinds), ...holidays, id };
}

const maybe = <T>(r: Random, p: number, value: () => T): T | null => (r.chance(p) ? value() : null);

function taskFields(r: Random, state: ProjectState, exotic: boolean): Partial<TaskRecord> {
  const type = maybe(r, exotic ? 0.35 : 0.1, () => r.pick(constraints));
  const manual = exotic && r.chance(0.1);
  return {
    duration: r.chance(0.15) ? 0 : 1 + r.below(6),
    durationUnit: r.pick(["day", "day", "hour"] as const),
    constraintType: type,
    constraintDate: type ? dateNear(r) : null,
    manuallyScheduled: manual ? true : null,
    startDate: manual ? dateNear(r) : null,
    calendar: maybe(r, 0.3, () => r.pick([...state.calendars.keys()])),
    ignoreResourceCalendar: maybe(r, 0.2, () => true),
    inactive: exotic ? maybe(r, 0.08, () => true) : null,
    direction: exotic ? maybe(r, 0.06, () => r.pick(["Forward", "Backward"] as const)) : null,
    deadlineDate: maybe(r, exotic ? 0.1 : 0, () => dateNear(r)),
    percentDone: r.below(101),
    effort: maybe(r, 0.2, () => 1 + r.below(40)),
    schedulingMode: maybe(r, 0.2, () => r.pick(["Normal", "FixedDuration", "FixedEffort", "FixedUnits"] as const)),
    effortDriven: maybe(r, 0.2, () => true),
    levelingDelay: exotic ? maybe(r, 0.05, () => r.below(900)) : null,
    segments: exotic
      ? maybe(r, 0.05, () => [
          { id: "s1", offset: 0, duration: 240 },
          { id: "s2", offset: 480, duration: 300 },
        ])
      : null,
  };
}

const linkFields = (r: Random, state: ProjectState) => ({
  type: r.pick([2, 2, 2, 0, 1, 3] as const),
  lag: r.chance(0.3) ? r.below(5) - 2 : 0,
  lagUnit: r.pick(["day", "hour"] as const),
  active: maybe(r, 0.1, () => false),
  calendar: maybe(r, 0.1, () => r.pick([...state.calendars.keys()])),
});

const projectFields = (r: Random, state: ProjectState, exotic: boolean) => ({
  startDate: formatWallClock(day0 + r.below(10) * 1440 + 480),
  calendar: maybe(r, 0.8, () => r.pick([...state.calendars.keys()])),
  hoursPerDay: 8,
  daysPerWeek: 5,
  daysPerMonth: 20,
  honorConstraints: maybe(r, 0.3, () => false),
  dependenciesCalendar: maybe(r, 0.4, () => r.pick(["ToEvent", "FromEvent", "Project", "AllWorking"] as const)),
  ...(exotic && r.chance(0.3) ? { direction: "Backward" as const, endDate: formatWallClock(day0 + 60 * 1440 + 1020) } : { direction: null, endDate: null }),
});

/** Collects edits of a state as one change, and can take them back. */
class Edit {
  readonly touched = new Map<RecordKind, Set<string>>();
  readonly #undo: (() => void)[] = [];
  readonly #state: ProjectState;
  constructor(state: ProjectState) {
    this.#state = state;
  }
  #touch(kind: RecordKind, id: string): void {
    const set = this.touched.get(kind) ?? new Set();
    this.touched.set(kind, set.add(id));
  }
  put(kind: RecordKind, record: StoredRecord): void {
    const before = this.#state.get(kind, record.id) as StoredRecord | undefined;
    this.#undo.push(() => (before ? this.#state.put(kind, before) : kind !== "project" && this.#state.remove(kind, record.id)));
    this.#state.put(kind, record);
    this.#touch(kind, record.id);
  }
  change(kind: RecordKind, id: string, fields: object): void {
    const before = this.#state.get(kind, id) as StoredRecord | undefined;
    if (before) this.put(kind, { ...before, ...fields, id });
  }
  remove(kind: Exclude<RecordKind, "project">, id: string): void {
    const before = this.#state.get(kind, id) as StoredRecord | undefined;
    if (!before) return;
    this.#undo.push(() => this.#state.put(kind, before));
    this.#state.remove(kind, id);
    this.#touch(kind, id);
  }
  removeTask(id: string): void {
    const state = this.#state;
    for (const gone of [...state.descendants(id).reverse(), id]) {
      for (const link of [...state.predecessors.of(gone), ...state.successors.of(gone)]) this.remove("dependencies", link);
      for (const assignment of [...state.assignmentsOfTask.of(gone)]) this.remove("assignments", assignment);
      this.remove("tasks", gone);
    }
  }
  revert(): void {
    for (const step of this.#undo.reverse()) step();
  }
}

const lawful = (state: ProjectState): boolean => {
  for (const { fromTask, toTask } of state.dependencies.values())
    if (fromTask === toTask || state.ancestors(fromTask).includes(toTask) || state.ancestors(toTask).includes(fromTask)) return false;
  for (const id of state.tasks.keys()) if (state.ancestors(id).length > 30) return false;
  return findCycle(state) === undefined;
};

let serial = 0;
const newId = (prefix: string): string => `${prefix}${serial++}`;
const orderKey = (r: Random): string => `a${r.below(1e6)}`;

function addTask(r: Random, state: ProjectState, edit: Edit, exotic: boolean): void {
  const ids = [...state.tasks.keys()];
  edit.put("tasks", { ...taskFields(r, state, exotic), id: newId("t"), parentId: ids.length > 0 && r.chance(0.6) ? r.pick(ids) : null, orderKey: orderKey(r) });
}

function addLink(r: Random, state: ProjectState, edit: Edit): void {
  const [fromTask, toTask] = [r.pick([...state.tasks.keys()]), r.pick([...state.tasks.keys()])];
  if (fromTask === toTask || state.linkOf.has(pairKey(fromTask, toTask))) return;
  edit.put("dependencies", { id: newId("d"), fromTask, toTask, ...linkFields(r, state) } as DependencyRecord);
}

function randomEdit(r: Random, state: ProjectState, exotic: boolean): Edit {
  const edit = new Edit(state);
  const tasks = [...state.tasks.keys()];
  for (let n = r.chance(0.25) ? 1 + r.below(5) : 1; n > 0; n--) {
    const kind = r.below(100);
    const task = tasks.length > 0 ? r.pick(tasks) : undefined;
    if (task === undefined || kind < 14) addTask(r, state, edit, exotic);
    else if (kind < 22) edit.removeTask(task);
    else if (kind < 34) {
      const parentId = r.chance(0.3) ? null : r.pick(tasks);
      const within = parentId !== null && (parentId === task || !state.tasks.has(parentId) || state.ancestors(parentId).includes(task));
      if (!within) edit.change("tasks", task, { parentId, orderKey: orderKey(r) });
    } else if (kind < 52) edit.change("tasks", task, taskFields(r, state, exotic));
    else if (kind < 58) edit.change("tasks", task, { duration: r.below(9), durationUnit: "day" });
    else if (kind < 70) addLink(r, state, edit);
    else if (kind < 76 && state.dependencies.size > 0) edit.remove("dependencies", r.pick([...state.dependencies.keys()]));
    else if (kind < 82 && state.dependencies.size > 0) edit.change("dependencies", r.pick([...state.dependencies.keys()]), linkFields(r, state));
    else if (kind < 86) {
      const resource = r.pick([...state.resources.keys()]);
      if (!state.assignmentOf.has(pairKey(task, resource)) && state.tasks.has(task))
        edit.put("assignments", { id: newId("a"), event: task, resource, units: r.pick([50, 100, 200]) });
    } else if (kind < 89 && state.assignments.size > 0) edit.remove("assignments", r.pick([...state.assignments.keys()]));
    else if (kind < 92) edit.change("resources", r.pick([...state.resources.keys()]), { calendar: maybe(r, 0.7, () => r.pick([...state.calendars.keys()])) });
    else if (kind < 95) edit.put("calendars", calendarRecord(r, r.pick([...state.calendars.keys()])));
    else if (kind < 97) edit.change("project", "p", projectFields(r, state, exotic));
    else edit.change("tasks", task, { name: "renamed", percentDone: r.below(101) });
  }
  return edit;
}

function randomState(r: Random, size: number, exotic: boolean): ProjectState {
  const state = new ProjectState({ id: "p" });
  for (let i = 0; i < 3; i++) state.put("calendars", calendarRecord(r, `c${i}`));
  for (let i = 0; i < 3; i++) state.put("resources", { id: `r${i}`, calendar: maybe(r, 0.6, () => r.pick(["c0", "c1", "c2"])) });
  state.put("project", { id: "p", ...projectFields(r, state, exotic) });
  const edit = new Edit(state);
  for (let i = 0; i < size; i++) addTask(r, state, edit, exotic);
  for (let i = 0; i < size * 1.5; i++) {
    const link = new Edit(state);
    addLink(r, state, link);
    if (!lawful(state)) link.revert();
  }
  return state;
}

/** The same project with its records in another order. */
function shuffled(r: Random, state: ProjectState): ProjectState {
  const copy = new ProjectState(state.project);
  for (const kind of ["calendars", "resources", "tasks", "dependencies", "assignments"] as const) {
    const records = [...state.map(kind).values()];
    for (let i = records.length - 1; i > 0; i--) {
      const j = r.below(i + 1);
      [records[i], records[j]] = [records[j] as StoredRecord, records[i] as StoredRecord];
    }
    for (const record of records) copy.put(kind, record);
  }
  return copy;
}

const everything = (schedule: Schedule): object => ({
  start: schedule.projectStart,
  end: schedule.projectEnd,
  hash: schedule.hash(),
  violations: schedule.violations,
  tasks: Object.fromEntries([...schedule.tasks.keys()].sort().map((id) => [id, { ...schedule.tasks.get(id), driven: schedule.drivenBy(id) }])),
});

const story = (state: ProjectState): string =>
  JSON.stringify({ project: state.project, tasks: [...state.tasks.values()], links: [...state.dependencies.values()] }).slice(0, 20_000);

function runEdits(seed: number, steps: number, size: number, exotic: boolean): void {
  const r = randomSource(seed);
  const state = randomState(r, size, exotic);
  const engine = new ScheduleEngine(state);
  for (let step = 0; step < steps; step++) {
    const before = new Map<string, Partial<TaskSchedule> | undefined>(
      [...state.tasks.keys()].map((id) => [id, r.chance(0.3) ? engine.schedule.tasks.get(id) : engine.schedule.tasks.dates(id)]),
    );
    const edit = randomEdit(r, state, exotic);
    if (!lawful(state)) {
      edit.revert();
      continue;
    }
    const change = engine.update(edit.touched);
    const { changed } = change;
    const lazy = r.chance(0.5);
    const late = lazy ? undefined : change.late();
    const full = computeSchedule(r.chance(0.5) ? shuffled(r, state) : state);
    const label = `seed ${seed} step ${step}`;
    for (const [id, was] of before) {
      const now = full.tasks.dates(id);
      if (now && was && (now.startDate !== was.startDate || now.endDate !== was.endDate)) expect(changed.has(id), `${label}: ${id} moved untold`).toBe(true);
      const whole = full.tasks.get(id);
      if (late && was?.lateStart !== undefined && whole && (was.lateStart !== whole.lateStart || was.totalSlack !== whole.totalSlack))
        expect(late.has(id) || changed.has(id), `${label}: late dates of ${id} moved untold`).toBe(true);
    }
    if (!lazy || r.chance(0.5)) {
      const [ours, theirs] = [everything(engine.schedule), everything(full)];
      expect(ours, `${label} ${JSON.stringify([...edit.touched].map(([k, v]) => [k, ...v]))}\n${story(state)}`).toEqual(theirs);
    }
  }
}

const seeds = Number(process.env.LIVEGANTT_SEEDS ?? 40);

describe("the schedule after edits equals the schedule from nothing", () => {
  it.each(Array.from({ length: seeds }, (_, i) => i + 1))("V10 S3 edits of every kind, seed %i", (seed) => runEdits(seed, 40, 14, seed % 3 !== 0));
  it("V10 S3 a larger plan", () => runEdits(4711, 60, 120, true));
});
