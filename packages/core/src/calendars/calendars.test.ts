import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CalendarInterval } from "../model/collections.ts";
import { ProjectState } from "../model/state.ts";
import { formatWallClock, parseWallClock } from "../model/wallClock.ts";
import { calendarProblem, compileCalendar, durationToMinutes, hasWorkingTime, minutesToDuration, type WorkingCalendar } from "./index.ts";

const at = (text: string): number => parseWallClock(text) as number;
const show = (t: number): string => formatWallClock(t).slice(0, 16);

interface Cal {
  id: string;
  parentId?: string;
  open?: boolean;
  intervals: CalendarInterval[];
}
function stateOf(...calendars: Cal[]): ProjectState {
  const state = new ProjectState({ id: "p" });
  for (const { id, parentId, open = false, intervals } of calendars) {
    const fields = Object.fromEntries(intervals.map((interval, i) => [`intervals.i${i}`, { ...interval }]));
    state.put("calendars", { id, parentId: parentId ?? null, unspecifiedTimeIsWorking: open, ...fields });
  }
  return state;
}
const calendar = (intervals: CalendarInterval[], open = false): WorkingCalendar => compileCalendar(stateOf({ id: "c", open, intervals }), "c");
const work = (start: string, end: string, more: CalendarInterval = {}): CalendarInterval => ({
  recurrentStartDate: start,
  recurrentEndDate: end,
  isWorking: true,
  ...more,
});
const off = (startDate: string, endDate: string, more: CalendarInterval = {}): CalendarInterval => ({ startDate, endDate, isWorking: false, ...more });
const office = [work("every weekday at 08:00", "every weekday at 12:00"), work("every weekday at 13:00", "every weekday at 17:00")];
/** Working hours of each day of a week or more. */
const hours = (c: WorkingCalendar, from: string, days: number): number[] =>
  Array.from({ length: days }, (_, d) => (c.workAt(at(from) + (d + 1) * 1440) - c.workAt(at(from) + d * 1440)) / 60);

describe("calendar texts", () => {
  // 2026-01-05 is a Monday.
  const cases: [string, string, number[]][] = [
    ["on Mon,Tue at 08:00", "on Mon,Tue at 12:00", [4, 4, 0, 0, 0, 0, 0]],
    ["every weekday at 08:00", "every weekday at 17:00", [9, 9, 9, 9, 9, 0, 0]],
    ["every weekend at 8:00 am", "every weekend at 1 pm", [0, 0, 0, 0, 0, 5, 5]],
    ["at 09:00", "at 17:30", [8.5, 8.5, 8.5, 8.5, 8.5, 8.5, 8.5]],
    ["on Fri at 17:00", "on Mon at 08:00", [8, 0, 0, 0, 7, 24, 24]],
    ["on Mon", "on Wed", [24, 24, 0, 0, 0, 0, 0]],
    ["on Monday and Thursday at 22:00", "on Tue,Fri at 06:00", [2, 6, 0, 2, 6, 0, 0]],
    ["on Mon-Wed at 10:00", "on Mon through Wed at 11:00", [1, 1, 1, 0, 0, 0, 0]],
    ["on the 6th,8th day of the month at 10:00", "at 12:00", [0, 2, 0, 2, 0, 0, 0]],
    ["on the first Wed of the month at 10:00", "at 12:00", [0, 0, 2, 0, 0, 0, 0]],
    ["on 7 Jan", "EOD", [0, 0, 24, 0, 0, 0, 0]],
    ["on Jan 7 at 12:00", "at 24:00", [0, 0, 12, 0, 0, 0, 0]],
    ["on the 7th day in January at 12:00", "EOD", [0, 0, 12, 0, 0, 0, 0]],
    ["on the 9th day of the year at 12:00", "EOD", [0, 0, 0, 0, 12, 0, 0]],
    ["on 8 Jan 2026 at 12:00", "EOD", [0, 0, 0, 12, 0, 0, 0]],
    ["on 8 Jan 2025 at 12:00", "EOD", [0, 0, 0, 0, 0, 0, 0]],
    ["at 08:00,13:00", "at 12:00 and 17:00", [8, 8, 8, 8, 8, 8, 8]],
  ];
  it.each(cases)("S1 %s … %s", (start, end, expected) => expect(hours(calendar([work(start, end)]), "2026-01-05T00:00", 7)).toEqual(expected));

  it("S1 the last day and the last Friday of a month", () => {
    const c = calendar([work("on the last day of the month at 10:00", "at 11:00"), work("on the last Fri at 10:00", "at 12:00")]);
    expect(hours(c, "2026-02-26T00:00", 4)).toEqual([0, 2, 1, 0]);
    expect(hours(c, "2026-03-27T00:00", 5)).toEqual([2, 0, 0, 0, 1]);
  });

  it("S1 a recurrent interval limited by dates repeats only between them", () => {
    const c = calendar([work("every weekday at 08:00", "every weekday at 12:00", { startDate: "2026-01-06", endDate: "2026-01-08" })]);
    expect(hours(c, "2026-01-05T00:00", 5)).toEqual([0, 4, 4, 0, 0]);
  });

  const problems: [unknown, RegExp][] = [
    [null, /object/],
    [{}, /needs startDate/],
    [{ startDate: "2026-01-01" }, /endDate is missing/],
    [{ startDate: "2026-01-02", endDate: "2026-01-02" }, /before endDate/],
    [{ startDate: "yesterday", endDate: "2026-01-02" }, /no date/],
    [{ recurrentStartDate: "on Mon" }, /recurrentEndDate is missing/],
    [{ recurrentStartDate: "on Moonday at 08:00", recurrentEndDate: "on Mon at 09:00" }, /moonday/],
    [{ recurrentStartDate: "every 2 weeks", recurrentEndDate: "EOD" }, /no fixed beginning/],
    [{ recurrentStartDate: "on Mon at 25:00", recurrentEndDate: "EOD" }, /25/],
    [{ recurrentStartDate: "on 31 Feb", recurrentEndDate: "EOD" }, /no such day/],
    [{ recurrentStartDate: "on the first weekday", recurrentEndDate: "EOD" }, /cannot be counted/],
    [{ recurrentStartDate: "x".repeat(300), recurrentEndDate: "EOD" }, /limit is 255/],
    [{ startDate: "2026-01-01", endDate: "2026-01-02", priority: Number.NaN }, /priority/],
    [{ startDate: "2026-01-01", endDate: "2026-01-02", isWorking: "yes" }, /isWorking/],
  ];
  it.each(problems)("V7 an unsound interval is named: %j", (interval, message) => expect(calendarProblem(interval)).toMatch(message));
  it("V7 sound intervals have no problem", () => {
    for (const [recurrentStartDate, recurrentEndDate] of cases) expect(calendarProblem({ recurrentStartDate, recurrentEndDate })).toBeUndefined();
    expect(calendarProblem({ startDate: "2026-01-01", endDate: "2026-01-02T12:00:00", isWorking: false })).toBeUndefined();
  });
});

