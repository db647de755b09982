import { type RecordKind, recordKinds, type StoredRecord } from "../model/collections.ts";
import { fieldsOf, registerOf } from "../model/fields.ts";
import { equalJson, type Json } from "../model/json.ts";
import { recordToJSON } from "../model/save.ts";
import type { ProjectState } from "../model/state.ts";
import type { AddedRecord, Changeset, Registers, RemovedRecord, Touched, UpdatedRecord } from "./changeset.ts";

/** What happened to one record: absent `before` added it, absent `after` removed it. */
export interface Step {
  readonly kind: RecordKind;
  readonly id: string;
  readonly before: StoredRecord | undefined;
  readonly after: StoredRecord | undefined;
}

/**
 * Changes to a project that can still be taken back. Invariant: `originals` holds the record of each touched id as it was when the transaction began,
 * so the net effect, its inverse and the rollback are all read off it; edits that cancel each other leave no trace.
 */
export class Transaction {
  readonly state: ProjectState;
  readonly #originals = new Map<RecordKind, Map<string, StoredRecord | undefined>>();

  constructor(state: ProjectState) {
    this.state = state;
  }

  put(kind: RecordKind, record: StoredRecord): void {
    this.#remember(kind, record.id);
    this.state.put(kind, record);
  }

  remove(kind: Exclude<RecordKind, "project">, id: string): void {
    this.#remember(kind, id);
    this.state.remove(kind, id);
  }

  /** The record before this transaction. */
  original(kind: RecordKind, id: string): StoredRecord | undefined {
    const kept = this.#originals.get(kind);
    return kept?.has(id) ? kept.get(id) : this.state.get(kind, id);
  }

  /** Net changes, in the order of kinds and first touch. */
  *steps(): Generator<Step> {
    for (const kind of recordKinds)
      for (const [id, before] of this.#originals.get(kind) ?? []) {
        const after = this.state.get(kind, id);
        if (before !== after) yield { kind, id, before, after };
      }
  }

  /** Ids touched so far of one kind, with or without net effect. */
  touchedIds(kind: RecordKind): Iterable<string> {
    return this.#originals.get(kind)?.keys() ?? [];
  }

  rollback(): void {
    for (const [kind, originals] of this.#originals)
      for (const [id, before] of originals) {
        if (before) this.state.put(kind, before);
        else if (kind !== "project") this.state.remove(kind, id);
      }
  }

  #remember(kind: RecordKind, id: string): void {
    let kept = this.#originals.get(kind);
    if (!kept) {
      kept = new Map();
      this.#originals.set(kind, kept);
    }
    if (!kept.has(id)) kept.set(id, this.state.get(kind, id));
  }
}

export function touchedBy(steps: readonly Step[]): Touched {
  const touched = new Map<RecordKind, Set<string>>();
  for (const { kind, id } of steps) {
    const ids = touched.get(kind);
    if (ids) ids.add(id);
    else touched.set(kind, new Set([id]));
  }
  return touched;
}

interface Parts {
  added: AddedRecord[];
  updated: UpdatedRecord[];
  removed: RemovedRecord[];
}

class Builder {
  readonly #parts = new Map<RecordKind, Parts>();

  at(kind: RecordKind): Parts {
    let parts = this.#parts.get(kind);
    if (!parts) {
      parts = { added: [], updated: [], removed: [] };
      this.#parts.set(kind, parts);
    }
    return parts;
  }

  finish(): Changeset {
    const out: Record<string, Partial<Parts>> = {};
    for (const kind of recordKinds) {
      const parts = this.#parts.get(kind);
      if (!parts) continue;
      const kept: Partial<Parts> = {};
      if (parts.added.length > 0) kept.added = parts.added;
      if (parts.updated.length > 0) kept.updated = parts.updated;
      if (parts.removed.length > 0) kept.removed = parts.removed;
      out[kind] = kept;
    }
    return out as Changeset;
  }
}

/** Values of the registers that differ between two versions of a record, whole registers, `null` where a field is not set. */
function registerDiff(kind: RecordKind, before: StoredRecord, after: StoredRecord): { readonly was: Registers; readonly changes: Registers } | undefined {
  const was: Record<string, Json> = {};
  const changes: Record<string, Json> = {};
  let differs = false;
  const compare = (field: string): void => {
    if (field === "id" || field in changes || before[field] === after[field] || equalJson(before[field], after[field])) return;
    differs = true;
    for (const member of fieldsOf(kind, registerOf(kind, field))) {
      if (before[member] == null && after[member] == null) continue;
      was[member] = before[member] ?? null;
      changes[member] = after[member] ?? null;
    }
  };
  for (const field in after) compare(field);
  for (const field in before) compare(field);
  return differs ? { was, changes } : undefined;
}

/** The steps as a changeset that replicas apply blindly. */
export function normalisedOf(steps: readonly Step[]): Changeset {
  const builder = new Builder();
  for (const { kind, id, before, after } of steps) {
    if (!before && after) builder.at(kind).added.push(recordToJSON<AddedRecord>(kind, after));
    else if (before && !after) builder.at(kind).removed.push({ id });
    else if (before && after) {
      const diff = registerDiff(kind, before, after);
      if (diff) builder.at(kind).updated.push({ id, changes: diff.changes });
    }
  }
  return builder.finish();
}

/** The changeset that takes the steps back. Its `was` is what the steps wrote, so that whatever somebody changed since is not clobbered (O3). */
export function inverseOf(steps: readonly Step[]): Changeset {
  const builder = new Builder();
  const own: { tasks: string[]; dependencies: string[]; assignments: string[] } = { tasks: [], dependencies: [], assignments: [] };
  for (const { kind, id, before } of steps) if (!before && kind in own) own[kind as keyof typeof own].push(id);
  for (const { kind, id, before, after } of steps) {
    if (!before && after) builder.at(kind).removed.push(kind === "tasks" ? { id, seen: own } : { id });
    else if (before && !after) builder.at(kind).added.push(recordToJSON<AddedRecord>(kind, before));
    else if (before && after) {
      const diff = registerDiff(kind, before, after);
      if (diff) builder.at(kind).updated.push({ id, changes: diff.was, was: diff.changes });
    }
  }
  return builder.finish();
}
