export { computeSchedule, engineVersion, ScheduleEngine } from "./engine.ts";
export type { Driver, Fix, PlacedDates, Schedule, ScheduleChange, ScheduleViolation, TaskSchedule, ViolationKind } from "./types.ts";
