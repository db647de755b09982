import { parseWallClock, type Segment } from "@livegantt/core";
import { childrenOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import type { FileCalendar } from "./calendars.ts";
import { dateOf, type ImportContext } from "./context.ts";
import { parseIsoDuration, type UnitLengths } from "./duration.ts";
import { FileHours } from "./fileHours.ts";
import { minutesPerDay } from "./recurrence.ts";

/** Days that all tasks of a file together may span while splits are looked for. */
const maxDays = 3_000_000;
const maxSegments = 1000;

/** What a task tells about its splits. */
export interface SplitQuery {
  readonly uid: string;
  readonly element: XmlElement;
  readonly where: string;
  readonly minutes: number;
  readonly calendar: FileCalendar | undefined;
}

/**
 * Splits are nowhere written as such: a split task spans more working time than its duration, and the work of its assignments, given piece by piece, has a hole in it.
 * Only tasks whose resources keep the task's own hours can be read that way.
 */
export class SplitReader {
  readonly #assignments = new Map<string, XmlElement[]>();
  readonly #resourceCalendars = new Map<string, string | undefined>();
  readonly #hours = new Map<FileCalendar, FileHours>();
  readonly #byUid: (uid: string | undefined) => FileCalendar | undefined;
  readonly #context: ImportContext;
  #left = maxDays;

  constructor(project: XmlElement, context: ImportContext, byUid: (uid: string | undefined) => FileCalendar | undefined) {
    this.#context = context;
    this.#byUid = byUid;
    for (const assignment of rowsOf(project, "Assignments", "Assignment")) {
      const task = textOf(assignment, "TaskUID")?.trim() ?? "";
      const list = this.#assignments.get(task);
      if (list) list.push(assignment);
      else this.#assignments.set(task, [assignment]);
    }
    for (const resource of rowsOf(project, "Resources", "Resource"))
      this.#resourceCalendars.set(textOf(resource, "UID")?.trim() ?? "", textOf(resource, "CalendarUID")?.trim());
  }

  /** Two or more segments, or `undefined` where the task is in one piece. */
  segments({ uid, element, where, minutes, calendar }: SplitQuery): Segment[] | undefined {
    const start = minutesOf(dateOf(element, "Start"));
    const finish = minutesOf(dateOf(element, "Finish"));
    const assignments = this.#assignments.get(uid) ?? [];
    if (start === undefined || finish === undefined || !calendar || minutes === 0 || finish <= start || assignments.length === 0) return undefined;
    const hours = this.#hoursOf(calendar);
    this.#left -= (finish - start) / minutesPerDay;
    if (this.#left < 0 || !hours.known || !this.#keepHours(assignments, calendar)) return undefined;
    const span = hours.between(start, finish);
    if (span <= minutes) return undefined;
    const pieces = workedPieces(assignments, this.#context.lengths).map(
      ([from, to]) => [hours.between(start, from), hours.between(start, Math.min(to, finish))] as const,
    );
    const segments: { id: string; offset: number; duration: number }[] = [];
    for (const [from, to] of pieces.filter(([a, b]) => b > a).sort((a, b) => a[0] - b[0])) {
      const last = segments.at(-1);
      if (last && from <= last.offset + last.duration) last.duration = Math.max(last.duration, to - last.offset);
      else segments.push({ id: `s${segments.length + 1}`, offset: from, duration: to - from });
    }
    const worked = segments.reduce((sum, segment) => sum + segment.duration, 0);
    if (segments.length >= 2 && segments.length <= maxSegments && segments[0]?.offset === 0 && worked === minutes) return segments;
    this.#context.report.omitted(
      "split",
      where,
      `it spans ${span} working minutes for a duration of ${minutes}, and the file does not tell exactly when it pauses: it is kept in one piece`,
    );
    return undefined;
  }

  #hoursOf(calendar: FileCalendar): FileHours {
    const known = this.#hours.get(calendar) ?? new FileHours(calendar);
    this.#hours.set(calendar, known);
    return known;
  }

  #keepHours(assignments: readonly XmlElement[], calendar: FileCalendar): boolean {
    return assignments.every((assignment) => {
      const own = this.#byUid(this.#resourceCalendars.get(textOf(assignment, "ResourceUID")?.trim() ?? ""));
      if (!own || own === calendar) return true;
      // A derived calendar that changes nothing.
      return own.parent === calendar && own.other.length === 0 && own.week.every((spans, day) => spans === calendar.week[day]);
    });
  }
}

const minutesOf = (date: string | undefined): number | undefined => (date === undefined ? undefined : parseWallClock(date));

/** Stretches with remaining (type 1) or actual (type 2) work. */
function workedPieces(assignments: readonly XmlElement[], lengths: UnitLengths): [number, number][] {
  const pieces: [number, number][] = [];
  for (const assignment of assignments)
    for (const data of childrenOf(assignment, "TimephasedData")) {
      const type = numberOf(data, "Type");
      if ((type !== 1 && type !== 2) || !(parseIsoDuration(textOf(data, "Value"), lengths) ?? 0)) continue;
      const [from, to] = [minutesOf(dateOf(data, "Start")), minutesOf(dateOf(data, "Finish"))];
      if (from !== undefined && to !== undefined && to > from) pieces.push([from, to]);
    }
  return pieces;
}
