import { durationToMinutes } from "../calendars/durations.ts";
import type { ConstraintType, ProjectRecord, TaskRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { parseWallClock } from "../model/wallClock.ts";

export const manual = 1;
export const inactive = 2;
/** Placed at the other end of its slack: as late as possible in a project that runs forward, as soon as possible in one that runs backward. */
export const contrary = 4;
/** Its calendars leave it no working time. */
export const stranded = 8;

export const noConstraint = 0;
export const startNoEarlier = 1;
export const finishNoEarlier = 2;
export const startNoLater = 3;
export const finishNoLater = 4;
export const mustStart = 5;
export const mustFinish = 6;

const constraintCodes: Partial<Record<ConstraintType, number>> = {
  startnoearlierthan: startNoEarlier,
  finishnoearlierthan: finishNoEarlier,
  startnolaterthan: startNoLater,
  finishnolaterthan: finishNoLater,
  muststarton: mustStart,
  mustfinishon: mustFinish,
};

const defaultUnits = 100;
const defaultDuration = 1;
const maxMinutes = 6e9;

export const dateOf = (text: string | null | undefined): number | undefined => (text == null ? undefined : parseWallClock(text));

/** Units that are assigned to a task, as a factor: two people at 100 % are 2. */
function assignedUnits(state: ProjectState, task: string): number {
  let sum = 0;
  for (const id of state.assignmentsOfTask.of(task)) sum += (state.assignments.get(id)?.units ?? defaultUnits) / 100;
  return sum;
}

/** Whether the effort is what was planned and the duration follows from it. */
const effortRules = (task: TaskRecord): boolean =>
  task.schedulingMode === "FixedEffort" || (task.schedulingMode === "FixedUnits" && task.effortDriven === true);

/** Minutes of work on a task and the working minutes it takes up, pauses between segments included. */
export function durationOf(state: ProjectState, task: TaskRecord): { readonly work: number; readonly span: number } {
  const { project } = state;
  const segments = task.segments;
  if (segments != null && segments.length > 0) {
    let work = 0;
    let span = 0;
    for (const segment of segments) {
      work += segment.duration;
      span = Math.max(span, segment.offset + segment.duration);
    }
    return { work, span };
  }
  if (task.effort != null && effortRules(task)) {
    const units = assignedUnits(state, task.id);
    if (units > 0) return both(Math.round(durationToMinutes(task.effort, task.effortUnit ?? "hour", project) / units));
  }
  return both(durationToMinutes(task.duration ?? defaultDuration, task.durationUnit, project));
}

function both(minutes: number): { work: number; span: number } {
  const work = Math.min(Math.max(minutes, 0), maxMinutes);
  return { work, span: work };
}

/** Minutes of effort: as planned where the effort rules or nobody is assigned, else what the assigned units do in the duration. */
export function effortOf(state: ProjectState, task: TaskRecord, work: number): number {
  const planned = task.effort == null ? undefined : durationToMinutes(task.effort, task.effortUnit ?? "hour", state.project);
  if (planned !== undefined && (effortRules(task) || task.effortDriven === true)) return planned;
  const units = assignedUnits(state, task.id);
  return units > 0 ? Math.round(work * units) : (planned ?? 0);
}

export const constraintCode = (task: TaskRecord): number =>
  task.constraintType != null && dateOf(task.constraintDate) !== undefined ? (constraintCodes[task.constraintType] ?? noConstraint) : noConstraint;

/** Where work on the project may begin. A project without a start date begins with the earliest date that anyone gave. */
export function projectStartOf(state: ProjectState): number {
  const given = dateOf(state.project.startDate);
  if (given !== undefined) return given;
  let earliest = Number.POSITIVE_INFINITY;
  for (const task of state.tasks.values()) {
    const date = task.manuallyScheduled === true ? dateOf(task.startDate) : dateOf(task.constraintDate);
    if (date !== undefined && date < earliest) earliest = date;
  }
  return earliest === Number.POSITIVE_INFINITY ? fallbackStart : earliest;
}
const fallbackStart = parseWallClock("2000-01-01T00:00:00") as number;

/** The project's end date where it is planned from its end. */
export const projectEndOf = (project: ProjectRecord): number | undefined => (project.direction === "Backward" ? dateOf(project.endDate) : undefined);
