import {
  type AddedRecord,
  type Changeset,
  type Collection,
  equalJson,
  type Json,
  type ProjectState,
  recordToJSON,
  type StoredRecord,
  type UpdatedRecord,
} from "@livegantt/core";

/** Comments are what people said, not the plan: bringing back an old plan leaves them alone. */
const restored: readonly Exclude<Collection, "comments">[] = ["tasks", "dependencies", "resources", "assignments", "calendars"];

/** The changeset that turns one plan into another, guarded by the values it replaces. O(plan). */
export function difference(from: ProjectState, to: ProjectState): Changeset {
  const changeset: { -readonly [K in keyof Changeset]: Changeset[K] } = {};
  for (const kind of restored) {
    const [before, after] = [from.map(kind), to.map(kind)];
    const added: AddedRecord[] = [];
    const updated: UpdatedRecord[] = [];
    for (const [id, record] of after) {
      const current = before.get(id);
      if (!current) added.push(recordToJSON<AddedRecord>(kind, record));
      else updated.push(...updateOf(current, record));
    }
    const removed = [...before.keys()].filter((id) => !after.has(id)).map((id) => ({ id }));
    if (added.length + updated.length + removed.length === 0) continue;
    changeset[kind] = { ...(added.length > 0 && { added }), ...(updated.length > 0 && { updated }), ...(removed.length > 0 && { removed }) };
  }
  const project = updateOf(from.project, { ...to.project, id: from.project.id });
  if (project.length > 0) changeset.project = { updated: project };
  return changeset;
}

function updateOf(before: StoredRecord, after: StoredRecord): UpdatedRecord[] {
  if (before === after) return [];
  const changes: Record<string, Json> = {};
  const was: Record<string, Json> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (field === "id" || equalJson(before[field], after[field])) continue;
    changes[field] = after[field] ?? null;
    was[field] = before[field] ?? null;
  }
  return Object.keys(changes).length > 0 ? [{ id: before.id, changes, was }] : [];
}
