import type { ConstraintType, DependencyType, DurationUnit, SchedulingMode } from "@livegantt/core";

/** MSPDI numbers links 0 FF, 1 FS, 2 SF, 3 SS; ours are 0 SS, 1 SF, 2 FS, 3 FF. The table is its own inverse. */
export const linkTypes: readonly DependencyType[] = [3, 2, 1, 0];

/** Constraints by MSPDI code. 0 (as soon as possible) and 1 (as late as possible) have no date: they become the task's direction. */
export const constraintTypes: readonly (ConstraintType | undefined)[] = [
  undefined,
  undefined,
  "muststarton",
  "mustfinishon",
  "startnoearlierthan",
  "startnolaterthan",
  "finishnoearlierthan",
  "finishnolaterthan",
];

/** Task types by MSPDI code: fixed units, fixed duration, fixed work. */
export const taskTypes: readonly SchedulingMode[] = ["FixedUnits", "FixedDuration", "FixedEffort"];

export const resourceTypes = ["material", "work", "cost"] as const;

export interface Format {
  readonly unit: DurationUnit | "percent";
  readonly elapsed: boolean;
  readonly estimated: boolean;
}

const bases: readonly Format["unit"][] = ["minute", "hour", "day", "week", "month"];
/** Codes of estimated durations lie this far above those of firm ones. */
const estimatedOffset = 32;

/** What a DurationFormat or LagFormat code says; unknown codes are read as days, as MS Project does. */
export function formatOf(code: number | undefined): Format {
  const estimated = code !== undefined && code > estimatedOffset;
  const base = estimated ? code - estimatedOffset : (code ?? 7);
  if (base === 19 || base === 20) return { unit: "percent", elapsed: base === 20, estimated };
  const unit = bases[(base - 3) >> 1];
  return unit === undefined || base < 3 ? { unit: "day", elapsed: false, estimated } : { unit, elapsed: base % 2 === 0, estimated };
}

/** The code that shows a value in this unit; MSPDI has no quarters and years: they are shown in months. */
export function formatCode(unit: DurationUnit, estimated = false): number {
  const index = bases.indexOf(unit);
  return 3 + 2 * (index < 0 ? 4 : index) + (estimated ? estimatedOffset : 0);
}
