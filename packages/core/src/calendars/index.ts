export { compileCalendar, hasWorkingTime } from "./compile.ts";
export { durationToMinutes, minutesPerUnit, minutesToDuration } from "./durations.ts";
export { calendarProblem } from "./problem.ts";
export { WorkingCalendar } from "./workingCalendar.ts";
