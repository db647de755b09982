import { canonicalJson, checkInvariants, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import { samplePlan } from "./samplePlan.ts";

describe("the sample plan", () => {
  const plan = samplePlan();

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
    expect(plan.tasks.every((task) => task.baselines?.[0]?.startDate != null)).toBe(true);
  });
});
