import { firstDay, lastDay, minutesPerDay } from "./civil.ts";
import type { SpanSource } from "./source.ts";
import type { Spans } from "./spans.ts";

/** A block is 27 weeks, so blocks of a weekly calendar are alike, and 773 of them are the 400 years after which the Gregorian calendar repeats. */
const blockDays = 189;
const blockMinutes = blockDays * minutesPerDay;
const gregorianBlocks = 773;
const firstBlock = Math.floor(firstDay / blockDays);
const lastBlock = Math.floor(lastDay / blockDays);
/** Work is counted from the beginning of the block of 2000-01-01. */
const originBlock = Math.floor(10_957 / blockDays);
/** One entry of the work index for each 512 minutes of work, about a day. */
const workShift = 9;

/** The spans of one block, minutes and work relative to its beginning. */
interface Block {
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Work before span i; one entry more than there are spans. */
  readonly work: Int32Array;
  /** First span that ends after the beginning of day d. */
  readonly byDay: Uint16Array;
  /** First span with work after bucket · 512 minutes of work. */
  readonly byWork: Uint16Array;
  readonly total: number;
}

function blockOf(spans: Spans, origin: number): Block {
  const n = spans.length / 2;
  const start = new Int32Array(n);
  const end = new Int32Array(n);
  const work = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    start[i] = (spans[2 * i] as number) - origin;
    end[i] = (spans[2 * i + 1] as number) - origin;
    work[i + 1] = (work[i] as number) + (end[i] as number) - (start[i] as number);
  }
  const total = work[n] as number;
  const byDay = new Uint16Array(blockDays);
  for (let d = 0, i = 0; d < blockDays; d++) {
    while (i < n && (end[i] as number) <= d * minutesPerDay) i++;
    byDay[d] = i;
  }
  const byWork = new Uint16Array((total >> workShift) + 1);
  for (let b = 0, i = 0; b < byWork.length; b++) {
    while (i < n - 1 && (work[i + 1] as number) <= b << workShift) i++;
    byWork[b] = i;
  }
  return { start, end, work, byDay, byWork, total };
}

/**
 * A calendar as cumulative working minutes. Moments are wall-clock minutes, work is a count of working minutes since a fixed origin (it may be negative).
 * Tables are made for the blocks that are asked for. Before year 0 and after year 9999 there is no work; moments beyond are clamped.
 *
 * `startOf` and `finishOf` invert `workAt`: of all moments with that much work done, `finishOf` gives the first (the end of a span) and `startOf` the last (the start of the next span).
 */
export class WorkingCalendar {
  readonly #source: SpanSource;
  readonly #templates = new Map<number, Block>();
  /** Known blocks; index 0 is block `#low`. Blocks that are alike share one table. `#base` is the work before each block, with one entry more. */
  #low = originBlock;
  #blocks: Block[] = [];
  #base: number[] = [0];
  #last = 0;

  constructor(source: SpanSource) {
    this.#source = source;
  }

