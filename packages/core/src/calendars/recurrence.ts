import { type CivilDay, civilOf, dayOf, daysInMonth, weekdayOf } from "./civil.ts";

/** Moments that repeat: every day that meets all conditions, at each of the times. */
export interface Recurrence {
  /** Bit 0 Sunday … bit 6 Saturday. */
  readonly weekdays: number;
  /** Days of the month; -1 is the last. Empty: any. */
  readonly monthDays: readonly number[];
  /** Which of the month's Mondays (Tuesdays …); -1 is the last. Empty: any. */
  readonly instances: readonly number[];
  readonly yearDays: readonly number[];
  /** Months 1–12; empty: any. */
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** Minutes of the day, ascending; 1440 is the end of the day. */
  readonly times: readonly number[];
}

export type ParsedRecurrence = { readonly recurrence: Recurrence; readonly problem?: never } | { readonly problem: string; readonly recurrence?: never };

const everyDay = 0b1111111;
const weekdayNames: readonly RegExp[] = [
  /^sun(day)?s?$/,
  /^mon(day)?s?$/,
  /^tue(s|sday)?s?$/,
  /^wed(nes|nesday)?s?$/,
  /^thu(r|rs|rsday)?s?$/,
  /^fri(day)?s?$/,
  /^sat(ur|urday)?s?$/,
];
const monthNames: readonly RegExp[] = [
  /^jan(uary)?$/,
  /^feb(ruary)?$/,
  /^mar(ch)?$/,
  /^apr(il)?$/,
  /^may$/,
  /^june?$/,
  /^july?$/,
  /^aug(ust)?$/,
  /^sept?(ember)?$/,
  /^oct(ober)?$/,
  /^nov(ember)?$/,
  /^dec(ember)?$/,
];
const units = /^(day|week|month|year)s?$/;
const clock = /^(\d{1,2})(?::(\d{2}))?(?::\d{2})?(am|pm)?$/;
const maxText = 255;

function timeOf(word: string): number | undefined {
  if (word === "midnight") return 0;
  if (word === "noon") return 720;
  const m = clock.exec(word);
  if (!m || (m[2] === undefined && m[3] === undefined)) return undefined;
  let hour = Number(m[1]);
  const minute = Number(m[2] ?? 0);
  if (m[3]) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (m[3] === "pm" ? 12 : 0);
  }
  return minute > 59 || hour > 24 || (hour === 24 && minute > 0) ? undefined : hour * 60 + minute;
}

const indexIn = (names: readonly RegExp[], word: string | undefined): number => (word === undefined ? -1 : names.findIndex((name) => name.test(word)));

function rankOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (word === "first") return 1;
  if (word === "last") return -1;
  const m = /^(\d{1,4})(st|nd|rd|th)?$/.exec(word);
  return m ? Number(m[1]) : undefined;
}

const isRange = (word: string | undefined): boolean => word === "-" || word === "to" || word === "through";

/** Values from a to b, around the end of the cycle where b comes first (Fri-Mon). */
function cycle(from: number, to: number, first: number, size: number): number[] {
  const values = [from];
  for (let v = from; v !== to && values.length < size; ) {
    v = ((v - first + 1) % size) + first;
    values.push(v);
  }
  return values;
}

/**
 * Reads the recurrence texts that Bryntum hands to later.js: `on Mon,Tue at 08:00`, `every weekday at 8:00 am`, `at 13:00`, `on the last day`, `on the first Mon of the month`,
 * `on the 24th day in Dec`, `on 24 Dec`, `every weekend`. Several conditions in one text must all hold; without a time the moment is 00:00.
 */
export function parseRecurrence(text: string): ParsedRecurrence {
  if (text.length > maxText) return { problem: `is ${text.length} characters long, the limit is ${maxText}` };
  let parsed = parsedTexts.get(text);
  if (!parsed) {
    parsed = parse(text);
    if (parsedTexts.size >= maxParsed) parsedTexts.clear();
    parsedTexts.set(text, parsed);
  }
  return parsed;
}

/** Plans use few texts, and check each of them with every change of its calendar. */
const parsedTexts = new Map<string, ParsedRecurrence>();
const maxParsed = 500;

