import { projectFromJSON, ScheduleEngine } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import type { Plan } from "../edits/plan.ts";
import { barEdit, chartDate, chartX } from "./barEdits.ts";
import { record } from "./commit.ts";
import { rowOf } from "./rows.ts";
import type { ChartState, SvarEvent, TreeRow } from "./svarApi.ts";

const state = projectFromJSON({
  project: { id: "p", startDate: "2026-05-04T08:00:00", hoursPerDay: 24, daysPerWeek: 7, daysPerMonth: 30 },
  tasks: [{ id: "t", name: "Dig", parentId: null, orderKey: "a0", duration: 3, durationUnit: "day", percentDone: 20 }],
});
const plan: Plan = { state, schedule: new ScheduleEngine(state).schedule };
const row = rowOf(plan, "t") as TreeRow;

/** What the chart tells when a bar is dropped, and what becomes of it. */
function dropped(event: SvarEvent, snap = 1440): { readonly intent: string; readonly changes: object } | undefined {
  const edit = barEdit(plan, row, event, "hour", snap);
  return edit && { intent: edit.intent, changes: record((tx) => edit.run(tx), { id: "t" }).tasks?.updated?.[0]?.changes ?? {} };
}

describe("dropped bars", () => {
  test("A1 a moved bar asks for its new start, snapped to whole days from where it was", () => {
    expect(dropped({ diff: 50, task: { start: row.start, end: row.end } })).toEqual({
      intent: "task.move",
      changes: { constraintType: "startnoearlierthan", constraintDate: "2026-05-06T08:00:00" },
    });
  });

  test("A1 a pulled end is a duration, a pulled start a start and a duration", () => {
    expect(dropped({ diff: -24, task: { end: row.end } })).toEqual({ intent: "task.resize", changes: { duration: 2, durationUnit: "day" } });
    expect(dropped({ diff: 24, task: { start: row.start } })?.intent).toBe("task.resize");
  });

  test("C4 a bar that snaps back to where it was is no edit", () => {
    expect(dropped({ diff: 9, task: { start: row.start, end: row.end } })).toBeUndefined();
    expect(dropped({ diff: 9, task: { start: row.start, end: row.end } }, 60)?.changes).toMatchObject({ constraintDate: "2026-05-04T17:00:00" });
  });

  test("A1 progress counts when it is let go, and only where it changed", () => {
    expect(dropped({ task: { progress: 45.4 }, inProgress: false })?.changes).toEqual({ percentDone: 45 });
    expect(dropped({ task: { progress: 20 }, inProgress: false })).toBeUndefined();
    expect(dropped({ task: { progress: 45 }, inProgress: true })).toBeUndefined();
  });
});

test("A3 a place in the chart and its date are found from each other, also where months are equally wide", () => {
  const monthsSince = (date: Date, start: Date): number => {
    const first = new Date(date.getFullYear(), date.getMonth(), 1).getTime();
    const next = new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
    return (date.getFullYear() - start.getFullYear()) * 12 + date.getMonth() - start.getMonth() + (date.getTime() - first) / (next - first);
  };
  const chart = {
    cellWidth: 100,
    _scales: { start: new Date(2026, 0, 1), end: new Date(2027, 0, 1), lengthUnit: "hour", width: 1200, diff: monthsSince },
  } as unknown as ChartState;
  for (const date of [new Date(2026, 1, 10, 8), new Date(2026, 6, 31, 17), new Date(2026, 11, 1)]) {
    expect(Math.abs(chartDate(chart, chartX(chart, date)).getTime() - date.getTime())).toBeLessThanOrEqual(60_000);
  }
});
