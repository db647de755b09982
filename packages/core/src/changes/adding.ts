import type { AssignmentRecord, DependencyRecord, RecordKind, StoredRecord, TaskRecord } from "../model/collections.ts";
import { fieldsOf, registerOf, sameValue, withFields } from "../model/fields.ts";
import { equalJson, type Json } from "../model/json.ts";
import { registers } from "../model/registers.ts";
import { pairKey } from "../model/state.ts";
import type { FieldConflict } from "./changeset.ts";
import { keyAtEnd, rescuePlace } from "./placing.ts";
import { type Operations, Refusal } from "./read.ts";
import { settleTask } from "./settling.ts";
import { resolveId, stampFacts, type Work, wasSeen } from "./work.ts";

type Added = Operations["added"][number];

/** What a record joins; a comment's parent may be missing. */
const endsOf: Partial<Record<RecordKind, readonly string[]>> = { dependencies: ["fromTask", "toTask"], assignments: ["event", "resource"], comments: ["task"] };

/** References point at what is added before: calendars and tasks first. */
const order: readonly RecordKind[] = ["calendars", "resources", "tasks", "dependencies", "assignments", "comments"];

export function addRecords(work: Work, added: Operations["added"]): void {
  for (const kind of order) for (const operation of added) if (operation.kind === kind) addRecord(work, operation);
  for (const { kind, id, path } of added) if (kind === "tasks") placeAdded(work, id, path);
}

function addRecord(work: Work, operation: Added): void {
  const { kind, id, fields, path } = operation;
  for (const end of endsOf[kind] ?? []) if (typeof fields[end] !== "string") throw new Refusal("missing_field", `${end} is needed`, `${path}.${end}`);
  const record = recordFrom(work, operation);
  const living = work.state.get(kind, id);
  if (living) {
    if (equalJson(comparable(living), comparable(record))) return;
    const stamp = work.ledger?.created(kind, id);
    work.conflicts.push({ type: "duplicate_id", collection: kind, id, fields: differences(kind, record, living), ...stampFacts(stamp) });
    return;
  }
  const twin = twinOf(work, kind, record);
  if (twin) mergeInto(work, operation, record, twin);
  else work.tx.put(kind, record);
}

/** An order key or a server's own field does not make two adds of one record different. */
function comparable({ orderKey: _, author: __, createdAt: ___, ...rest }: StoredRecord): Record<string, unknown> {
  return rest;
}

function recordFrom(work: Work, { kind, id, fields }: Added): StoredRecord {
  const record = withFields({ id }, kind === "tasks" ? settleTask(work, undefined, id, fields) : fields);
  if (kind === "dependencies")
    return { ...record, fromTask: resolveId(work, "tasks", String(record.fromTask)), toTask: resolveId(work, "tasks", String(record.toTask)) };
  return kind === "comments" ? withFields(record, originOf(work, record)) : record;
}

/** Who wrote a comment and when; one that is brought back with its words unchanged is still its author's (K8). */
function originOf(work: Work, comment: StoredRecord): { readonly author: Json; readonly createdAt: Json } {
  const former = work.ledger?.tombstone("comments", comment.id)?.record;
  return former && former.task === comment.task && former.text === comment.text
    ? { author: former.author ?? null, createdAt: former.createdAt ?? null }
    : { author: work.author.name, createdAt: work.author.madeAt ?? new Date(work.author.at).toISOString() };
}

/** The record that already joins the same two ends (V4, V6). */
function twinOf(work: Work, kind: RecordKind, record: StoredRecord): string | undefined {
  if (kind === "dependencies") {
    const { fromTask, toTask } = record as DependencyRecord;
    return work.state.linkOf.get(pairKey(fromTask, toTask));
  }
  if (kind === "assignments") {
    const { event, resource } = record as AssignmentRecord;
    return work.state.assignmentOf.get(pairKey(event, resource));
  }
  return undefined;
}

