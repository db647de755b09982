import type { Changeset } from "../changes/changeset.ts";

/** Computed dates of one task, leaf or summary. Dates are project wall-clock `YYYY-MM-DDTHH:mm:ss`. */
export interface TaskSchedule {
  readonly startDate: string;
  readonly endDate: string;
  readonly earlyStart: string;
  readonly earlyEnd: string;
  readonly lateStart: string;
  readonly lateEnd: string;
  /** Working hours of the task's calendar; negative where something cannot be met. */
  readonly totalSlack: number;
  readonly freeSlack: number;
  readonly critical: boolean;
  /** Working duration in the task's own unit (summaries: days), percent done and effort as shown (rolled up on summaries). */
  readonly duration: number;
  readonly durationUnit: string;
  readonly percentDone: number;
  /** Hours of work. */
  readonly effort: number;
  readonly milestone: boolean;
  readonly summary: boolean;
  readonly wbs: string;
}

export type ViolationKind =
  | "constraint-vs-dependency"
  | "before-project-start"
  | "deadline-missed"
  | "non-working-time"
  | "over-allocated"
  | "no-working-time"
  | "summary-link";

/** S4: what cannot be met, with ready fixes. */
export interface ScheduleViolation {
  readonly kind: ViolationKind;
  readonly task: string;
  readonly dependency?: string;
  readonly resource?: string;
  /** How far it is missed, in working hours. */
  readonly by: number;
  readonly fixes: readonly { readonly label: string; readonly changeset: Changeset }[];
}

/** What sets a task's date: the answer to "why is this task here?". */
export interface Driver {
  readonly kind: "project-start" | "project-end" | "predecessor" | "constraint" | "parent" | "manual" | "leveling" | "calendar";
  readonly dependency?: string;
  readonly task?: string;
}

export interface Schedule {
  readonly engineVersion: string;
  readonly tasks: { get(id: string): TaskSchedule | undefined; has(id: string): boolean; keys(): Iterable<string>; readonly size: number };
  readonly projectStart: string;
  readonly projectEnd: string;
  readonly violations: readonly ScheduleViolation[];
  drivenBy(task: string): readonly Driver[];
  /** Hash of all computed dates: equal on every replica with equal inputs. */
  hash(): string;
}
