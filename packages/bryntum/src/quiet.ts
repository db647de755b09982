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
  readonly #asked: () => void;
  #on = false;
  #times = 0;
  readonly handlers: Readonly<Record<string, (event: SchedulingEvent) => boolean | undefined>> = {
    schedulingConflict: (event) => this.#answer(event),
    cycle: (event) => this.#answer(event),
    emptyCalendar: (event) => this.#answer(event),
  };

  /** `asked`: what a person did cannot be computed, and it is for the person to answer. */
  constructor(project: ProjectLike, asked: () => void) {
    this.#project = project;
    this.#asked = asked;
  }

  /** Returns the function that ends it. */
  begin(): () => Promise<void> {
    const project = this.#project;
    const { stm } = project;
    const recorded = stm?.enabled === true;
    const allow = project.allowPostponedConflicts ?? false;
    const postpone = project.autoPostponeConflicts ?? false;
    this.#on = true;
    this.#times = 0;
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
    if (!this.#on) {
      this.#asked();
      return undefined;
    }
    // The same question again means that going on solves nothing.
    event.continueWithResolutionResult?.(++this.#times > 3 ? "Cancel" : "Resume");
    return false;
  }
}