describe("layers of a calendar", () => {
  it("S1 a holiday beats working hours, a working Saturday beats the holiday's absence, a high priority beats both", () => {
    const c = calendar([
      ...office,
      off("2026-01-06", "2026-01-07"),
      { startDate: "2026-01-10T08:00:00", endDate: "2026-01-10T12:00:00", isWorking: true },
      { recurrentStartDate: "on Thu", recurrentEndDate: "on Fri", isWorking: false, priority: 40 },
    ]);
    expect(hours(c, "2026-01-05T00:00", 7)).toEqual([8, 0, 8, 0, 8, 4, 0]);
  });

  it("S1 a calendar inherits its parent's intervals, its own win; time that nobody names is its own to decide", () => {
    const state = stateOf(
      { id: "top", intervals: [...office, off("2026-01-06", "2026-01-07")] },
      { id: "child", parentId: "top", intervals: [work("on Tue at 09:00", "on Tue at 10:00")] },
      { id: "open", parentId: "child", open: true, intervals: [] },
    );
    expect(hours(compileCalendar(state, "child"), "2026-01-05T00:00", 3)).toEqual([8, 1, 8]);
    expect(hours(compileCalendar(state, "open"), "2026-01-05T00:00", 3)).toEqual([24, 1, 24]);
  });

  it("S1 unspecified time works where nothing is said: Bryntum's example of a closed weekend", () => {
    expect(hours(calendar([{ recurrentStartDate: "on Sat", recurrentEndDate: "on Mon", isWorking: false }], true), "2026-01-05T00:00", 7)).toEqual([
      24, 24, 24, 24, 24, 0, 0,
    ]);
  });

  it("S5b a holiday on an overnight shift removes 00:00–24:00 of its date, not the shift that began on it", () => {
    const c = calendar([work("on Mon,Tue,Wed at 22:00", "on Tue,Wed,Thu at 06:00"), off("2026-01-06", "2026-01-07")]);
    expect(hours(c, "2026-01-05T00:00", 4)).toEqual([2, 0, 8, 6]);
  });

  it("V7 a calendar without any working time is found, also where its parent's holidays eat it", () => {
    const state = stateOf(
      { id: "none", intervals: [] },
      { id: "far", intervals: [{ startDate: "9998-05-01", endDate: "9998-05-02", isWorking: true }] },
      { id: "old", intervals: [{ startDate: "0003-05-01", endDate: "0003-05-02", isWorking: true }] },
      { id: "eaten", intervals: [work("on 29 Feb", "EOD"), { recurrentStartDate: "in Feb", recurrentEndDate: "on 1 Mar", isWorking: false, priority: 50 }] },
      { id: "leap", intervals: [work("on 29 Feb", "EOD")] },
    );
    expect(["none", "far", "old", "eaten", "leap", "missing"].map((id) => hasWorkingTime(state, id))).toEqual([false, true, true, false, true, false]);
  });

  it("V7 a loop of parents ends", () => {
    const state = stateOf({ id: "a", parentId: "b", intervals: office }, { id: "b", parentId: "a", intervals: [] });
    expect(hasWorkingTime(state, "a")).toBe(true);
  });
});

