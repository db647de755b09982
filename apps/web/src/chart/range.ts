import { toDate } from "@livegantt/svar";

export interface Range {
  readonly start: Date;
  readonly end: Date;
}

const monthsAround = 2;

/**
 * What the chart spans: whole months around the plan, with room on both sides. `before` is kept as long as the plan stays inside it, so that a remote change does not
 * shift what a person looks at.
 */
export function rangeOf(projectStart: string, projectEnd: string, before?: Range): Range {
  const first = toDate(projectStart);
  const last = toDate(projectEnd > projectStart ? projectEnd : projectStart);
  if (before && addDays(first, -7) >= before.start && addDays(last, 7) <= before.end) return before;
  const start = addMonths(new Date(first.getFullYear(), first.getMonth(), 1), -1);
  const end = addMonths(new Date(last.getFullYear(), last.getMonth(), 1), monthsAround + 2);
  if (!before) return { start, end };
  return { start: new Date(Math.min(start.getTime(), before.start.getTime())), end: new Date(Math.max(end.getTime(), before.end.getTime())) };
}

const addMonths = (date: Date, months: number): Date => new Date(date.getFullYear(), date.getMonth() + months, date.getDate());
const addDays = (date: Date, days: number): Date => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
