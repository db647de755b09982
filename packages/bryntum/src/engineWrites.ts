import type { StoredRecord } from "@livegantt/core";
import type { SyncedKind } from "./kinds.ts";
import type { MappedRegister } from "./registers.ts";
import type { ModelLike, ProjectLike } from "./types.ts";

export interface EngineCase {
  readonly project: ProjectLike;
  readonly kind: SyncedKind;
  readonly record: ModelLike;
  /** What the plan holds of it. */
  readonly stored: StoredRecord | undefined;
  /** It became a summary, or stopped being one, since the chart was last level. */
  readonly changedRole: boolean;
}

const counts = (task: ModelLike | null | undefined): boolean => (task?.get("schedulingMode") ?? "Normal") !== "Normal";

/**
 * Whether Bryntum's engine may itself have written a register of a record while it computed. Everything else that reads otherwise than it was left is an edit of a
 * person, made while the chart was being written to.
 */
export function engineWrites(register: MappedRegister, { project, kind, record, stored, changedRole }: EngineCase): boolean {
  if (kind === "assignments") return register.name === "units" && counts(project.taskStore.getById(String(record.get("eventId") ?? "")));
  if (kind !== "tasks") return false;
  switch (register.name) {
    case "effort":
    case "segments":
      return true;
    case "duration":
      return changedRole || counts(record) || (stored?.segments ?? record.get("segments")) != null;
    case "percentDone":
      return changedRole;
    // A type without a date, a task set by hand without one: Bryntum fills in the date at hand.
    case "constraint":
      return stored?.constraintType != null && stored.constraintDate == null;
    case "manual":
      return stored?.manuallyScheduled === true && stored.startDate == null;
    default:
      return false;
  }
}
