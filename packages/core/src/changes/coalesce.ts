import { type RecordKind, recordKinds } from "../model/collections.ts";
import { fieldOf, fieldsOf, registerOf, sameValue } from "../model/fields.ts";
import { listRegisters } from "../model/registers.ts";
import { listFields } from "../model/stored.ts";
import type { AddedRecord, Changeset, CollectionChanges, Registers, RemovedRecord, UpdatedRecord } from "./changeset.ts";

/** False where one changeset cannot say both: what `later` brings back, takes away or parts depends on `earlier` being done. */
export function canCoalesce(earlier: Changeset, later: Changeset): boolean {
  return !bringsBack(earlier, later) && !leavesOrphans(earlier, later) && !needsItsTurn(earlier, later) && !settlesAnew(earlier, later);
}

/** In one changeset links, assignments and comments are removed first, then added (where a second one of a pair merges into the first, K6), then updated: only edits in that order say the same. */
function needsItsTurn(earlier: Changeset, later: Changeset): boolean {
  return (["dependencies", "assignments", "comments"] as const).some((kind) => {
    const before = partOf(earlier, kind);
    const after = partOf(later, kind);
    const added = new Set(before.added?.map(({ id }) => id));
    return (added.size > 0 && (after.removed ?? []).some(({ id }) => !added.has(id))) || ((before.updated ?? []).length > 0 && (after.added ?? []).length > 0);
  });
}

/** M4: what a start date means depends on whether the task is manual and what constrains it, so it joins only edits of the very same fields. */
function settlesAnew(earlier: Changeset, later: Changeset): boolean {
  const startFields = new Set(["manual", "constraint"].flatMap((register) => fieldsOf("tasks", register)));
  const written = (fields: Registers | undefined): string[] =>
    Object.keys(fields ?? {})
      .filter((field) => startFields.has(field))
      .sort();
  const { added, updated } = partOf(earlier, "tasks");
  return (partOf(later, "tasks").updated ?? []).some(({ id, changes }) => {
    const record = added?.find((one) => one.id === id);
    const before = written(record ?? updated?.find((edit) => edit.id === id)?.changes);
    const now = written(changes);
    const settles = [...before, ...now].some((field) => field === "startDate" || field === "manuallyScheduled");
    // A row that is made manual keeps the start that it has; in the changeset that adds it, it has none.
    const captures = record !== undefined && now.includes("manuallyScheduled");
    return settles && now.length > 0 && (before.length > 0 || captures) && before.join() !== now.join();
  });
}

function bringsBack(earlier: Changeset, later: Changeset): boolean {
  return recordKinds.some((kind) => {
    const removed = new Set(partOf(earlier, kind).removed?.map(({ id }) => id));
    return removed.size > 0 && (partOf(later, kind).added ?? []).some(({ id }) => removed.has(id));
  });
}

/** Links, assignments and comments vanish with a record that vanishes; a child or a user of a calendar would be left without it. */
function leavesOrphans(earlier: Changeset, later: Changeset): boolean {
  const gone = new Set<string>();
  for (const kind of recordKinds) {
    const added = new Set(partOf(earlier, kind).added?.map(({ id }) => id));
    for (const { id, seen } of partOf(later, kind).removed ?? [])
      for (const one of [id, ...((kind === "tasks" && seen?.tasks) || [])]) if (added.has(one)) gone.add(`${kind}/${one}`);
  }
  if (gone.size === 0) return false;
  const buildsOn = (kind: RecordKind, fields: Registers): boolean =>
    Object.entries(fields).some(([name, value]) => {
      const { field, register } = fieldOf(kind, name) ?? {};
      return field?.refers !== undefined && register?.written !== "creation" && gone.has(`${field.refers}/${value}`);
    });
  return recordKinds.some((kind) =>
    [partOf(earlier, kind), partOf(later, kind)].some(
      ({ added, updated }) =>
        added?.some((record) => !gone.has(`${kind}/${record.id}`) && buildsOn(kind, record)) ||
        updated?.some((edit) => !gone.has(`${kind}/${edit.id}`) && buildsOn(kind, edit.changes)),
    ),
  );
}

/**
 * Successive changesets of one author as one (C4): first `was`, last value, no-ops dropped, add + update and add + remove folded.
 * Its effect on the author's view is that of all of them in turn.
 */
export function coalesce(changesets: readonly Changeset[]): Changeset {
  const parts = new Map<RecordKind, Part>(recordKinds.map((kind) => [kind, new Part(kind)]));
  const dropped = new Set<string>();
  for (const changeset of changesets)
    for (const kind of recordKinds) {
      const source = partOf(changeset, kind);
      const part = parts.get(kind) as Part;
      for (const record of source.added ?? []) part.add(record);
      for (const update of source.updated ?? []) part.update(update);
      for (const removal of source.removed ?? []) for (const id of part.remove(removal)) dropped.add(`${kind}/${id}`);
    }
  const out: Partial<Record<RecordKind, CollectionChanges>> = {};
  for (const [kind, part] of parts) {
    part.dropDangling(dropped);
    const changes = part.finish();
    if (changes) out[kind] = changes;
  }
  return out as Changeset;
}

