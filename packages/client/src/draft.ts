import {
  type AddedRecord,
  type Changeset,
  type Collection,
  equalJson,
  fieldsOf,
  type Json,
  orderKeyBetween,
  type ProjectState,
  type RecordKind,
  type Registers,
  registerOf,
  sameValue,
  singular,
} from "@livegantt/core";
import type { Transaction } from "./api.ts";
import { ClientError } from "./errors.ts";
import { changesetOf, type Operation, operations, recordKey } from "./operations.ts";

type Fields = Record<string, Json>;

interface Update {
  readonly kind: RecordKind;
  readonly id: string;
  readonly changes: Fields;
  readonly was: Fields;
}

/**
 * Collects the edits of one action against the view: values seen (`was`, C1), places in the order of siblings, what goes along with a removed record (C2).
 * Edits of one record fold; what changes nothing is dropped (C4).
 */
export class Draft implements Transaction {
  readonly #state: ProjectState;
  readonly #makeId: () => string;
  readonly #added = new Map<string, { readonly kind: Collection; readonly record: Fields & { id: string } }>();
  readonly #updated = new Map<string, Update>();
  readonly #removed = new Map<string, { readonly kind: Collection; readonly id: string }>();
  /** Last key under a parent, counting what this draft has put there. */
  readonly #lastKeys = new Map<string | null, string | null>();

  constructor(state: ProjectState, makeId: () => string) {
    this.#state = state;
    this.#makeId = makeId;
  }

  add(collection: Collection, record: Registers & { readonly id?: string }): string {
    const id = record.id ?? this.#makeId();
    const fields: Fields & { id: string } = { id };
    for (const field in record) if (field !== "id" && record[field] !== undefined) fields[field] = record[field];
    if (collection === "tasks" && fields.orderKey == null) fields.orderKey = this.#keyAtEnd(typeof fields.parentId === "string" ? fields.parentId : null);
    this.#added.set(recordKey(collection, id), { kind: collection, record: fields });
    return id;
  }

  /** `seen`: what the author saw, where it is not what the view holds. */
  update(kind: RecordKind, id: string, changes: Registers, seen?: Registers): void {
    const key = recordKey(kind, id);
    const mine = this.#added.get(key);
    if (mine) {
      for (const field in changes) if (changes[field] !== undefined) mine.record[field] = changes[field];
      return;
    }
    const record = this.#state.get(kind, id);
    if (!record || this.#removed.has(key)) throw notFound(kind, id);
    const update = this.#updated.get(key) ?? { kind, id, changes: {}, was: {} };
    this.#updated.set(key, update);
    const written = kind === "tasks" ? asConstraint(changes, { ...record, ...update.changes }) : changes;
    for (const field in written) if (written[field] !== undefined) this.#write(update, record, field, written[field]);
    const { parentId } = changes;
    if (kind === "tasks" && parentId !== undefined && changes.orderKey === undefined && !equalJson(parentId, record.parentId))
      update.changes.orderKey = this.#keyAtEnd(parentId === null ? null : String(parentId));
    for (const field in seen) if (seen[field] !== undefined) update.was[field] = seen[field];
  }

  /** Takes over a ready changeset: fills in what its author left out. */
  include(changeset: Changeset): void {
    for (const operation of operations(changeset)) {
      if (operation.verb === "added") this.add(operation.kind as Collection, operation.line);
      else if (operation.verb === "updated") this.update(operation.kind, operation.id, operation.line.changes, operation.line.was);
      else this.remove(operation.kind as Collection, operation.id);
    }
  }

  remove(collection: Collection, id: string): void {
    const key = recordKey(collection, id);
    this.#updated.delete(key);
    if (this.#added.delete(key)) return;
    if (!this.#state.get(collection, id)) throw notFound(collection, id);
    this.#removed.set(key, { kind: collection, id });
  }

  changeset(): Changeset {
    const list: Operation[] = [];
    for (const { kind, record } of this.#added.values()) list.push({ verb: "added", kind, id: record.id, line: record as AddedRecord });
    for (const { kind, id, changes, was } of this.#updated.values()) {
      const effective = withoutEchoes(kind, changes, was);
      if (effective) list.push({ verb: "updated", kind, id, line: { id, ...effective } });
    }
    for (const { kind, id } of this.#removed.values()) list.push({ verb: "removed", kind, id, line: { id, ...seenWith(this.#state, kind, id) } });
    return changesetOf(list);
  }

  /** Registers are written whole, so that a value never meets another's unit. The start date of a manual task alone follows its flag by the core's own rule. */
  #write(update: Update, record: Registers, field: string, value: Json): void {
    const register = registerOf(update.kind, field);
    for (const member of fieldsOf(update.kind, register)) {
      if (member in update.was) continue;
      if (register === "manual" && record[member] == null && member !== field) continue;
      update.was[member] = record[member] ?? null;
      if (register !== "manual") update.changes[member] ??= record[member] ?? null;
    }
    update.changes[field] = value;
  }

  #keyAtEnd(parent: string | null): string {
    let last = this.#lastKeys.get(parent);
    if (last === undefined) {
      const sibling = this.#state.children.of(parent).at(-1);
      last = (sibling === undefined ? undefined : this.#state.tasks.get(sibling)?.orderKey) ?? null;
    }
    const key = orderKeyBetween(last, null);
    this.#lastKeys.set(parent, key);
    return key;
  }
}

/** S5: the start date of an automatic task is its constraint. Said so here, it is compared with the constraint that its author saw, and takes its place. */
function asConstraint(changes: Registers, record: Registers): Registers {
  const { startDate, ...rest } = changes;
  const isManual = changes.manuallyScheduled ?? record.manuallyScheduled;
  if (startDate == null || isManual === true || "constraintType" in changes) return changes;
  return { ...rest, constraintType: "startnoearlierthan", constraintDate: startDate };
}

const notFound = (kind: RecordKind, id: string): ClientError =>
  new ClientError(`${singular[kind]}_not_found`, "fix", `There is no ${singular[kind]} "${id}" in this project. It may have been removed.`);

/** Drops registers that end where they began. */
function withoutEchoes(kind: RecordKind, changes: Fields, was: Fields): { readonly changes: Registers; readonly was: Registers } | undefined {
  const moved = new Set<string>();
  for (const field in changes) if (!sameValue(kind, field, changes[field], was[field])) moved.add(registerOf(kind, field));
  if (moved.size === 0) return undefined;
  const pick = (values: Fields): Registers => Object.fromEntries(Object.entries(values).filter(([field]) => moved.has(registerOf(kind, field))));
  return { changes: pick(changes), was: pick(was) };
}

/** What the author sees go with a record (C2). */
export function seenWith(
  state: ProjectState,
  kind: RecordKind,
  id: string,
): { readonly seen?: { tasks?: string[]; dependencies?: string[]; assignments?: string[] } } {
  if (kind === "resources") return { seen: { assignments: [...state.assignmentsOfResource.of(id)] } };
  if (kind !== "tasks") return {};
  const tasks = state.descendants(id);
  const dependencies = new Set<string>();
  const assignments = new Set<string>();
  for (const task of [id, ...tasks]) {
    for (const link of state.successors.of(task)) dependencies.add(link);
    for (const link of state.predecessors.of(task)) dependencies.add(link);
    for (const assignment of state.assignmentsOfTask.of(task)) assignments.add(assignment);
  }
  return { seen: { tasks, dependencies: [...dependencies], assignments: [...assignments] } };
}
