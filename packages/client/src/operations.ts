import { type Changeset, type RecordKind, type Registers, registerNamed, registerOf, type UpdatedRecord } from "@livegantt/core";

/** One line of a changeset. */
export type Operation =
  | { readonly verb: "added"; readonly kind: RecordKind; readonly id: string; readonly line: Registers & { readonly id: string } }
  | { readonly verb: "updated"; readonly kind: RecordKind; readonly id: string; readonly line: UpdatedRecord }
  | {
      readonly verb: "removed";
      readonly kind: RecordKind;
      readonly id: string;
      readonly line: NonNullable<NonNullable<Changeset["tasks"]>["removed"]>[number];
    };

const verbs = ["added", "updated", "removed"] as const;

type Lines = { readonly [V in (typeof verbs)[number]]?: readonly { readonly id: string }[] };

export function operations(changeset: Changeset): Operation[] {
  const list: Operation[] = [];
  for (const kind in changeset) {
    const lines = changeset[kind as RecordKind] as Lines | undefined;
    for (const verb of verbs) for (const line of lines?.[verb] ?? []) list.push({ verb, kind, id: line.id, line } as Operation);
  }
  return list;
}

export function changesetOf(list: Iterable<Operation>): Changeset {
  const out: { [K in RecordKind]?: { [V in (typeof verbs)[number]]?: unknown[] } } = {};
  for (const { kind, verb, line } of list) {
    out[kind] ??= {};
    const lines = out[kind];
    lines[verb] ??= [];
    lines[verb].push(line);
  }
  return out as Changeset;
}

export function isEmptyChangeset(changeset: Changeset): boolean {
  for (const kind in changeset) {
    const lines = changeset[kind as RecordKind] as Lines | undefined;
    if (lines?.added?.length || lines?.updated?.length || lines?.removed?.length) return false;
  }
  return true;
}

export const recordKey = (kind: string, id: string): string => `${kind}/${id}`;
export const registerKey = (kind: RecordKind, id: string, field: string): string => `${kind}/${id}/${registerOf(kind, field)}`;

const refersTo = (kind: RecordKind, field: string): RecordKind | undefined => registerNamed(kind, registerOf(kind, field))?.fields[field]?.refers;

/** Keys of the records that an operation names in its fields: ends of a link, the parent, the calendar. */
function* references(operation: Operation): Generator<string> {
  if (operation.verb === "removed") return;
  const values: Registers = operation.verb === "added" ? operation.line : operation.line.changes;
  for (const field in values) {
    const refers = refersTo(operation.kind, field);
    const target = refers && values[field];
    if (refers && typeof target === "string") yield recordKey(refers, target);
  }
}

/** All that a changeset reads or writes, as keys; `#structure` and `#calendars` stand for laws that reach over many records. */
export function footprint(changeset: Changeset): Set<string> {
  const keys = new Set<string>();
  for (const operation of operations(changeset)) {
    keys.add(recordKey(operation.kind, operation.id));
    for (const key of references(operation)) {
      keys.add(key);
      if (key.startsWith("calendars/")) keys.add("#calendars");
    }
    if (operation.kind === "calendars") keys.add("#calendars");
    const orderKey = operation.kind === "tasks" ? placedAt(operation) : undefined;
    if (typeof orderKey === "string") keys.add(siblingKey(orderKey));
    if (isStructural(operation)) keys.add("#structure");
  }
  return keys;
}

/** Stands for a place among siblings, whoever the parent is: two tasks that take one are keyed anew (M6). */
export const siblingKey = (orderKey: string): string => `#place/${orderKey}`;

const placedAt = ({ verb, line }: Operation): unknown => (verb === "added" ? line.orderKey : verb === "updated" ? line.changes.orderKey : undefined);

/** Whether an operation can close a cycle (V2, V5), alone or with another one somewhere else. */
function isStructural({ kind, verb, line }: Operation): boolean {
  if (kind === "tasks") return verb !== "updated" || "parentId" in line.changes;
  return kind === "dependencies" && (verb === "added" || (verb === "updated" && ("type" in line.changes || "active" in line.changes)));
}

/** What an edit claims: registers it writes, and records whose very existence it decides. */
export interface Claim {
  readonly registers: Set<string>;
  readonly records: Set<string>;
}

export const emptyClaim = (): Claim => ({ registers: new Set(), records: new Set() });

function claimOperation(claim: Claim, operation: Operation): void {
  if (operation.verb === "updated") for (const field in operation.line.changes) claim.registers.add(registerKey(operation.kind, operation.id, field));
  else claim.records.add(recordKey(operation.kind, operation.id));
}

export function claimOf(changeset: Changeset): Claim {
  const claim = emptyClaim();
  for (const operation of operations(changeset)) claimOperation(claim, operation);
  return claim;
}

export interface Split {
  readonly held: Changeset;
  readonly rest: Changeset;
}

/**
 * Divides a changeset into what a claim concerns and what it leaves alone, register by register. What refers to a record that is held back is held back too,
 * so that `rest` stands on its own.
 */
export function splitByClaim(changeset: Changeset, claim: Claim): Split {
  const open: Claim = { registers: claim.registers, records: new Set(claim.records) };
  const held: Operation[] = [];
  let rest = operations(changeset);
  for (let grew = true; grew; ) {
    grew = false;
    const left: Operation[] = [];
    for (const operation of rest) {
      const [mine, others] = splitOperation(operation, open);
      if (mine) {
        held.push(mine);
        if (mine.verb === "added" && !open.records.has(recordKey(mine.kind, mine.id))) {
          open.records.add(recordKey(mine.kind, mine.id));
          grew = true;
        }
      }
      if (others) left.push(others);
    }
    rest = left;
  }
  return { held: changesetOf(held), rest: changesetOf(rest) };
}

function splitOperation(operation: Operation, claim: Claim): readonly [held: Operation | undefined, rest: Operation | undefined] {
  if (claim.records.has(recordKey(operation.kind, operation.id))) return [operation, undefined];
  if (operation.verb !== "updated") {
    for (const key of references(operation)) if (claim.records.has(key)) return [operation, undefined];
    return [undefined, operation];
  }
  const { id, kind } = operation;
  const heldRegisters = new Set<string>();
  const { changes } = operation.line;
  for (const field in changes) {
    const register = registerOf(kind, field);
    const refers = refersTo(kind, field);
    if (claim.registers.has(registerKey(kind, id, field)) || (refers && claim.records.has(recordKey(refers, String(changes[field])))))
      heldRegisters.add(register);
  }
  if (heldRegisters.size === 0) return [undefined, operation];
  return [part(operation, (field) => heldRegisters.has(registerOf(kind, field))), part(operation, (field) => !heldRegisters.has(registerOf(kind, field)))];
}

function part(operation: Operation & { readonly verb: "updated" }, keep: (field: string) => boolean): Operation | undefined {
  const pick = (values: Registers): Registers => Object.fromEntries(Object.entries(values).filter(([field]) => keep(field)));
  const changes = pick(operation.line.changes);
  if (Object.keys(changes).length === 0) return undefined;
  const { id, was } = operation.line;
  return { ...operation, line: { id, changes, ...(was ? { was: pick(was) } : {}) } };
}

export const concerns = (changeset: Changeset, claim: Claim): boolean => !isEmptyChangeset(splitByClaim(changeset, claim).held);
