import type { Clock, TimerHandle } from "./environment.ts";
import { isPromise } from "./maybePromise.ts";
import type { OfflineQueue, QueuedEdit } from "./offlineQueue.ts";

/** Edits on their way at one time (W2): 5,000 queued edits need no 5,000 round trips, and a server's memory per client stays bounded. */
const inFlightMax = 32;
/** W8: an edit without an answer for this long means that the socket is dead. */
const answerMs = 10_000;
/** The envelope around a payload. */
const envelopeBytes = 512;
/** An edit that arrives later than this after it was made carries the time (O6). */
const freshMs = 5_000;

interface DeliveryHooks {
  sendText(text: string): boolean;
  /** Nothing was answered for too long. */
  silent(): void;
  tooLarge(edit: QueuedEdit, bytes: number): void;
  /** Milliseconds that an edit still waits for more of the same. */
  waitOf(seq: number, now: number): number;
  /** An edit got its number: it is final. */
  numbered(seq: number): void;
}

/**
 * Sends what is queued: numbers edits in order, writes the numbers down before the first byte leaves, keeps up to 32 on their way, repeats after a cut.
 * Invariant: within one connection numbers leave in ascending order without a gap.
 */
export class Delivery {
  readonly #queue: OfflineQueue;
  readonly #clock: Clock;
  readonly #hooks: DeliveryHooks;
  readonly #maxBytes: number;
  /** Numbers on their way, with the time of sending; insertion order is ascending. */
  readonly #flying = new Map<number, { readonly seq: number; readonly sentAt: number }>();
  #counter = 0;
  #open = false;
  /** Counts connections: what was to be sent on an older one is not. */
  #era = 0;
  #pauseTimer: TimerHandle;
  #batchTimer: TimerHandle;
  #answerTimer: TimerHandle;

  constructor(queue: OfflineQueue, clock: Clock, maxBytes: number, hooks: DeliveryHooks) {
    this.#queue = queue;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#hooks = hooks;
  }

  get flying(): number {
    return this.#flying.size;
  }

