/**
 * The least or greatest work among tasks, per calendar: within one calendar work decides, so only the winners are turned into moments to compare.
 * Use one after the other: `clear`, then `least` or `greatest` for each task, then read `count` entries.
 */
export class ByCalendar {
  /** Calendars that were met, and for each of them the winning work and its task. */
  calendars = new Int32Array(8);
  count = 0;
  #place = new Int32Array(8).fill(-1);
  #work = new Float64Array(8);
  #slot = new Int32Array(8);

  clear(): void {
    for (let i = 0; i < this.count; i++) this.#place[this.calendars[i] as number] = -1;
    this.count = 0;
  }

  workAt(i: number): number {
    return this.#work[i] as number;
  }

  slotAt(i: number): number {
    return this.#slot[i] as number;
  }

  least(calendar: number, work: number, slot: number): void {
    const i = this.#place[calendar];
    if (i === undefined || i < 0) this.#add(calendar, work, slot);
    else if (work < (this.#work[i] as number)) {
      this.#work[i] = work;
      this.#slot[i] = slot;
    }
  }

  greatest(calendar: number, work: number, slot: number): void {
    const i = this.#place[calendar];
    if (i === undefined || i < 0) this.#add(calendar, work, slot);
    else if (work > (this.#work[i] as number)) {
      this.#work[i] = work;
      this.#slot[i] = slot;
    }
  }

  #add(calendar: number, work: number, slot: number): void {
    if (calendar >= this.#place.length) {
      const size = 2 * calendar + 2;
      const place = new Int32Array(size).fill(-1);
      place.set(this.#place);
      this.#place = place;
      const grow = <T extends Int32Array | Float64Array>(array: T, next: T): T => {
        next.set(array as never);
        return next;
      };
      this.calendars = grow(this.calendars, new Int32Array(size));
      this.#work = grow(this.#work, new Float64Array(size));
      this.#slot = grow(this.#slot, new Int32Array(size));
    }
    const i = this.count++;
    this.#place[calendar] = i;
    this.calendars[i] = calendar;
    this.#work[i] = work;
    this.#slot[i] = slot;
  }
}
