import type { TaskRecord } from "@livegantt/core";

/** A row that a person has in hand: dragged, or with an open cell editor. */
export interface Hold {
  readonly id: string;
  readonly mode: "drag" | "edit";
  /** The task as it was when taken in hand: what its edit is based on. */
  readonly seen: TaskRecord;
  readonly field: string | undefined;
  /** Who changed the task meanwhile. */
  changedBy: string | undefined;
}

/** At most one row is in hand: there is one pointer and one editor. */
export class Holds {
  #current: Hold | undefined;

  get current(): Hold | undefined {
    return this.#current;
  }

  take(id: string, mode: Hold["mode"], seen: TaskRecord, field?: string): void {
    if (this.#current?.id === id && this.#current.mode === mode) return;
    this.#current = { id, mode, seen, field, changedBy: undefined };
  }

  has(id: string): boolean {
    return this.#current?.id === id;
  }

  release(): Hold | undefined {
    const hold = this.#current;
    this.#current = undefined;
    return hold;
  }
}
