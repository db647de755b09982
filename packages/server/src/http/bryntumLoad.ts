import { computeSchedule, type ProjectState, projectToJSON, type Snapshot } from "@livegantt/core";

type Row = Record<string, unknown>;
type Nestable = { readonly id: string; readonly parentId?: string | null | undefined; readonly [field: string]: unknown };
type Segment = NonNullable<Snapshot["tasks"][number]["segments"]>[number];

const msPerMinute = 60_000;

/**
 * A project as Bryntum's CrudManager loads it: one `{ rows }` per store, tasks and calendars nested by `children`. The field names are Bryntum's already. It is the
 * whole project, comments included: with `epoch` and `revision`, which name a state of the log, a page goes on from here by delta.
 */
export function bryntumLoad(state: ProjectState, epoch: string): Row {
  const { revision, project, tasks, dependencies, resources, assignments, calendars, comments } = projectToJSON(state);
  const start = project.startDate ?? (tasks.some(({ segments }) => segments) ? computeSchedule(state).projectStart : "");
  return {
    success: true,
    epoch,
    revision,
    project,
    calendars: { rows: nested(calendars) },
    tasks: { rows: nested(tasks.map(loadableTask(start))) },
    resources: { rows: resources },
    assignments: { rows: assignments },
    dependencies: { rows: dependencies },
    comments: { rows: comments },
  };
}

/**
 * Bryntum takes no gaps in a list of baselines: they are marked. It has the ends of a segment in milliseconds of working time from the task's start, and cannot read
 * them of a task without one: an automatic task gets a start date, from which Bryntum computes its own.
 */
const loadableTask =
  (start: string) =>
  ({ baselines, segments, ...task }: Snapshot["tasks"][number]): Nestable => ({
    ...task,
    ...(baselines ? { baselines: baselines.map((baseline) => baseline ?? { unset: true }) } : {}),
    ...(segments ? { startDate: task.startDate ?? start, segments: segments.map(loadableSegment) } : {}),
  });

const loadableSegment = ({ id, offset, duration }: Segment): Row => ({
  id,
  startOffset: offset * msPerMinute,
  endOffset: (offset + duration) * msPerMinute,
  duration,
  durationUnit: "minute",
});

/** Rows under their parents, in the order in which they come. */
function nested(records: readonly Nestable[]): Row[] {
  const rows = new Map(records.map(({ parentId: _, ...record }) => [record.id, record as Row]));
  const roots: Row[] = [];
  for (const { id, parentId } of records) {
    const row = rows.get(id) as Row;
    const parent = parentId == null ? undefined : rows.get(parentId);
    if (!parent) roots.push(row);
    else if (Array.isArray(parent.children)) parent.children.push(row);
    else Object.assign(parent, { children: [row], expanded: true });
  }
  return roots;
}
