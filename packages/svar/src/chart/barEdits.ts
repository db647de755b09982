import { finishTask, moveTask, startTask } from "../edits/dates.ts";
import type { Plan } from "../edits/plan.ts";
import { toDate, wallPlus } from "../wall.ts";
import type { CellEdit } from "./cellEdits.ts";
import type { ChartState, SvarEvent, TreeRow } from "./svarApi.ts";

const unitMinutes: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_200, quarter: 129_600, year: 525_600 };

/**
 * What a dropped bar means. The chart gives no final dates, only by how many of its units the edges went: the dates are those shown before, moved by that, snapped.
 * `undefined` where nothing changes.
 */
export function barEdit(plan: Plan, row: TreeRow, event: SvarEvent, lengthUnit: string, snap: number): CellEdit | undefined {
  const { id } = row;
  const shown = plan.schedule.tasks.get(id);
  const task = event.task;
  if (!shown || !task) return undefined;
  if (event.diff) {
    const minutes = Math.round((event.diff * (unitMinutes[lengthUnit] ?? 1440)) / snap) * snap;
    if (minutes === 0) return undefined;
    const start = wallPlus(shown.startDate, minutes);
    const end = wallPlus(shown.endDate, minutes);
    if ("start" in task && "end" in task) return { intent: "task.move", run: (tx) => moveTask(tx, plan, id, start) };
    if ("start" in task) return { intent: "task.resize", run: (tx) => startTask(tx, plan, id, start) };
    return { intent: "task.resize", run: (tx) => finishTask(tx, plan, id, end) };
  }
  if (typeof task.progress === "number" && event.inProgress === false) {
    const percentDone = Math.round(task.progress);
    return percentDone === Math.round(shown.percentDone) ? undefined : { intent: "task.progress", run: (tx) => tx.update("tasks", id, { percentDone }) };
  }
  if (typeof task.text === "string" && task.text !== row.text) {
    const name = task.text;
    return { intent: "task.rename", run: (tx) => tx.update("tasks", id, { name }) };
  }
  return undefined;
}

/** Distance of a moment from the chart's left edge, in pixels. */
export const chartX = ({ _scales: scale, cellWidth }: ChartState, date: Date): number => scale.diff(date, scale.start, scale.lengthUnit) * cellWidth;

/** Moment at a distance from the chart's left edge. Cells of months are equally wide, whatever their days: found by bisection. */
export function chartDate(state: ChartState, x: number): Date {
  let low = state._scales.start.getTime();
  let high = state._scales.end.getTime();
  while (high - low > 60_000) {
    const middle = (low + high) / 2;
    if (chartX(state, new Date(middle)) < x) low = middle;
    else high = middle;
  }
  return new Date(Math.round(high / 60_000) * 60_000);
}

export const chartXOfWall = (state: ChartState, wall: string): number => chartX(state, toDate(wall));
