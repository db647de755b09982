import { readFileSync } from "node:fs";
import { compileCalendar, formatWallClock, parseWallClock, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import { importMspdi } from "./importMspdi.ts";

const state = projectFromJSON(importMspdi(readFileSync(new URL("../../samples/workshop.xml", import.meta.url))).plan);

/** Working spans of one date, as people write them. */
function spansOn(calendar: string, date: string): string {
  const working = compileCalendar(state, calendar);
  const midnight = parseWallClock(date) as number;
  const spans: string[] = [];
  for (let at = midnight; at < midnight + 1440; ) {
    const done = working.workAt(at);
    const from = working.startOf(done);
    if (from >= midnight + 1440) break;
    let to = from;
    while (to < midnight + 1440 && working.workAt(to + 1) > working.workAt(to)) to++;
    spans.push(`${formatWallClock(from).slice(11, 16)}-${to === midnight + 1440 ? "24:00" : formatWallClock(to).slice(11, 16)}`);
    at = to;
  }
  return spans.join(" ");
}

describe("calendars of an MSPDI file", () => {
  it.each([
    ["an ordinary Friday", "calendar-1", "2026-11-13", "08:00-12:00 13:00-16:00"],
    ["a Sunday", "calendar-1", "2026-11-15", ""],
    ["Christmas", "calendar-1", "2026-12-25", ""],
    ["the first Saturday of a month, a recurring working exception", "calendar-1", "2026-12-05", "09:00-13:00"],
    ["the second Saturday", "calendar-1", "2026-12-12", ""],
    ["the Monday of a work week", "calendar-1", "2026-11-30", "12:00-20:00"],
    ["its free Tuesday", "calendar-1", "2026-12-01", ""],
    ["its Wednesday, of which it says nothing", "calendar-1", "2026-12-02", "08:00-12:00 13:00-17:00"],
    ["the evening of a night shift", "calendar-2", "2026-11-09", "22:00-24:00"],
    ["its morning", "calendar-2", "2026-11-10", "00:00-06:00"],
    ["a derived calendar's inherited day", "calendar-3", "2026-11-10", "08:00-12:00 13:00-17:00"],
    ["its own free Monday", "calendar-3", "2026-11-09", ""],
    ["its own Thursday", "calendar-3", "2026-11-12", "06:00-14:00"],
    ["its own exception, written in the old way", "calendar-3", "2026-11-18", ""],
    ["the base's holiday, which its own Thursday does not undo", "calendar-3", "2026-12-24", ""],
    ["the calendar for elapsed time", "calendar-24-hours", "2026-12-25", "00:00-24:00"],
  ])("F1 %s", (_, calendar, date, spans) => {
    expect(spansOn(calendar, date)).toBe(spans);
  });
});
