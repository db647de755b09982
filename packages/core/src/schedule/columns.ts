/** Inputs of all tasks and links as typed arrays, by slot. Dates are wall-clock minutes, lengths working minutes. */
export class Columns {
  calendar = new Int32Array(0);
  flags = new Uint8Array(0);
  /** Working minutes from start to finish; 0 is a milestone. */
  span = new Float64Array(0);
  work = new Float64Array(0);
  constraint = new Uint8Array(0);
  constraintDate = new Float64Array(0);
  manualStart = new Float64Array(0);
  /** Infinite where there is none. */
  deadline = new Float64Array(0);
  delay = new Float64Array(0);
  lag = new Float64Array(0);
  /** Number of the calendar in which a lag is counted, or one of the two below. */
  lagCalendar = new Int32Array(0);

  reserve(tasks: number, links: number): void {
    if (tasks > this.calendar.length) {
      this.calendar = enlarged(this.calendar, tasks);
      this.flags = enlarged(this.flags, tasks);
      this.span = enlarged(this.span, tasks);
      this.work = enlarged(this.work, tasks);
      this.constraint = enlarged(this.constraint, tasks);
      this.constraintDate = enlarged(this.constraintDate, tasks);
      this.manualStart = enlarged(this.manualStart, tasks);
      this.deadline = enlarged(this.deadline, tasks);
      this.delay = enlarged(this.delay, tasks);
    }
    if (links > this.lag.length) {
      this.lag = enlarged(this.lag, links);
      this.lagCalendar = enlarged(this.lagCalendar, links);
    }
  }
}

export const calendarOfSuccessor = -1;
export const calendarOfPredecessor = -2;

export function enlarged<T extends Int32Array | Uint8Array | Float64Array>(array: T, length: number): T {
  const Make = array.constructor as new (length: number) => T;
  const next = new Make(length);
  next.set(array as never);
  return next;
}
