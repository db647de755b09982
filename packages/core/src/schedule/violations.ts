import { boundsPredecessor, boundsSuccessor, none } from "../graph/precedenceGraph.ts";
import type { TaskRecord } from "../model/collections.ts";
import { compareText } from "../model/json.ts";
import type { ProjectState } from "../model/state.ts";
import { formatWallClock } from "../model/wallClock.ts";
import { Allocations } from "./allocations.ts";
import { bindsFinish } from "./constraints.ts";
import { Fixes } from "./fixes.ts";
import { finishNoEarlier, finishNoLater, inactive, manual, mustFinish, mustStart, noConstraint, startNoEarlier, stranded } from "./inputs.ts";
import type { Passes } from "./passes.ts";
import type { Fix, ScheduleViolation } from "./types.ts";

/** S4: everything that cannot be met, found when it is read and kept until the schedule changes. */
export class Violations {
  readonly #state: ProjectState;
  readonly #passes: Passes;
  readonly #fixes: Fixes;
  readonly #allocations: Allocations;
  #known: readonly ScheduleViolation[] | undefined;
  #found: ScheduleViolation[] = [];

  constructor(state: ProjectState, passes: Passes) {
    this.#state = state;
    this.#passes = passes;
    this.#fixes = new Fixes(state);
    this.#allocations = new Allocations(state, passes, this.#fixes);
  }

  /** The schedule changed. `tasks`: those whose dates or inputs did; `undefined` where any may have, or where resources or assignments did. */
  stale(tasks: readonly string[] | undefined): void {
    this.#known = undefined;
    this.#allocations.stale(tasks);
  }

  all(): readonly ScheduleViolation[] {
    if (this.#known) return this.#known;
    this.#found = [];
    const { graph, columns } = this.#passes.plan;
    for (let slot = 0; slot < graph.slots; slot++) {
      if (!graph.isTask(slot) || ((columns.flags[slot] as number) & inactive) !== 0) continue;
      if (graph.summary[slot] === 1) this.#summary(slot);
      else this.#leaf(slot);
    }
    this.#found.push(...this.#allocations.all());
    const key = (v: ScheduleViolation): string => `${v.kind} ${v.dependency ?? ""} ${v.resource ?? ""}`;
    this.#known = this.#found.sort((a, b) => compareText(a.task, b.task) || compareText(key(a), key(b)));
    return this.#known;
  }

  #add(kind: ScheduleViolation["kind"], slot: number, minutes: number, fixes: readonly Fix[], link = none): void {
    const { graph } = this.#passes.plan;
    const task = graph.ids[slot] as string;
    this.#found.push({ kind, task, ...(link === none ? {} : { dependency: graph.linkIds[link] as string }), by: minutes / 60, fixes });
  }

