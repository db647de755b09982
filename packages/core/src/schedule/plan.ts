import type { WorkingCalendar } from "../calendars/workingCalendar.ts";
import { PrecedenceGraph } from "../graph/precedenceGraph.ts";
import { TopologicalOrder } from "../graph/topologicalOrder.ts";
import { Columns } from "./columns.ts";

/** What the passes read: the graph, the inputs of every task and link, the calendars and the ends of the project. */
export class Plan {
  readonly graph = new PrecedenceGraph();
  readonly order = new TopologicalOrder(this.graph);
  readonly columns = new Columns();
  calendars: WorkingCalendar[] = [];
  projectCalendar = 0;
  /** Planned from its end. */
  backward = false;
  honour = true;
  #start = 0;
  #end = 0;
  #startWork: number[] = [];
  #endWork: number[] = [];

  get start(): number {
    return this.#start;
  }

  set start(at: number) {
    this.#start = at;
    this.#startWork = [];
  }

  get end(): number {
    return this.#end;
  }

  set end(at: number) {
    this.#end = at;
    this.#endWork = [];
  }

  /** Project start and end in the working minutes of a calendar. */
  startWork(calendar: number): number {
    const known = this.#startWork[calendar];
    if (known !== undefined) return known;
    const work = this.calendarAt(calendar).workAt(this.#start);
    this.#startWork[calendar] = work;
    return work;
  }

  endWork(calendar: number): number {
    const known = this.#endWork[calendar];
    if (known !== undefined) return known;
    const work = this.calendarAt(calendar).workAt(this.#end);
    this.#endWork[calendar] = work;
    return work;
  }

  calendarAt(index: number): WorkingCalendar {
    return this.calendars[index] as WorkingCalendar;
  }

  setCalendars(calendars: WorkingCalendar[]): void {
    this.calendars = calendars;
    this.#startWork = [];
    this.#endWork = [];
  }

  /** Sizes everything that is indexed by slot for what the graph holds. */
  reserve(): void {
    this.columns.reserve(this.graph.capacity, this.graph.linkCapacity);
    this.order.grow();
  }
}
