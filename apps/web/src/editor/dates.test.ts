import { projectFromJSON } from "@livegantt/core";
import { expect, test } from "vitest";
import { emptyPlan } from "../projects/newPlan.ts";
import { dayOf, endOfDay, startOfDay } from "./dates.ts";

const state = projectFromJSON({
  ...emptyPlan("House", new Date(2026, 4, 6)),
  tasks: [{ id: "t", name: "Dig", parentId: null, orderKey: "a0", duration: 1, durationUnit: "day" }],
});

test("S5 a picked day means its first working moment as a start, its last as a finish", () => {
  expect(startOfDay({ state }, "t", "2026-05-06")).toBe("2026-05-06T08:00:00");
  expect(endOfDay({ state }, "t", "2026-05-06")).toBe("2026-05-06T17:00:00");
});

test("S5 a day without work means the next start and the finish before", () => {
  expect(startOfDay({ state }, "t", "2026-05-09")).toBe("2026-05-11T08:00:00");
  expect(endOfDay({ state }, "t", "2026-05-09")).toBe("2026-05-08T17:00:00");
});

test("M2 a date field shows the day as it stands", () => {
  expect(dayOf("2026-05-06T08:00:00")).toBe("2026-05-06");
  expect(dayOf(null)).toBe("");
});
