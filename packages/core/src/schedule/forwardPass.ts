import type { WorkingCalendar } from "../calendars/workingCalendar.ts";
import { boundsSuccessor, gate, head, none } from "../graph/precedenceGraph.ts";
import { ByCalendar } from "./byCalendar.ts";
import { calendarOfPredecessor, calendarOfSuccessor, enlarged } from "./columns.ts";
import { constrainedEarly } from "./constraints.ts";
import { contrary, finishNoLater, inactive, manual, mustFinish, mustStart, noConstraint, startNoEarlier, startNoLater } from "./inputs.ts";
import type { Plan } from "./plan.ts";

/** How a milestone's moment is written: at the end of a span, or at the start of the next. */
const atEnd = 0;
const atStart = 1;

/**
 * Early dates. A leaf's start is kept in working minutes of its own calendar, so that links within one calendar cost an addition; wall-clock moments are made where calendars meet.
 * Summaries are kept in wall-clock minutes.
 */
export class ForwardPass {
  readonly #plan: Plan;
  /** Leaf: working minutes of its calendar. NaN: never computed. */
  start = new Float64Array(0);
  side = new Uint8Array(0);
  /** Summary: how early its children may start; -Infinity where only the project start bounds them. */
  gate = new Float64Array(0);
  head = new Float64Array(0);
  finish = new Float64Array(0);
  /** Summary: finish of everything under it, also where its own dates are set by hand. */
  reach = new Float64Array(0);
  /** Children that decide head and reach. */
  first = new Int32Array(0);
  last = new Int32Array(0);
  #finishAt = new Float64Array(0);
  readonly #best = new ByCalendar();
  /** Late starts under which contrary tasks are not placed; absent in the pass of early dates. */
  readonly #floor: { readonly start: Float64Array } | undefined;

  constructor(plan: Plan, floor?: { readonly start: Float64Array }) {
    this.#plan = plan;
    this.#floor = floor;
  }

  reserve(): void {
    const size = this.#plan.graph.capacity;
    if (size <= this.start.length) return;
    this.start = enlarged(this.start, size);
    this.side = enlarged(this.side, size);
    this.gate = enlarged(this.gate, size);
    this.head = enlarged(this.head, size);
    this.finish = enlarged(this.finish, size);
    this.reach = enlarged(this.reach, size);
    this.first = enlarged(this.first, size);
    this.last = enlarged(this.last, size);
    this.#finishAt = enlarged(this.#finishAt, size);
  }

  forget(slot: number): void {
    this.start[slot] = Number.NaN;
    this.gate[slot] = Number.NaN;
    this.head[slot] = Number.NaN;
    this.finish[slot] = Number.NaN;
    this.reach[slot] = Number.NaN;
    this.first[slot] = none;
    this.last[slot] = none;
    this.#finishAt[slot] = Number.NaN;
  }

  /** Wall-clock start and finish of a leaf or summary. */
  startAt(slot: number): number {
    const { graph, columns, calendars } = this.#plan;
    if (graph.summary[slot] === 1) return this.head[slot] as number;
    const calendar = calendars[columns.calendar[slot] as number] as WorkingCalendar;
    const start = this.start[slot] as number;
    return (columns.span[slot] as number) > 0 || this.side[slot] === atStart ? calendar.startOf(start) : calendar.finishOf(start);
  }

  finishAt(slot: number): number {
    const { graph, columns, calendars } = this.#plan;
    if (graph.summary[slot] === 1) return this.finish[slot] as number;
    const known = this.#finishAt[slot] as number;
    if (!Number.isNaN(known)) return known;
    const calendar = calendars[columns.calendar[slot] as number] as WorkingCalendar;
    const span = columns.span[slot] as number;
    const start = this.start[slot] as number;
    const at = span > 0 || this.side[slot] === atEnd ? calendar.finishOf(start + span) : calendar.startOf(start);
    this.#finishAt[slot] = at;
    return at;
  }

  /** Finish as it counts for the project's end. */
  reachAt(slot: number): number {
    return this.#plan.graph.summary[slot] === 1 ? (this.reach[slot] as number) : this.finishAt(slot);
  }

