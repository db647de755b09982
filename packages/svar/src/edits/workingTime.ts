import { compileCalendar, type ProjectState, type WorkingCalendar } from "@livegantt/core";
import { wallMinutes } from "../wall.ts";
import type { Plan } from "./plan.ts";

/** The calendar that a task is worked on: its own, else the project's. `undefined`: always working. */
export function calendarOfTask(state: ProjectState, task: string): WorkingCalendar | undefined {
  const calendar = state.tasks.get(task)?.calendar ?? state.project.calendar;
  return calendar != null && state.calendars.has(calendar) ? compileCalendar(state, calendar) : undefined;
}

/** Working minutes of a task's calendar between two wall-clock moments; negative where `to` lies before `from`. */
export function workingMinutes({ state }: Plan, task: string, from: string, to: string): number {
  const calendar = calendarOfTask(state, task);
  const [a, b] = [wallMinutes(from), wallMinutes(to)];
  return calendar ? calendar.workAt(b) - calendar.workAt(a) : b - a;
}
