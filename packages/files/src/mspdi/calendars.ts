import type { CalendarInterval, CalendarRecord, SnapshotCalendar } from "@livegantt/core";
import { formatWallClock } from "@livegantt/core";
import { childOf, childrenOf, flagOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import { dateOf, type ImportContext, named, nameOf, plural } from "./context.ts";
import { isAddedGuid } from "./marks.ts";
import { type Day, type DayRuns, dayOf, exceptionDays, minutesPerDay, weekdayOf } from "./recurrence.ts";
import { isRoundTheClock, type Spans, spansOf, standardWeek, type Week, weekIntervals, weekMask, weekOf } from "./week.ts";

/** Days on which other hours hold than those of the week. */
interface OtherDays {
  readonly runs: DayRuns;
  readonly spans: Spans;
}

/** A calendar of the file with what later parts ask of it. */
export interface FileCalendar {
  readonly uid: string;
  readonly id: string;
  readonly name: string;
  readonly parent: FileCalendar | undefined;
  /** Calendars above it. */
  readonly depth: number;
  /** Effective hours by weekday, own or the parent's. */
  readonly week: Week;
  /** Own ones only; the parent's lie under them. */
  readonly other: readonly OtherDays[];
  /** Whether some dated interval, own or the parent's, works. */
  readonly worksSometimes: boolean;
  readonly hasWorkingTime: boolean;
}

export interface ImportedCalendars {
  readonly records: SnapshotCalendar[];
  /** A calendar by its UID; `undefined` also for one without working time, which nothing may use (V7). */
  byUid(uid: string | undefined, where: string): FileCalendar | undefined;
  /** The same without a word in the report. */
  find(uid: string | undefined): FileCalendar | undefined;
  readonly all: readonly FileCalendar[];
  /** Whether an export added this calendar because the plan names none. */
  standsForNone(uid: string | undefined): boolean;
  /** A calendar that always works, for elapsed time; taken from the file or added. */
  roundTheClock(): string;
}

/**
 * Ranks, lowest first: weeks (the base's, then each derived one's), work weeks, the base's exceptions, a derived calendar's own exceptions.
 * Each mask lies one under the hours that it makes room for. The model ranks every interval of a derived calendar 100 above its parent's:
 * `depth` takes that back where the parent's exceptions must win.
 */
const priorities = (depth: number) => ({
  week: depth === 0 ? 0 : 20 + 2 * depth - 100 * depth,
  workWeek: 40 + 2 * depth - 100 * depth,
  exception: 60,
});

/** Static intervals of all calendars of one file; a recurring exception over centuries must not fill the memory. */
const maxIntervals = 200_000;
const maxChain = 8;

export function importCalendars(project: XmlElement, context: ImportContext): ImportedCalendars {
  const { report } = context;
  const [added, elements] = partition(rowsOf(project, "Calendars", "Calendar"), (element) => isAddedGuid(textOf(element, "GUID")));
  const byUid = new Map<string, XmlElement>();
  const uids = elements.map((element, i) => {
    const uid = textOf(element, "UID")?.trim() ?? `?${i}`;
    if (!byUid.has(uid)) {
      byUid.set(uid, element);
      return uid;
    }
    report.adjusted("calendar", named(textOf(element, "Name"), uid), "a second calendar with this UID: what names the UID uses the first");
    return `${uid}?${i}`;
  });
  const builder = new Builder(context, byUid);
  const records: SnapshotCalendar[] = [];
  const all: FileCalendar[] = [];
  for (const [i, element] of elements.entries()) {
    const calendar = builder.calendar(uids[i] as string, element);
    all.push(calendar);
    records.push(builder.record(calendar));
    report.count("calendars", "imported");
  }
  if (all.length === 0 && added.length === 0) {
    const id = context.id("calendar-standard");
    all.push({ uid: "", id, name: "Standard", parent: undefined, depth: 0, week: standardWeek, other: [], worksSometimes: false, hasWorkingTime: true });
    records.push(withIntervals({ id, name: "Standard", unspecifiedTimeIsWorking: false }, weekIntervals(standardWeek, 0)));
    report.count("calendars", "added");
    report.adjusted("calendar", "file", "it has no calendar: Monday to Friday, 08:00-12:00 and 13:00-17:00 is added");
  }
  const known = new Map(all.map((calendar) => [calendar.uid, calendar]));
  const nothing = new Set<string>();
  for (const element of added) {
    const uid = textOf(element, "UID")?.trim() ?? "";
    const base = known.get(textOf(element, "BaseCalendarUID")?.trim() ?? "");
    if (base) known.set(uid, base);
    else nothing.add(uid);
  }
  let always = records.find((record) => record.unspecifiedTimeIsWorking && !record.intervals?.length && !record.parentId)?.id;
  return {
    records,
    all,
    find(uid) {
      const calendar = uid === undefined ? undefined : known.get(uid);
      return calendar?.hasWorkingTime ? calendar : undefined;
    },
    standsForNone: (uid) => uid !== undefined && nothing.has(uid),
    byUid(uid, where) {
      if (uid === undefined || uid === "-1" || nothing.has(uid)) return undefined;
      const calendar = known.get(uid);
      if (calendar?.hasWorkingTime) return calendar;
      report.adjusted(
        "calendar",
        where,
        calendar ? `calendar ${named(calendar.name, uid)} has no working time: it is not used` : `calendar UID ${uid} is not in the file`,
      );
      return undefined;
    },
    roundTheClock() {
      if (always !== undefined) return always;
      always = context.id("calendar-24-hours");
      records.push({ id: always, name: "24 Hours", unspecifiedTimeIsWorking: true });
      report.count("calendars", "added");
      report.adjusted("calendar", "file", "elapsed durations and lags run around the clock: a calendar that always works is added for them");
      return always;
    },
  };
}

function partition<T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const one of list) (test(one) ? yes : no).push(one);
  return [yes, no];
}

