import { type ProjectState, projectToJSON, type Snapshot } from "@livegantt/core";

type Row = Record<string, unknown>;
type Nestable = { readonly id: string; readonly parentId?: string | null | undefined; readonly [field: string]: unknown };

/**
 * A project as Bryntum's CrudManager loads it: one `{ rows }` per store, tasks and calendars nested by `children`. The field names are Bryntum's already.
 * `revision` lets a page go on from here by delta.
 */
export function bryntumLoad(state: ProjectState): Row {
  const { revision, project, tasks, dependencies, resources, assignments, calendars } = projectToJSON(state);
  return {
    success: true,
    revision,
    project,
    calendars: { rows: nested(calendars) },
    tasks: { rows: nested(tasks.map(loadableTask)) },
    resources: { rows: resources },
    assignments: { rows: assignments },
    dependencies: { rows: dependencies },
  };
}

/** Bryntum takes no gaps in a list of baselines. */
function loadableTask({ baselines, ...task }: Snapshot["tasks"][number]): Nestable {
  return baselines ? { ...task, baselines: baselines.map((baseline) => baseline ?? {}) } : task;
}

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
