import { canonicalJson, checkInvariants, computeSchedule, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import { samplePlan } from "./samplePlan.ts";

describe("the sample plan", () => {
  const plan = samplePlan();
  const schedule = computeSchedule(projectFromJSON(plan));

  it("V1 to V11 keeps every law", () => {
    expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
  });

  it("P2 is the same on every call", () => {
    expect(canonicalJson(samplePlan())).toBe(canonicalJson(plan));
  });

  it("F1 shows what a plan can have", () => {
    expect(plan.tasks.length).toBeGreaterThanOrEqual(60);
    expect(plan.tasks.length).toBeLessThanOrEqual(100);
    expect(plan.calendars).toHaveLength(2);
    expect(plan.resources.length).toBeGreaterThanOrEqual(8);
    expect(new Set(plan.dependencies.map((link) => link.type))).toEqual(new Set([0, 1, 2, 3]));
    expect(plan.dependencies.some((link) => (link.lag ?? 0) < 0)).toBe(true);
    expect(plan.tasks.filter((task) => task.duration === 0).length).toBeGreaterThan(6);
    for (const field of ["constraintType", "deadlineDate", "note", "percentDone", "manuallyScheduled", "direction", "baselines"])
      expect(plan.tasks.some((task) => task[field] != null)).toBe(true);
  });

  it("S4 nothing in it contradicts itself, and a critical path leads to the opening", () => {
    expect(schedule.violations.filter((violation) => violation.kind !== "over-allocated")).toEqual([]);
    expect(schedule.projectEnd.slice(0, 10)).toBe("2027-04-13");
    const critical = plan.tasks.filter((task) => schedule.tasks.get(task.id)?.critical).map((task) => task.id);
    for (const id of ["concept", "permit", "screed", "handover", "open"]) expect(critical).toContain(id);
    expect(critical.length).toBeLessThan(plan.tasks.length / 2);
  });

  it("F1 the baseline is the plan before some tasks took longer: nothing was planned later than it is now", () => {
    let moved = 0;
    for (const task of plan.tasks) {
      const [baseline] = task.baselines ?? [];
      const now = schedule.tasks.get(task.id);
      expect(baseline?.endDate != null && now !== undefined && baseline.endDate <= now.endDate, task.id).toBe(true);
      if (baseline?.endDate !== now?.endDate) moved++;
    }
    expect(moved).toBeGreaterThan(20);
  });
});
