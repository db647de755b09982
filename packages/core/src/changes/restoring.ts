import type { RecordKind, TaskRecord } from "../model/collections.ts";
import { recordToJSON } from "../model/save.ts";
import type { ProjectState } from "../model/state.ts";
import type { AddedRecord, Changeset } from "./changeset.ts";
import type { Ledger, Tombstone } from "./ledger.ts";

/**
 * The changeset that brings a removed record back under its id, with what was removed together with it: descendants, and links, assignments and comments
 * whose ends live or come back too. Its place is repaired when it is applied (K7).
 */
export function restoreChangeset(state: ProjectState, ledger: Ledger, tombstone: Tombstone): Changeset {
  const group = ledger.removedIn(tombstone.stamp.revision);
  const back = new Map<RecordKind, Set<string>>([[tombstone.kind, new Set([tombstone.record.id])]]);
  const lives = (kind: Exclude<RecordKind, "project">, id: unknown): boolean =>
    typeof id === "string" && (state.map(kind).has(id) || (back.get(kind)?.has(id) ?? false));
  const chosen: Tombstone[] = [tombstone];
  const take = (candidate: Tombstone): void => {
    chosen.push(candidate);
    const ids = back.get(candidate.kind);
    if (ids) ids.add(candidate.record.id);
    else back.set(candidate.kind, new Set([candidate.record.id]));
  };
  const tasks = group.filter(({ kind }) => kind === "tasks") as (Tombstone & { readonly record: TaskRecord })[];
  // A removed subtree is at most 64 levels deep: each pass brings back one level.
  for (let found = true; found; ) {
    found = false;
    for (const task of tasks)
      if (task.record.parentId != null && back.get("tasks")?.has(task.record.parentId) && !back.get("tasks")?.has(task.record.id)) {
        take(task);
        found = true;
      }
  }
  const touches = (kind: Exclude<RecordKind, "project">, id: unknown): boolean => typeof id === "string" && (back.get(kind)?.has(id) ?? false);
  for (const other of group) {
    const { record } = other;
    if (
      other.kind === "dependencies" &&
      (touches("tasks", record.fromTask) || touches("tasks", record.toTask)) &&
      lives("tasks", record.fromTask) &&
      lives("tasks", record.toTask)
    )
      take(other);
    if (
      other.kind === "assignments" &&
      (touches("tasks", record.event) || touches("resources", record.resource)) &&
      lives("tasks", record.event) &&
      lives("resources", record.resource)
    )
      take(other);
    if (other.kind === "comments" && touches("tasks", record.task)) take(other);
  }
  const added: Partial<Record<Tombstone["kind"], { added: AddedRecord[] }>> = {};
  for (const { kind, record } of chosen) {
    const json = recordToJSON<AddedRecord>(kind, record);
    const list = added[kind];
    if (list) list.added.push(json);
    else added[kind] = { added: [json] };
  }
  return added;
}
