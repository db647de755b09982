import { type RecordKind, recordKinds, type StoredRecord } from "./collections.ts";
import { equalJson, type Json } from "./json.ts";
import { type Field, listRegisters, type Register, registers } from "./registers.ts";

interface FieldPlace {
  readonly register: Register;
  readonly field: Field;
}

const places = new Map<RecordKind, Map<string, FieldPlace>>(
  recordKinds.map((kind) => {
    const map = new Map<string, FieldPlace>();
    for (const register of registers[kind]) for (const [name, field] of Object.entries(register.fields)) map.set(name, { register, field });
    return [kind, map];
  }),
);
const byName = new Map<RecordKind, Map<string, Register>>(
  recordKinds.map((kind) => [kind, new Map(registers[kind].map((register) => [register.name, register]))]),
);

export const fieldOf = (kind: RecordKind, name: string): FieldPlace | undefined => places.get(kind)?.get(name);

/** Register that a field belongs to: one of the table, one list element, or a custom field standing alone. */
export const registerOf = (kind: RecordKind, field: string): string => fieldOf(kind, field)?.register.name ?? field;

/** Fields of a register, by register name. */
export function fieldsOf(kind: RecordKind, register: string): readonly string[] {
  const known = byName.get(kind)?.get(register);
  return known ? Object.keys(known.fields) : [register];
}

export const registerNamed = (kind: RecordKind, name: string): Register | undefined => byName.get(kind)?.get(name);

/** `["intervals", "<id>"]` for a list element's field name, else undefined. The id may contain dots. */
export function listElement(kind: RecordKind, field: string): { readonly list: string; readonly key: string } | undefined {
  const list = listRegisters[kind]?.name;
  return list && field.startsWith(`${list}.`) ? { list, key: field.slice(list.length + 1) } : undefined;
}

/** Value of a field as the laws see it: a field that is not set has its default. */
export function effectiveValue(kind: RecordKind, record: StoredRecord, field: string): Json {
  return record[field] ?? fieldOf(kind, field)?.field.fallback ?? null;
}

/** Equality as K1 sees it: unset equals the default. */
export function sameValue(kind: RecordKind, field: string, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const fallback = fieldOf(kind, field)?.field.fallback ?? null;
  return equalJson(a ?? fallback, b ?? fallback);
}

/** A record with some fields replaced; `null` unsets. The result has no unset fields, so that equal records have equal JSON. */
export function withFields(record: StoredRecord, changes: { readonly [field: string]: Json | undefined }): StoredRecord {
  const next: Record<string, Json | undefined> = { ...record };
  for (const field in changes) {
    const value = changes[field];
    if (value == null) delete next[field];
    else next[field] = value;
  }
  return next as unknown as StoredRecord;
}
