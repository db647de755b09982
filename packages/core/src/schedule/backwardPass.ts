import type { WorkingCalendar } from "../calendars/workingCalendar.ts";
import { boundsPredecessor, gate, head, none } from "../graph/precedenceGraph.ts";
import { ByCalendar } from "./byCalendar.ts";
import { calendarOfPredecessor, calendarOfSuccessor, enlarged } from "./columns.ts";
import { constrainedLate } from "./constraints.ts";
import type { ForwardPass } from "./forwardPass.ts";
import { contrary, finishNoLater, inactive, manual, mustFinish, mustStart, noConstraint } from "./inputs.ts";
import type { Plan } from "./plan.ts";

const never = Number.POSITIVE_INFINITY;

/**
 * Late dates. A leaf's late start is kept in working minutes of its own calendar; what bounds a summary is kept in wall-clock minutes, infinite where nothing does.
 * To a predecessor passes the latest moment that delays no successor.
 */
export class BackwardPass {
  readonly #plan: Plan;
  readonly #early: ForwardPass;
  /** Leaf: late start in working minutes of its calendar. NaN: never computed. */
  start = new Float64Array(0);
  /** Summary: by when its gate must open, by when its head must stand, by when its children must finish. */
  gate = new Float64Array(0);
  headBound = new Float64Array(0);
  finishBound = new Float64Array(0);
  /** Summary: its late dates, wall clock. */
  head = new Float64Array(0);
  finish = new Float64Array(0);
  /** Early starts above which contrary tasks are not placed; absent in the pass of late dates. */
  readonly #starts = new ByCalendar();
  readonly #ends = new ByCalendar();
  readonly #ceiling: { readonly start: Float64Array } | undefined;

  constructor(plan: Plan, early: ForwardPass, ceiling?: { readonly start: Float64Array }) {
    this.#plan = plan;
    this.#early = early;
    this.#ceiling = ceiling;
  }

  reserve(): void {
    const size = this.#plan.graph.capacity;
    if (size <= this.start.length) return;
    this.start = enlarged(this.start, size);
    this.gate = enlarged(this.gate, size);
    this.headBound = enlarged(this.headBound, size);
    this.finishBound = enlarged(this.finishBound, size);
    this.head = enlarged(this.head, size);
    this.finish = enlarged(this.finish, size);
  }

  forget(slot: number): void {
    this.start[slot] = Number.NaN;
    this.gate[slot] = Number.NaN;
    this.headBound[slot] = Number.NaN;
    this.finishBound[slot] = Number.NaN;
    this.head[slot] = Number.NaN;
    this.finish[slot] = Number.NaN;
  }

  startAt(slot: number): number {
    const { graph, columns } = this.#plan;
    if (graph.summary[slot] === 1) return this.head[slot] as number;
    if (columns.span[slot] === 0) return this.#milestoneAt(slot);
    return this.#plan.calendarAt(columns.calendar[slot] as number).startOf(this.start[slot] as number);
  }

  finishAt(slot: number): number {
    const { graph, columns } = this.#plan;
    if (graph.summary[slot] === 1) return this.finish[slot] as number;
    const span = columns.span[slot] as number;
    if (span === 0) return this.#milestoneAt(slot);
    return this.#plan.calendarAt(columns.calendar[slot] as number).finishOf((this.start[slot] as number) + span);
  }

