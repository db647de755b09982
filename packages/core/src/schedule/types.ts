import type { Changeset } from "../changes/changeset.ts";

/** Dates at which a task stands, project wall-clock `YYYY-MM-DDTHH:mm:ss`. */
export interface PlacedDates {
  readonly startDate: string;
  readonly endDate: string;
}

/** Computed dates of one task, leaf or summary. Dates are project wall-clock `YYYY-MM-DDTHH:mm:ss`. */
export interface TaskSchedule extends PlacedDates {
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

export interface Fix {
  readonly label: string;
  readonly changeset: Changeset;
}

/** S4: what cannot be met, with ready fixes. */
export interface ScheduleViolation {
  readonly kind: ViolationKind;
  readonly task: string;
  readonly dependency?: string;
  readonly resource?: string;
  /** How far it is missed, in working hours. */
  readonly by: number;
  readonly fixes: readonly Fix[];
}

/** What sets a task's date: the answer to "why is this task here?". `task` is the other task: predecessor, successor (in a project planned from its end) or parent. */
export interface Driver {
  readonly kind: "project-start" | "project-end" | "predecessor" | "successor" | "constraint" | "parent" | "manual" | "leveling" | "calendar";
  readonly dependency?: string;
  readonly task?: string;
}

/**
 * The schedule as it stands: a window on the engine, not a copy. What is read is right at the moment of reading.
 * The object of a task stays the same one as long as nothing of it changes.
 */
export interface Schedule {
  readonly engineVersion: string;
  readonly tasks: {
    get(id: string): TaskSchedule | undefined;
    /** Only where the task stands: cheaper than `get`, which settles late dates first. */
    dates(id: string): PlacedDates | undefined;
    /** `get(id).critical`, without making the rest. */
    isCritical(id: string): boolean;
    has(id: string): boolean;
    keys(): Iterable<string>;
    readonly size: number;
  };
  readonly projectStart: string;
  readonly projectEnd: string;
  /** Sorted by task and kind. */
  readonly violations: readonly ScheduleViolation[];
  drivenBy(task: string): readonly Driver[];
  /** Hash of all computed dates: equal on every replica with equal inputs. */
  hash(): string;
}

/** What an update did to the schedule. */
export interface ScheduleChange {
  /** Tasks of whose schedule anything but late dates, slack and criticality may differ; removed tasks too. Made when read: read it before the next update. */
  readonly changed: ReadonlySet<string>;
  /** Settles the late dates. Tasks whose late dates, slack or criticality may differ since this was last asked, of any change. */
  late(): ReadonlySet<string>;
}
