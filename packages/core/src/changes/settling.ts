import type { TaskRecord } from "../model/collections.ts";
import type { Json } from "../model/json.ts";
import type { Work } from "./work.ts";

/**
 * M4, S5: a start date is an input of manual tasks only. On an automatic task it becomes the constraint "start no earlier than"; a task made manual without
 * a date keeps the start that the schedule gives it now; a task made automatic drops its own date. A task that was manual may be left without a date.
 */
export function settleTask(work: Work, current: TaskRecord | undefined, id: string, fields: Record<string, Json>): Record<string, Json> {
  if (!("startDate" in fields) && !("manuallyScheduled" in fields)) return fields;
  const manual = "manuallyScheduled" in fields ? fields.manuallyScheduled === true : current?.manuallyScheduled === true;
  const { startDate, ...rest } = fields;
  if (manual) {
    if (startDate != null || current?.manuallyScheduled) return fields;
    const start = current ? work.startOf(id) : undefined;
    return start === undefined ? fields : { ...fields, startDate: start };
  }
  const constraint: Record<string, Json> =
    startDate == null || "constraintType" in fields ? {} : { constraintType: "startnoearlierthan", constraintDate: startDate };
  return { ...rest, ...constraint, ...(current?.startDate != null ? { startDate: null } : {}) };
}