describe("working time", () => {
  const c = calendar([...office, off("2026-01-06", "2026-01-07")]);
  const add = (from: string, minutes: number): string => show(c.finishOf(c.workAt(at(from)) + minutes));

  it("S5 a finish stands at the end of a span, a start at the beginning of the next", () => {
    const friday = c.workAt(at("2026-01-09T17:00"));
    expect(friday).toBe(c.workAt(at("2026-01-12T08:00")));
    expect(show(c.finishOf(friday))).toBe("2026-01-09T17:00");
    expect(show(c.startOf(friday))).toBe("2026-01-12T08:00");
    expect(add("2026-01-05T08:00", 480)).toBe("2026-01-05T17:00");
    expect(add("2026-01-05T08:00", 481)).toBe("2026-01-07T08:01");
    expect(show(c.startOf(c.workAt(at("2026-01-05T12:30"))))).toBe("2026-01-05T13:00");
  });

  it("S2 near and far agree: year 9999, year 0 and beyond are clamped, nothing hangs", () => {
    const weekly = calendar(office);
    expect(show(weekly.finishOf(weekly.workAt(at("9999-12-27T00:00")) + 480))).toBe("9999-12-27T17:00");
    expect(show(weekly.startOf(weekly.workAt(at("0001-01-01T00:00"))))).toBe("0001-01-01T08:00");
    const yearly = calendar([...office, { recurrentStartDate: "on 24 Dec", recurrentEndDate: "EOD", isWorking: false }]);
    expect(show(yearly.startOf(yearly.workAt(at("9999-12-24T08:00"))))).toBe("9999-12-27T08:00");
    for (const minutes of [1e15, -1e15, 9e9]) {
      expect(Number.isFinite(weekly.workAt(minutes))).toBe(true);
      expect(Number.isFinite(weekly.finishOf(minutes))).toBe(true);
      expect(Number.isFinite(weekly.startOf(minutes))).toBe(true);
    }
  });

  it("S4 where work ends for good, dates stay at the last working moment and reaches() tells", () => {
    const short = calendar([{ startDate: "2026-01-05T08:00:00", endDate: "2026-01-05T17:00:00", isWorking: true }]);
    const begin = short.workAt(at("2026-01-05T08:00"));
    expect(show(short.finishOf(begin + 5000))).toBe("2026-01-05T17:00");
    expect(show(short.startOf(begin + 540))).toBe("2026-01-05T17:00");
    expect(show(short.finishOf(begin - 10))).toBe("2026-01-05T08:00");
    expect([short.reaches(begin + 540), short.reaches(begin + 541)]).toEqual([true, false]);
    const none = calendar([]);
    expect([none.hasWork(), none.workAt(at("2026-01-05T08:00")), Number.isFinite(none.finishOf(60)), Number.isFinite(none.startOf(60))]).toEqual([
      false,
      0,
      true,
      true,
    ]);
  });

  it("S2 workAt, finishOf and startOf are inverse to each other on any calendar", () => {
    const day = fc.integer({ min: 0, max: 6 });
    const minute = fc.integer({ min: 0, max: 1439 });
    const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const clock = (m: number): string => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
    const recurrent = fc.tuple(day, minute, day, minute).map(([a, m, b, n]) => work(`on ${names[a]} at ${clock(m)}`, `on ${names[b]} at ${clock(n)}`));
    const dated = fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 40 }), fc.boolean()).map(
      ([a, n, isWorking]): CalendarInterval => ({
        startDate: formatWallClock(at("2024-01-01") + a * 700),
        endDate: formatWallClock(at("2024-01-01") + (a + n) * 700),
        isWorking,
      }),
    );
    fc.assert(
      fc.property(
        fc.array(recurrent, { minLength: 1, maxLength: 5 }),
        fc.array(dated, { maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 20 }),
        (r, d, moments) => {
          const any = calendar([...r, ...d]);
          for (const offset of moments) {
            const t = at("2024-01-01") + offset;
            const done = any.workAt(t);
            const [finish, start] = [any.finishOf(done), any.startOf(done)];
            expect(any.workAt(finish)).toBe(done);
            expect(any.workAt(start)).toBe(done);
            expect(finish <= t && t <= start).toBe(true);
            expect(any.workAt(finish - 1)).toBe(done - 1);
            expect(any.workAt(start + 1)).toBe(done + 1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("durations", () => {
  it("S6 units follow the project's figures, 24/7/30 where it has none, rounded to the minute", () => {
    const office8 = { hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 };
    expect([durationToMinutes(1, "day", office8), durationToMinutes(1, "week", office8), durationToMinutes(1, "month", office8)]).toEqual([480, 2400, 9600]);
    expect([durationToMinutes(1, undefined, {}), durationToMinutes(1, "week", {}), durationToMinutes(1, "month", {})]).toEqual([1440, 10080, 43200]);
    expect(durationToMinutes(1 / 3, "hour", office8)).toBe(20);
    expect(durationToMinutes(1 / 7, "day", office8)).toBe(69);
    expect(minutesToDuration(720, "day", office8)).toBe(1.5);
    expect(durationToMinutes(2, "quarter", office8)).toBe(57_600);
  });
});
