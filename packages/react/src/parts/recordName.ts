import type { LiveProject } from "@livegantt/client";
import type { Conflict, RecordKind } from "@livegantt/core";

/** How a person knows a record: a task by its name, a link by both ends. Empty where nothing is left of it. */
export function recordName(live: LiveProject | null, kind: RecordKind, id: string): string {
  const state = live?.state;
  if (!state) return "";
  const task = (of: string): string => state.tasks.get(of)?.name ?? "";
  if (kind === "dependencies") {
    const link = state.dependencies.get(id);
    return link ? `${task(link.fromTask)} → ${task(link.toTask)}` : "";
  }
  if (kind === "assignments") {
    const assignment = state.assignments.get(id);
    return assignment ? `${task(assignment.event)} · ${state.resources.get(assignment.resource)?.name ?? ""}` : "";
  }
  if (kind === "comments") return task(state.comments.get(id)?.task ?? "");
  const record = state.get(kind, id);
  return typeof record?.name === "string" ? record.name : "";
}

/** Name of the record in conflict; of a deleted one, what its restore would bring back. */
export function conflictName(live: LiveProject | null, conflict: Conflict, kind: RecordKind): string {
  const known = recordName(live, kind, conflict.id);
  if (known || kind === "project") return known;
  const kept = conflict.restore?.[kind]?.added?.find((record) => record.id === conflict.id);
  return typeof kept?.name === "string" ? kept.name : "";
}
