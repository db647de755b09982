import type { ProjectLike } from "./types.ts";

interface SchedulingEvent {
  readonly continueWithResolutionResult?: (result: "Resume" | "Cancel") => void;
  readonly schedulingIssue?: { getResolutions?(): readonly { resolve?(): unknown }[] };
}

/**
 * Keeps Bryntum's questions for the person who caused them. While remote changes are applied an unsolvable constraint is postponed, nothing pops up, and the chart's
 * own undo records nothing.
 */
export class Quiet {
  readonly #project: ProjectLike;
  #on = false;
  #asked = 0;
  readonly handlers: Readonly<Record<string, (event: SchedulingEvent) => boolean | undefined>> = {
    schedulingConflict: (event) => this.#answer(event),
    cycle: (event) => this.#answer(event),
    emptyCalendar: (event) => this.#answer(event),
  };

  constructor(project: ProjectLike) {
    this.#project = project;
  }

  /** Returns the function that ends it. */
  begin(): () => Promise<void> {
    const project = this.#project;
    const { stm } = project;
    const recorded = stm?.enabled === true;
    const allow = project.allowPostponedConflicts ?? false;
    const postpone = project.autoPostponeConflicts ?? false;
    this.#on = true;
    this.#asked = 0;
    if (recorded) {
      if (stm.isRecording) stm.stopTransaction();
      stm.disable();
    }
    if (!allow) project.allowPostponedConflicts = true;
    if (!postpone) project.autoPostponeConflicts = true;
    return async () => {
      if (project.isDestroyed) return;
      if (!allow) project.allowPostponedConflicts = false;
      if (!postpone) project.autoPostponeConflicts = false;
      // These settings are fields that the engine computes with: it must be done with them before the chart's undo records again.
      if (recorded) await project.commitAsync();
      this.#on = false;
      if (recorded && !project.isDestroyed) stm.enable();
    };
  }

  #answer(event: SchedulingEvent): boolean | undefined {
    if (!this.#on) return undefined;
    // The same question again means that going on solves nothing.
    event.continueWithResolutionResult?.(++this.#asked > 3 ? "Cancel" : "Resume");
    return false;
  }
}
