import { compileCalendar, type ProjectState, parseWallClock, type WorkingCalendar } from "@livegantt/core";
import { type Day, minutesPerDay, weekdayOf } from "./recurrence.ts";
import type { Span, Spans, Week } from "./week.ts";

/** The hours of one day. */
export function hoursOn(calendar: WorkingCalendar, day: Day): Spans {
  const midnight = day * minutesPerDay;
  const spans: Span[] = [];
  const end = midnight + minutesPerDay;
  const total = calendar.workAt(end);
  for (let done = calendar.workAt(midnight); done < total; ) {
    const from = calendar.startOf(done);
    // The last moment up to which every minute is work.
    let low = from;
    let high = end;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (calendar.workAt(middle) - done === middle - from) low = middle;
      else high = middle - 1;
    }
    spans.push([from - midnight, low - midnight]);
    done = calendar.workAt(low);
  }
  return spans;
}

const sampledWeeks = 120;

/** The hours that each weekday has most often in the years around a day; other days are exceptions to them. */
function usualWeek(calendar: WorkingCalendar, around: Day): Week {
  const first = around - weekdayOf(around) - 7 * 40;
  return Array.from({ length: 7 }, (_, weekday) => {
    const seen = new Map<string, { count: number; readonly spans: Spans }>();
    for (let week = 0; week < sampledWeeks; week++) {
      const spans = hoursOn(calendar, first + week * 7 + weekday);
      const key = String(spans);
      const known = seen.get(key);
      if (known) known.count++;
      else seen.set(key, { count: 1, spans });
    }
    return [...seen.values()].reduce((best, one) => (one.count > best.count ? one : best)).spans;
  });
}

export interface DatedHours {
  readonly from: Day;
  readonly to: Day;
  readonly spans: Spans;
  readonly name: string;
}

/** A calendar and its parents as hours: a week, and the days that differ from what `expected` says. */
export class CalendarHours {
  readonly week: Week;
  readonly #calendar: WorkingCalendar;
  readonly #state: ProjectState;
  readonly #id: string;

  constructor(state: ProjectState, id: string, around: Day) {
    this.#state = state;
    this.#id = id;
    this.#calendar = compileCalendar(state, id);
    this.week = usualWeek(this.#calendar, around);
  }

  on(day: Day): Spans {
    return hoursOn(this.#calendar, day);
  }

  /** Runs of days whose hours differ from the expected ones. Looks at the days that dated intervals touch, and at `range` where an interval repeats otherwise than by week. */
  exceptions(range: readonly [Day, Day], expected: (day: Day) => Spans): DatedHours[] {
    const found: { from: Day; to: Day; spans: Spans; name: string }[] = [];
    for (const [day, name] of this.#days(range)) {
      const spans = this.on(day);
      if (String(spans) === String(expected(day))) continue;
      const last = found.at(-1);
      if (last && last.to === day - 1 && last.name === name && String(last.spans) === String(spans)) last.to = day;
      else found.push({ from: day, to: day, spans, name });
    }
    return found;
  }

  /** Days to look at in order, with the name of the interval that touches them. */
  #days(range: readonly [Day, Day]): [Day, string][] {
    const days = new Map<Day, string>();
    for (let id: string | null | undefined = this.#id, up = 0; id != null && up < 64; id = this.#state.calendars.get(id)?.parentId, up++) {
      const record = this.#state.calendars.get(id) ?? {};
      for (const [field, value] of Object.entries(record)) {
        if (!field.startsWith("intervals.") || typeof value !== "object" || value === null) continue;
        const interval = value as { startDate?: string; endDate?: string; recurrentStartDate?: string; name?: string };
        const from = interval.startDate ? (parseWallClock(interval.startDate) ?? 0) / minutesPerDay : range[0];
        const to = interval.endDate ? (parseWallClock(interval.endDate) ?? 0) / minutesPerDay : range[1] + 1;
        const dated = interval.startDate || interval.endDate;
        if (!dated && weekly.test(interval.recurrentStartDate ?? "")) continue;
        for (let day = Math.floor(from); day < Math.min(to, from + longestScan); day++) if (!days.get(day)) days.set(day, interval.name ?? "");
      }
    }
    return [...days].sort((a, b) => a[0] - b[0]);
  }
}

/** Days of one interval that are looked at: a hundred years. */
const longestScan = 36_525;
const weekly = /^(?:every weekday|every weekend|every day|on (?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*[\s,]*(?:and\s+)?)+)\s*(?:at [\d:apm, ]+)?$/i;
