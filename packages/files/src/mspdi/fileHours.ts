import type { FileCalendar } from "./calendars.ts";
import { type Day, minutesPerDay, weekdayOf } from "./recurrence.ts";
import type { Spans } from "./week.ts";

/** Days that exceptions of one calendar may cover for its hours to be looked up one by one. */
const maxDays = 50_000;

/** Working time of a file's calendar between two moments, before there is a plan to ask. */
export class FileHours {
  readonly #week: FileCalendar["week"];
  /** `undefined` where the exceptions are too many. */
  readonly #dated: ReadonlyMap<Day, Spans> | undefined;

  constructor(calendar: FileCalendar) {
    this.#week = calendar.week;
    this.#dated = datedHours(calendar);
  }

  get known(): boolean {
    return this.#dated !== undefined;
  }

  /** Working minutes; both moments in wall-clock minutes. */
  between(from: number, to: number): number {
    let sum = 0;
    for (let day = Math.floor(from / minutesPerDay); day * minutesPerDay < to; day++) {
      const midnight = day * minutesPerDay;
      for (const [start, end] of this.#dated?.get(day) ?? this.#week[weekdayOf(day)] ?? [])
        sum += Math.max(0, Math.min(midnight + end, to) - Math.max(midnight + start, from));
    }
    return sum;
  }
}

function datedHours(calendar: FileCalendar): Map<Day, Spans> | undefined {
  const chain: FileCalendar[] = [];
  for (let at: FileCalendar | undefined = calendar; at; at = at.parent) chain.unshift(at);
  const dated = new Map<Day, Spans>();
  let left = maxDays;
  for (const { other } of chain)
    for (const { runs, spans } of other)
      for (const [from, to] of runs) {
        left -= to - from + 1;
        if (left < 0) return undefined;
        for (let day = from; day <= to; day++) dated.set(day, spans);
      }
  return dated;
}
