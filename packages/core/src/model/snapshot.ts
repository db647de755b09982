import type {
  AssignmentRecord,
  Baseline,
  CalendarInterval,
  CalendarRecord,
  CommentRecord,
  DependencyRecord,
  ProjectRecord,
  ResourceRecord,
  TaskRecord,
} from "./collections.ts";

/** A record as it stands in a snapshot: as stored, but list registers as arrays. */
export type SnapshotTask = TaskRecord & { readonly baselines?: readonly (Baseline | null)[] | null };
export type SnapshotCalendar = CalendarRecord & { readonly intervals?: readonly CalendarInterval[] | null };

/** A whole project as JSON: inputs only, flat records, in a deterministic order. */
export interface Snapshot {
  readonly revision: number;
  readonly project: ProjectRecord;
  readonly tasks: readonly SnapshotTask[];
  readonly dependencies: readonly DependencyRecord[];
  readonly resources: readonly ResourceRecord[];
  readonly assignments: readonly AssignmentRecord[];
  readonly calendars: readonly SnapshotCalendar[];
  readonly comments: readonly CommentRecord[];
}
