import { formatWallClock, type ProjectState } from "@livegantt/core";
import type { XmlWriter } from "../xml/write.ts";
import { CalendarHours, type DatedHours } from "./calendarHours.ts";
import { guidOfAdded } from "./marks.ts";
import { type Day, minutesPerDay, weekdayOf } from "./recurrence.ts";
import { formatClock, type Spans, type Week } from "./week.ts";

/** Which UID each calendar gets, and which calendars are added for MS Project's sake. */
export class CalendarUids {
  readonly ofProject: number;
  readonly #own: ReadonlyMap<string, number>;
  readonly #ofResource = new Map<string, number>();
  readonly derived: ReadonlySet<string>;
  /** Resources that get a derived calendar of their own. */
  readonly added: ReadonlySet<string>;

  constructor(state: ProjectState) {
    this.#own = new Map([...state.calendars.keys()].map((id, i) => [id, i + 1]));
    this.derived = new Set([...state.calendars.keys()].filter((id) => isDerived(state, id)));
    const added = new Set<string>();
    let next = this.#own.size + 1;
    this.ofProject = state.project.calendar == null ? next++ : this.of(state.project.calendar);
    for (const { id, calendar } of state.resources.values()) {
      if (calendar == null) continue;
      if (!this.derived.has(calendar)) added.add(id);
      this.#ofResource.set(id, this.derived.has(calendar) ? this.of(calendar) : next++);
    }
    this.added = added;
  }

  /** -1 where none is named. */
  of(calendar: string | null | undefined): number {
    return calendar == null ? -1 : (this.#own.get(calendar) ?? -1);
  }

  ofResource(resource: string): number | undefined {
    return this.#ofResource.get(resource);
  }
}

const always: Week = new Array(7).fill([[0, minutesPerDay]]);

/**
 * Writes `<Calendars>`. A calendar with a parent that one resource alone uses stays derived; every other one is written with its effective hours.
 * `range` are the days for which exceptions that repeat otherwise than by week are written out.
 */
export function writeCalendars(writer: XmlWriter, state: ProjectState, uids: CalendarUids, range: readonly [Day, Day]): void {
  const hours = new Map<string, CalendarHours>();
  const hoursOf = (id: string): CalendarHours => {
    const known = hours.get(id) ?? new CalendarHours(state, id, range[0]);
    hours.set(id, known);
    return known;
  };
  writer.element("Calendars", () => {
    for (const { id, name, parentId } of state.calendars.values()) {
      const own = hoursOf(id);
      const head = { uid: uids.of(id), name: name ?? "" };
      if (!uids.derived.has(id) || parentId == null) {
        writeCalendar(
          writer,
          { ...head, base: -1 },
          own.week,
          own.exceptions(range, (day) => own.week[weekdayOf(day)] ?? []),
        );
        continue;
      }
      const parent = hoursOf(parentId);
      const week = own.week.map((spans, day) => (String(spans) === String(parent.week[day]) ? undefined : spans));
      const inherited = (day: Day): Spans => {
        const above = parent.on(day);
        return String(above) === String(parent.week[weekdayOf(day)]) ? (own.week[weekdayOf(day)] ?? []) : above;
      };
      writeCalendar(writer, { ...head, base: uids.of(parentId) }, week, own.exceptions(range, inherited));
    }
    if (state.project.calendar == null) writeCalendar(writer, { uid: uids.ofProject, name: "24 Hours", base: -1, added: true }, always, []);
    for (const id of uids.added) {
      const resource = state.resources.get(id);
      writeCalendar(writer, { uid: uids.ofResource(id) ?? 0, name: resource?.name ?? "", base: uids.of(resource?.calendar), added: true }, [], []);
    }
  });
}

/** In MSPDI only a resource has a derived calendar, and its own one. */
function isDerived(state: ProjectState, id: string): boolean {
  const parent = state.calendars.get(id)?.parentId;
  if (parent == null || state.project.calendar === id || isDerived(state, parent)) return false;
  const users = [...state.calendarUsers.of(id)];
  return users.length <= 1 && users.every((user) => user.startsWith("resources/")) && state.calendarChildren.of(id).size === 0;
}

interface Head {
  readonly uid: number;
  readonly name: string;
  readonly base: number;
  readonly added?: true;
}

function writeCalendar(writer: XmlWriter, { uid, name, base, added }: Head, week: Week, exceptions: readonly DatedHours[]): void {
  writer.element("Calendar", () => {
    writer.leaves([
      ["UID", uid],
      ["GUID", added && guidOfAdded(uid)],
      ["Name", name],
      ["IsBaseCalendar", base === -1],
      ["IsBaselineCalendar", false],
      ["BaseCalendarUID", base],
    ]);
    if (week.some((spans) => spans !== undefined)) {
      writer.element("WeekDays", () => {
        for (const [day, spans] of week.entries()) {
          if (spans === undefined) continue;
          writer.element("WeekDay", () => {
            writer.leaves([["DayType", day + 1]]);
            writeHours(writer, spans);
          });
        }
      });
    }
    if (exceptions.length === 0) return;
    writer.element("Exceptions", () => {
      for (const { from, to, spans, name: title } of exceptions) {
        writer.element("Exception", () => {
          writer.leaves([["EnteredByOccurrences", false]]);
          writer.element("TimePeriod", () => {
            writer.leaves([
              ["FromDate", formatWallClock(from * minutesPerDay)],
              ["ToDate", formatWallClock(to * minutesPerDay + minutesPerDay - 1)],
            ]);
          });
          writer.leaves([
            ["Occurrences", to - from + 1],
            ["Name", title],
            ["Type", 1],
          ]);
          writeHours(writer, spans);
        });
      }
    });
  });
}

function writeHours(writer: XmlWriter, spans: Spans): void {
  writer.leaves([["DayWorking", spans.length > 0]]);
  if (spans.length === 0) return;
  writer.element("WorkingTimes", () => {
    for (const [from, to] of spans) {
      writer.element("WorkingTime", () => {
        writer.leaves([
          ["FromTime", `${formatClock(from)}:00`],
          ["ToTime", `${formatClock(to % minutesPerDay)}:00`],
        ]);
      });
    }
  });
}
