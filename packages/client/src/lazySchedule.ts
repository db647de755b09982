import { type ProjectState, type Schedule, ScheduleEngine, type Touched } from "@livegantt/core";
import { TouchedSet } from "./touched.ts";

/** The computed dates of the view, brought up to date when somebody looks: edits and remote changes cost nothing for it (O2). */
export class LazySchedule {
  #engine: ScheduleEngine | undefined;
  #state: ProjectState | undefined;
  readonly #touched = new TouchedSet();

  note(touched: Touched): void {
    if (this.#engine) this.#touched.add(touched);
  }

  of(state: ProjectState): Schedule {
    if (!this.#engine || this.#state !== state) {
      this.#engine = new ScheduleEngine(state);
      this.#state = state;
      this.#touched.take();
    } else if (!this.#touched.isEmpty) this.#engine.update(this.#touched.take());
    return this.#engine.schedule;
  }
}