/** K6: the second record for a pair becomes an alias of the first; registers that differ are judged like an edit without `was`. */
function mergeInto(work: Work, operation: Added, record: StoredRecord, twin: string): void {
  const { kind, id } = operation;
  const living = work.state.get(kind, twin) as StoredRecord;
  const changes: Record<string, Json> = {};
  const inConflict: Record<string, FieldConflict> = {};
  let stamp: ReturnType<NonNullable<Work["ledger"]>["stamp"]>;
  const names = new Set([
    ...registers[kind].flatMap((register) => (register.written ? [] : [register.name])),
    ...Object.keys(operation.fields).map((field) => registerOf(kind, field)),
  ]);
  for (const register of names) {
    const fields = fieldsOf(kind, register).filter((field) => !sameValue(kind, field, record[field], living[field]));
    if (fields.length === 0 || register === "ends") continue;
    const written = work.ledger?.stamp(kind, twin, register);
    if (wasSeen(work, written) || work.policyOf(kind, register) === "local") for (const field of fields) changes[field] = record[field] ?? null;
    else {
      stamp = written;
      for (const field of fields) inConflict[field] = { base: null, local: record[field] ?? null, server: living[field] ?? null };
    }
  }
  if (Object.keys(inConflict).length > 0) {
    work.conflicts.push({ type: "concurrent_edit", collection: kind, id: twin, fields: inConflict, ...stampFacts(stamp) });
    return;
  }
  if (Object.keys(changes).length > 0) work.tx.put(kind, withFields(living, changes));
  work.aliases.set(`${kind}/${id}`, twin);
  work.notices.push({ kind: "merged_into", collection: kind, id: twin, previous: id });
}

function differences(kind: RecordKind, local: StoredRecord, server: StoredRecord): Record<string, FieldConflict> {
  const fields: Record<string, FieldConflict> = {};
  for (const field of new Set([...Object.keys(local), ...Object.keys(server)]))
    if (!sameValue(kind, field, local[field], server[field])) fields[field] = { base: null, local: local[field] ?? null, server: server[field] ?? null };
  return fields;
}

/** A new task's parent may be gone (K7) or never have been; without a key it comes last. */
function placeAdded(work: Work, id: string, path: string): void {
  const task = work.state.tasks.get(id);
  if (!task || work.tx.original("tasks", id)) return;
  const parent = task.parentId == null ? null : resolveId(work, "tasks", task.parentId);
  if (parent !== null && !work.state.tasks.has(parent)) {
    const place = rescuePlace(work, parent, `${path}.parentId`);
    work.tx.put("tasks", withFields(task, place));
    work.notices.push({
      kind: "rescued",
      collection: "tasks",
      id,
      register: "placement",
      previous: { parentId: parent, orderKey: task.orderKey ?? null },
      by: work.author.name,
    });
  } else if (task.orderKey == null) work.tx.put("tasks", { ...task, orderKey: lastKey(work, parent, task) });
}

/** Keyless newcomers sort first, so the last sibling has a key. */
function lastKey(work: Work, parent: string | null, task: TaskRecord): string {
  work.tx.put("tasks", { ...task, parentId: task.id });
  const key = keyAtEnd(work.state, parent);
  work.tx.put("tasks", task);
  return key;
}

export function requireEnds(work: Work, added: Operations["added"]): void {
  for (const { kind, id } of added) {
    const record = work.state.get(kind, id);
    for (const end of record ? (endsOf[kind] ?? []) : []) {
      const target = record?.[end] as string;
      const collection = end === "resource" ? "resources" : "tasks";
      if (work.state.map(collection).has(target)) continue;
      const tombstone = work.ledger?.tombstone(collection, target);
      work.conflicts.push({
        type: "missing_reference",
        collection: kind,
        id,
        fields: { [end]: { base: target, local: target, server: null } },
        ...stampFacts(tombstone?.stamp),
      });
    }
  }
}
