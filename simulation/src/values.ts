import { type Changeset, fieldsOf, type Json, type RecordKind, recordKinds, registerOf, type StoredRecord, sameValue } from "@livegantt/core";

/** Fields of one register. */
export type Values = { readonly [field: string]: Json };
export type Fields = { readonly [field: string]: Json | undefined };

export const recordKey = (kind: string, id: string): string => `${kind}/${id}`;
export const placeKey = (kind: string, id: string, register: string): string => `${kind}/${id}/${register}`;

/** Does a record hold these values? What is not named may be anything. */
export function holds(kind: RecordKind, record: Fields | undefined, values: Values): boolean {
  return record !== undefined && Object.keys(values).every((field) => sameValue(kind, field, values[field], record[field]));
}

/** A register of a record, whole. */
export const valuesOf = (kind: RecordKind, register: string, record: Fields): Values =>
  Object.fromEntries(fieldsOf(kind, register).map((field) => [field, record[field] ?? null]));

/** Registers in which two versions of a record differ; all that are set, where one of them is not there. */
export function differingRegisters(kind: RecordKind, before: StoredRecord | undefined, after: StoredRecord | undefined): string[] {
  const registers = new Set<string>();
  for (const field of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]))
    if (field !== "id" && !(before && after && sameValue(kind, field, before[field], after[field]))) registers.add(registerOf(kind, field));
  return [...registers];
}

/** What a link or an assignment joins. */
export function pairOf(kind: RecordKind, record: Fields): string | undefined {
  if (kind === "dependencies") return `${record.fromTask}>${record.toTask}`;
  return kind === "assignments" ? `${record.event}>${record.resource}` : undefined;
}

export type Verb = "added" | "updated" | "removed";

export interface Line {
  readonly kind: RecordKind;
  readonly verb: Verb;
  readonly id: string;
  /** New values of an added or updated record. */
  readonly fields: Fields;
  readonly was: Fields | undefined;
}

type Part = Partial<Record<Verb, readonly { readonly id: string; readonly changes?: Fields; readonly was?: Fields }[]>>;

export function linesOf(changeset: Changeset): Line[] {
  return recordKinds.flatMap((kind) => {
    const part = (changeset[kind] ?? {}) as Part;
    return (["added", "updated", "removed"] as const).flatMap((verb) =>
      (part[verb] ?? []).map((line) => ({
        kind,
        verb,
        id: line.id,
        fields: verb === "updated" ? (line.changes ?? {}) : (line as unknown as Fields),
        was: line.was,
      })),
    );
  });
}

/** Registers that a line writes. The start date of an automatic task becomes its constraint (S5). */
export function registersOf({ kind, fields }: Line): ReadonlySet<string> {
  const registers = new Set(Object.keys(fields).map((field) => registerOf(kind, field)));
  return kind === "tasks" && fields.startDate != null && fields.constraintType === undefined ? registers.add("constraint") : registers;
}

/** Does a line write a register with these values? */
export function writes(line: Line, register: string, values: Values): boolean {
  const { verb, kind, fields } = line;
  if (verb === "removed") return false;
  if (kind === "tasks" && register === "constraint" && fields.constraintType === undefined)
    return fields.startDate != null && fields.startDate === values.constraintDate;
  // A record that is added has the defaults of what it leaves out; an update that leaves a member of a register out says nothing about it.
  if (verb === "added") return Object.keys(values).every((field) => sameValue(kind, field, values[field], fields[field]));
  return registersOf(line).has(register) && Object.keys(values).every((field) => !(field in fields) || sameValue(kind, field, values[field], fields[field]));
}
