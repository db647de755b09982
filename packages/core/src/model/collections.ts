import type { Json } from "./json.ts";

/** The record collections of a project, in the order in which a changeset names them. */
export const collections = ["tasks", "dependencies", "resources", "assignments", "calendars", "comments"] as const;
export type Collection = (typeof collections)[number];
/** A collection, or the one record of the project itself. */
export type RecordKind = Collection | "project";
export const recordKinds: readonly RecordKind[] = [...collections, "project"];

/** Noun of one record, as conflict types (`task_not_found`) and messages use it. */
export const singular = {
  tasks: "task",
  dependencies: "dependency",
  resources: "resource",
  assignments: "assignment",
  calendars: "calendar",
  comments: "comment",
  project: "project",
} as const satisfies Record<RecordKind, string>;

/** One stored record: flat, input registers only, never mutated (a change replaces it). List registers stand as one field per element, `intervals.<id>` and `baselines.<n>`. */
export interface StoredRecord {
  readonly id: string;
  readonly [field: string]: Json | undefined;
}

/** Custom fields a product adds to tasks: extend by module augmentation. */
// biome-ignore lint/suspicious/noEmptyInterface: products extend it by declaration merging
export interface CustomTaskFields {}

export type DurationUnit = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";
export type ConstraintType =
  | "muststarton"
  | "mustfinishon"
  | "startnoearlierthan"
  | "startnolaterthan"
  | "finishnoearlierthan"
  | "finishnolaterthan"
  | "assoonaspossible"
  | "aslateaspossible";
export type SchedulingMode = "Normal" | "FixedDuration" | "FixedEffort" | "FixedUnits";
export type Direction = "Forward" | "Backward";
/** 0 start-to-start, 1 start-to-finish, 2 finish-to-start, 3 finish-to-finish. */
export type DependencyType = 0 | 1 | 2 | 3;

/** One working segment of a split task: offset and duration in working minutes from the task's start. */
export type Segment = {
  readonly id: string;
  readonly offset: number;
  readonly duration: number;
};

export type Baseline = {
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly duration?: number | null;
  readonly durationUnit?: DurationUnit | null;
};

/** A calendar interval in Bryntum's terms: either two wall-clock dates or two recurrence texts (`on Mon,Tue at 08:00`, `every weekday at 08:00`). */
export type CalendarInterval = {
  readonly id?: string;
  readonly name?: string | null;
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly recurrentStartDate?: string | null;
  readonly recurrentEndDate?: string | null;
  readonly isWorking?: boolean | null;
  readonly priority?: number | null;
};

type Maybe<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** Input fields of a task as stored; dates are project wall-clock `YYYY-MM-DDTHH:mm:ss`. */
export interface TaskRecord
  extends StoredRecord,
    Maybe<{
      name: string;
      note: string;
      duration: number;
      durationUnit: DurationUnit;
      constraintType: ConstraintType;
      constraintDate: string;
      manuallyScheduled: boolean;
      startDate: string;
      parentId: string;
      orderKey: string;
      percentDone: number;
      effort: number;
      effortUnit: DurationUnit;
      schedulingMode: SchedulingMode;
      effortDriven: boolean;
      calendar: string;
      ignoreResourceCalendar: boolean;
      direction: Direction;
      deadlineDate: string;
      inactive: boolean;
      rollup: boolean;
      readOnly: boolean;
      milestoneColor: string;
      eventColor: string;
      cls: string;
      iconCls: string;
      levelingDelay: number;
    }> {
  readonly segments?: readonly { readonly id: string; readonly offset: number; readonly duration: number }[] | null;
}

export interface DependencyRecord extends StoredRecord, Maybe<{ type: DependencyType; lag: number; lagUnit: DurationUnit; active: boolean; calendar: string }> {
  readonly fromTask: string;
  readonly toTask: string;
}

export interface ResourceRecord
  extends StoredRecord,
    Maybe<{ name: string; type: string; calendar: string; maxUnits: number; image: string; eventColor: string; cost: number }> {}

export interface AssignmentRecord extends StoredRecord, Maybe<{ units: number }> {
  readonly event: string;
  readonly resource: string;
}

export interface CalendarRecord extends StoredRecord, Maybe<{ name: string; parentId: string; unspecifiedTimeIsWorking: boolean }> {}

export interface CommentRecord extends StoredRecord, Maybe<{ parent: string; text: string; author: string; createdAt: string; resolved: boolean }> {
  readonly task: string;
}

export interface ProjectRecord
  extends StoredRecord,
    Maybe<{
      name: string;
      startDate: string;
      calendar: string;
      hoursPerDay: number;
      daysPerWeek: number;
      daysPerMonth: number;
      timeZone: string;
      direction: Direction;
      endDate: string;
      honorConstraints: boolean;
      dependenciesCalendar: string;
      statusDate: string;
    }> {}

export interface RecordTypes {
  tasks: TaskRecord;
  dependencies: DependencyRecord;
  resources: ResourceRecord;
  assignments: AssignmentRecord;
  calendars: CalendarRecord;
  comments: CommentRecord;
  project: ProjectRecord;
}