  run(nodes: Int32Array): void {
    this.#finishAt.fill(Number.NaN);
    for (let i = 0; i < nodes.length; i++) this.evaluate(nodes[i] as number);
  }

  /** Computes one node from those before it. True where it changed. */
  evaluate(node: number): boolean {
    const slot = node >> 2;
    if (this.#plan.graph.summary[slot] === 0) return this.#leaf(slot);
    const part = node & 3;
    return part === gate ? this.#gate(slot) : part === head ? this.#head(slot) : this.#finish(slot);
  }

  /** Whether a child's new dates may move its parent's: then the parent must be computed again. */
  movesParent(child: number, parent: number): boolean {
    const { columns } = this.#plan;
    const flags = columns.flags[parent] as number;
    if (((columns.flags[child] as number) & inactive) !== 0 && (flags & inactive) === 0) return false;
    const first = this.first[parent] as number;
    if (first === child || first === none || this.last[parent] === child || (flags & manual) !== 0) return true;
    // Only under a task with dates set by hand do finish and reach part.
    if (this.finish[parent] !== this.reach[parent]) return true;
    return !(this.reachAt(child) <= (this.reach[parent] as number) && this.startAt(child) >= (this.head[parent] as number));
  }

  #leaf(slot: number): boolean {
    const { columns } = this.#plan;
    const calendarIndex = columns.calendar[slot] as number;
    const span = columns.span[slot] as number;
    const flags = columns.flags[slot] as number;
    let start: number;
    if ((flags & manual) !== 0 && !this.#plan.backward)
      start = (this.#plan.calendars[calendarIndex] as WorkingCalendar).workAt(columns.manualStart[slot] as number);
    else {
      start = this.needed(slot);
      if (columns.constraint[slot] !== noConstraint || columns.delay[slot] !== 0) start = constrainedEarly(this.#plan, slot, start);
      if (this.#floor !== undefined && (flags & contrary) !== 0) {
        const floor = this.#floor.start[slot] as number;
        if (floor > start) start = floor;
      }
    }
    let side = atStart;
    if (span === 0) side = this.#milestoneSide(slot, start);
    if (this.start[slot] === start && this.side[slot] === side) return false;
    this.start[slot] = start;
    this.side[slot] = side;
    this.#finishAt[slot] = Number.NaN;
    return true;
  }

  /** Start that the project start, the parents and the predecessors ask for, in working minutes of the task's calendar. */
  needed(slot: number): number {
    const plan = this.#plan;
    const { graph, columns, calendars } = plan;
    const { nextIn, effect } = graph;
    const calendarIndex = columns.calendar[slot] as number;
    const calendar = calendars[calendarIndex] as WorkingCalendar;
    const span = columns.span[slot] as number;
    let start = plan.startWork(calendarIndex);
    const parent = graph.parent[slot] as number;
    if (parent !== none) {
      const bound = this.gate[parent] as number;
      if (bound > plan.start) {
        const work = calendar.workAt(bound);
        if (work > start) start = work;
      }
    }
    for (let e = graph.firstIn[slot] as number; e !== none; e = nextIn[e] as number) {
      if (((effect[e] as number) & boundsSuccessor) === 0) continue;
      const work = this.#linkWork(e, calendarIndex, calendar, span);
      if (work > start) start = work;
    }
    return start;
  }

  /** Start that one link asks of its successor, a leaf, in working minutes of the successor's calendar. */
  linkNeeds(link: number): number {
    const { graph, columns } = this.#plan;
    const target = graph.to[link] as number;
    const index = columns.calendar[target] as number;
    return this.#linkWork(link, index, this.#plan.calendarAt(index), columns.span[target] as number);
  }

  #linkWork(link: number, calendarIndex: number, calendar: WorkingCalendar, span: number): number {
    const { graph, columns } = this.#plan;
    const source = graph.from[link] as number;
    const kind = graph.type[link] as number;
    const lag = columns.lag[link] as number;
    const lagCalendar = columns.lagCalendar[link] as number;
    let work: number;
    if (graph.summary[source] === 0 && columns.calendar[source] === calendarIndex && (lag === 0 || lagCalendar < 0 || lagCalendar === calendarIndex))
      work = (this.start[source] as number) + (kind >= 2 ? (columns.span[source] as number) : 0) + lag;
    else work = this.#across(link, calendar, lag, lagCalendar);
    // FF and SF bind the finish.
    return (kind & 1) === 1 ? work - span : work;
  }

  /** Wall-clock moment that one link asks of its successor, a summary, as the start of its children. */
  linkOpens(link: number): number {
    const { columns, projectCalendar } = this.#plan;
    const lag = columns.lag[link] as number;
    const lagCalendar = columns.lagCalendar[link] as number;
    const at = this.sourceAt(link);
    return lag === 0 ? at : this.#plus(link, at, lag, lagCalendar === calendarOfSuccessor ? projectCalendar : lagCalendar);
  }

  /** Wall-clock moment from which a link counts. */
  sourceAt(link: number): number {
    const { graph, plan } = { graph: this.#plan.graph, plan: this.#plan };
    const source = graph.from[link] as number;
    if ((graph.type[link] as number) >= 2) return this.finishAt(source);
    return graph.fromGate[link] === 1 ? Math.max(this.gate[source] as number, plan.start) : this.startAt(source);
  }

  #across(link: number, calendar: WorkingCalendar, lag: number, lagCalendar: number): number {
    const at = this.sourceAt(link);
    if (lag === 0) return calendar.workAt(at);
    if (lagCalendar === calendarOfSuccessor) return calendar.workAt(at) + lag;
    return calendar.workAt(this.#plus(link, at, lag, lagCalendar));
  }

  /** A moment moved by a lag: the first moment with that much work between. */
  #plus(link: number, at: number, lag: number, lagCalendar: number): number {
    const { graph, columns, calendars } = this.#plan;
    const index = lagCalendar === calendarOfPredecessor ? (columns.calendar[graph.from[link] as number] as number) : lagCalendar;
    const lags = calendars[index] as WorkingCalendar;
    return lags.finishOf(lags.workAt(at) + lag);
  }

  /** S5b: a milestone stands at the end of a span when what drives it is there, otherwise at the next working start. */
  #milestoneSide(slot: number, start: number): number {
    const plan = this.#plan;
    const { graph, columns, calendars } = plan;
    const calendarIndex = columns.calendar[slot] as number;
    const calendar = calendars[calendarIndex] as WorkingCalendar;
    const end = calendar.finishOf(start);
    if (end === calendar.startOf(start)) return atEnd;
    const flags = columns.flags[slot] as number;
    if ((flags & manual) !== 0 && !plan.backward) return (columns.manualStart[slot] as number) > end ? atStart : atEnd;
    const drives = (at: number): boolean => at > end && calendar.workAt(at) === start;
    const constraint = columns.constraint[slot] as number;
    const date = columns.constraintDate[slot] as number;
    if (constraint !== noConstraint && calendar.workAt(date) === start) {
      const rules = plan.honour && (constraint === mustStart || constraint === mustFinish || this.needed(slot) > start);
      if (constraint === mustFinish || constraint === finishNoLater) {
        if (rules) return atEnd;
      } else if (constraint === mustStart || constraint === startNoLater) {
        if (rules) return date > end ? atStart : atEnd;
      } else if (constraint === startNoEarlier && date > end) return atStart;
    }
    if (drives(plan.start)) return atStart;
    const parent = graph.parent[slot] as number;
    if (parent !== none && drives(this.gate[parent] as number)) return atStart;
    for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number) {
      if (((graph.effect[e] as number) & boundsSuccessor) === 0 || ((graph.type[e] as number) & 1) === 1) continue;
      const lag = columns.lag[e] as number;
      const lagCalendar = columns.lagCalendar[e] as number;
      const at = this.sourceAt(e);
      const target = lag === 0 ? at : lagCalendar === calendarOfSuccessor ? calendar.finishOf(calendar.workAt(at) + lag) : this.#plus(e, at, lag, lagCalendar);
      if (drives(target)) return atStart;
    }
    return atEnd;
  }