  /** S5b: the end of a span, never before the project start; where it must stand, as in the pass of early dates. */
  #milestoneAt(slot: number): number {
    const { columns, calendars, honour, start } = this.#plan;
    const index = columns.calendar[slot] as number;
    const calendar = calendars[index] as WorkingCalendar;
    const work = this.start[slot] as number;
    const constraint = columns.constraint[slot] as number;
    const end = calendar.finishOf(work);
    if (honour && (constraint === mustStart || constraint === mustFinish)) {
      const date = columns.constraintDate[slot] as number;
      if (constraint === mustStart && date > end && calendar.workAt(date) === work) return calendar.startOf(work);
      return end;
    }
    return end < start && !this.#plan.backward && work >= this.#plan.startWork(index) ? calendar.startOf(work) : end;
  }

  run(nodes: Int32Array): void {
    for (let i = nodes.length - 1; i >= 0; i--) this.evaluate(nodes[i] as number);
  }

  /** Computes one node from those after it. True where it changed. */
  evaluate(node: number): boolean {
    const slot = node >> 2;
    if (this.#plan.graph.summary[slot] === 0) return this.#leaf(slot);
    const part = node & 3;
    return part === gate ? this.#gate(slot) : part === head ? this.#headBound(slot) : this.#finishBound(slot);
  }

  #leaf(slot: number): boolean {
    const plan = this.#plan;
    const { columns } = plan;
    const flags = columns.flags[slot] as number;
    let start: number;
    if ((flags & manual) !== 0 && plan.backward) start = plan.calendarAt(columns.calendar[slot] as number).workAt(columns.manualStart[slot] as number);
    else {
      start = this.allowed(slot);
      if (columns.constraint[slot] !== noConstraint) start = constrainedLate(this.#plan, slot, start);
      if (this.#ceiling !== undefined && (flags & contrary) !== 0) start = Math.min(start, this.#ceiling.start[slot] as number);
    }
    if (this.start[slot] === start) return false;
    this.start[slot] = start;
    return true;
  }

  /** Latest start that the project end, the deadline, the parents and the successors leave, in working minutes of the task's calendar. */
  allowed(slot: number): number {
    const plan = this.#plan;
    const { graph, columns, calendars } = plan;
    const { nextOut, effect } = graph;
    const calendarIndex = columns.calendar[slot] as number;
    const calendar = calendars[calendarIndex] as WorkingCalendar;
    const span = columns.span[slot] as number;
    let start = plan.endWork(calendarIndex) - span;
    // What is inactive binds nobody and is bound by nobody; it may lie past the project's end.
    if (((columns.flags[slot] as number) & inactive) !== 0) return plan.backward ? start : Math.max(start, this.#early.start[slot] as number);
    const deadline = columns.deadline[slot] as number;
    if (deadline !== never) {
      const work = calendar.workAt(deadline) - span;
      if (work < start) start = work;
    }
    const parent = graph.parent[slot] as number;
    if (parent !== none && ((columns.flags[parent] as number) & manual) === 0) {
      const finish = this.finishBound[parent] as number;
      if (finish !== never) {
        const work = calendar.workAt(finish) - span;
        if (work < start) start = work;
      }
      const headBound = this.headBound[parent] as number;
      if (headBound !== never && (plan.backward || this.#early.startAt(slot) === this.#early.head[parent])) {
        const work = calendar.workAt(headBound);
        if (work < start) start = work;
      }
    }
    for (let e = graph.firstOut[slot] as number; e !== none; e = nextOut[e] as number) {
      if (((effect[e] as number) & boundsPredecessor) === 0) continue;
      const work = this.#linkWork(e, calendarIndex, calendar, span);
      if (work < start) start = work;
    }
    return start;
  }

  /** Latest start that one link leaves its predecessor, a leaf, in working minutes of the predecessor's calendar; infinite where it leaves any. */
  linkAllows(link: number): number {
    const { graph, columns } = this.#plan;
    const source = graph.from[link] as number;
    const index = columns.calendar[source] as number;
    return this.#linkWork(link, index, this.#plan.calendarAt(index), columns.span[source] as number);
  }

  #linkWork(link: number, calendarIndex: number, calendar: WorkingCalendar, span: number): number {
    const { graph, columns } = this.#plan;
    const target = graph.to[link] as number;
    const kind = graph.type[link] as number;
    const lag = columns.lag[link] as number;
    const lagCalendar = columns.lagCalendar[link] as number;
    let work: number;
    if (graph.summary[target] === 0 && columns.calendar[target] === calendarIndex && (lag === 0 || lagCalendar < 0 || lagCalendar === calendarIndex))
      work = (this.start[target] as number) + ((kind & 1) === 1 ? (columns.span[target] as number) : 0) - lag;
    else {
      const at = this.targetAt(link);
      if (at === never) return never;
      work = calendar.workAt(at);
    }
    // FS and FF bind the finish.
    return kind >= 2 ? work - span : work;
  }

  /** Latest wall-clock moment of a link's source that delays no late date of its target. */
  targetAt(link: number): number {
    const { graph, columns, calendars, projectCalendar } = this.#plan;
    const target = graph.to[link] as number;
    const lag = columns.lag[link] as number;
    let lagCalendar = columns.lagCalendar[link] as number;
    let at: number;
    if (graph.summary[target] === 1) {
      at = this.gate[target] as number;
      if (lagCalendar === calendarOfSuccessor) lagCalendar = projectCalendar;
    } else {
      const calendar = calendars[columns.calendar[target] as number] as WorkingCalendar;
      const span = columns.span[target] as number;
      const start = this.start[target] as number;
      const bindsFinish = ((graph.type[link] as number) & 1) === 1;
      if (lag !== 0 && lagCalendar === calendarOfSuccessor) return calendar.startOf(start + (bindsFinish ? span : 0) - lag);
      at = bindsFinish && span > 0 ? calendar.finishOf(start + span) : calendar.startOf(start);
    }
    if (lag === 0 || at === never) return at;
    const index = lagCalendar === calendarOfPredecessor ? (columns.calendar[graph.from[link] as number] as number) : lagCalendar;
    const lags = calendars[index] as WorkingCalendar;
    return lags.startOf(lags.workAt(at) - lag);
  }

  #finishBound(slot: number): boolean {
    const { graph, columns } = this.#plan;
    let bound = columns.deadline[slot] as number;
    const parent = graph.parent[slot] as number;
    if (parent !== none && ((columns.flags[parent] as number) & manual) === 0 && (this.finishBound[parent] as number) < bound)
      bound = this.finishBound[parent] as number;
    if (columns.constraint[slot] === finishNoLater && (this.#plan.honour || this.#plan.backward) && (columns.constraintDate[slot] as number) < bound)
      bound = columns.constraintDate[slot] as number;
    for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number) {
      if (((graph.effect[e] as number) & boundsPredecessor) === 0 || (graph.type[e] as number) < 2) continue;
      const at = this.targetAt(e);
      if (at < bound) bound = at;
    }
    if (this.finishBound[slot] === bound) return false;
    this.finishBound[slot] = bound;
    return true;
  }

  #headBound(slot: number): boolean {
    const { graph, columns, backward } = this.#plan;
    let bound = never;
    const parent = graph.parent[slot] as number;
    if (parent !== none && ((columns.flags[parent] as number) & manual) === 0 && (backward || this.#early.head[slot] === this.#early.head[parent]))
      bound = this.headBound[parent] as number;
    for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number) {
      if (((graph.effect[e] as number) & boundsPredecessor) === 0 || (graph.type[e] as number) >= 2 || graph.fromGate[e] === 1) continue;
      const at = this.targetAt(e);
      if (at < bound) bound = at;
    }
    if (this.headBound[slot] === bound) return false;
    this.headBound[slot] = bound;
    return true;
  }

  /** After all children: by when the gate must open, and the summary's own late dates. */
  #gate(slot: number): boolean {
    const { graph, columns, calendars } = this.#plan;
    const flags = columns.flags[slot] as number;
    let bound = never;
    let earliest = never;
    let latest = Number.NEGATIVE_INFINITY;
    const [starts, ends] = [this.#starts, this.#ends];
    starts.clear();
    ends.clear();
    for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) {
      if (((columns.flags[c] as number) & inactive) !== 0 && (flags & inactive) === 0) continue;
      const span = columns.span[c] as number;
      if (graph.summary[c] === 0 && span > 0) {
        const own = columns.calendar[c] as number;
        const start = this.start[c] as number;
        starts.least(own, start, c);
        ends.greatest(own, start + span, c);
        continue;
      }
      // A milestone passes the latest moment equal to its late date.
      const opens =
        graph.summary[c] === 1 ? (this.gate[c] as number) : (calendars[columns.calendar[c] as number] as WorkingCalendar).startOf(this.start[c] as number);
      bound = Math.min(bound, opens);
      earliest = Math.min(earliest, this.startAt(c));
      latest = Math.max(latest, this.finishAt(c));
    }
    for (let i = 0; i < starts.count; i++) {
      const at = (calendars[starts.calendars[i] as number] as WorkingCalendar).startOf(starts.workAt(i));
      bound = Math.min(bound, at);
      earliest = Math.min(earliest, at);
    }
    for (let i = 0; i < ends.count; i++) latest = Math.max(latest, (calendars[ends.calendars[i] as number] as WorkingCalendar).finishOf(ends.workAt(i)));
    for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number)
      if (graph.fromGate[e] === 1 && ((graph.effect[e] as number) & boundsPredecessor) !== 0) bound = Math.min(bound, this.targetAt(e));
    if ((flags & manual) !== 0) [earliest, latest] = this.#manualDates(slot);
    else if (earliest === never) earliest = latest = Math.min(this.#plan.end, this.finishBound[slot] as number, this.headBound[slot] as number);
    if (this.gate[slot] === bound && this.head[slot] === earliest && this.finish[slot] === latest) return false;
    this.gate[slot] = bound;
    this.head[slot] = earliest;
    this.finish[slot] = latest;
    return true;
  }

  #manualDates(slot: number): [number, number] {
    const { columns, backward, end } = this.#plan;
    if (backward) {
      const { start, finish } = this.#early.manualDates(slot);
      return [start, finish];
    }
    const calendar = this.#plan.calendarAt(columns.calendar[slot] as number);
    const span = columns.span[slot] as number;
    const finish = calendar.workAt(Math.min(end, this.finishBound[slot] as number));
    const bound = this.headBound[slot] as number;
    const start = bound === never ? finish - span : Math.min(finish - span, calendar.workAt(bound));
    return span > 0 ? [calendar.startOf(start), calendar.finishOf(start + span)] : [calendar.finishOf(start), calendar.finishOf(start)];
  }
}
