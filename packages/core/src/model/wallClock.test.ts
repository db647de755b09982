import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatWallClock, isTimeZone, parseWallClock, toWallClock, wallClockAt } from "./wallClock.ts";

const firstMinute = parseWallClock("0001-01-01T00:00:00") as number;
const lastMinute = parseWallClock("9999-12-31T23:59:00") as number;

describe("project wall-clock time", () => {
  it("M2 every minute of the years 1 to 9999 survives its text", () => {
    fc.assert(fc.property(fc.integer({ min: firstMinute, max: lastMinute }), (minutes) => parseWallClock(formatWallClock(minutes)) === minutes));
    expect(formatWallClock(firstMinute)).toBe("0001-01-01T00:00:00");
    expect(parseWallClock("1970-01-01T00:00:00")).toBe(0);
  });

  it.each([
    ["2026-03-02", "2026-03-02T00:00:00"],
    ["2026-03-02T08:00", "2026-03-02T08:00:00"],
    ["2026-03-02 08:00:59.999", "2026-03-02T08:00:00"],
    ["2026-03-02T24:00:00", "2026-03-03T00:00:00"],
    ["2024-02-29T12:00:00", "2024-02-29T12:00:00"],
    ["2000-02-29", "2000-02-29T00:00:00"],
    ["0099-12-31", "0099-12-31T00:00:00"],
    ["9999-12-31T23:59:59", "9999-12-31T23:59:00"],
  ])("M2 %s is %s in every zone", (text, wall) => {
    expect(toWallClock(text, "America/New_York")).toBe(wall);
    expect(toWallClock(text, "Asia/Kolkata")).toBe(wall);
    expect(toWallClock(text)).toBe(wall);
  });

  it.each([
    ["2026-03-02T07:00:00Z", "Europe/Berlin", "2026-03-02T08:00:00"],
    ["2026-07-02T07:00:00Z", "Europe/Berlin", "2026-07-02T09:00:00"],
    ["2026-03-02T08:00:00+01:00", "Europe/Berlin", "2026-03-02T08:00:00"],
    ["2026-03-02T08:00:00+0530", "UTC", "2026-03-02T02:30:00"],
    ["2026-03-02T08:00:00-05:00", "Asia/Kolkata", "2026-03-02T18:30:00"],
    ["2026-03-02T08:00:00Z", null, "2026-03-02T08:00:00"],
    ["2026-01-01T00:30:00+01:00", "UTC", "2025-12-31T23:30:00"],
  ])("M2 %s is converted once, to the clocks of %s", (text, zone, wall) => {
    expect(toWallClock(text, zone)).toBe(wall);
  });

  it("M2 the hour that clocks skip in spring and the one that they show twice in autumn are read off them", () => {
    expect(toWallClock("2026-03-29T00:59:00Z", "Europe/Berlin")).toBe("2026-03-29T01:59:00");
    expect(toWallClock("2026-03-29T01:00:00Z", "Europe/Berlin")).toBe("2026-03-29T03:00:00");
    expect(toWallClock("2026-10-25T00:30:00Z", "Europe/Berlin")).toBe("2026-10-25T02:30:00");
    expect(toWallClock("2026-10-25T01:30:00Z", "Europe/Berlin")).toBe("2026-10-25T02:30:00");
    // Without an offset nothing is converted, not even an hour that no clock shows.
    expect(toWallClock("2026-03-29T02:30:00", "Europe/Berlin")).toBe("2026-03-29T02:30:00");
  });

  it.each(["0001-01-01T00:00:00Z", "0099-06-01T12:00:00Z", "1900-01-01T00:00:00Z", "9999-12-31T12:00:00Z"])(
    "M2 %s keeps its year when it is converted",
    (text) => {
      expect(toWallClock(text, "UTC")).toBe(text.slice(0, -1));
    },
  );

  it.each(
    [
      ["", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "2100-02-29", "2026-04-31", "2026-01-01T25:00", "2026-01-01T24:01", "2026-01-01T12:60"],
      [
        "2026-01-01T12:00:60",
        "26-01-01",
        "2026-1-1",
        "12026-01-01",
        "-001-01-01",
        "2026-01-01T12:00:00+1",
        "2026-01-01T12",
        "tomorrow",
        "2026-01-01\n",
        "٢٠٢٦-01-01",
      ],
    ].flat(),
  )("M2 %j is no date", (text) => {
    expect(toWallClock(text, "UTC")).toBeUndefined();
    expect(parseWallClock(text)).toBeUndefined();
  });

  it("M2 an offset is refused inside the core", () => {
    expect(parseWallClock("2026-03-02T08:00:00Z")).toBeUndefined();
  });

  it("M2 a year outside of what can be written is no date, also where only the offset leads there", () => {
    expect(toWallClock("9999-12-31T24:00:00")).toBeUndefined();
    expect(toWallClock("9999-12-31T23:00:00-05:00", "UTC")).toBeUndefined();
    expect(toWallClock("0001-01-01T00:00:00+05:00", "UTC")).toBeUndefined();
  });

  it("M2 zones are IANA names", () => {
    expect(["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"].every(isTimeZone)).toBe(true);
    expect(["", "Berlin", "Europe/Atlantis", "CET+1"].some(isTimeZone)).toBe(false);
  });

  it("M2 an instant is what the zone's clocks show, to the minute", () => {
    expect(formatWallClock(wallClockAt(Date.UTC(2026, 6, 1, 12, 30, 59), "Asia/Kathmandu"))).toBe("2026-07-01T18:15:00");
  });
});
