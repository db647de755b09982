import { minutesPerUnit } from "@livegantt/core";
import { EditError } from "../error.ts";
import { wallMinutes, wallPlus } from "../wall.ts";
import type { Plan, Writer } from "./plan.ts";
import { workingMinutes } from "./workingTime.ts";

/**
 * A task shall start then. An automatic task gets a constraint, a manual one its date; a summary hands the shift to what stands under it.
 * In a plan that is scheduled backward the wish is the finish: no later than the start plus the span shown.
 */
export function moveTask(tx: Writer, plan: Plan, id: string, start: string): void {
  const task = plan.state.tasks.get(id);
  const shown = plan.schedule.tasks.get(id);
  if (!task || !shown) return;
  if (task.manuallyScheduled) tx.update("tasks", id, { manuallyScheduled: true, startDate: start });
  else if (shown.summary) shiftSummary(tx, plan, id, wallMinutes(start) - wallMinutes(shown.startDate));
  else if ((task.direction ?? plan.state.project.direction) === "Backward")
    tx.update("tasks", id, { constraintType: "finishnolaterthan", constraintDate: wallPlus(start, wallMinutes(shown.endDate) - wallMinutes(shown.startDate)) });
  else tx.update("tasks", id, { constraintType: "startnoearlierthan", constraintDate: start });
}

/** Shifts every leaf under a summary, except those that follow a predecessor inside it: they come along by their link. */
function shiftSummary(tx: Writer, plan: Plan, summary: string, minutes: number): void {
  const inside = new Set(plan.state.descendants(summary));
  for (const id of inside) {
    const task = plan.state.tasks.get(id);
    const shown = plan.schedule.tasks.get(id);
    if (!task || !shown || shown.summary) continue;
    const follows =
      !task.manuallyScheduled &&
      plan.schedule.drivenBy(id).some((driver) => driver.kind === "predecessor" && driver.task !== undefined && inside.has(driver.task));
    if (!follows) moveTask(tx, plan, id, wallPlus(shown.startDate, minutes));
  }
}

/** A task shall end then: its duration becomes the working time between its start and that moment. */
export function finishTask(tx: Writer, plan: Plan, id: string, end: string): void {
  const shown = plan.schedule.tasks.get(id);
  if (shown) stretch(tx, plan, id, shown.startDate, end);
}

/** A task shall start then and keep its end: constraint and duration. */
export function startTask(tx: Writer, plan: Plan, id: string, start: string): void {
  const shown = plan.schedule.tasks.get(id);
  if (!shown) return;
  moveTask(tx, plan, id, start);
  stretch(tx, plan, id, start, shown.endDate);
}

function stretch(tx: Writer, plan: Plan, id: string, start: string, end: string): void {
  const task = plan.state.tasks.get(id);
  if (!task) return;
  if (plan.schedule.tasks.get(id)?.summary) throw new EditError("summary_span", "A summary ends when its last subtask ends: change a subtask.", { id });
  const minutes = workingMinutes(plan, id, start, end);
  if (minutes <= 0) throw new EditError("no_working_time", "There is no working time between that start and that finish.", { id, start, end });
  const unit = task.durationUnit ?? "day";
  tx.update("tasks", id, { duration: Math.round((minutes / minutesPerUnit(unit, plan.state.project)) * 1000) / 1000, durationUnit: unit });
}
