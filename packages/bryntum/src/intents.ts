import type { Changeset, UpdatedRecord } from "@livegantt/core";

const nouns = {
  tasks: "task",
  dependencies: "dependency",
  resources: "resource",
  assignments: "assignment",
  calendars: "calendar",
  comments: "comment",
} as const;

/** What history calls an action: `task.move`, `task.add`, `dependency.remove`, …; `plan.edit` where it did several things. */
export function intentOf(payload: Changeset): string {
  const parts: string[] = [];
  for (const [kind, noun] of Object.entries(nouns)) {
    const changes = payload[kind as keyof typeof nouns];
    if (changes?.added?.length) parts.push(`${noun}.add`);
    if (changes?.removed?.length) parts.push(`${noun}.remove`);
    if (changes?.updated?.length) parts.push(kind === "tasks" ? taskEdit(changes.updated) : `${noun}.edit`);
  }
  if (payload.project) parts.push("project.edit");
  return parts.length === 1 ? (parts[0] as string) : parts.length > 1 && parts.every((part) => part.endsWith(".add")) ? (parts[0] as string) : "plan.edit";
}

function taskEdit(updated: readonly UpdatedRecord[]): string {
  const fields = new Set(updated.flatMap(({ changes }) => Object.keys(changes)));
  const only = (...names: string[]): boolean => [...fields].every((field) => names.includes(field));
  if (only("parentId", "orderKey")) return "task.move";
  if (only("constraintType", "constraintDate")) return "task.schedule";
  if (only("duration", "durationUnit")) return "task.resize";
  return "task.edit";
}
