import type { ProjectState, Schedule, Touched } from "@livegantt/core";
import * as core from "@livegantt/core";
import { TouchedSet } from "./touched.ts";

interface ScheduleEngine {
  update(touched: Touched): unknown;
  readonly schedule: Schedule;
}
const { ScheduleEngine } = core as unknown as { ScheduleEngine: new (state: ProjectState) => ScheduleEngine };

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
