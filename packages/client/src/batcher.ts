import type { Changeset } from "@livegantt/core";
import { operations, registerKey } from "./operations.ts";

/** An edit that still waits for more of the same. */
interface Waiting {
  readonly seq: number;
  readonly due: number;
}

/**
 * Leading edge and coalescing (W2): the first edit of a record goes out at once; further ones within the delay wait for it to end and become one.
 * Only the newest edit waits: an edit of something else lets it go.
 */
export class Batcher {
  readonly #delayMs: number;
  #last: { readonly signature: string; readonly intent: string | undefined; readonly at: number } | undefined;
  #waiting: Waiting | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Files a new edit. `into`: the waiting edit that it joins. `continues`: for undo it is one action with the edit before. */
  file(payload: Changeset, intent: string | undefined, now: number): { readonly into: number | undefined; readonly continues: boolean } {
    const signature = signatureOf(payload);
    const last = this.#last;
    const continues = signature !== "" && last?.signature === signature && last.intent === intent && now - last.at < this.#delayMs;
    const into = continues ? this.#waiting?.seq : undefined;
    this.#last = { signature, intent, at: now };
    if (!continues) this.#waiting = undefined;
    return { into, continues };
  }

  /** The edit filed last waits, as it continues one that has gone out. */
  hold(seq: number, now: number): void {
    this.#waiting ??= { seq, due: now + this.#delayMs };
  }

  /** Milliseconds that an edit still waits. */
  waitOf(seq: number, now: number): number {
    return this.#waiting?.seq === seq ? Math.max(0, this.#waiting.due - now) : 0;
  }

  /** The edit goes out: nothing joins it any more. */
  release(seq: number): void {
    if (this.#waiting?.seq === seq) this.#waiting = undefined;
  }

  /** What is done next is an action of its own. */
  break(): void {
    this.#last = undefined;
    this.#waiting = undefined;
  }
}

/** The registers written, where an edit does nothing but write registers. Typing and dragging repeat it; other edits never join. */
function signatureOf(payload: Changeset): string {
  const keys = new Set<string>();
  for (const operation of operations(payload)) {
    if (operation.verb !== "updated") return "";
    for (const field in operation.line.changes) keys.add(registerKey(operation.kind, operation.id, field));
  }
  return [...keys].sort().join(" ");
}
