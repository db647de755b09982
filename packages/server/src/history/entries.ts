import { type Changeset, type Collection, type CollectionChanges, type Notice, type ProjectState, type RecordKind, recordKinds } from "@livegantt/core";
import type { ChangeRow } from "../interfaces/store.ts";
import { logged } from "../room/broadcast.ts";

interface FieldChange {
  readonly before: unknown;
  readonly after: unknown;
}

interface RecordChange {
  readonly collection: RecordKind;
  readonly id: string;
  readonly action: "added" | "updated" | "removed";
  /** As it is called now, or was called when it went. */
  readonly name?: string;
  readonly fields: Readonly<Record<string, FieldChange>>;
}

/** One revision for people: who, what, when, and what stood there before. Times in ms since the epoch. */
export interface HistoryEntry {
  readonly revision: number;
  readonly at: number;
  /** When the person did it, where that differs from its arrival. */
  readonly madeAt?: string;
  readonly clientId: string;
  readonly author: string;
  readonly intent?: string;
  readonly changes: readonly RecordChange[];
  readonly notices: readonly Notice[];
}

/** @param now the plan of today, for names of records that a change names by id alone. */
export function historyEntry(row: ChangeRow, now: ProjectState): HistoryEntry {
  const { payload, notices } = logged(row);
  const inverse = JSON.parse(row.inverse) as Changeset;
  return {
    revision: row.revision,
    at: row.at,
    ...(row.madeAt !== null && { madeAt: row.madeAt }),
    clientId: row.clientId,
    author: row.author,
    ...(row.intent !== null && { intent: row.intent }),
    changes: recordKinds.flatMap((kind) =>
      changesOf(kind, payload[kind] as CollectionChanges | undefined, inverse[kind] as CollectionChanges | undefined, now),
    ),
    notices,
  };
}

/** Does an entry concern a task: itself, its links, its assignments, its comments? */
export function concerns(entry: HistoryEntry, task: string): boolean {
  return entry.changes.some(({ collection, id, fields }) => {
    if (collection === "tasks") return id === task;
    const ends = endFields[collection as Collection] ?? [];
    return ends.some((field) => fields[field]?.before === task || fields[field]?.after === task);
  });
}

const endFields: Partial<Record<Collection, readonly string[]>> = { dependencies: ["fromTask", "toTask"], assignments: ["event"], comments: ["task"] };

function changesOf(kind: RecordKind, done: CollectionChanges | undefined, undone: CollectionChanges | undefined, now: ProjectState): RecordChange[] {
  const former = new Map(undone?.updated?.map(({ id, changes }) => [id, changes]));
  const gone = new Map(undone?.added?.map((record) => [record.id, record]));
  const described = (id: string, action: RecordChange["action"], before: Record<string, unknown>, after: Record<string, unknown>): RecordChange => {
    const name = after.name ?? now.get(kind, id)?.name ?? before.name;
    const fields: Record<string, FieldChange> = {};
    for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (field !== "id") fields[field] = { before: before[field] ?? null, after: after[field] ?? null };
    }
    return { collection: kind, id, action, ...(typeof name === "string" && { name }), fields };
  };
  return [
    ...(done?.added ?? []).map((record) => described(record.id, "added", {}, record)),
    ...(done?.updated ?? []).map(({ id, changes }) => described(id, "updated", former.get(id) ?? {}, changes)),
    ...(done?.removed ?? []).map(({ id }) => described(id, "removed", gone.get(id) ?? {}, {})),
  ];
}