  /** Working minutes from the origin to a moment. */
  workAt(t: number): number {
    let i = Math.floor(t / blockMinutes) - this.#low;
    let rest = t - (i + this.#low) * blockMinutes;
    if (i < 0 || i >= this.#blocks.length) {
      const block = Math.min(Math.max(i + this.#low, firstBlock), lastBlock);
      rest = t < block * blockMinutes ? 0 : Math.min(rest, blockMinutes - 1);
      i = this.#reach(block);
    }
    const { start, end, work, byDay } = this.#blocks[i] as Block;
    let span = byDay[Math.floor(rest / minutesPerDay)] as number;
    const n = end.length;
    while (span < n && (end[span] as number) <= rest) span++;
    const before = (this.#base[i] as number) + (work[span] as number);
    if (span === n) return before;
    const into = rest - (start[span] as number);
    return into > 0 ? before + into : before;
  }

  /** First moment with that much work done: how a finish is written. Where so much work never comes: the last working moment. */
  finishOf(work: number): number {
    let i = this.#blockBefore(work);
    if (i < 0) i = 0;
    const block = this.#blocks[i] as Block;
    const rest = Math.min(work - (this.#base[i] as number), block.total);
    if (rest <= 0) return this.#edge(false);
    let span = block.byWork[(rest - 1) >> workShift] as number;
    while ((block.work[span + 1] as number) < rest) span++;
    return (i + this.#low) * blockMinutes + (block.start[span] as number) + rest - (block.work[span] as number);
  }

  /** Last moment with that much work done: how a start is written. Where no work follows: the last working moment. */
  startOf(work: number): number {
    const i = this.#blockAt(work);
    if (i < 0) return this.#edge(true);
    const block = this.#blocks[i] as Block;
    const rest = work - (this.#base[i] as number);
    if (rest < 0) return this.#edge(false);
    let span = block.byWork[rest >> workShift] as number;
    while ((block.work[span + 1] as number) <= rest) span++;
    return (i + this.#low) * blockMinutes + (block.start[span] as number) + rest - (block.work[span] as number);
  }

  /** Whether so much work has been done at some moment and goes on: false past the last working minute. */
  reaches(work: number): boolean {
    const i = this.#blockBefore(work);
    return i >= 0 && work <= (this.#base[i + 1] as number);
  }

  hasWork(): boolean {
    return this.#blockAt(0) >= 0 || this.#blockBefore(0) >= 0;
  }

  /** Whether a day (since 1970-01-01) has any working time. */
  worksOn(day: number): boolean {
    return this.workAt((day + 1) * minutesPerDay) > this.workAt(day * minutesPerDay);
  }

  /** Index of the block with base ≤ work < next base, or -1 where no work comes after. */
  #blockAt(work: number): number {
    let i = Math.min(this.#last, this.#blocks.length - 1);
    while (i < 0 || work < (this.#base[i] as number)) {
      if (i > 0) i = this.#searchDown(i, work);
      else if (!this.#extendDown()) return -1;
      else i = 0;
    }
    while (work >= (this.#base[i + 1] as number)) {
      i++;
      if (i === this.#blocks.length && !this.#extendUp()) return -1;
    }
    this.#last = i;
    return i;
  }

  /** Index of the block with base < work ≤ next base; the last block with work where so much never comes, -1 before the first. */
  #blockBefore(work: number): number {
    let i = Math.min(this.#last, this.#blocks.length - 1);
    while (i < 0 || work <= (this.#base[i] as number)) {
      if (i > 0) i = this.#searchDown(i, work);
      else if (!this.#extendDown()) return -1;
      else i = 0;
    }
    while (work > (this.#base[i + 1] as number)) {
      if (i + 1 === this.#blocks.length && !this.#extendUp()) {
        while (i > 0 && this.#base[i] === this.#base[i + 1]) i--;
        break;
      }
      i++;
    }
    this.#last = i;
    return i;
  }

  /** Gallops down to a block whose base is not above `work`, or to the lowest known one. */
  #searchDown(from: number, work: number): number {
    let i = from;
    for (let step = 1; i > 0 && work <= (this.#base[i] as number); step <<= 1) i = Math.max(0, i - step);
    return i;
  }

  /** First (or last) moment of work at all; the domain's beginning where there is none. */
  #edge(last: boolean): number {
    const blocks = this.#blocks.length;
    for (let k = 0; k < blocks; k++) {
      const i = last ? blocks - 1 - k : k;
      if (this.#base[i] === this.#base[i + 1]) continue;
      const block = this.#blocks[i] as Block;
      const at = last ? (block.end[block.end.length - 1] as number) : (block.start[0] as number);
      return (i + this.#low) * blockMinutes + at;
    }
    return firstDay * minutesPerDay;
  }

  #reach(block: number): number {
    while (block < this.#low) this.#extendDown();
    while (block >= this.#low + this.#blocks.length) this.#extendUp();
    return block - this.#low;
  }

  #extendUp(): boolean {
    const block = this.#low + this.#blocks.length;
    if (block > lastBlock) return false;
    const table = this.#table(block);
    this.#base.push((this.#base.at(-1) as number) + table.total);
    this.#blocks.push(table);
    return true;
  }

  /** Doubles what is known below, so that a jump far back moves the lists only a few times. */
  #extendDown(): boolean {
    if (this.#low <= firstBlock) return false;
    const count = Math.min(this.#low - firstBlock, Math.max(1, this.#blocks.length));
    const base: number[] = [];
    const blocks: Block[] = [];
    let before = this.#base[0] as number;
    for (let k = 1; k <= count; k++) {
      const table = this.#table(this.#low - k);
      before -= table.total;
      base.push(before);
      blocks.push(table);
    }
    this.#base = base.reverse().concat(this.#base);
    this.#blocks = blocks.reverse().concat(this.#blocks);
    this.#low -= count;
    this.#last += count;
    return true;
  }

  #table(block: number): Block {
    const from = block * blockMinutes;
    const source = this.#source;
    if (source.dated(from, from + blockMinutes)) return blockOf(source.spans(from, from + blockMinutes), from);
    const key = source.cycle === "week" ? 0 : ((block % gregorianBlocks) + gregorianBlocks) % gregorianBlocks;
    let template = this.#templates.get(key);
    if (!template) {
      template = blockOf(source.spans(from, from + blockMinutes), from);
      this.#templates.set(key, template);
    }
    return template;
  }
}
