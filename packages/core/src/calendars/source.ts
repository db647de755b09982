import type { CalendarInterval } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { parseWallClock } from "../model/wallClock.ts";
import { minutesPerDay } from "./civil.ts";
import { calendarProblem, endOfDay } from "./problem.ts";
import { isWeekly, occursOn, parseRecurrence, type Recurrence } from "./recurrence.ts";
import { intersect, normalise, type Spans, subtract, union } from "./spans.ts";

/** Where a calendar's working time comes from, range by range. */
export interface SpanSource {
  /** Working time within [from, to), both at 00:00 of a day. */
  spans(from: number, to: number): Spans;
  /** Whether something dated lies in the range, so that it is not like the same range one cycle away. */
  dated(from: number, to: number): boolean;
  /** After how long undated working time repeats. */
  readonly cycle: "week" | "gregorian";
}

interface Repeating {
  readonly start: Recurrence;
  /** `undefined`: at the end of the day. */
  readonly end: Recurrence | undefined;
  /** It repeats only within these dates; infinite where unlimited. */
  readonly from: number;
  readonly to: number;
}

/** Intervals of one rank: later layers win over earlier ones. */
interface Layer {
  readonly rank: number;
  readonly working: boolean;
  readonly fixed: Spans;
  readonly repeating: readonly Repeating[];
}

/** How far back a recurrent interval that covers a moment may have begun. */
const longestRepeatingDays = 400;
/** Bryntum's priorities: a deeper calendar wins over its parent, a dated interval over a recurrent one. */
const rankPerDepth = 100;
const recurrentPriority = 20;
const staticPriority = 30;

const intervalPrefix = "intervals.";

/** The calendar and its parents, the calendar first. Ends at a parent that does not live and at a loop. */
export function calendarChain(state: ProjectState, calendarId: string): string[] {
  const chain: string[] = [];
  for (let id: string | null | undefined = calendarId; id != null && state.calendars.has(id) && !chain.includes(id); id = state.calendars.get(id)?.parentId)
    chain.push(id);
  return chain;
}

/** Time that one calendar record gives: its own intervals over those of its parents, over `unspecifiedTimeIsWorking` (true where unset). Unsound intervals are left out. */
export function calendarSource(state: ProjectState, calendarId: string): SpanSource {
  const chain = calendarChain(state, calendarId);
  const groups = new Map<string, { rank: number; working: boolean; fixed: [number, number][]; repeating: Repeating[] }>();
  chain.forEach((id, up) => {
    const record = state.calendars.get(id) ?? {};
    for (const [field, value] of Object.entries(record)) {
      if (!field.startsWith(intervalPrefix) || value == null || calendarProblem(value) !== undefined) continue;
      const interval = value as CalendarInterval;
      const recurrent = !!interval.recurrentStartDate;
      const rank = (chain.length - 1 - up) * rankPerDepth + (interval.priority ?? (recurrent ? recurrentPriority : staticPriority));
      const working = interval.isWorking === true;
      const key = `${rank}${working}`;
      const group = groups.get(key) ?? { rank, working, fixed: [], repeating: [] };
      groups.set(key, group);
      const from = interval.startDate ? (parseWallClock(interval.startDate) as number) : Number.NEGATIVE_INFINITY;
      const to = interval.endDate ? (parseWallClock(interval.endDate) as number) : Number.POSITIVE_INFINITY;
      if (!recurrent) group.fixed.push([from, to]);
      else {
        const start = parseRecurrence(interval.recurrentStartDate as string).recurrence as Recurrence;
        const end = interval.recurrentEndDate === endOfDay ? undefined : parseRecurrence(interval.recurrentEndDate as string).recurrence;
        group.repeating.push({ start, end, from, to });
      }
    }
  });
  const layers: Layer[] = [...groups.values()]
    .sort((a, b) => a.rank - b.rank || Number(b.working) - Number(a.working))
    .map((group) => ({ rank: group.rank, working: group.working, fixed: normalise(group.fixed), repeating: group.repeating }));
  return layeredSource(layers, state.calendars.get(chain[0] ?? "")?.unspecifiedTimeIsWorking !== false);
}

export const alwaysWorking: SpanSource = { cycle: "week", dated: () => false, spans: (from, to) => [from, to] };