  #leaf(slot: number): void {
    const { columns, backward } = this.#passes.plan;
    const flags = columns.flags[slot] as number;
    const isManual = (flags & manual) !== 0;
    const constraint = columns.constraint[slot] as number;
    if ((flags & stranded) !== 0) this.#stranded(slot);
    if (isManual || constraint !== noConstraint) {
      if (backward) this.#tooLate(slot, isManual, constraint);
      else this.#tooEarly(slot, isManual, constraint);
      this.#idleDay(slot, isManual, constraint);
    }
    if (columns.deadline[slot] !== Number.POSITIVE_INFINITY) this.#deadline(slot);
    this.#outOfWork(slot);
  }

  #stranded(slot: number): void {
    const task = this.#passes.plan.graph.ids[slot] as string;
    const record = this.#state.tasks.get(task);
    const helps = (fields: Partial<TaskRecord>): boolean => record !== undefined && !this.#passes.mirror.calendars.resolve({ ...record, ...fields }).stranded;
    const fixes: Fix[] = [];
    if (helps({ ignoreResourceCalendar: true }))
      fixes.push(this.#fixes.update("Ignore the resources' calendars", "tasks", task, { ignoreResourceCalendar: true }));
    if (helps({ calendar: null })) fixes.push(this.#fixes.update("Use the project's calendar", "tasks", task, { calendar: null }));
    this.#add("no-working-time", slot, 0, fixes);
  }

  /** Work that its calendar has no more time for. */
  #outOfWork(slot: number): void {
    const { columns, calendars } = this.#passes.plan;
    const calendar = calendars[columns.calendar[slot] as number];
    const end = (this.#passes.placed.start[slot] as number) + (columns.span[slot] as number);
    if (!calendar || calendar.reaches(end)) return;
    const missing = end - calendar.workAt(calendar.finishOf(end));
    const task = this.#passes.plan.graph.ids[slot] as string;
    if (missing > 0) this.#add("no-working-time", slot, missing, [this.#fixes.update("Use the project's calendar", "tasks", task, { calendar: null })]);
  }

  /** A date that was asked for on a day without working time. */
  #idleDay(slot: number, isManual: boolean, constraint: number): void {
    if (!isManual && constraint !== mustStart && constraint !== mustFinish) return;
    const { columns, calendars, graph } = this.#passes.plan;
    const calendar = calendars[columns.calendar[slot] as number];
    const date = (isManual ? columns.manualStart[slot] : columns.constraintDate[slot]) as number;
    const atFinish = !isManual && constraint === mustFinish;
    if (!calendar || calendar.worksOn(Math.floor((atFinish ? date - 1 : date) / 1440))) return;
    const task = graph.ids[slot] as string;
    const work = calendar.workAt(date);
    const snapped = atFinish ? calendar.finishOf(work) : calendar.startOf(work);
    this.#add("non-working-time", slot, 0, [isManual ? this.#fixes.moveManual(task, snapped) : this.#fixes.moveConstraint(task, snapped)]);
  }

  /** A date that holds although predecessors, parents or the project start ask for a later one. */
  #tooEarly(slot: number, isManual: boolean, constraint: number): void {
    const passes = this.#passes;
    const { graph, columns, calendars, start } = passes.plan;
    if (!isManual && (constraint === startNoEarlier || constraint === finishNoEarlier)) return;
    const early = passes.slackStart;
    const index = columns.calendar[slot] as number;
    const calendar = calendars[index];
    if (!calendar) return;
    const span = columns.span[slot] as number;
    const task = graph.ids[slot] as string;
    const limit = isManual ? (early.start[slot] as number) : calendar.workAt(columns.constraintDate[slot] as number) - (bindsFinish(constraint) ? span : 0);
    const move = (work: number): readonly Fix[] =>
      isManual
        ? [this.#fixes.moveManual(task, calendar.startOf(work)), this.#fixes.automatic(task)]
        : [
            this.#fixes.moveConstraint(task, bindsFinish(constraint) ? calendar.finishOf(work + span) : calendar.startOf(work)),
            this.#fixes.dropConstraint(task),
          ];
    for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number) {
      if (((graph.effect[e] as number) & boundsSuccessor) === 0) continue;
      const asked = early.linkNeeds(e);
      if (asked > limit) this.#add("constraint-vs-dependency", slot, asked - limit, [...move(asked), this.#fixes.removeLink(graph.linkIds[e] as string)], e);
    }
    const parent = graph.parent[slot] as number;
    if (parent !== none && (early.gate[parent] as number) > start) {
      const asked = calendar.workAt(early.gate[parent] as number);
      if (asked > limit) this.#add("constraint-vs-dependency", slot, asked - limit, move(asked));
    }
    const begin = passes.plan.startWork(index);
    if (begin <= limit) return;
    const to = formatWallClock(calendar.startOf(limit));
    this.#add("before-project-start", slot, begin - limit, [...move(begin), this.#fixes.project("Move the project start", { startDate: to })]);
  }

  /** In a project planned from its end: a date that holds although successors or the project end ask for an earlier one. */
  #tooLate(slot: number, isManual: boolean, constraint: number): void {
    const passes = this.#passes;
    const { graph, columns, calendars } = passes.plan;
    const late = passes.slackEnd;
    const index = columns.calendar[slot] as number;
    const calendar = calendars[index];
    const fixed = isManual || constraint === mustStart || constraint === mustFinish || constraint === startNoEarlier || constraint === finishNoEarlier;
    if (!calendar || !fixed) return;
    const span = columns.span[slot] as number;
    const task = graph.ids[slot] as string;
    const limit = isManual ? (late.start[slot] as number) : calendar.workAt(columns.constraintDate[slot] as number) - (bindsFinish(constraint) ? span : 0);
    const move = (work: number): readonly Fix[] =>
      isManual
        ? [this.#fixes.moveManual(task, calendar.startOf(work)), this.#fixes.automatic(task)]
        : [
            this.#fixes.moveConstraint(task, bindsFinish(constraint) ? calendar.finishOf(work + span) : calendar.startOf(work)),
            this.#fixes.dropConstraint(task),
          ];
    for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number) {
      if (((graph.effect[e] as number) & boundsPredecessor) === 0) continue;
      const left = late.linkAllows(e);
      if (left < limit) this.#add("constraint-vs-dependency", slot, limit - left, [...move(left), this.#fixes.removeLink(graph.linkIds[e] as string)], e);
    }
    const latest = passes.plan.endWork(index) - span;
    if (latest < limit) this.#add("constraint-vs-dependency", slot, limit - latest, move(latest));
  }

  #deadline(slot: number): void {
    const { graph, columns, calendars } = this.#passes.plan;
    const calendar = calendars[columns.calendar[slot] as number];
    const finish = this.#passes.placed.finishAt(slot);
    const by = calendar ? calendar.workAt(finish) - calendar.workAt(columns.deadline[slot] as number) : 0;
    const task = graph.ids[slot] as string;
    if (by > 0)
      this.#add("deadline-missed", slot, by, [
        this.#fixes.moveDeadline(task, finish),
        this.#fixes.update("Remove the deadline", "tasks", task, { deadlineDate: null }),
      ]);
  }

  #summary(slot: number): void {
    const passes = this.#passes;
    const { graph, columns, calendars, start } = passes.plan;
    const task = graph.ids[slot] as string;
    const isManual = ((columns.flags[slot] as number) & manual) !== 0;
    const constraint = columns.constraint[slot] as number;
    const calendar = calendars[columns.calendar[slot] as number];
    if (!calendar) return;
    const between = (a: number, b: number): number => Math.max(0, calendar.workAt(b) - calendar.workAt(a));
    const dates = passes.placed;
    if (columns.deadline[slot] !== Number.POSITIVE_INFINITY) this.#deadline(slot);
    if (constraint === finishNoLater) {
      const by = between(columns.constraintDate[slot] as number, dates.finishAt(slot));
      if (by > 0) this.#add("constraint-vs-dependency", slot, by, [this.#fixes.moveConstraint(task, dates.finishAt(slot)), this.#fixes.dropConstraint(task)]);
    } else if (constraint !== noConstraint && constraint !== startNoEarlier) this.#add("constraint-vs-dependency", slot, 0, [this.#fixes.dropConstraint(task)]);
    for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number) {
      const link = graph.linkIds[e] as string;
      if (((graph.type[e] as number) & 1) === 1) {
        if (this.#state.dependencies.get(link)?.active === false) continue;
        this.#add(
          "summary-link",
          slot,
          0,
          [this.#fixes.removeLink(link), this.#fixes.update("Bind the start instead", "dependencies", link, { type: graph.type[e] === 3 ? 2 : 0 })],
          e,
        );
      } else if (isManual && ((graph.effect[e] as number) & boundsSuccessor) !== 0) {
        const asked = passes.slackStart.linkOpens(e);
        const by = between(dates.startAt(slot), asked);
        const fixes = [this.#fixes.moveManual(task, calendar.startOf(calendar.workAt(asked))), this.#fixes.automatic(task), this.#fixes.removeLink(link)];
        if (by > 0) this.#add("constraint-vs-dependency", slot, by, fixes, e);
      }
    }
    if (!isManual) return;
    const begin = between(dates.startAt(slot), start);
    if (begin > 0 && !passes.plan.backward) this.#add("before-project-start", slot, begin, [this.#fixes.moveManual(task, start), this.#fixes.automatic(task)]);
    this.#exceeded(slot, between);
  }

  /** Children of a summary with dates of its own that lie outside them. */
  #exceeded(slot: number, between: (a: number, b: number) => number): void {
    const { graph, columns } = this.#passes.plan;
    const dates = this.#passes.placed;
    let by = 0;
    for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) {
      if (((columns.flags[c] as number) & inactive) !== 0) continue;
      by = Math.max(by, between(dates.startAt(c), dates.startAt(slot)), between(dates.finishAt(slot), dates.finishAt(c)));
    }
    if (by > 0) this.#add("constraint-vs-dependency", slot, by, [this.#fixes.automatic(graph.ids[slot] as string)]);
  }
}
