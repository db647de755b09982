import type { Changeset, UpdatedRecord } from "../changes/changeset.ts";
import { equalJson, type Json } from "../model/json.ts";
import type { ProjectState } from "../model/state.ts";
import type { Schedule } from "./types.ts";

const baselineCount = 11;

/**
 * Writes the dates of every task as baseline `index` (0 to 10): a changeset, reviewed and undone like any edit. Tasks whose baseline already says so are left out.
 * @throws RangeError where there is no such baseline.
 */
export function captureBaseline(state: ProjectState, schedule: Schedule, index: number): Changeset {
  if (!Number.isInteger(index) || index < 0 || index >= baselineCount) throw new RangeError(`baseline ${index}: there are baselines 0 to ${baselineCount - 1}`);
  const field = `baselines.${index}`;
  const updated: UpdatedRecord[] = [];
  for (const [id, record] of state.tasks) {
    const task = schedule.tasks.get(id);
    if (!task) continue;
    const { startDate, endDate, duration, durationUnit } = task;
    const baseline: Json = { startDate, endDate, duration, durationUnit };
    if (!equalJson(record[field], baseline)) updated.push({ id, changes: { [field]: baseline }, was: { [field]: record[field] ?? null } });
  }
  return updated.length === 0 ? {} : { tasks: { updated } };
}
