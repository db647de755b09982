import type { DependencyRecord, TaskRecord, TaskSchedule } from "@livegantt/core";
import { chartLinkTypes } from "../edits/links.ts";
import type { Plan } from "../edits/plan.ts";
import { toDate } from "../wall.ts";
import type { ChartLink, ChartRow } from "./svarApi.ts";

/** Bar types beyond the chart's own `task`, `summary`, `milestone`: the chart writes them as classes, so that a plan's colours cost no style rule per task. */
export const taskTypes: readonly { readonly id: string; readonly label: string }[] = [
  { id: "task", label: "Task" },
  { id: "summary", label: "Summary" },
  { id: "milestone", label: "Milestone" },
  { id: "lg-critical", label: "Critical" },
  { id: "lg-manual", label: "Manual" },
  { id: "lg-manual lg-critical", label: "Manual, critical" },
  { id: "lg-inactive", label: "Inactive" },
];

function typeOf(task: TaskRecord, shown: TaskSchedule): string {
  if (shown.summary) return "summary";
  if (shown.milestone) return "milestone";
  if (task.inactive) return "lg-inactive";
  if (task.manuallyScheduled) return shown.critical ? "lg-manual lg-critical" : "lg-manual";
  return shown.critical ? "lg-critical" : "task";
}

/** Bars of summaries, milestones and inactive tasks look the same, critical or not. */
export const isShownCritical = ({ type }: Pick<ChartRow, "type">): boolean => type.includes("lg-critical");

/** One row: inputs where a person writes them, computed dates where the plan computes them. `undefined` for a task that does not live. */
export function rowOf({ state, schedule }: Plan, id: string): ChartRow | undefined {
  const task = state.tasks.get(id);
  const shown = schedule.tasks.get(id);
  if (!task || !shown) return undefined;
  const type = typeOf(task, shown);
  const start = toDate(shown.startDate);
  const end = toDate(shown.endDate);
  return {
    id,
    parent: task.parentId ?? 0,
    text: task.name ?? "",
    start,
    // A bar without length would be hidden: a summary of milestones alone gets a minute.
    end: type === "milestone" ? undefined : end > start ? end : new Date(start.getTime() + 60_000),
    type,
    progress: Math.round(shown.percentDone),
  };
}

export const linkOf = (record: DependencyRecord): ChartLink => ({
  id: record.id,
  source: record.fromTask,
  target: record.toTask,
  type: chartLinkTypes[record.type ?? 2],
  lag: record.lag ?? 0,
});

/** All rows in tree order, and all links: for the chart's first drawing. Summaries for which `collapsed` answers true start closed. */
export function chartData(plan: Plan, collapsed: (id: string) => boolean = () => false): { readonly tasks: ChartRow[]; readonly links: ChartLink[] } {
  const tasks: ChartRow[] = [];
  const stack = [...plan.state.children.of(null)].reverse();
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const row = rowOf(plan, id);
    const children = plan.state.children.of(id);
    // `open` on a row without children breaks the chart's drawing.
    if (row) tasks.push(children.length > 0 ? { ...row, open: !collapsed(id) } : row);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as string);
  }
  return { tasks, links: [...plan.state.dependencies.values()].map(linkOf) };
}

/** The members of `next` that differ from the row on screen; `undefined` where none does. */
export function rowChanges(before: ChartRow, next: ChartRow): Partial<ChartRow> | undefined {
  const sameEnd = before.end?.getTime() === next.end?.getTime() || next.type === "milestone";
  if (before.text === next.text && before.type === next.type && before.progress === next.progress && before.start.getTime() === next.start.getTime() && sameEnd)
    return undefined;
  const { id: _id, parent: _parent, ...fields } = next;
  return fields;
}
