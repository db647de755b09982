export { captureBaseline } from "./baseline.ts";
export { computeSchedule, engineVersion, ScheduleEngine } from "./engine.ts";
export { level } from "./level.ts";
export type { Driver, Fix, PlacedDates, Schedule, ScheduleChange, ScheduleViolation, TaskSchedule, ViolationKind } from "./types.ts";
export { calendarTime, type WorkingTime, workingTime } from "./workingTime.ts";
