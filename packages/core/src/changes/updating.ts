import type { RecordKind, StoredRecord, TaskRecord } from "../model/collections.ts";
import { effectiveValue, fieldsOf, registerOf, sameValue, withFields } from "../model/fields.ts";
import type { Json } from "../model/json.ts";
import type { FieldConflict } from "./changeset.ts";
import type { Stamp } from "./ledger.ts";
import { keyAtEnd, rescuePlace } from "./placing.ts";
import { type Operations, Refusal } from "./read.ts";
import { restoreChangeset } from "./restoring.ts";
import { settleTask } from "./settling.ts";
import { notFound, pick, resolveId, stampFacts, type Work, wasSeen } from "./work.ts";

type Updated = Operations["updated"][number];

export function updateRecords(work: Work, updated: Operations["updated"]): void {
  for (const operation of updated) updateRecord(work, operation);
}

function updateRecord(work: Work, operation: Updated): void {
  const { kind } = operation;
  const id = resolveId(work, kind, operation.id);
  const current = work.state.get(kind, id);
  if (!current) {
    reportMissing(work, operation, id);
    return;
  }
  let next = current;
  const changes = kind === "tasks" ? settleTask(work, current as TaskRecord, id, operation.changes) : operation.changes;
  const written = new Set<string>();
  for (const [register, fields] of byRegister(kind, changes)) {
    written.add(register);
    const wanted = kind === "tasks" && register === "placement" ? placement(work, current as TaskRecord, changes, operation.path) : changes;
    if (fields.every((field) => sameValue(kind, field, wanted[field], current[field])) && !(register === "placement" && wanted !== changes)) continue;
    if (judge(work, operation, id, register, wanted))
      next = withFields(next, asStored(work, kind, id, wanted, wanted === changes ? fields : fieldsOf(kind, register)));
  }
  if (next !== current) work.tx.put(kind, next);
  if (work.ledger && work.tx.original(kind, id))
    for (const { register } of work.ledger.writtenByOthers(kind, id, work.author.baseRevision, work.author.clientId))
      if (!written.has(register)) work.othersChanged = true;
}

/** New values of some fields. One that means what stood there before keeps its form (unset or the default spelt out), so that no effect leaves no trace. */
function asStored(work: Work, kind: RecordKind, id: string, wanted: Record<string, Json>, fields: readonly string[]): Record<string, Json> {
  const original = work.tx.original(kind, id);
  const values: Record<string, Json> = {};
  for (const field of fields) {
    if (!(field in wanted)) continue;
    const value = wanted[field] ?? null;
    values[field] = original && sameValue(kind, field, value, original[field]) ? (original[field] ?? null) : value;
  }
  return values;
}

function byRegister(kind: RecordKind, changes: Record<string, Json>): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const field in changes) {
    const register = registerOf(kind, field);
    const fields = grouped.get(register);
    if (fields) fields.push(field);
    else grouped.set(register, [field]);
  }
  return grouped;
}

/** The place as it will be: a parent that is gone is replaced by the nearest living one (K7); a new parent without key, or no key at all, means the end. */
function placement(work: Work, current: TaskRecord, changes: Record<string, Json>, path: string): Record<string, Json> {
  const unkeyed = "orderKey" in changes && changes.orderKey === null;
  if (!("parentId" in changes)) return unkeyed ? { ...changes, orderKey: keyAtEnd(work.state, current.parentId ?? null) } : changes;
  const parent = changes.parentId == null ? null : resolveId(work, "tasks", String(changes.parentId));
  if (parent !== null && !work.state.tasks.has(parent)) {
    const place = rescuePlace(work, parent, `${path}.changes.parentId`);
    work.notices.push({
      kind: "rescued",
      collection: "tasks",
      id: current.id,
      register: "placement",
      previous: { parentId: parent, orderKey: changes.orderKey ?? null },
      by: work.author.name,
    });
    return place;
  }
  if (changes.orderKey != null || (parent === (current.parentId ?? null) && !unkeyed)) return { ...changes, parentId: parent };
  return { ...changes, parentId: parent, orderKey: keyAtEnd(work.state, parent) };
}