  #gate(slot: number): boolean {
    const { graph, columns } = this.#plan;
    const parent = graph.parent[slot] as number;
    let bound = parent === none ? Number.NEGATIVE_INFINITY : (this.gate[parent] as number);
    if (((columns.flags[slot] as number) & manual) === 0) {
      if (columns.constraint[slot] === startNoEarlier && (columns.constraintDate[slot] as number) > bound) bound = columns.constraintDate[slot] as number;
      for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number) {
        if (((graph.effect[e] as number) & boundsSuccessor) === 0) continue;
        const target = this.linkOpens(e);
        if (target > bound) bound = target;
      }
    }
    if (this.gate[slot] === bound) return false;
    this.gate[slot] = bound;
    return true;
  }

  /** Moment at which a summary stands that nobody's work gives dates. */
  #hollow(slot: number): number {
    return Math.max(this.gate[slot] as number, this.#plan.start);
  }

  #head(slot: number): boolean {
    const { graph, columns, calendars } = this.#plan;
    const flags = columns.flags[slot] as number;
    let earliest = Number.POSITIVE_INFINITY;
    let first = none;
    if ((flags & manual) !== 0) earliest = this.manualDates(slot).start;
    else {
      const best = this.#best;
      best.clear();
      for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) {
        if (((columns.flags[c] as number) & inactive) !== 0 && (flags & inactive) === 0) continue;
        if (graph.summary[c] === 0 && (columns.span[c] as number) > 0) {
          best.least(columns.calendar[c] as number, this.start[c] as number, c);
          continue;
        }
        const at = this.startAt(c);
        if (at < earliest) {
          earliest = at;
          first = c;
        }
      }
      for (let i = 0; i < best.count; i++) {
        const at = (calendars[best.calendars[i] as number] as WorkingCalendar).startOf(best.workAt(i));
        if (at < earliest) {
          earliest = at;
          first = best.slotAt(i);
        }
      }
      if (first === none) earliest = this.#hollow(slot);
    }
    this.first[slot] = first;
    if (this.head[slot] === earliest) return false;
    this.head[slot] = earliest;
    return true;
  }

  #finish(slot: number): boolean {
    const { graph, columns } = this.#plan;
    const flags = columns.flags[slot] as number;
    let finish = Number.NEGATIVE_INFINITY;
    let reach = Number.NEGATIVE_INFINITY;
    let last = none;
    const best = this.#best;
    best.clear();
    for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) {
      if (((columns.flags[c] as number) & inactive) !== 0 && (flags & inactive) === 0) continue;
      if (graph.summary[c] === 0 && (columns.span[c] as number) > 0) {
        best.greatest(columns.calendar[c] as number, (this.start[c] as number) + (columns.span[c] as number), c);
        continue;
      }
      const at = this.finishAt(c);
      const far = this.reachAt(c);
      if (far > reach) {
        reach = far;
        last = c;
      }
      if (at > finish) finish = at;
    }
    for (let i = 0; i < best.count; i++) {
      const at = this.finishAt(best.slotAt(i));
      if (at > reach) {
        reach = at;
        last = best.slotAt(i);
      }
      if (at > finish) finish = at;
    }
    if (last === none) finish = reach = this.#hollow(slot);
    if ((flags & manual) !== 0) {
      finish = this.manualDates(slot).finish;
      reach = Math.max(reach, finish);
    }
    this.last[slot] = last;
    if (this.finish[slot] === finish && this.reach[slot] === reach) return false;
    this.finish[slot] = finish;
    this.reach[slot] = reach;
    return true;
  }

  /** Dates of a task that are set by hand, snapped to its working time. */
  manualDates(slot: number): { readonly start: number; readonly finish: number } {
    const { columns } = this.#plan;
    const calendar = this.#plan.calendarAt(columns.calendar[slot] as number);
    const given = columns.manualStart[slot] as number;
    const work = calendar.workAt(given);
    const span = columns.span[slot] as number;
    const end = calendar.finishOf(work + span);
    if (span > 0) return { start: calendar.startOf(work), finish: end };
    const at = given > end ? calendar.startOf(work) : end;
    return { start: at, finish: at };
  }
}