function layeredSource(layers: readonly Layer[], otherwise: boolean): SpanSource {
  const limited = layers.flatMap((layer) => layer.repeating.filter((r) => r.from !== Number.NEGATIVE_INFINITY || r.to !== Number.POSITIVE_INFINITY));
  const repeating = layers.flatMap((layer) => layer.repeating);
  const overhang = longestRepeatingDays * minutesPerDay;
  return {
    cycle: repeating.every((r) => isWeekly(r.start) && (!r.end || isWeekly(r.end))) ? "week" : "gregorian",
    dated(from, to) {
      if (layers.some((layer) => touches(layer.fixed, from, to))) return true;
      if (limited.some((r) => r.from < to && r.to > from)) return true;
      return repeating.some(({ start, end }) => (start.years.length > 0 || (end?.years.length ?? 0) > 0) && yearsTouch(start, end, from - overhang, to));
    },
    spans(from, to) {
      let spans: Spans = otherwise ? [from, to] : [];
      for (const layer of layers) {
        let own: Spans = within(layer.fixed, from, to);
        for (const r of layer.repeating) own = union(own, repeatingSpans(r, from, to));
        spans = layer.working ? union(spans, own) : subtract(spans, own);
      }
      return spans;
    },
  };
}

function yearsTouch(start: Recurrence, end: Recurrence | undefined, from: number, to: number): boolean {
  const years = [...start.years, ...(end?.years ?? [])];
  const yearMinutes = 366 * minutesPerDay;
  return years.some((year) => (year - 1970 + 1) * yearMinutes > from - yearMinutes * 20 && (year - 1970) * yearMinutes < to + yearMinutes * 20);
}

function firstEndingAfter(spans: Spans, from: number): number {
  let low = 0;
  let high = spans.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[2 * middle + 1] as number) <= from) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

function touches(spans: Spans, from: number, to: number): boolean {
  const at = firstEndingAfter(spans, from);
  return at < spans.length && (spans[at] as number) < to;
}

function within(spans: Spans, from: number, to: number): Spans {
  const out: number[] = [];
  for (let i = firstEndingAfter(spans, from); i < spans.length && (spans[i] as number) < to; i += 2)
    out.push(Math.max(spans[i] as number, from), Math.min(spans[i + 1] as number, to));
  return out;
}

/** Moments of a recurrence from day `first` to day `last`, ascending. */
function occurrences(r: Recurrence, first: number, last: number): number[] {
  const out: number[] = [];
  for (let day = first; day <= last; day++) if (occursOn(r, day)) for (const time of r.times) out.push(day * minutesPerDay + time);
  return out;
}

/** From each start to the next end after it. */
function repeatingSpans(r: Repeating, from: number, to: number): Spans {
  if (r.from >= to || r.to <= from) return [];
  const back = isWeekly(r.start) && (!r.end || isWeekly(r.end)) ? 8 : longestRepeatingDays;
  const firstDay = Math.floor(from / minutesPerDay) - back;
  const lastDay = Math.floor(to / minutesPerDay);
  const starts = occurrences(r.start, firstDay, lastDay);
  const ends = r.end ? occurrences(r.end, firstDay, lastDay + back) : undefined;
  const low = Math.max(from, r.from);
  const high = Math.min(to, r.to);
  const pairs: [number, number][] = [];
  let e = 0;
  for (const start of starts) {
    let end = (Math.floor(start / minutesPerDay) + 1) * minutesPerDay;
    if (ends) {
      while (e < ends.length && (ends[e] as number) <= start) e++;
      if (e === ends.length) break;
      end = ends[e] as number;
    }
    if (start < high && end > low) pairs.push([Math.max(start, low), Math.min(end, high)]);
  }
  return normalise(pairs);
}

function combined(sources: readonly SpanSource[], join: (x: Spans, y: Spans) => Spans): SpanSource {
  return {
    cycle: sources.every((s) => s.cycle === "week") ? "week" : "gregorian",
    dated: (from, to) => sources.some((s) => s.dated(from, to)),
    spans: (from, to) => sources.map((s) => s.spans(from, to)).reduce(join),
  };
}

export const unionOf = (sources: readonly [SpanSource, ...SpanSource[]]): SpanSource => combined(sources, union);
export const intersectionOf = (sources: readonly [SpanSource, ...SpanSource[]]): SpanSource => combined(sources, intersect);
