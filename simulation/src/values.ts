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

/** Does a line write a register with these values? */
export const writes = (line: Line, register: string, values: Values): boolean =>
  line.verb !== "removed" && Object.keys(line.fields).some((field) => registerOf(line.kind, field) === register) && agrees(line, values);

/** A line that leaves a member of a register out says nothing about it. */
const agrees = (line: Line, values: Values): boolean =>
  Object.keys(values).every((field) => (!(field in line.fields) && line.verb === "updated") || sameValue(line.kind, field, values[field], line.fields[field]));
