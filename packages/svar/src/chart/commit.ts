import type { LiveProject, Transaction } from "@livegantt/client";
import type { AddedRecord, Changeset, Collection, Json, RecordKind, RemovedRecord, TaskRecord, UpdatedRecord } from "@livegantt/core";

/**
 * Writes one action of the person; `seen` is the task as it was when the person took it in hand. Where the task was in hand while somebody else changed it, the person has not seen that change: the edit then says what it was
 * based on, so that the server finds the conflict and both values are kept, instead of the newer one being overwritten unseen (P4).
 */
export function commitEdit(live: LiveProject, intent: string, seen: TaskRecord | undefined, run: (tx: Transaction) => void): void {
  const current = seen && live.state.tasks.get(seen.id);
  if (!seen || !current || current === seen) {
    live.transact(intent, run);
    return;
  }
  live.apply(record(run, seen), intent);
}

/** The changeset that an edit amounts to, with `was` of one task as the person saw it. */
export function record(run: (tx: Transaction) => void, seen: TaskRecord): Changeset {
  const parts = new Map<RecordKind, { added: AddedRecord[]; updated: UpdatedRecord[]; removed: RemovedRecord[] }>();
  const part = (kind: RecordKind) => {
    const found = parts.get(kind) ?? { added: [], updated: [], removed: [] };
    parts.set(kind, found);
    return found;
  };
  run({
    add(collection: Collection, given) {
      const id = given.id ?? crypto.randomUUID();
      part(collection).added.push({ ...given, id } as AddedRecord);
      return id;
    },
    update(kind, id, changes) {
      const was: Record<string, Json> = {};
      if (kind === "tasks" && id === seen.id) for (const field of Object.keys(changes)) was[field] = (seen[field] ?? null) as Json;
      part(kind).updated.push({ id, changes, ...(id === seen.id && kind === "tasks" ? { was } : {}) });
    },
    remove(collection, id) {
      part(collection).removed.push({ id });
    },
  });
  return Object.fromEntries(
    [...parts].map(([kind, lists]) => [kind, Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))]),
  ) as Changeset;
}