function parse(text: string): ParsedRecurrence {
  const words =
    text
      .toLowerCase()
      .replace(/(\d)\s+([ap]m)\b/g, "$1$2")
      .match(/\d{1,2}(?::\d{2}){1,2}(?:[ap]m)?|[a-z0-9]+|[^\s\w]/g) ?? [];
  if (words.length === 0) return { problem: "is empty" };
  let weekdays = 0;
  const [monthDays, instances, yearDays, months, years, times] = [
    [] as number[],
    [] as number[],
    [] as number[],
    [] as number[],
    [] as number[],
    [] as number[],
  ];
  let ranks: number[] = [];

  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (["on", "at", "@", "in", "of", "the", "and", ",", "every", "instance"].includes(word)) continue;
    const weekday = indexIn(weekdayNames, word);
    const month = indexIn(monthNames, word);
    const time = timeOf(word);
    const rank = rankOf(word);
    if (weekday >= 0) {
      const to = isRange(words[i + 1]) ? indexIn(weekdayNames, words[i + 2]) : weekday;
      if (to < 0) return { problem: `"${words[i + 2] ?? ""}" after "${word} ${words[i + 1]}" is no day of the week` };
      if (isRange(words[i + 1])) i += 2;
      for (const day of cycle(weekday, to, 0, 7)) weekdays |= 1 << day;
      instances.push(...ranks);
      ranks = [];
    } else if (month >= 0) {
      const to = isRange(words[i + 1]) ? indexIn(monthNames, words[i + 2]) : month;
      if (to < 0) return { problem: `"${words[i + 2] ?? ""}" after "${word} ${words[i + 1]}" is no month` };
      if (isRange(words[i + 1])) i += 2;
      months.push(...cycle(month + 1, to + 1, 1, 12));
      monthDays.push(...ranks);
      ranks = [];
    } else if (word === "weekday" || word === "weekdays" || word === "weekend" || word === "weekends") {
      if (ranks.length > 0) return { problem: `"${word}" cannot be counted: name the day of the week` };
      weekdays |= word.startsWith("weekday") ? 0b0111110 : 0b1000001;
    } else if (time !== undefined) times.push(time);
    else if (rank !== undefined) {
      if (words[i - 1] === "every") return { problem: `"every ${word}" has no fixed beginning: name the days` };
      const last = isRange(words[i + 1]) ? rankOf(words[i + 2]) : undefined;
      if (isRange(words[i + 1]) && last === undefined) return { problem: `"${words[i + 2] ?? ""}" after "${word} ${words[i + 1]}" is no number` };
      if (last !== undefined) i += 2;
      const to = last ?? rank;
      if (to < rank || to - rank > 366) return { problem: `the range ${rank}-${to} is upside down or too long` };
      for (let value = rank; value <= to; value++) (value >= 1000 ? years : ranks).push(value);
    } else if (units.test(word)) {
      const year = /^year/.test(word);
      if (/^week/.test(word) && ranks.length > 0) return { problem: `weeks cannot be counted ("${text}"): name the days` };
      if (/^day/.test(word) && words[i + 1] === "of" && /^years?$/.test(words[i + 3] ?? "")) {
        yearDays.push(...ranks);
        ranks = [];
        i += 3;
      } else if (!year || ranks.length > 0) {
        monthDays.push(...ranks);
        ranks = [];
      }
    } else return { problem: `"${word}" is not understood: write like "on Mon,Tue at 08:00", "every weekday at 08:00" or "on 24 Dec"` };
  }
  if (ranks.length > 0) (months.length > 0 || weekdays === 0 ? monthDays : instances).push(...ranks);

  if (monthDays.some((d) => d === 0 || d > 31)) return { problem: "a day of the month is 1 to 31" };
  if (instances.some((n) => n === 0 || n > 5)) return { problem: "a month has 1 to 5 of each day of the week" };
  if (yearDays.some((d) => d === 0 || d > 366)) return { problem: "a day of the year is 1 to 366" };
  const longest = Math.max(...(months.length > 0 ? months : [1]).map((m) => daysInMonth(2000, m)));
  if (monthDays.length > 0 && monthDays.every((d) => d > longest)) return { problem: `no such day: ${Math.min(...monthDays)} is past the end of that month` };
  return {
    recurrence: {
      weekdays: weekdays || everyDay,
      monthDays,
      instances,
      yearDays,
      months,
      years,
      times: times.length > 0 ? [...new Set(times)].sort((a, b) => a - b) : [0],
    },
  };
}

/** Whether only the day of the week decides: the moments then repeat every seven days. */
export const isWeekly = (r: Recurrence): boolean => r.monthDays.length + r.instances.length + r.yearDays.length + r.months.length + r.years.length === 0;

export function occursOn(r: Recurrence, epochDay: number): boolean {
  if ((r.weekdays & (1 << weekdayOf(epochDay))) === 0) return false;
  return isWeekly(r) || meetsDate(r, epochDay, civilOf(epochDay));
}

function meetsDate(r: Recurrence, epochDay: number, { year, month, day }: CivilDay): boolean {
  if (r.years.length > 0 && !r.years.includes(year)) return false;
  if (r.months.length > 0 && !r.months.includes(month)) return false;
  const fromEnd = daysInMonth(year, month) - day;
  if (r.monthDays.length > 0 && !r.monthDays.includes(day) && !(fromEnd === 0 && r.monthDays.includes(-1))) return false;
  if (r.instances.length > 0 && !r.instances.includes(Math.floor((day - 1) / 7) + 1) && !(fromEnd < 7 && r.instances.includes(-1))) return false;
  if (r.yearDays.length === 0) return true;
  const dayOfYear = epochDay - dayOf(year, 1, 1) + 1;
  return r.yearDays.includes(dayOfYear) || (month === 12 && day === 31 && r.yearDays.includes(-1));
}
