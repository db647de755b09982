import type { Transaction } from "@livegantt/client";
import { type Changeset, computeSchedule, type Json, projectFromJSON } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import { cellEdit } from "../chart/cellEdits.ts";
import { record } from "../chart/commit.ts";
import { finishTask, moveTask, startTask } from "./dates.ts";
import { formatDuration, parseDuration } from "./durations.ts";
import { chainTasks, formatPredecessors, linkTasks, setPredecessors } from "./links.ts";
import { addTask, copyTask, indentTasks, inPlanOrder, outdentTasks, placeTasks, removeTasks, stepTask, topmost } from "./placement.ts";
import type { Plan } from "./plan.ts";

const weekdays = "on Mon,Tue,Wed,Thu,Fri at";
const task = (id: string, parentId: string | null, orderKey: string, more: Record<string, Json> = {}) => ({
  id,
  name: id.toUpperCase(),
  parentId,
  orderKey,
  duration: 1,
  durationUnit: "day",
  ...more,
});

/** a (b, c), d; b before c; Monday 4 May 2026, eight to noon and one to five. */
function plan(tasks: object[] = [], dependencies: object[] = []): Plan {
  const state = projectFromJSON({
    project: { id: "p", startDate: "2026-05-04T08:00:00", calendar: "cal", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
    calendars: [
      {
        id: "cal",
        unspecifiedTimeIsWorking: false,
        intervals: [
          { id: "m", recurrentStartDate: `${weekdays} 08:00`, recurrentEndDate: `${weekdays} 12:00`, isWorking: true },
          { id: "a", recurrentStartDate: `${weekdays} 13:00`, recurrentEndDate: `${weekdays} 17:00`, isWorking: true },
        ],
      },
    ],
    tasks: [task("a", null, "a0"), task("b", "a", "a0"), task("c", "a", "a1"), task("d", null, "a1"), ...tasks],
    dependencies: [{ id: "l1", fromTask: "b", toTask: "c", type: 2, lag: 0, lagUnit: "day" }, ...dependencies],
    resources: [{ id: "r", name: "Ana" }],
    assignments: [{ id: "as", event: "b", resource: "r", units: 50 }],
  });
  return { state, schedule: computeSchedule(state) };
}

/** What an edit writes, without the ids of new records. */
function written(run: (tx: Transaction) => unknown): Changeset {
  return record(run as (tx: Transaction) => void, { id: "" });
}
const updates = (changes: Changeset): Record<string, object> => Object.fromEntries((changes.tasks?.updated ?? []).map((line) => [line.id, line.changes]));

describe("dates that a person sets", () => {
  test("S5 an automatic task that is moved gets a start-no-earlier-than constraint, a manual one its date", () => {
    const p = plan([task("m", null, "a2", { manuallyScheduled: true, startDate: "2026-05-06T08:00:00" })]);
    expect(updates(written((tx) => moveTask(tx, p, "d", "2026-05-07T08:00:00")))).toEqual({
      d: { constraintType: "startnoearlierthan", constraintDate: "2026-05-07T08:00:00" },
    });
    expect(updates(written((tx) => moveTask(tx, p, "m", "2026-05-08T08:00:00")))).toEqual({ m: { manuallyScheduled: true, startDate: "2026-05-08T08:00:00" } });
  });

  test("P5 a summary that is moved shifts its leaves, but not those that follow a link inside it", () => {
    expect(updates(written((tx) => moveTask(tx, plan(), "a", "2026-05-06T08:00:00")))).toEqual({
      b: { constraintType: "startnoearlierthan", constraintDate: "2026-05-06T08:00:00" },
    });
  });

  test("P5 a bar that is stretched over a weekend grows by its working time alone", () => {
    expect(updates(written((tx) => finishTask(tx, plan(), "d", "2026-05-11T17:00:00")))).toEqual({ d: { duration: 6, durationUnit: "day" } });
  });

  test("P5 a start that is pulled keeps the end: constraint and duration", () => {
    const p = plan([task("e", null, "a2", { duration: 3 })]);
    expect(updates(written((tx) => startTask(tx, p, "e", "2026-05-05T08:00:00")))).toEqual({
      e: { duration: 2, durationUnit: "day" },
    });
  });

  test("S5 a finish that leaves no working time is refused, as is one on a summary", () => {
    expect(() => written((tx) => finishTask(tx, plan(), "d", "2026-05-04T08:00:00"))).toThrow(/no working time/);
    expect(() => written((tx) => finishTask(tx, plan(), "a", "2026-05-14T08:00:00"))).toThrow(/summary/);
  });
});

describe("places", () => {
  test("M6 a moved task gets a key between its new neighbours", () => {
    const line = updates(written((tx) => placeTasks(tx, plan(), ["d"], { parentId: "a", after: "b" }))).d as { parentId: string; orderKey: string };
    expect(line.parentId).toBe("a");
    expect(line.orderKey > "a0" && line.orderKey < "a1").toBe(true);
  });

  test("M6 several tasks keep their order, whatever order they were picked in", () => {
    const p = plan([task("e", null, "a2"), task("f", null, "a3")]);
    expect(topmost(p.state, ["f", "c", "e", "a"])).toEqual(["a", "e", "f"]);
    expect(inPlanOrder(p.state, ["d", "c", "b", "a"])).toEqual(["a", "b", "c", "d"]);
    const lines = updates(written((tx) => placeTasks(tx, p, ["e", "f"], { parentId: null, after: "a" }))) as Record<string, { orderKey: string }>;
    expect("a0" < (lines.e?.orderKey ?? "") && (lines.e?.orderKey ?? "") < (lines.f?.orderKey ?? "") && (lines.f?.orderKey ?? "") < "a1").toBe(true);
  });

  test("M6 equal keys of siblings, which the server has yet to repair, do not stop a move between them", () => {
    const p = plan([task("x", null, "a1"), task("y", null, "a5")]);
    expect(() => written((tx) => placeTasks(tx, p, ["y"], { parentId: null, after: "d" }))).not.toThrow();
  });

  test("V2 a task cannot go under itself", () => {
    expect(() => written((tx) => placeTasks(tx, plan(), ["a"], { parentId: "c", after: null }))).toThrow(/under itself/);
  });

  test("U2 indent goes under the task above, outdent behind the parent; where there is none, that is said", () => {
    expect(updates(written((tx) => indentTasks(tx, plan(), ["d"])))).toMatchObject({ d: { parentId: "a" } });
    expect(updates(written((tx) => outdentTasks(tx, plan(), ["c"])))).toMatchObject({ c: { parentId: null } });
    expect(() => written((tx) => indentTasks(tx, plan(), ["a"]))).toThrow(/no task above/);
    expect(() => written((tx) => outdentTasks(tx, plan(), ["d"]))).toThrow(/top level/);
  });

  test("U2 indenting neighbours together puts them under one parent, in order", () => {
    const p = plan([task("e", null, "a2")]);
    const lines = updates(written((tx) => indentTasks(tx, p, ["d", "e"]))) as Record<string, { parentId: string; orderKey: string }>;
    expect(lines.d?.parentId).toBe("a");
    expect(lines.e?.parentId).toBe("a");
    expect((lines.d?.orderKey ?? "") < (lines.e?.orderKey ?? "")).toBe(true);
  });

  test("U2 a step at the end of the list writes nothing", () => {
    expect(written((tx) => stepTask(tx, plan(), "d", "down"))).toEqual({});
    expect(updates(written((tx) => stepTask(tx, plan(), "d", "up")))).toHaveProperty("d");
  });

  test("K8 of chosen tasks only the topmost are removed: the rest goes along", () => {
    expect(written((tx) => removeTasks(tx, plan(), ["b", "a"])).tasks?.removed).toEqual([{ id: "a" }]);
  });

  test("U2 a copy has the subtasks, the assignments and the links between them", () => {
    const copy = written((tx) => copyTask(tx, plan(), "a", { parentId: null, after: "a" }));
    expect(copy.tasks?.added?.map((line) => line.name)).toEqual(["A", "B", "C"]);
    expect(copy.assignments?.added?.[0]).toMatchObject({ resource: "r", units: 50, event: copy.tasks?.added?.[1]?.id });
    expect(copy.dependencies?.added?.[0]).toMatchObject({ fromTask: copy.tasks?.added?.[1]?.id, toTask: copy.tasks?.added?.[2]?.id });
  });

  test("U2 a new task stands where it was asked for", () => {
    const [line] = written((tx) => addTask(tx, plan(), { parentId: "a", after: "c" }, { name: "New" })).tasks?.added ?? [];
    expect(line).toMatchObject({ name: "New", parentId: "a", duration: 1, durationUnit: "day" });
    expect(String(line?.orderKey) > "a1").toBe(true);
  });
});

describe("links", () => {
  test("V4 a pair that is linked already changes its link instead of getting a second one", () => {
    expect(written((tx) => linkTasks(tx, plan(), "b", "c", { type: 0 })).dependencies?.updated).toEqual([
      { id: "l1", changes: { type: 0, lag: 0, lagUnit: "day" } },
    ]);
    expect(written((tx) => linkTasks(tx, plan(), "c", "d")).dependencies?.added).toMatchObject([{ fromTask: "c", toTask: "d", type: 2 }]);
    expect(() => written((tx) => chainTasks(tx, plan(), ["a"]))).toThrow(/two or more/);
  });

  test("U2 predecessors are written as people write them, and read back the same", () => {
    const p = plan([], [{ id: "l2", fromTask: "b", toTask: "d", type: 0, lag: -2, lagUnit: "hour" }]);
    expect(formatPredecessors(p, "d")).toBe("1.1SS−2 h");
    expect(written((tx) => setPredecessors(tx, p, "d", formatPredecessors(p, "d")))).toEqual({});
  });

  test("U2 typed predecessors add, change and remove links", () => {
    const p = plan([], [{ id: "l2", fromTask: "b", toTask: "d", type: 2, lag: 0, lagUnit: "day" }]);
    const changes = written((tx) => setPredecessors(tx, p, "d", "1.2FF+1.5d"));
    expect(changes.dependencies?.removed).toEqual([{ id: "l2" }]);
    expect(changes.dependencies?.added).toMatchObject([{ fromTask: "c", toTask: "d", type: 3, lag: 1.5, lagUnit: "day" }]);
    expect(written((tx) => setPredecessors(tx, p, "d", "1.1ss")).dependencies?.updated).toEqual([{ id: "l2", changes: { type: 0, lag: 0, lagUnit: "day" } }]);
    expect(written((tx) => setPredecessors(tx, p, "d", "")).dependencies?.removed).toEqual([{ id: "l2" }]);
  });

  test("U2 what is no predecessor is refused with what to write", () => {
    expect(() => written((tx) => setPredecessors(tx, plan(), "d", "soon"))).toThrow(/3FS\+2d/);
    expect(() => written((tx) => setPredecessors(tx, plan(), "d", "9.9"))).toThrow(/No task has the number 9.9/);
    expect(() => written((tx) => setPredecessors(tx, plan(), "d", "2"))).toThrow(/its own predecessor/);
  });
});

describe("durations", () => {
  test("S6 number and unit in words or letters, in English and Dutch", () => {
    expect(parseDuration("3")).toEqual({ amount: 3, unit: "day" });
    expect(parseDuration("4", "hour")).toEqual({ amount: 4, unit: "hour" });
    expect(parseDuration("2,5 weken")).toEqual({ amount: 2.5, unit: "week" });
    expect(parseDuration("90 min")).toEqual({ amount: 90, unit: "minute" });
    expect(parseDuration("2mo")).toEqual({ amount: 2, unit: "month" });
    expect(formatDuration(2.333333, "day")).toBe("2.33 d");
  });

  test("S6 anything else is refused with an example", () => {
    for (const odd of ["", "soon", "3 parsecs", "1e9d", "d3"]) expect(() => parseDuration(odd)).toThrow(/3d, 4h or 2w/);
  });
});

describe("values typed into cells", () => {
  test("U2 each column writes its register", () => {
    const p = plan();
    const edit = (column: string, value: unknown): object => {
      const change = cellEdit(p, "d", column, value);
      return change ? updates(written((tx) => change.run(tx))) : {};
    };
    expect(edit("text", " Paint ")).toEqual({ d: { name: "Paint" } });
    expect(edit("duration", "2w")).toEqual({ d: { duration: 2, durationUnit: "week" } });
    expect(edit("progress", "40 %")).toEqual({ d: { percentDone: 40 } });
    expect(edit("start", new Date(2026, 4, 6))).toEqual({ d: { constraintType: "startnoearlierthan", constraintDate: "2026-05-06T00:00:00" } });
    expect(edit("end", new Date(2026, 4, 6))).toEqual({ d: { duration: 3, durationUnit: "day" } });
  });

  test("C4 a cell that is left as it was writes nothing", () => {
    const p = plan();
    for (const [column, value] of [
      ["text", "D"],
      ["duration", "1 d"],
      ["progress", "0 %"],
      ["start", new Date(2026, 4, 4)],
      ["end", new Date(2026, 4, 4)],
      ["wbs", "7"],
    ] as const)
      expect(cellEdit(p, "d", column, value), column).toBeUndefined();
  });

  test("V8 what is out of range is refused with the range", () => {
    expect(() => cellEdit(plan(), "d", "progress", "140")).toThrow(/0 to 100/);
    expect(() => cellEdit(plan(), "d", "duration", "-1d")).toThrow(/negative/);
  });
});
