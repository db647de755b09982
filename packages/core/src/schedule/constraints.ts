import type { WorkingCalendar } from "../calendars/workingCalendar.ts";
import { finishNoEarlier, finishNoLater, mustFinish, mustStart, noConstraint, startNoEarlier, startNoLater } from "./inputs.ts";
import type { Plan } from "./plan.ts";

export const bindsFinish = (constraint: number): boolean => constraint === finishNoEarlier || constraint === finishNoLater || constraint === mustFinish;

/** Start of a leaf that needs `needed` once its constraint and levelling delay have had their say, in working minutes of its calendar. */
export function constrainedEarly(plan: Plan, slot: number, needed: number): number {
  const { columns, calendars, honour, backward } = plan;
  const calendarIndex = columns.calendar[slot] as number;
  const span = columns.span[slot] as number;
  let start = backward ? needed : needed + (columns.delay[slot] as number);
  const constraint = columns.constraint[slot] as number;
  if (constraint === noConstraint) return start;
  const date = (calendars[calendarIndex] as WorkingCalendar).workAt(columns.constraintDate[slot] as number);
  switch (constraint) {
    case startNoEarlier:
      if (date > start) start = date;
      break;
    case finishNoEarlier:
      if (date - span > start) start = date - span;
      break;
    case mustStart:
      start = honour || date > start ? date : start;
      break;
    case mustFinish:
      start = honour || date - span > start ? date - span : start;
      break;
    default:
      if (honour && !backward && (constraint === startNoLater || constraint === finishNoLater)) {
        const latest = Math.max(constraint === startNoLater ? date : date - span, plan.startWork(calendarIndex));
        if (latest < start) start = latest;
      }
  }
  return start;
}

/** Late start of a leaf that is allowed `allowed` once its constraint has had its say: the mirror image in a project planned from its end. */
export function constrainedLate(plan: Plan, slot: number, allowed: number): number {
  const { columns, calendars, honour, backward } = plan;
  const calendarIndex = columns.calendar[slot] as number;
  const span = columns.span[slot] as number;
  const date = (calendars[calendarIndex] as WorkingCalendar).workAt(columns.constraintDate[slot] as number);
  const constraint = columns.constraint[slot] as number;
  const start = bindsFinish(constraint) ? date - span : date;
  switch (constraint) {
    case mustStart:
    case mustFinish:
      if (honour) return start;
      return backward ? Math.min(allowed, start) : allowed;
    case startNoLater:
    case finishNoLater:
      return honour || backward ? Math.min(allowed, start) : allowed;
    case startNoEarlier:
    case finishNoEarlier:
      return honour && backward ? Math.max(allowed, Math.min(start, plan.endWork(calendarIndex) - span)) : allowed;
    default:
      return allowed;
  }
}
