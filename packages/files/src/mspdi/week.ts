import type { CalendarInterval } from "@livegantt/core";
import type { ReportBuilder } from "../report.ts";
import { childrenOf, flagOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import { minutesPerDay } from "./recurrence.ts";

/** Working time of a day as minutes from midnight, sorted, disjoint; the end may be 1440. */
export type Span = readonly [number, number];
export type Spans = readonly Span[];
/** By weekday, 0 Sunday … 6 Saturday; `undefined`: the week does not say. */
export type Week = readonly (Spans | undefined)[];

const standardSpans: Spans = [
  [480, 720],
  [780, 1020],
];
/** Monday to Friday, 8-12 and 13-17: what MS Project takes where a file does not say. */
export const standardWeek: Week = [[], standardSpans, standardSpans, standardSpans, standardSpans, standardSpans, []];

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/;

export function parseClock(text: string | undefined): number | undefined {
  const m = text === undefined ? null : clock.exec(text.trim().replace(/^.*T/, ""));
  if (!m) return undefined;
  const minutes = Number(m[1]) * 60 + Number(m[2]);
  return minutes <= minutesPerDay && Number(m[2]) < 60 ? minutes : undefined;
}

export function formatClock(minutes: number): string {
  const pad = (n: number): string => String(n).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** The spans of a `<WeekDay>` or `<Exception>`: none where it is not working, the standard ones where it works without saying when. */
export function spansOf(day: XmlElement, where: string, report: ReportBuilder): Spans {
  if (flagOf(day, "DayWorking") === false) return [];
  const given = rowsOf(day, "WorkingTimes", "WorkingTime");
  if (given.length === 0) {
    if (!flagOf(day, "DayWorking")) return [];
    report.adjusted("calendar day", where, "a working day without hours: 08:00-12:00 and 13:00-17:00 are taken");
    return standardSpans;
  }
  const spans: Span[] = [];
  for (const time of given) {
    const from = parseClock(textOf(time, "FromTime"));
    const to = parseClock(textOf(time, "ToTime"));
    // Midnight as an end is the end of the day.
    const end = to === 0 ? minutesPerDay : to;
    if (from === undefined || end === undefined || end <= from) {
      report.omitted("working time", where, `"${textOf(time, "FromTime") ?? ""}" to "${textOf(time, "ToTime") ?? ""}" is no span of one day`);
    } else spans.push([from, end]);
  }
  return mergeSpans(spans);
}

export function mergeSpans(spans: readonly Span[]): Spans {
  const merged: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** `<WeekDays>` of a calendar or work week; day types 1 Sunday … 7 Saturday. */
export function weekOf(owner: XmlElement, where: string, report: ReportBuilder): Week {
  const week: (Spans | undefined)[] = new Array(7).fill(undefined);
  for (const days of childrenOf(owner, "WeekDays"))
    for (const day of childrenOf(days, "WeekDay")) {
      const type = numberOf(day, "DayType");
      if (type !== undefined && type >= 1 && type <= 7) week[Math.floor(type) - 1] = spansOf(day, where, report);
    }
  return week;
}

export const isRoundTheClock = (week: Week): boolean => week.every((spans) => spans?.length === 1 && spans[0]?.[0] === 0 && spans[0][1] === minutesPerDay);

const on = (days: readonly number[], minutes: number): string =>
  `on ${days.map((day) => dayNames[(minutes === minutesPerDay ? day + 1 : day) % 7]).join(",")} at ${formatClock(minutes % minutesPerDay)}`;

/** Recurrence texts for a week, days with equal hours in one interval, Monday first. `priority` 0: none is written, the model's default holds. */
export function weekIntervals(week: Week, priority: number): CalendarInterval[] {
  const groups = new Map<string, { readonly span: Span; readonly days: number[] }>();
  for (const day of [1, 2, 3, 4, 5, 6, 0])
    for (const span of week[day] ?? []) {
      const key = `${span[0]}-${span[1]}`;
      const group = groups.get(key);
      if (group) group.days.push(day);
      else groups.set(key, { span, days: [day] });
    }
  return [...groups.values()].map(({ span, days }) => interval(days, span, true, priority));
}

/** Takes away the whole of the days that a week speaks of, so that its own spans can stand above a parent's. */
export function weekMask(week: Week, priority: number): CalendarInterval[] {
  const days = [1, 2, 3, 4, 5, 6, 0].filter((day) => week[day] !== undefined);
  return days.length === 0 ? [] : [interval(days, [0, minutesPerDay], false, priority)];
}

const interval = (days: readonly number[], span: Span, isWorking: boolean, priority: number): CalendarInterval => ({
  recurrentStartDate: on(days, span[0]),
  recurrentEndDate: on(days, span[1]),
  isWorking,
  ...(priority !== 0 ? { priority } : {}),
});
