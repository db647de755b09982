import type { ProjectState } from "../model/state.ts";
import { calendarSource } from "./source.ts";
import { WorkingCalendar } from "./workingCalendar.ts";

/** Compiles one calendar record with its parents. */
export const compileCalendar = (state: ProjectState, calendarId: string): WorkingCalendar => new WorkingCalendar(calendarSource(state, calendarId));

/** V7: whether a calendar has any working time between the years 0 and 9999. A calendar that does not live has none. */
export const hasWorkingTime = (state: ProjectState, calendarId: string): boolean =>
  state.calendars.has(calendarId) && compileCalendar(state, calendarId).hasWork();
