import { describe, expect, it } from "vitest";
import { nameOf, stateOf } from "../../../../scripts/lib/scheduleChart.mjs";
import * as core from "../index.ts";
import { applyNormalised, captureBaseline, computeSchedule, durationToMinutes, level, ProjectState, ScheduleEngine, workingTime } from "../index.ts";

const of = (plan: string): { state: ProjectState; engine: ScheduleEngine; schedule: ReturnType<typeof computeSchedule> } => {
  const state = stateOf(core, plan);
  const engine = new ScheduleEngine(state);
  return { state, engine, schedule: engine.schedule };
};
const touch = (kind: core.RecordKind, ...ids: string[]): core.Touched => new Map([[kind, new Set(ids)]]);

describe("what a schedule says of a task", () => {
  it("S1 WBS, percent, effort and duration are rolled up", () => {
    const { schedule } = of("resource Ann\nP:\n A: 1d; done 100; by Ann\n Q:\n  B: 3d; done 20; by Ann 50\n  M: 0d; done 100\nR: 1d");
    const shown = (id: string) => {
      const { wbs, percentDone, effort, duration, durationUnit, summary, milestone } = schedule.tasks.get(id) ?? ({} as core.TaskSchedule);
      return [wbs, percentDone, effort, duration, durationUnit, summary, milestone];
    };
    expect(shown("P")).toEqual(["1", 40, 20, 3, "day", true, false]);
    expect(shown("Q")).toEqual(["1.2", 20, 12, 3, "day", true, false]);
    expect(shown("B")).toEqual(["1.2.1", 20, 12, 3, "day", false, false]);
    expect(shown("M")).toEqual(["1.2.2", 100, 0, 0, "day", false, true]);
    expect(shown("R")).toEqual(["2", 0, 0, 1, "day", false, false]);
  });

  it("S5 a parent of milestones only has their mean percent", () => {
    expect(of("P:\n M: 0d; done 100\n N: 0d; done 0\n O: 0d; done 50").schedule.tasks.get("P")?.percentDone).toBe(50);
  });

  it("S1 free slack is what a task can slip without moving a successor", () => {
    const { schedule } = of("A: 1d\nB: 1d; FS A\nC: 3d\nD: 1d; FS B; FS C\nE: 1d; FS D+1d");
    expect(["A", "B", "C", "D", "E"].map((id) => [schedule.tasks.get(id)?.totalSlack, schedule.tasks.get(id)?.freeSlack])).toEqual([
      [8, 0],
      [8, 8],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("S1 dates are wall-clock texts and the project ends with its last task", () => {
    const { schedule } = of("A: 5d\nB: 1d; FS A+4h");
    expect(schedule.tasks.dates("B")).toEqual({ startDate: "2026-01-12T13:00:00", endDate: "2026-01-13T12:00:00" });
    expect([schedule.projectStart, schedule.projectEnd]).toEqual(["2026-01-05T08:00:00", "2026-01-13T12:00:00"]);
    expect(schedule.tasks.get("nobody")).toBeUndefined();
  });

  it("S5b a milestone at the project start is not written to the evening before", () => {
    const { schedule } = of("M: 0d");
    expect(schedule.tasks.get("M")).toMatchObject({ startDate: "2026-01-05T08:00:00", lateEnd: "2026-01-05T08:00:00", totalSlack: 0 });
  });

  it("S1 the answer to why a task is where it is", () => {
    const { schedule } = of(
      [
        "A: 3d",
        "B: 1d; FS A",
        "C: 1d; SNET Fri1",
        "D: 1d; manual Tue1",
        "P: FS A",
        " X: 1d",
        " Y: 1d; FS X",
        "E: 1d; ALAP",
        "F: 1d; MSO Tue1",
        "G: 1d; delay 1d",
        "H: 1d; SNET Sat1",
      ].join("\n"),
    );
    expect(Object.fromEntries([..."ABCDPXYEFGH"].map((id) => [id, schedule.drivenBy(id)]))).toEqual({
      A: [{ kind: "project-start" }],
      B: [{ kind: "predecessor", dependency: "A-B", task: "A" }],
      C: [{ kind: "constraint" }],
      D: [{ kind: "manual" }],
      P: [{ kind: "predecessor", dependency: "A-P", task: "A" }],
      X: [{ kind: "parent", task: "P" }],
      Y: [{ kind: "predecessor", dependency: "X-Y", task: "X" }],
      E: [{ kind: "constraint" }],
      F: [{ kind: "constraint" }],
      G: [{ kind: "leveling" }, { kind: "project-start" }],
      H: [{ kind: "constraint" }],
    });
    const backward = of("project backward Fri1\nA: 1d\nB: 1d; FS A").schedule;
    expect([backward.drivenBy("A"), backward.drivenBy("B")]).toEqual([[{ kind: "successor", dependency: "A-B", task: "B" }], [{ kind: "project-end" }]]);
  });

  it("S3 a task's object stays the same until something of it changes", () => {
    const { state, engine, schedule } = of("A: 3d\nB: 1d; FS A\nC: 1d\nD: 9d");
    const before = ["A", "B", "C"].map((id) => schedule.tasks.get(id));
    state.put("tasks", { ...(state.tasks.get("A") as core.TaskRecord), duration: 4 });
    const change = engine.update(touch("tasks", "A"));
    expect([...change.changed].sort()).toEqual(["A", "B"]);
    expect(["A", "B", "C"].map((id, i) => schedule.tasks.get(id) === before[i])).toEqual([false, false, true]);
    expect(schedule.tasks.get("B")?.startDate).toBe("2026-01-09T08:00:00");
  });

  it("S3 late dates that move with the project's end are told when they are asked for", () => {
    const { state, engine } = of("A: 3d\nB: 1d");
    engine.schedule.hash();
    state.put("tasks", { ...(state.tasks.get("A") as core.TaskRecord), duration: 4 });
    const change = engine.update(touch("tasks", "A"));
    expect(change.changed.has("B")).toBe(false);
    expect(change.late().has("B")).toBe(true);
    expect(change.late().size).toBe(0);
  });
});

describe("violations", () => {
  const plans = {
    link: "A: 3d\nB: 2d; FS A; MSO Tue1",
    manual: "A: 3d\nB: 2d; manual Tue1; FS A",
    start: "A: 1d; MSO Thu0",
    deadline: "A: 3d; deadline Tue1",
    idle: "A: 1d; MSO Sat1",
    noTime: "calendar weekend Sat-Sun 08:00-16:00\nresource Ann weekend\nA: 1d; cal std; by Ann",
    summary: "A: 3d\nP: FF A\n X: 1d",
    summaryConstraint: "P: MSO Wed1\n X: 1d",
    manualSummary: "P: 1d; manual Tue1\n X: 3d",
    over: "resource Ann\nA: 2d; by Ann\nB: 1d; by Ann",
    tooMuch: "resource Ann - 50\nA: 2d; by Ann",
    noHonour: "project honor false\nA: 3d\nB: 2d; FS A; FNLT Tue1",
    backward: "project backward Fri1\nA: 1d; SNET Fri1\nB: 1d; FS A",
  };
  it.each(Object.entries(plans))("S4 every fix of %s resolves it", (_, plan) => {
    const first = of(plan).schedule.violations;
    expect(first).toHaveLength(1);
    expect(first[0]?.fixes.length).toBeGreaterThan(0);
    for (const { label, changeset } of first[0]?.fixes ?? []) {
      const { state, engine } = of(plan);
      engine.update(applyNormalised(state, changeset).touched);
      expect(engine.schedule.violations, label).toEqual([]);
      expect(engine.schedule.hash()).toBe(computeSchedule(state).hash());
    }
  });

  it("S4 a calendar whose work ends names how much is missing, and no date is NaN", () => {
    const state = stateOf(core, "A: 3d; cal short");
    state.put("calendars", {
      id: "short",
      unspecifiedTimeIsWorking: false,
      "intervals.x": { startDate: "2026-01-05T08:00:00", endDate: "2026-01-05T16:00:00", isWorking: true },
    });
    const { tasks, violations } = computeSchedule(state);
    expect(tasks.get("A")).toMatchObject({ startDate: "2026-01-05T08:00:00", endDate: "2026-01-05T16:00:00" });
    expect(violations).toMatchObject([{ kind: "no-working-time", task: "A", by: 16 }]);
  });
});

describe("absurd plans", () => {
  const project = { id: "p", startDate: "2026-01-05T08:00:00", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 };

  it("S4 a chain of 100,000 links, an edit at its head, a link taken out", () => {
    const state = new ProjectState(project);
    const n = 100_000;
    for (let i = 0; i < n; i++) {
      state.load("tasks", { id: `t${i}`, orderKey: `a${String(i).padStart(6, "0")}`, duration: 1, durationUnit: "hour" });
      if (i > 0) state.load("dependencies", { id: `d${i}`, fromTask: `t${i - 1}`, toTask: `t${i}` });
    }
    const engine = new ScheduleEngine(state);
    const hours = (id: string): number => (Date.parse(`${engine.schedule.tasks.dates(id)?.endDate}Z`) - Date.parse("2026-01-05T08:00:00Z")) / 3_600_000;
    expect(hours(`t${n - 1}`)).toBe(n);
    state.put("tasks", { ...(state.tasks.get("t0") as core.TaskRecord), duration: 5 });
    engine.update(touch("tasks", "t0"));
    expect(hours(`t${n - 1}`)).toBe(n + 4);
    state.remove("dependencies", "d50000");
    engine.update(touch("dependencies", "d50000"));
    expect(hours(`t${n - 1}`)).toBe(n / 2);
    state.put("dependencies", { id: "back", fromTask: `t${n - 1}`, toTask: "t0" });
    engine.update(touch("dependencies", "back"));
    expect(hours("t49999")).toBe(n + 4);
    expect(engine.schedule.hash()).toBe(computeSchedule(state).hash());
  }, 60_000);

  it("S4 a tree 64 deep, zero and huge durations, the year 9999", () => {
    const state = new ProjectState(project);
    for (let i = 0; i < 64; i++) state.put("tasks", { id: `s${i}`, orderKey: "a0", parentId: i > 0 ? `s${i - 1}` : null });
    state.put("tasks", { id: "leaf", orderKey: "a0", parentId: "s63", duration: 0 });
    state.put("tasks", { id: "huge", orderKey: "a1", duration: 10_000_000, durationUnit: "year" });
    state.put("tasks", { id: "late", orderKey: "a2", duration: 1, constraintType: "muststarton", constraintDate: "9999-12-31T08:00:00" });
    state.put("tasks", { id: "early", orderKey: "a3", duration: 1, manuallyScheduled: true, startDate: "0001-01-01T08:00:00" });
    state.put("dependencies", { id: "d", fromTask: "huge", toTask: "late", lag: -10_000_000, lagUnit: "year" });
    const { tasks, violations } = computeSchedule(state);
    for (const id of tasks.keys()) for (const value of Object.values(tasks.get(id) ?? {})) expect(String(value)).not.toMatch(/NaN|Infinity|undefined/);
    expect(tasks.get("late")?.startDate).toBe("9999-12-31T08:00:00");
    expect(tasks.get("s0")?.startDate).toBe("2026-01-05T08:00:00");
    expect(violations.map(({ kind, task }) => `${kind} ${task}`)).toContain("before-project-start early");
  });

  it("S2 a project without a start date begins with the earliest date that anyone gave", () => {
    const state = new ProjectState({ id: "p" });
    const engine = new ScheduleEngine(state);
    state.put("tasks", { id: "A", orderKey: "a", duration: 1, constraintType: "startnoearlierthan", constraintDate: "2026-03-02T00:00:00" });
    engine.update(touch("tasks", "A"));
    expect(engine.schedule.projectStart).toBe("2026-03-02T00:00:00");
    state.put("tasks", { id: "B", orderKey: "b", duration: 1, manuallyScheduled: true, startDate: "2026-02-02T00:00:00" });
    engine.update(touch("tasks", "B"));
    expect(engine.schedule.projectStart).toBe("2026-02-02T00:00:00");
  });

  it("S4 a plan that breaks V5 is scheduled without the links of the loop, the same in any order of records", () => {
    const build = (ids: string[]): ProjectState => {
      const state = new ProjectState(project);
      for (const id of ids) state.put("tasks", { id, orderKey: id, duration: 1 });
      for (const [fromTask, toTask] of [
        ["A", "B"],
        ["B", "C"],
        ["C", "A"],
        ["C", "D"],
      ] as const)
        state.put("dependencies", { id: `${fromTask}${toTask}`, fromTask, toTask });
      return state;
    };
    expect(computeSchedule(build(["A", "B", "C", "D"])).hash()).toBe(computeSchedule(build(["D", "C", "B", "A"])).hash());
  });

  it("V5 links that leave summaries by their starts and wait for each other's children", () => {
    const { state, schedule } = of("P:\n A: 1d; FS Y\nX: 1d; SS P\nQ:\n B: 1d; FS X\nY: 1d; SS Q");
    expect(["X", "B", "Y", "A"].map((id) => nameOf(schedule.tasks.get(id)?.startDate ?? ""))).toEqual(["Mon1 08:00", "Tue1 08:00", "Mon1 08:00", "Tue1 08:00"]);
    expect(schedule.hash()).toBe(computeSchedule(state).hash());
  });
});

describe("commands", () => {
  it("S7 levelling delays the task with more slack until the resource is free", () => {
    const plan = "resource Ann\nA: 3d; by Ann\nB: 2d; by Ann\nC: 1d; FS A\nD: 9d";
    const { state, engine } = of(plan);
    const changeset = level(state);
    expect(changeset).toEqual({ tasks: { updated: [{ id: "B", changes: { levelingDelay: 1440 }, was: { levelingDelay: null } }] } });
    engine.update(applyNormalised(state, changeset).touched);
    expect(engine.schedule.violations).toEqual([]);
    expect(level(state)).toEqual({});
    state.remove("assignments", "A-Ann");
    expect(level(state)).toEqual({ tasks: { updated: [{ id: "B", changes: { levelingDelay: null }, was: { levelingDelay: 1440 } }] } });
  });

  it("S1 a baseline holds the dates of now, once", () => {
    const { state, schedule } = of("P:\n A: 3d\nB: 4h; FS P");
    const changeset = captureBaseline(state, schedule, 1);
    expect(changeset.tasks?.updated?.[2]).toEqual({
      id: "B",
      changes: { "baselines.1": { startDate: "2026-01-08T08:00:00", endDate: "2026-01-08T12:00:00", duration: 4, durationUnit: "hour" } },
      was: { "baselines.1": null },
    });
    applyNormalised(state, changeset);
    expect(captureBaseline(state, schedule, 1)).toEqual({});
    expect(() => captureBaseline(state, schedule, 11)).toThrow(/baselines 0 to 10/);
  });

  it("S5 a dragged or resized bar becomes working time of its task", () => {
    const { state } = of("calendar six Mon-Sat 08:00-16:00\nA: 1d; cal six\nB: 1d");
    expect(workingTime(state, "A").between("2026-01-09T08:00:00", "2026-01-11T00:00:00")).toBe(960);
    expect(workingTime(state, "B").between("2026-01-09T08:00:00", "2026-01-11T00:00:00")).toBe(480);
    expect(workingTime(state, "B").add("2026-01-09T08:00:00", 960)).toBe("2026-01-12T17:00:00");
    expect(workingTime(state, "B").snapStart("2026-01-10T10:00:00")).toBe("2026-01-12T08:00:00");
    expect(workingTime(state, "B").snapFinish("2026-01-10T10:00:00")).toBe("2026-01-09T17:00:00");
    expect(workingTime(state, "B").between("soon", "later")).toBeUndefined();
    expect(durationToMinutes(2, "day", state.project)).toBe(960);
  });
});
