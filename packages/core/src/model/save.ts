import type { RecordKind, StoredRecord } from "./collections.ts";
import { fieldOf, listElement } from "./fields.ts";
import { compareText, type Json } from "./json.ts";
import { listRegisters, registers } from "./registers.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ProjectState } from "./state.ts";

const fieldOrder = Object.fromEntries(
  Object.entries(registers).map(([kind, list]) => [kind, list.flatMap((register) => Object.keys(register.fields))]),
) as Record<RecordKind, string[]>;

/** One record as JSON shows it: known fields in the table's order, custom ones by name, list registers as arrays. */
export function recordToJSON<T = StoredRecord>(kind: RecordKind, record: StoredRecord): T {
  const out: Record<string, unknown> = { id: record.id };
  for (const field of fieldOrder[kind]) if (record[field] != null) out[field] = record[field];
  const custom: string[] = [];
  const elements: { readonly key: string; readonly value: Json }[] = [];
  for (const field in record) {
    if (field === "id" || fieldOf(kind, field)) continue;
    const element = listElement(kind, field);
    if (element) elements.push({ key: element.key, value: record[field] as Json });
    else custom.push(field);
  }
  const list = listRegisters[kind]?.name;
  if (list && elements.length > 0) out[list] = list === "baselines" ? byIndex(elements) : byId(elements);
  for (const field of custom.sort()) out[field] = record[field];
  return out as T;
}

function byIndex(elements: readonly { readonly key: string; readonly value: Json }[]): Json[] {
  const list: Json[] = [];
  for (const { key, value } of elements) list[Number(key)] = value;
  return Array.from(list, (value) => value ?? null);
}

const byId = (elements: readonly { readonly key: string; readonly value: Json }[]): Json[] =>
  [...elements].sort((a, b) => compareText(a.key, b.key)).map(({ key, value }) => ({ id: key, ...(value as Record<string, Json>) }));

/** The whole project: tasks in tree order, other records by id, so that equal projects have equal JSON (P2). O(plan). */
export function projectToJSON(state: ProjectState): Snapshot {
  const sorted = <T>(kind: Exclude<RecordKind, "project" | "tasks">): T[] => {
    const map = state.map(kind);
    return [...map.keys()].sort(compareText).map((id) => recordToJSON<T>(kind, map.get(id) as StoredRecord));
  };
  const tasks: Snapshot["tasks"][number][] = [];
  const stack = [...state.children.of(null)].reverse();
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const task = state.tasks.get(id);
    if (task) tasks.push(recordToJSON("tasks", task));
    const children = state.children.of(id);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as string);
  }
  return {
    revision: state.revision,
    project: recordToJSON("project", state.project),
    tasks,
    dependencies: sorted("dependencies"),
    resources: sorted("resources"),
    assignments: sorted("assignments"),
    calendars: sorted("calendars"),
    comments: sorted("comments"),
  };
}
