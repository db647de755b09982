import { checkInvariants, projectFromJSON } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import { emptyPlan, mondayOf } from "./newPlan.ts";

describe("a new plan", () => {
  test("S5 it starts on the Monday of this week at eight", () => {
    expect(mondayOf(new Date(2026, 4, 6))).toBe("2026-05-04T08:00:00");
    expect(mondayOf(new Date(2026, 4, 10))).toBe("2026-05-04T08:00:00");
    expect(mondayOf(new Date(2026, 4, 4))).toBe("2026-05-04T08:00:00");
  });

  test("V7 its calendar has working time and the plan keeps every law", () => {
    expect(checkInvariants(projectFromJSON(emptyPlan("House", new Date(2026, 4, 6))))).toEqual([]);
  });
});
