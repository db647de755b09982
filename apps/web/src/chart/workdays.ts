import type { LiveProject } from "@livegantt/client";
import { compileCalendar, parseWallClock } from "@livegantt/core";
import { toWall } from "@livegantt/svar";

/** Class of a cell of the time scale: shaded where the project's calendar has no work. The calendar is compiled once per version of the calendars. */
export function shadingOf({ state }: LiveProject): ((date: Date, unit: string) => string) | null {
  const id = state.project.calendar;
  if (id == null || !state.calendars.has(id)) return null;
  const calendar = compileCalendar(state, id);
  return (date, unit) => {
    const at = parseWallClock(toWall(date)) ?? 0;
    if (unit === "day") return calendar.worksOn(Math.floor(at / 1440)) ? "" : "lg-off";
    if (unit === "hour") return calendar.workAt(at + 60) > calendar.workAt(at) ? "" : "lg-off";
    return "";
  };
}
