import { parseWallClock } from "../model/wallClock.ts";
import { parseRecurrence } from "./recurrence.ts";

/** Bryntum's word for the end of the day on which the recurrent interval starts. */
export const endOfDay = "EOD";

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/**
 * What is wrong with a calendar interval, or `undefined` where it is sound. An interval has either `startDate` and `endDate`, or `recurrentStartDate` and `recurrentEndDate`
 * (then the dates, where present, limit the time in which it repeats).
 */
export function calendarProblem(interval: unknown): string | undefined {
  if (typeof interval !== "object" || interval === null || Array.isArray(interval)) return "an interval is an object with two dates or two recurrence texts";
  const value = interval as Record<string, unknown>;
  for (const field of ["startDate", "endDate", "recurrentStartDate", "recurrentEndDate", "name", "id"]) {
    if (value[field] != null && typeof value[field] !== "string") return `${field} must be a text, not ${typeof value[field]}`;
  }
  if (value.isWorking != null && typeof value.isWorking !== "boolean") return `isWorking must be true or false, not ${typeof value.isWorking}`;
  if (value.priority != null && !(Number.isInteger(value.priority) && Math.abs(value.priority as number) <= 10_000))
    return "priority must be a whole number from -10000 to 10000";

  const dates: number[] = [];
  for (const field of ["startDate", "endDate"] as const) {
    if (!isSet(value[field])) continue;
    const minutes = parseWallClock(value[field] as string);
    if (minutes === undefined) return `${field} "${value[field]}" is no date: write YYYY-MM-DDTHH:mm:ss without a zone`;
    dates.push(minutes);
  }
  if (dates.length === 2 && (dates[0] as number) >= (dates[1] as number)) return `startDate ${value.startDate} must lie before endDate ${value.endDate}`;

  const hasStart = isSet(value.recurrentStartDate);
  const hasEnd = isSet(value.recurrentEndDate);
  if (hasStart !== hasEnd) return `recurrentStartDate and recurrentEndDate go together: ${hasStart ? "recurrentEndDate" : "recurrentStartDate"} is missing`;
  if (!hasStart) {
    if (dates.length === 2) return undefined;
    if (dates.length === 1) return `startDate and endDate go together: ${isSet(value.startDate) ? "endDate" : "startDate"} is missing`;
    return "an interval needs startDate and endDate, or recurrentStartDate and recurrentEndDate";
  }
  for (const field of ["recurrentStartDate", "recurrentEndDate"] as const) {
    const text = value[field] as string;
    if (field === "recurrentEndDate" && text === endOfDay) continue;
    const { problem } = parseRecurrence(text);
    if (problem) return `${field} "${text.slice(0, 60)}": ${problem}`;
  }
  return undefined;
}
