import { durationToMinutes } from "../calendars/durations.ts";
import { boundsPredecessor, boundsSuccessor, none } from "../graph/precedenceGraph.ts";
import type { DependencyRecord, TaskRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { CalendarSet } from "./calendarSet.ts";
import { calendarOfPredecessor, calendarOfSuccessor } from "./columns.ts";
import { constraintCode, contrary, dateOf, durationOf, inactive, manual, projectEndOf, projectStartOf, stranded } from "./inputs.ts";
import type { Plan } from "./plan.ts";

const inheritsForward = 1;
const inheritsBackward = 2;

/** Reads records into the columns of a plan. */
export class InputReader {
  readonly #state: ProjectState;
  readonly #plan: Plan;
  calendars: CalendarSet;
  /** How many tasks are placed at the other end of their slack. */
  contraries = 0;
  readonly #direction: number[] = [];

  constructor(state: ProjectState, plan: Plan) {
    this.#state = state;
    this.#plan = plan;
    this.calendars = new CalendarSet(state);
  }

  /** The project's own record and its calendars. All tasks and links must be read after it. */
  project(): void {
    const plan = this.#plan;
    const { project } = this.#state;
    this.calendars = new CalendarSet(this.#state);
    plan.setCalendars(this.calendars.calendars);
    plan.projectCalendar = this.calendars.projectIndex;
    plan.honour = project.honorConstraints !== false;
    const end = projectEndOf(project);
    plan.backward = end !== undefined;
    if (end !== undefined) plan.end = end;
    else plan.start = projectStartOf(this.#state);
    this.contraries = 0;
    plan.columns.flags.fill(0);
  }

  /** Direction that a task hands down to those under it that have none. */
  directionOf(slot: number): number {
    return this.#direction[slot] ?? 0;
  }

  /** The task has gone. */
  forget(slot: number): void {
    const { flags } = this.#plan.columns;
    this.contraries -= Number(((flags[slot] as number) & contrary) !== 0);
    flags[slot] = 0;
  }

  /** Inputs of one task into the columns. Its parent must have been read. */
  task(slot: number): void {
    const { graph, columns } = this.#plan;
    const task = this.#state.tasks.get(graph.ids[slot] as string) as TaskRecord;
    const parent = graph.parent[slot] as number;
    const { work, span } = durationOf(this.#state, task);
    const { index, stranded: isStranded } = this.calendars.resolve(task);
    const start = task.manuallyScheduled === true ? dateOf(task.startDate) : undefined;
    const direction =
      task.direction === "Backward"
        ? inheritsBackward
        : task.direction === "Forward"
          ? inheritsForward
          : parent === none
            ? 0
            : (this.#direction[parent] as number);
    const isInactive = task.inactive === true || (parent !== none && ((columns.flags[parent] as number) & inactive) !== 0);
    let flags = (start === undefined ? 0 : manual) | (isInactive ? inactive : 0) | (isStranded ? stranded : 0);
    if (graph.summary[slot] === 0 && start === undefined && this.#isContrary(task, direction)) flags |= contrary;
    this.contraries += Number((flags & contrary) !== 0) - Number(((columns.flags[slot] as number) & contrary) !== 0);
    this.#direction[slot] = direction;
    columns.calendar[slot] = index;
    columns.flags[slot] = flags;
    columns.work[slot] = work;
    columns.span[slot] = span;
    columns.constraint[slot] = constraintCode(task);
    columns.constraintDate[slot] = dateOf(task.constraintDate) ?? Number.NaN;
    columns.manualStart[slot] = start ?? Number.NaN;
    columns.deadline[slot] = dateOf(task.deadlineDate) ?? Number.POSITIVE_INFINITY;
    columns.delay[slot] = task.levelingDelay != null && task.levelingDelay > 0 ? Math.round(task.levelingDelay) : 0;
  }

  #isContrary(task: TaskRecord, direction: number): boolean {
    const { constraintType } = task;
    if (this.#plan.backward) return constraintType === "assoonaspossible" || (direction === inheritsForward && constraintType !== "aslateaspossible");
    return constraintType === "aslateaspossible" || (direction === inheritsBackward && constraintType !== "assoonaspossible");
  }

  /** Inputs of one link. Both its tasks must have been read. */
  link(link: number, record: DependencyRecord): void {
    const { graph, columns } = this.#plan;
    const { project } = this.#state;
    const from = graph.from[link] as number;
    const to = graph.to[link] as number;
    const flags = columns.flags;
    // FF and SF into a summary and links between a task and its own summary have no effect.
    const idle =
      record.active === false || ((graph.type[link] as number) & 1 && graph.summary[to] === 1) || graph.isWithin(from, to) || graph.isWithin(to, from);
    graph.effect[link] =
      idle || (flags[from] as number) & inactive ? 0 : (flags[to] as number) & inactive ? boundsSuccessor : boundsSuccessor | boundsPredecessor;
    columns.lag[link] = record.lag == null ? 0 : durationToMinutes(record.lag, record.lagUnit, project);
    const rule = project.dependenciesCalendar;
    columns.lagCalendar[link] =
      record.calendar != null
        ? this.calendars.indexOf(record.calendar)
        : rule === "Project"
          ? this.#plan.projectCalendar
          : rule === "FromEvent"
            ? calendarOfPredecessor
            : rule === "AllWorking"
              ? 0
              : calendarOfSuccessor;
  }
}
