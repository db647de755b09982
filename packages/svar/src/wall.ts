import { formatWallClock, type Minutes, parseWallClock } from "@livegantt/core";

/**
 * The chart draws `Date`s in the machine's zone; the plan knows wall-clock texts without a zone. A `Date` whose local fields read the same is handed over,
 * so that 08:00 is drawn at 08:00 everywhere. Inside a spring-forward gap the clock shows the next existing hour; that value is never read back.
 */
export function toDate(wall: string): Date {
  const minutes = parseWallClock(wall) ?? 0;
  const utc = new Date(minutes * 60_000);
  const local = new Date(2000, 0, 1, utc.getUTCHours(), utc.getUTCMinutes());
  local.setFullYear(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate());
  return local;
}

const toMinutes = (date: Date): Minutes => {
  const ms = Date.UTC(2000, 0, 1, date.getHours(), date.getMinutes());
  return new Date(ms).setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate()) / 60_000;
};

export const toWall = (date: Date): string => formatWallClock(toMinutes(date));
export const wallMinutes = (wall: string): Minutes => parseWallClock(wall) ?? 0;
export const wallPlus = (wall: string, minutes: Minutes): string => formatWallClock(wallMinutes(wall) + minutes);
