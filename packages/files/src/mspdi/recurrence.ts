import { childOf, numberOf, textOf, type XmlElement } from "../xml/read.ts";
import { dateOf } from "./context.ts";

/** Days since 1970-01-01, a wall-clock date without a time. */
export type Day = number;
export const minutesPerDay = 1440;

export const dayOf = (date: string): Day =>
  Math.floor(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000);
/** 0 Sunday … 6 Saturday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;

/** Runs of days, both ends included, that a calendar exception applies to. */
export type DayRuns = readonly (readonly [Day, Day])[];

/**
 * The days of one `<Exception>`, at most `limit` runs. Types: 1 each day, 2 yearly by date, 3 yearly by position ("last Friday of May"), 4 monthly by date,
 * 5 monthly by position, 6 weekly, 7 every n-th day, 8 every n-th weekday (Mon-Fri). `undefined` where it has no period.
 */
export function exceptionDays(exception: XmlElement, limit: number): DayRuns | undefined {
  const period = childOf(exception, "TimePeriod") ?? exception;
  const from = dateOf(period, "FromDate");
  const to = dateOf(period, "ToDate") ?? from;
  if (from === undefined || to === undefined || to < from) return undefined;
  const first = dayOf(from);
  const last = dayOf(to);
  const type = numberOf(exception, "Type") ?? 1;
  const occurrences =
    textOf(exception, "EnteredByOccurrences") === "1" ? (numberOf(exception, "Occurrences") ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const most = Math.min(limit, occurrences > 0 ? occurrences : limit);
  const every = Math.max(1, Math.floor(numberOf(exception, "Period") ?? 1));
  if (type === 1 || type > 8 || type < 1) return [[first, last]];
  const days: Day[] = [];
  for (const day of candidates(exception, type, first, last, every)) {
    if (days.length >= most || day > last) break;
    if (day >= first) days.push(day);
  }
  return days.map((day) => [day, day] as const);
}

function* candidates(exception: XmlElement, type: number, first: Day, last: Day, every: number): Generator<Day> {
  switch (type) {
    case 7:
      for (let day = first; day <= last; day += every) yield day;
      return;
    case 8:
      for (let day = weekdayAfter(first - 1); day <= last; ) {
        yield day;
        // Whole weeks at once: a hostile period must not cost a step per day.
        day += 7 * Math.floor(every / 5);
        for (let n = every % 5; n > 0; n--) day = weekdayAfter(day);
      }
      return;
    case 6: {
      const mask = Math.floor(numberOf(exception, "DaysOfWeek") ?? 0) & 127;
      if (mask === 0) return;
      // Weeks are counted from the Sunday of the first one.
      for (let week = first - weekdayOf(first); week <= last; week += 7 * every) for (let i = 0; i < 7; i++) if (mask & (1 << i)) yield week + i;
      return;
    }
    default: {
      const yearly = type < 4;
      const start = new Date(first * 86_400_000);
      const month = yearly ? clamp(numberOf(exception, "Month") ?? 0, 0, 11) : start.getUTCMonth();
      for (let n = start.getUTCFullYear() * 12 + month; n <= start.getUTCFullYear() * 12 + 12 * 400; n += yearly ? 12 : every) {
        const day =
          type === 2 || type === 4
            ? monthDay(n, numberOf(exception, "MonthDay") ?? 1)
            : positioned(n, numberOf(exception, "MonthItem") ?? 0, numberOf(exception, "MonthPosition") ?? 0);
        yield day;
        if (day > last) return;
      }
    }
  }
}

function weekdayAfter(day: Day): Day {
  const next = day + 1;
  return next + ([1, 0, 0, 0, 0, 0, 2][weekdayOf(next)] ?? 0);
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, Math.floor(value)));
const firstOfMonth = (month: number): Day => Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;

/** The 31st of a shorter month is its last day. */
const monthDay = (month: number, day: number): Day => firstOfMonth(month) + clamp(day, 1, firstOfMonth(month + 1) - firstOfMonth(month)) - 1;

/** "The second Tuesday": item 0 day, 1 weekday, 2 weekend day, 3 Sunday … 9 Saturday; position 0 first … 3 fourth, 4 last. */
function positioned(month: number, item: number, position: number): Day {
  const first = firstOfMonth(month);
  const days: Day[] = [];
  for (let day = first; day < firstOfMonth(month + 1); day++) {
    const weekday = weekdayOf(day);
    const weekend = weekday === 0 || weekday === 6;
    if (item === 0 || (item === 1 && !weekend) || (item === 2 && weekend) || (item >= 3 && weekday === Math.floor(item) - 3)) days.push(day);
  }
  return (position >= 4 ? days.at(-1) : days[clamp(position, 0, days.length - 1)]) ?? first;
}
