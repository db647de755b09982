import { listen } from "./listen.ts";
import type { StmLike } from "./types.ts";

/** Tells whether what the chart is doing is its own undo or redo: the next edit that is captured is one then. */
export class UndoWatch {
  readonly #off: () => void;
  #position: number;
  #running: "undo" | "redo" | undefined;

  constructor(stm: StmLike) {
    const position = (): number => stm.position ?? 0;
    this.#position = position();
    this.#off = listen(stm, {
      recordingStop: () => {
        this.#position = position();
      },
      restoringStart: () => {
        this.#running = "undo";
      },
      restoringStop: () => {
        this.#running = position() > this.#position ? "redo" : "undo";
        this.#position = position();
      },
    });
  }

  get running(): "undo" | "redo" | undefined {
    return this.#running;
  }

  /** All of it is captured. */
  done(): void {
    this.#running = undefined;
  }

  destroy(): void {
    this.#off();
  }
}
