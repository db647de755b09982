import type { DurationUnit, ProjectRecord } from "../model/collections.ts";

type Units = Pick<ProjectRecord, "hoursPerDay" | "daysPerWeek" | "daysPerMonth">;

/** What a project without its own figures counts with, as in Bryntum. */
const defaultHoursPerDay = 24;
const defaultDaysPerWeek = 7;
const defaultDaysPerMonth = 30;
const monthsPerQuarter = 3;
const monthsPerYear = 12;

const positive = (value: number | null | undefined, otherwise: number): number => (value != null && value > 0 && Number.isFinite(value) ? value : otherwise);

/** Working minutes in one unit of duration. */
export function minutesPerUnit(unit: DurationUnit | null | undefined, project: Units): number {
  const day = positive(project.hoursPerDay, defaultHoursPerDay) * 60;
  const month = positive(project.daysPerMonth, defaultDaysPerMonth) * day;
  switch (unit) {
    case "minute":
      return 1;
    case "hour":
      return 60;
    case "week":
      return positive(project.daysPerWeek, defaultDaysPerWeek) * day;
    case "month":
      return month;
    case "quarter":
      return monthsPerQuarter * month;
    case "year":
      return monthsPerYear * month;
    default:
      return day;
  }
}

/** Working minutes of a duration, lag or effort, rounded to the minute. No unit means days. */
export const durationToMinutes = (value: number, unit: DurationUnit | null | undefined, project: Units): number =>
  Math.round(value * minutesPerUnit(unit, project));

/** The same the other way; not rounded, so `durationToMinutes` gives the minutes back. */
export const minutesToDuration = (minutes: number, unit: DurationUnit | null | undefined, project: Units): number => minutes / minutesPerUnit(unit, project);
