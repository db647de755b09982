import type { RecordKind, StoredRecord } from "./collections.ts";
import type { Json } from "./json.ts";
import { listRegisters } from "./registers.ts";

/** A record as stored from the JSON form that `recordToJSON` gives it: list registers become one field per element. No checks. */
export function storedFromJSON(kind: RecordKind, json: { readonly id: string; readonly [field: string]: unknown }): StoredRecord {
  const list = listRegisters[kind]?.name;
  // What this product writes has no unset fields, so without a list the JSON is the record.
  if (list === undefined || json[list] === undefined) return json as StoredRecord;
  const record: Record<string, Json> = {};
  for (const field in json) {
    const value = json[field] as Json | undefined;
    if (value == null) continue;
    if (field === list && Array.isArray(value)) Object.assign(record, listFields(list, json.id, value));
    else record[field] = value;
  }
  return record as unknown as StoredRecord;
}

/** `intervals: [{ id, … }]` as `intervals.<id>`; an element without id is named by its owner and position. Baselines are named by position alone. */
export function listFields(list: string, owner: string, elements: readonly unknown[]): Record<string, Json> {
  const fields: Record<string, Json> = {};
  for (const [i, element] of elements.entries()) {
    if (element == null) continue;
    if (list === "baselines" || typeof element !== "object") {
      fields[`${list}.${i}`] = element as Json;
      continue;
    }
    const { id, ...rest } = element as Record<string, Json>;
    fields[`${list}.${typeof id === "string" || typeof id === "number" ? id : `${owner}:${i}`}`] = rest;
  }
  return fields;
}
