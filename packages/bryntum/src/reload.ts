import { listen } from "./listen.ts";
import type { ProjectLike } from "./types.ts";

interface Bound {
  /** Sends what the person did so far. */
  capture(): boolean;
  /** Brings the chart to the plan. */
  relevel(): void;
}

/**
 * Follows `project.load()` of a chart that is bound already. What it brings is what the server had a moment ago: nothing a person did, and perhaps less than the plan
 * has by now. Until the chart was brought to the plan nothing is captured.
 */
export class Reload {
  readonly stop: () => void;
  #state: "none" | "loading" | "loaded" = "none";

  constructor(project: ProjectLike, bound: Bound) {
    const ended = (): void => {
      if (this.#state !== "loading") return;
      this.#state = "loaded";
      bound.relevel();
    };
    this.stop = listen(project, {
      // The chart still shows the old records.
      beforeLoadApply: () => {
        bound.capture();
        this.#state = "loading";
      },
      load: ended,
      loadFail: ended,
    });
  }

  get busy(): boolean {
    return this.#state !== "none";
  }

  /** The chart is between two states. */
  get isLoading(): boolean {
    return this.#state === "loading";
  }

  /** True once after each load: what the chart shows otherwise now is to be corrected. */
  taken(): boolean {
    if (this.#state !== "loaded") return false;
    this.#state = "none";
    return true;
  }
}