/** K1: may this register be written? Where it may not, the conflict is listed; where the policy decides, somebody is told. */
function judge(work: Work, operation: Updated, id: string, register: string, wanted: Record<string, Json>): boolean {
  const { kind, was } = operation;
  const seen = work.tx.original(kind, id);
  if (!work.ledger || !seen) return true;
  const stamp = work.ledger.stamp(kind, id, register);
  const fields = fieldsOf(kind, register);
  // Written before in this changeset: that was judged.
  const current = work.state.get(kind, id);
  if (fields.some((field) => current?.[field] !== seen[field])) return true;
  if (stamp?.clientId === work.author.clientId || !fields.some((field) => mismatch(work, kind, seen, field, was, stamp))) return true;
  const policy = work.policyOf(kind, register);
  const by = stamp?.name === undefined ? {} : { by: stamp.name };
  if (policy === "local") work.notices.push({ kind: "overwritten", collection: kind, id, register, previous: pick(seen, fields), ...by });
  else if (policy === "server")
    work.notices.push({ kind: "overwritten", collection: kind, id, register, previous: pick({ ...wanted, id }, fields), by: work.author.name });
  else {
    const inConflict: Record<string, FieldConflict> = {};
    for (const field of fields) {
      const server = effectiveValue(kind, seen, field);
      const local = field in wanted ? (wanted[field] ?? null) : server;
      if (fields.length > 1 && field !== fields[0] && !(field in wanted) && !(was && field in was)) continue;
      inConflict[field] = { base: was && field in was ? (was[field] ?? null) : null, local, server };
    }
    work.conflicts.push({ type: "concurrent_edit", collection: kind, id, fields: inConflict, ...stampFacts(stamp) });
  }
  return policy === "local";
}

/** Without `was` for a field, the register's revision decides (C1). A key that a repair replaced is still the one the author saw. */
function mismatch(work: Work, kind: RecordKind, seen: StoredRecord, field: string, was: Record<string, Json> | undefined, stamp: Stamp | undefined): boolean {
  if (!was || !(field in was)) return !wasSeen(work, stamp);
  if (sameValue(kind, field, was[field], seen[field])) return false;
  return !(field === "orderKey" && work.ledger?.formerKeys(seen.id).includes(String(was[field])));
}

/** K2: the record is gone. What the author wanted stands in the conflict, with the way to bring the record back. */
function reportMissing(work: Work, { kind, changes, was, path }: Updated, id: string): void {
  if (kind === "project") throw new Refusal("unknown_project", `this project's record has the id "${work.state.project.id}"`, `${path}.id`);
  const tombstone = work.ledger?.tombstone(kind, id);
  const fields = Object.fromEntries(Object.keys(changes).map((field) => [field, { base: was?.[field] ?? null, local: changes[field] ?? null, server: null }]));
  const restore = tombstone && work.ledger && restoreChangeset(work.state, work.ledger, tombstone);
  work.conflicts.push({ type: notFound(kind), collection: kind, id, fields, ...stampFacts(tombstone?.stamp), ...(restore ? { restore } : {}) });
}

/**
 * Catalogue row 34: the percent of a summary is rolled up. Refused only where the author could see that it is one; else the leaf's value stays dormant (row 36).
 * Judged when everything is in place: the same changeset may take the children away.
 */
export function refuseDerived(work: Work, updated: Operations["updated"]): void {
  for (const { kind, id, changes, path } of updated)
    if (kind === "tasks" && "percentDone" in changes && work.tx.original("tasks", id) && isKnownSummary(work, id))
      throw new Refusal(
        "derived_field",
        `percentDone of the summary task "${work.state.tasks.get(id)?.name ?? id}" is computed from its children; set it on them`,
        `${path}.changes.percentDone`,
      );
}

function isKnownSummary(work: Work, id: string): boolean {
  const placements = work.state.children.of(id).flatMap((child) => (work.tx.original("tasks", child) ? [work.ledger?.stamp("tasks", child, "placement")] : []));
  // Whoever wrote a dormant value without knowing may take it back.
  const written = work.ledger?.stamp("tasks", id, "percentDone");
  const ownDormant =
    work.tx.original("tasks", id)?.percentDone != null &&
    written?.clientId === work.author.clientId &&
    placements.some((placed) => (placed?.revision ?? 0) < written.revision);
  return !ownDormant && placements.some((placed) => wasSeen(work, placed));
}