class Builder {
  readonly #context: ImportContext;
  readonly #elements: ReadonlyMap<string, XmlElement>;
  readonly #built = new Map<string, FileCalendar>();
  readonly #own = new Map<
    FileCalendar,
    {
      readonly week: Week;

      readonly workWeeks: readonly OtherDays[];
      readonly exceptions: readonly (OtherDays & { readonly name: string })[];
    }
  >();
  #left = maxIntervals;

  constructor(context: ImportContext, elements: ReadonlyMap<string, XmlElement>) {
    this.#context = context;
    this.#elements = elements;
  }

  /** Builds a calendar and the chain of its parents. */
  calendar(uid: string, element: XmlElement, chain: readonly string[] = []): FileCalendar {
    const before = this.#built.get(uid);
    if (before) return before;
    const { report } = this.#context;
    const where = `calendar ${named(textOf(element, "Name"), uid)}`;
    const name = nameOf(element, "calendar", where, report);
    const parent = this.#parent(uid, element, where, chain);
    const given = weekOf(element, where, report);
    const week: Week = parent ? given : this.#complete(given, where);
    const workWeeks = this.#workWeeks(element, where);
    const exceptions = this.#exceptions(element, where);
    const effective = week.map((spans, day) => spans ?? parent?.week[day] ?? []);
    const other = [...workWeeks, ...exceptions];
    const worksSometimes = (parent?.worksSometimes ?? false) || other.some(({ spans }) => spans.length > 0);
    const calendar: FileCalendar = {
      uid,
      id: this.#context.id(`calendar-${uid}`),
      name,
      parent,
      depth: parent ? parent.depth + 1 : 0,
      week: effective,
      other,
      worksSometimes,
      hasWorkingTime: worksSometimes || effective.some((spans) => spans.length > 0),
    };
    this.#built.set(uid, calendar);
    this.#own.set(calendar, { week, workWeeks, exceptions });
    return calendar;
  }

