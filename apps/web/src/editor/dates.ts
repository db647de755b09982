import type { LiveProject } from "@livegantt/client";
import { type ConstraintType, formatWallClock, parseWallClock } from "@livegantt/core";
import { calendarOfTask } from "@livegantt/svar";

export const dayOf = (wall: string | null | undefined): string => wall?.slice(0, 10) ?? "";

const finishing: ReadonlySet<ConstraintType> = new Set(["mustfinishon", "finishnoearlierthan", "finishnolaterthan"]);
export const isFinishing = (type: ConstraintType): boolean => finishing.has(type);

/** When work begins on a day, as a start is written: the first working moment from midnight on. */
export function startOfDay(live: Pick<LiveProject, "state">, task: string, day: string): string {
  const midnight = parseWallClock(`${day}T00:00:00`) ?? 0;
  const calendar = calendarOfTask(live.state, task);
  return formatWallClock(calendar ? calendar.startOf(calendar.workAt(midnight)) : midnight);
}

/** When work ends on a day, as a finish is written: the last working moment before the next midnight. */
export function endOfDay(live: Pick<LiveProject, "state">, task: string, day: string): string {
  const midnight = (parseWallClock(`${day}T00:00:00`) ?? 0) + 1440;
  const calendar = calendarOfTask(live.state, task);
  return formatWallClock(calendar ? calendar.finishOf(calendar.workAt(midnight)) : midnight - 1);
}