const partOf = (changeset: Changeset, kind: RecordKind): CollectionChanges => (changeset[kind] as CollectionChanges | undefined) ?? {};

class Part {
  readonly #kind: RecordKind;
  readonly #added = new Map<string, AddedRecord>();
  readonly #updated = new Map<string, UpdatedRecord>();
  readonly #removed = new Map<string, RemovedRecord>();

  constructor(kind: RecordKind) {
    this.#kind = kind;
  }

  add(record: AddedRecord): void {
    this.#added.set(record.id, withElementsApart(this.#kind, record));
  }

  update({ id, changes, was }: UpdatedRecord): void {
    const added = this.#added.get(id);
    if (added) {
      this.#added.set(id, { ...added, ...changes, id });
      return;
    }
    const earlier = this.#updated.get(id);
    if (!earlier) this.#updated.set(id, { id, changes, ...(was ? { was } : {}) });
    else {
      const kept: Registers = { ...was, ...earlier.was };
      // A register without `was` in the first edit is judged by the base: a later `was` of it would be the author's own value.
      const first = Object.fromEntries(Object.entries(kept).filter(([field]) => !(field in earlier.changes) || (earlier.was && field in earlier.was)));
      this.#updated.set(id, { id, changes: { ...earlier.changes, ...changes }, ...(Object.keys(first).length > 0 ? { was: first } : {}) });
    }
  }

  /** Ids of records that vanish without trace, since they were added here. */
  remove(removal: RemovedRecord): string[] {
    const { id, seen } = removal;
    this.#updated.delete(id);
    const gone = [id, ...(this.#kind === "tasks" ? (seen?.tasks ?? []) : [])].filter((task) => this.#added.delete(task));
    if (gone[0] !== id) {
      const earlier = this.#removed.get(id)?.seen;
      this.#removed.set(id, earlier ? { id, seen: mergeSeen(earlier, seen) } : removal);
    }
    return gone;
  }

  /** Replies follow what they reply to, so that one pass is enough. */
  dropDangling(dropped: Set<string>): void {
    if (dropped.size === 0) return;
    for (const [id, record] of this.#added) {
      const ends =
        this.#kind === "dependencies"
          ? [`tasks/${record.fromTask}`, `tasks/${record.toTask}`]
          : this.#kind === "assignments"
            ? [`tasks/${record.event}`, `resources/${record.resource}`]
            : this.#kind === "comments"
              ? [`tasks/${record.task}`, `comments/${record.parent}`]
              : [];
      if (!ends.some((end) => dropped.has(end))) continue;
      this.#added.delete(id);
      dropped.add(`${this.#kind}/${id}`);
    }
  }

  finish(): CollectionChanges | undefined {
    const updated = [...this.#updated.values()].flatMap((update) => withoutNoOps(this.#kind, update) ?? []);
    const part: { added?: AddedRecord[]; updated?: UpdatedRecord[]; removed?: RemovedRecord[] } = {};
    if (this.#added.size > 0) part.added = [...this.#added.values()];
    if (updated.length > 0) part.updated = updated;
    if (this.#removed.size > 0) part.removed = [...this.#removed.values()];
    return Object.keys(part).length > 0 ? part : undefined;
  }
}

/** Elements of list registers as fields of their own, so that a later change of one replaces it. */
function withElementsApart(kind: RecordKind, record: AddedRecord): AddedRecord {
  const list = listRegisters[kind]?.name;
  const elements = list === undefined ? undefined : record[list];
  if (list === undefined || !Array.isArray(elements)) return record;
  const { [list]: _, ...rest } = record;
  return { ...rest, ...listFields(list, record.id, elements), id: record.id };
}

/** A register whose every member is back at what the author first saw was not edited. */
function withoutNoOps(kind: RecordKind, { id, changes, was }: UpdatedRecord): UpdatedRecord | undefined {
  if (!was) return { id, changes };
  const kept: Record<string, Registers[string]> = {};
  const before: Record<string, Registers[string]> = {};
  for (const field in changes) {
    const members = fieldsOf(kind, registerOf(kind, field)).filter((member) => member in changes);
    if (members.every((member) => member in was && sameValue(kind, member, was[member], changes[member]))) continue;
    kept[field] = changes[field];
  }
  for (const field in was) if (fieldsOf(kind, registerOf(kind, field)).some((member) => member in kept)) before[field] = was[field];
  return Object.keys(kept).length === 0 ? undefined : { id, changes: kept, ...(Object.keys(before).length > 0 ? { was: before } : {}) };
}

function mergeSeen(a: NonNullable<RemovedRecord["seen"]>, b: RemovedRecord["seen"]): NonNullable<RemovedRecord["seen"]> {
  const join = (x: readonly string[] = [], y: readonly string[] = []): string[] => [...new Set([...x, ...y])];
  return { tasks: join(a.tasks, b?.tasks), dependencies: join(a.dependencies, b?.dependencies), assignments: join(a.assignments, b?.assignments) };
}
