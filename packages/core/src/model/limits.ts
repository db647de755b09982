/** Bounds of one project and one changeset. Configurable; each refusal names the limit and its value. */
export interface Limits {
  readonly tasks: number;
  readonly dependencies: number;
  readonly resources: number;
  readonly assignments: number;
  readonly calendars: number;
  readonly comments: number;
  /** Added, updated and removed records of one changeset. */
  readonly operations: number;
  /** Levels of the task tree (V2). */
  readonly depth: number;
  /** Characters of a custom field's JSON (M7). */
  readonly customField: number;
}

export const defaultLimits: Limits = {
  tasks: 200_000,
  dependencies: 400_000,
  resources: 50_000,
  assignments: 400_000,
  calendars: 5_000,
  comments: 200_000,
  operations: 5_000,
  depth: 64,
  customField: 65_536,
};

export const maxIdLength = 64;
