import { collections, type RecordKind, recordKinds, singular } from "../model/collections.ts";
import { fieldOf } from "../model/fields.ts";
import type { Json } from "../model/json.ts";
import type { Limits } from "../model/limits.ts";
import { listRegisters } from "../model/registers.ts";
import type { ProjectState } from "../model/state.ts";
import { listFields } from "../model/stored.ts";
import { checkField, isRecordId } from "../model/validate.ts";
import type { RemovedRecord } from "./changeset.ts";
import type { Rejection } from "./outcome.ts";

/** Operations of a changeset, checked and in canonical form (V8, M2). */
export interface Operations {
  readonly added: { readonly kind: RecordKind; readonly id: string; readonly fields: Record<string, Json>; readonly path: string }[];
  readonly updated: {
    readonly kind: RecordKind;
    readonly id: string;
    readonly changes: Record<string, Json>;
    readonly was: Record<string, Json> | undefined;
    readonly path: string;
  }[];
  readonly removed: { readonly kind: RecordKind; readonly id: string; readonly seen: RemovedRecord["seen"]; readonly path: string }[];
}

/** Thrown inside the pure function and turned into an outcome at its border. */
export class Refusal extends Error {
  readonly rejection: Rejection;

  constructor(code: string, message: string, path?: string) {
    super(message);
    this.rejection = { code, message, ...(path === undefined ? {} : { path }) };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws Refusal at the first operation that is malformed. */
export function readChangeset(payload: unknown, state: ProjectState, limits: Limits): Operations {
  if (!isObject(payload)) throw new Refusal("invalid_changeset", "a changeset is an object of collections", "payload");
  const operations: Operations = { added: [], updated: [], removed: [] };
  let count = 0;
  for (const kind of Object.keys(payload)) {
    if (!(recordKinds as readonly string[]).includes(kind))
      throw new Refusal("unknown_collection", `"${kind.slice(0, 60)}" is no collection; there are ${[...collections, "project"].join(", ")}`, "payload");
    const part = payload[kind];
    if (part === undefined) continue;
    if (!isObject(part)) throw new Refusal("invalid_changeset", `${kind} is an object with added, updated and removed`, kind);
    for (const action of Object.keys(part)) {
      const path = `${kind}.${action}`;
      const list = part[action];
      if (list === undefined) continue;
      if (action !== "updated" && (kind === "project" || (action !== "added" && action !== "removed")))
        throw new Refusal(
          "invalid_changeset",
          kind === "project" ? "the project's own record can only be updated" : `"${action.slice(0, 60)}" is no part of ${kind}`,
          path,
        );
      if (!Array.isArray(list)) throw new Refusal("invalid_changeset", `${path} is a list`, path);
      count += list.length;
      if (count > limits.operations) throw new Refusal("limit_exceeded", `a changeset has at most ${limits.operations} operations; split it`, path);
      for (const [i, operation] of list.entries()) readOperation(operations, kind as RecordKind, action, operation, `${path}[${i}]`, state, limits);
    }
  }
  refuseContradictions(operations);
  return operations;
}

/** A changeset says one thing about a record: it is added once, and what it adds it does not remove. */
function refuseContradictions({ added, removed }: Operations): void {
  const ids = new Set<string>();
  for (const { kind, id, path } of added) {
    if (ids.has(`${kind}/${id}`)) throw new Refusal("contradiction", `the ${singular[kind]} "${id}" is added twice in one changeset`, path);
    ids.add(`${kind}/${id}`);
  }
  for (const { kind, id, path } of removed)
    if (ids.has(`${kind}/${id}`)) throw new Refusal("contradiction", `the ${singular[kind]} "${id}" is added and removed in one changeset`, path);
}

function readOperation(into: Operations, kind: RecordKind, action: string, operation: unknown, path: string, state: ProjectState, limits: Limits): void {
  if (!isObject(operation)) throw new Refusal("invalid_changeset", `a ${singular[kind]} is an object with an id`, path);
  const { id } = operation;
  if (!isRecordId(id)) throw new Refusal("invalid_id", "an id is a text of 1 to 64 characters", `${path}.id`);
  if (action === "added") {
    const { id: _, ...rest } = operation;
    into.added.push({ kind, id, fields: readFields(kind, expandLists(kind, id, rest), path, state, limits, "added"), path });
  } else if (action === "updated") {
    if (!isObject(operation.changes)) throw new Refusal("invalid_changeset", "changes is an object of new values", `${path}.changes`);
    if (operation.was !== undefined && !isObject(operation.was))
      throw new Refusal("invalid_changeset", "was is an object of the values that the author saw", `${path}.was`);
    into.updated.push({
      kind,
      id,
      changes: readFields(kind, operation.changes, `${path}.changes`, state, limits, "updated"),
      was: operation.was && readWas(kind, operation.was, state, limits),
      path,
    });
  } else into.removed.push({ kind, id, seen: readSeen(operation.seen, `${path}.seen`), path });
}

function expandLists(kind: RecordKind, id: string, row: Record<string, unknown>): Record<string, unknown> {
  const list = listRegisters[kind]?.name;
  if (!list || !Array.isArray(row[list])) return row;
  const { [list]: elements, ...rest } = row;
  return { ...rest, ...listFields(list, id, elements as unknown[]) };
}

function readFields(
  kind: RecordKind,
  source: Record<string, unknown>,
  path: string,
  state: ProjectState,
  limits: Limits,
  action: "added" | "updated",
): Record<string, Json> {
  const fields: Record<string, Json> = {};
  for (const name of Object.keys(source)) {
    const raw = source[name];
    if (raw === undefined) continue;
    const written = fieldOf(kind, name)?.register.written;
    if (written === "server") continue;
    // A record is known by its id, which is no register: as a custom field it would make a second record of the first.
    if (name === "id" || (written === "creation" && action === "updated"))
      throw new Refusal("fixed_field", `${name} of a ${singular[kind]} cannot be changed; remove it and add another`, `${path}.${name}`);
    const checked = checkField(kind, name, raw, state.project.timeZone, limits);
    if ("code" in checked) throw new Refusal(checked.code, checked.message, `${path}.${name}`);
    fields[name] = checked.value;
  }
  return fields;
}

/** The author's view may hold anything; what is no valid value simply equals nothing. */
function readWas(kind: RecordKind, source: Record<string, unknown>, state: ProjectState, limits: Limits): Record<string, Json> {
  const was: Record<string, Json> = {};
  for (const name of Object.keys(source)) {
    if (name === "id") continue;
    const checked = checkField(kind, name, source[name], state.project.timeZone, limits);
    if ("value" in checked) was[name] = checked.value;
    else if (checked.code === "forbidden_name") throw new Refusal(checked.code, checked.message, "was");
  }
  return was;
}

function readSeen(seen: unknown, path: string): RemovedRecord["seen"] {
  if (seen === undefined || seen === null) return undefined;
  const malformed = new Refusal("invalid_changeset", "seen lists ids of tasks, dependencies and assignments", path);
  if (!isObject(seen)) throw malformed;
  const ids = (name: string): readonly string[] => {
    const list = seen[name] ?? [];
    if (!Array.isArray(list) || !list.every(isRecordId)) throw malformed;
    return list;
  };
  return { tasks: ids("tasks"), dependencies: ids("dependencies"), assignments: ids("assignments") };
}