  #parent(uid: string, element: XmlElement, where: string, chain: readonly string[]): FileCalendar | undefined {
    if (flagOf(element, "IsBaseCalendar")) return undefined;
    const base = textOf(element, "BaseCalendarUID")?.trim();
    if (base === undefined || base === "-1") return undefined;
    const found = this.#elements.get(base);
    const path = [...chain, uid];
    if (found && !path.includes(base) && path.length < maxChain) return this.calendar(base, found, path);
    this.#context.report.adjusted(
      "calendar",
      where,
      found ? "its base calendars form a loop or a chain of more than 8: it stands alone" : `its base calendar UID ${base} is not in the file: it stands alone`,
    );
    return undefined;
  }

  #complete(week: Week, where: string): Week {
    const missing = week.filter((spans) => spans === undefined).length;
    if (missing > 0)
      this.#context.report.adjusted(
        "calendar",
        where,
        `${missing === 7 ? "it has no week" : `${missing} days of its week are not given`}: the hours of a standard week are taken`,
      );
    return week.map((spans, day) => spans ?? standardWeek[day] ?? []);
  }

  #workWeeks(element: XmlElement, where: string): OtherDays[] {
    const others: OtherDays[] = [];
    for (const workWeek of rowsOf(element, "WorkWeeks", "WorkWeek")) {
      const period = childOf(workWeek, "TimePeriod");
      const from = period && dateOf(period, "FromDate");
      const to = period && dateOf(period, "ToDate");
      const week = weekOf(workWeek, where, this.#context.report);
      // The default week stands in some files as a work week without a period.
      if (from === undefined || to === undefined || week.every((spans) => spans === undefined)) continue;
      for (let day = dayOf(from); day <= dayOf(to); day++) {
        const spans = week[weekdayOf(day)];
        if (spans === undefined) continue;
        if (!this.#spend(1 + spans.length)) {
          this.#context.report.omitted(
            "work week",
            where,
            `the calendars have more than ${maxIntervals} dated intervals: days from ${date(day)} on follow the ordinary week`,
          );
          break;
        }
        others.push({ runs: [[day, day]], spans });
      }
    }
    return others;
  }

  #exceptions(element: XmlElement, where: string): (OtherDays & { readonly name: string })[] {
    const { report } = this.#context;
    const modern = rowsOf(element, "Exceptions", "Exception");
    // Newer files repeat every exception day as a week day of type 0 for older readers.
    const old =
      modern.length > 0 ? [] : childrenOf(element, "WeekDays").flatMap((days) => childrenOf(days, "WeekDay").filter((day) => numberOf(day, "DayType") === 0));
    const others: (OtherDays & { readonly name: string })[] = [];
    for (const exception of [...modern, ...old]) {
      const name = nameOf(exception, "calendar exception", where, report);
      const spans = spansOf(exception, where, report);
      const type = numberOf(exception, "Type") ?? 1;
      const runs = exceptionDays(exception, spans.length === 0 ? this.#left : Math.floor(this.#left / (1 + spans.length)));
      if (runs === undefined || runs.length === 0) {
        report.omitted(
          "calendar exception",
          where,
          `${name ? `"${name}"` : "an exception"} names no day: ${runs ? "its pattern never happens in its period" : "it has no period"}`,
        );
        continue;
      }
      const days = runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);
      if (!this.#spend(runs.length + days * spans.length)) {
        report.omitted("calendar exception", where, `${name ? `"${name}"` : "an exception"}: the calendars have more than ${maxIntervals} dated intervals`);
        continue;
      }
      if (type > 1 && type <= 8)
        report.adjusted("calendar exception", where, `recurring exception ${name ? `"${name}" ` : ""}is kept as its ${plural(days, "single day")}`);
      others.push({ name, runs, spans });
    }
    return others;
  }

  #spend(intervals: number): boolean {
    if (intervals > this.#left) return false;
    this.#left -= intervals;
    return true;
  }

  record(calendar: FileCalendar): SnapshotCalendar {
    const own = this.#own.get(calendar);
    if (!own) throw new Error(`calendar ${calendar.uid} was not built`);
    const level = priorities(calendar.depth);
    const always = !calendar.parent && isRoundTheClock(own.week);
    const intervals: CalendarInterval[] = [];
    if (calendar.parent) intervals.push(...weekMask(own.week, level.week), ...weekIntervals(own.week, level.week + 1));
    else if (!always) intervals.push(...weekIntervals(own.week, 0));
    for (const days of own.workWeeks) dated(intervals, days, level.workWeek);
    for (const days of own.exceptions) dated(intervals, days, level.exception, days.name);
    const parent = calendar.parent;
    const unspecified = always || (parent !== undefined && isRoundTheClock(parent.week));
    return withIntervals(
      { id: calendar.id, name: calendar.name, ...(parent ? { parentId: parent.id } : {}), unspecifiedTimeIsWorking: unspecified },
      intervals,
    );
  }
}

/** The record's index signature knows only plain JSON, hence the merge. */
const withIntervals = (record: CalendarRecord, intervals: CalendarInterval[]): SnapshotCalendar =>
  intervals.length > 0 ? Object.assign(record, { intervals }) : record;

const date = (day: Day): string => formatWallClock(day * minutesPerDay);

function dated(intervals: CalendarInterval[], { runs, spans }: OtherDays, priority: number, name = ""): void {
  const label = name === "" ? {} : { name };
  for (const [from, to] of runs) {
    intervals.push({ ...label, startDate: date(from), endDate: date(to + 1), isWorking: false, priority });
    for (let day = from; day <= to; day++)
      for (const [start, end] of spans)
        intervals.push({
          ...label,
          startDate: formatWallClock(day * minutesPerDay + start),
          endDate: formatWallClock(day * minutesPerDay + end),
          isWorking: true,
          priority: priority + 1,
        });
  }
}
