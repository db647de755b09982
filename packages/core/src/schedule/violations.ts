import type { ProjectState } from "../model/state.ts";
import type { Passes } from "./passes.ts";
import type { ScheduleViolation } from "./types.ts";
export class Violations {
  constructor(state: ProjectState, passes: Passes) {
    void state;
    void passes;
  }
  stale(_moved: readonly string[] | undefined, _edited: readonly string[]): void {}
  all(): readonly ScheduleViolation[] {
    return [];
  }
}
