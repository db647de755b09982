import { expect, test } from "vitest";
import { dateToWall, isWallClock, wallToDate } from "./dates.ts";

test("M2 a wall-clock text comes back from the chart's date as it went in, in this machine's zone", () => {
  for (const text of ["2026-03-02T08:00:00", "2024-02-29T23:59:59", "0099-01-01T00:00:00", "2026-07-01T12:30:00"])
    expect(dateToWall(wallToDate(text))).toBe(text);
});

test("M2 only the canonical form counts as a wall-clock date", () => {
  expect(isWallClock("2026-03-02T08:00:00")).toBe(true);
  for (const other of ["2026-03-02", "2026-03-02T08:00", "2026-03-02T08:00:00Z", 5, null]) expect(isWallClock(other)).toBe(false);
});