  /**
   * The plan is in step: everything unanswered is sent again under its number. A hole in the numbers, left by a damaged entry or a restored server,
   * is closed: numbers beyond the server's last were never judged.
   */
  opened(lastClientRevision: number): void {
    this.#open = true;
    this.#era++;
    this.#flying.clear();
    this.#counter = lastClientRevision;
    for (const edit of this.#numbered()) {
      const number = edit.number as number;
      if (number <= lastClientRevision) continue;
      this.#counter++;
      if (number !== this.#counter) this.#queue.put({ ...edit, number: this.#counter });
    }
    this.pump();
  }

  closed(): void {
    this.#open = false;
    this.#era++;
    this.#flying.clear();
    this.#stopTimers();
  }

  /** The edit that was sent under a number, if it still waits for its answer. */
  seqOf(number: number): number | undefined {
    return this.#flying.get(number)?.seq ?? this.#queue.edits.find((edit) => edit.number === number)?.seq;
  }

  /** False for a number that the server was sent and did not take: it goes out again. */
  isFlying(number: number): boolean {
    return this.#flying.has(number);
  }

  /** Edits wait before they go out again. */
  get isPaused(): boolean {
    return this.#pauseTimer !== undefined;
  }

  answered(number: number): void {
    this.#flying.delete(number);
  }

  /** The server did not take this number, and so none after it: all of them are sent again after a while. */
  rewind(number: number, waitMs: number): void {
    for (const flying of [...this.#flying.keys()]) if (flying >= number) this.#flying.delete(flying);
    if (this.#pauseTimer !== undefined) this.#clock.clearTimeout(this.#pauseTimer);
    this.#era++;
    this.#pauseTimer = this.#clock.setTimeout(() => {
      this.#pauseTimer = undefined;
      this.pump();
    }, waitMs);
  }

  /** Writes down what changed, and sends what may go. */
  pump(): void {
    const ready = this.#open && this.#pauseTimer === undefined ? this.#next() : [];
    const written = this.#queue.commit();
    if (ready.length === 0) return;
    if (!isPromise(written)) {
      for (const text of ready) this.#send(text);
      return;
    }
    const era = this.#era;
    written.then(() => {
      if (era === this.#era) for (const text of ready) this.#send(text);
    });
  }

  destroy(): void {
    this.closed();
  }

  /** What may leave now: first what already has a number, then new ones in the order in which they were made. Reserves their places in the window. */
  #next(): string[] {
    const ready: string[] = [];
    const now = this.#clock.now();
    const take = (number: number, edit: QueuedEdit, payload: string): void => {
      this.#flying.set(number, { seq: edit.seq, sentAt: now });
      ready.push(envelope(number, edit, payload, now));
    };
    if (this.#flying.size >= inFlightMax || this.#queue.edits.length === this.#flying.size) return ready;
    for (const edit of this.#numbered()) {
      if (this.#flying.size >= inFlightMax) return ready;
      const number = edit.number as number;
      if (!this.#flying.has(number)) take(number, edit, JSON.stringify(edit.payload));
    }
    for (const edit of [...this.#queue.edits]) {
      if (this.#flying.size >= inFlightMax) break;
      if (edit.number !== undefined) continue;
      const wait = this.#hooks.waitOf(edit.seq, now);
      if (wait > 0) {
        this.#wakeIn(wait);
        break;
      }
      const payload = JSON.stringify(edit.payload);
      const bytes = sizeOf(payload);
      if (bytes + envelopeBytes > this.#maxBytes) {
        this.#hooks.tooLarge(edit, bytes);
        continue;
      }
      const number = ++this.#counter;
      this.#queue.put({ ...edit, number });
      this.#hooks.numbered(edit.seq);
      take(number, edit, payload);
    }
    return ready;
  }

  #send(text: string): void {
    if (this.#hooks.sendText(text)) this.#answerTimer ??= this.#clock.setTimeout(() => this.#checkAnswers(), answerMs);
  }

  #checkAnswers(): void {
    this.#answerTimer = undefined;
    const [oldest] = this.#flying.values();
    if (!oldest) return;
    const left = oldest.sentAt + answerMs - this.#clock.now();
    if (left <= 0) this.#hooks.silent();
    else this.#answerTimer = this.#clock.setTimeout(() => this.#checkAnswers(), left);
  }

  #wakeIn(ms: number): void {
    this.#batchTimer ??= this.#clock.setTimeout(() => {
      this.#batchTimer = undefined;
      this.pump();
    }, ms);
  }

  #numbered(): QueuedEdit[] {
    const numbered = this.#queue.edits.filter((edit) => edit.number !== undefined);
    return numbered.sort((a, b) => (a.number as number) - (b.number as number));
  }

  #stopTimers(): void {
    for (const timer of [this.#pauseTimer, this.#batchTimer, this.#answerTimer]) if (timer !== undefined) this.#clock.clearTimeout(timer);
    this.#pauseTimer = undefined;
    this.#batchTimer = undefined;
    this.#answerTimer = undefined;
  }
}

function envelope(number: number, { baseRevision, intent, command, madeAt }: QueuedEdit, payload: string, now: number): string {
  const head = { revision: number, baseRevision, ...(command ? { name: command.name, args: command.args } : intent === undefined ? {} : { intent }) };
  if (command) return JSON.stringify({ type: "command", ...head });
  const late = now - Date.parse(madeAt) > freshMs ? { madeAt } : {};
  return `${JSON.stringify({ type: "changes", ...head, ...late }).slice(0, -1)},"payload":${payload}}`;
}

/** Bytes of a text on the wire. Short ones are not counted out. */
const sizeOf = (text: string): number => (text.length * 3 < 65_536 ? text.length : new TextEncoder().encode(text).length);
