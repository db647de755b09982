import { describe, expect, test } from "vitest";
import { rangeOf } from "./range.ts";
import { levelToFit, zoomLevels } from "./zoom.ts";

describe("what the chart spans", () => {
  test("A2 a plan that stays inside keeps the very same range", () => {
    const range = rangeOf("2026-03-02T08:00:00", "2026-06-19T17:00:00");
    expect(rangeOf("2026-03-09T08:00:00", "2026-07-01T17:00:00", range)).toBe(range);
  });

  test("A2 a plan that grows out of it widens the range and never narrows it", () => {
    const range = rangeOf("2026-03-02T08:00:00", "2026-06-19T17:00:00");
    const wider = rangeOf("2025-11-03T08:00:00", "2026-06-19T17:00:00", range);
    expect(wider.start.getTime()).toBeLessThan(range.start.getTime());
    expect(wider.end).toEqual(range.end);
  });

  test("U3 fitting chooses the closest level at which all days are seen", () => {
    expect(zoomLevels[levelToFit(10, 900)]?.name).toBe("Days");
    expect(zoomLevels[levelToFit(30, 900)]?.name).toBe("Weeks");
    expect(zoomLevels[levelToFit(100_000, 900)]?.name).toBe("Years");
  });
});
