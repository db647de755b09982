import type { TaskSchedule } from "@livegantt/core";

/** Computed values of a task as files show them; whatever is missing is left out. */
export type ScheduledDates = Partial<TaskSchedule>;

/** Where exports take computed dates from: a `Schedule`'s `tasks`, or any map of the same shape. */
export interface ScheduleLookup {
  get(task: string): ScheduledDates | undefined;
}
