import { type Collection, collections, type ProjectRecord, type RecordKind, recordKinds, type StoredRecord, type TaskRecord } from "./collections.ts";
import { checkInvariants, type Violation } from "./invariants.ts";
import { compareText, type Json } from "./json.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { compareOrder, isOrderKey, orderKeysBetween } from "./orderKeys.ts";
import { derivedFields, listRegisters } from "./registers.ts";
import type { Snapshot } from "./snapshot.ts";
import { ProjectState } from "./state.ts";
import { listFields, storedFromJSON } from "./stored.ts";
import { checkField, isRecordId } from "./validate.ts";

export interface PlanProblem {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** A plan that cannot be a project, with every reason. Nothing of it was taken over. */
export class PlanError extends Error {
  readonly code = "invalid_plan";
  readonly action = "fix";
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    super(`the plan has ${problems.length} problem${problems.length === 1 ? "" : "s"}: ${problems[0]?.path}: ${problems[0]?.message}`);
    this.name = "PlanError";
    this.problems = problems;
  }
}

export interface LoadOptions {
  /** Id and name of the project where the JSON has none. */
  readonly id?: string;
  readonly name?: string;
  readonly limits?: Limits;
}

/** The project of a snapshot that this product wrote: no checks, since replicas trust the server. O(plan), and little of it. */
export function projectFromSnapshot(snapshot: Snapshot): ProjectState {
  const state = new ProjectState(storedFromJSON("project", snapshot.project) as ProjectRecord);
  for (const kind of collections) for (const record of snapshot[kind]) state.load(kind, storedFromJSON(kind, record));
  state.revision = snapshot.revision;
  return state;
}

type Raw = Record<string, unknown>;

const isObject = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A project from a Snapshot or from Bryntum's JSON: tasks flat or nested by `children`, collections as arrays, as `{ rows }`, or under their `…Data` names.
 * Computed fields are left out; numeric ids become texts; siblings without order keys keep the order of the input.
 * @throws PlanError with every problem.
 */
export function projectFromJSON(json: unknown, options: LoadOptions = {}): ProjectState {
  const problems: PlanProblem[] = [];
  if (!isObject(json)) throw new PlanError([{ code: "invalid_plan", message: "a plan is a JSON object with tasks, dependencies, …", path: "" }]);
  const head = isObject(json.project) ? json.project : {};
  const source = { ...(json.project && !json.tasks && !json.tasksData ? head : {}), ...json };
  const lists = new Map<Collection, Raw[]>(collections.map((kind) => [kind, rowsOf(source, kind, problems)]));
  const state = new ProjectState({ id: isRecordId(head.id) ? head.id : (options.id ?? "project") });
  const reader = new Reader(state, problems, options);
  const numbered = typeof json.revision === "number" && Number.isSafeInteger(json.revision);
  reader.project(head, numbered ? [] : (lists.get("tasks") ?? []));
  for (const kind of collections) for (const [index, row] of (lists.get(kind) ?? []).entries()) reader.record(kind, row, index);
  reader.finish();
  if (numbered) state.revision = json.revision as number;
  if (problems.length === 0) problems.push(...checkInvariants(state, options.limits).map(asProblem));
  if (problems.length > 0) throw new PlanError(problems);
  return state;
}

const asProblem = (violation: Violation): PlanProblem => ({
  code: violation.rule,
  message: violation.message,
  path: `${violation.collection}/${violation.id}`,
});

const otherNames: Partial<Record<Collection, string>> = { tasks: "eventsData" };

function rowsOf(source: Raw, kind: Collection, problems: PlanProblem[]): Raw[] {
  const given = source[kind] ?? source[`${kind}Data`] ?? source[otherNames[kind] ?? ""];
  const rows = isObject(given) ? given.rows : given;
  if (rows == null) return [];
  if (!Array.isArray(rows)) {
    problems.push({ code: "invalid_plan", message: `${kind} is a list of records`, path: kind });
    return [];
  }
  return kind === "tasks" || kind === "calendars" ? flatten(kind, rows, problems) : rows.filter((row, i) => isRow(row, `${kind}[${i}]`, problems));
}

function isRow(row: unknown, path: string, problems: PlanProblem[]): row is Raw {
  if (isObject(row)) return true;
  problems.push({ code: "invalid_plan", message: "a record is a JSON object", path });
  return false;
}

/** Nested rows, parents first. Ids that are missing are made here, since children need them. */
function flatten(kind: Collection, rows: readonly unknown[], problems: PlanProblem[]): Raw[] {
  const flat: Raw[] = [];
  const stack: { readonly row: unknown; readonly parent: unknown; readonly path: string }[] = [];
  const push = (list: readonly unknown[], parent: unknown, path: string): void => {
    for (let i = list.length - 1; i >= 0; i--) stack.push({ row: list[i], parent, path: `${path}[${i}]` });
  };
  push(rows, undefined, kind);
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { row, parent, path } = item;
    if (!isRow(row, path, problems)) continue;
    const id = row.id ?? `${kind}-${flat.length + 1}`;
    flat.push({ ...row, id, ...(parent === undefined ? {} : { parentId: parent }) });
    if (Array.isArray(row.children)) push(row.children, id, `${path}.children`);
  }
  return flat;
}

const renamed: Partial<Record<RecordKind, Record<string, string>>> = {
  dependencies: { fromEvent: "fromTask", toEvent: "toTask", from: "fromTask", to: "toTask" },
  assignments: { eventId: "event", resourceId: "resource", task: "event", taskId: "event" },
};

class Reader {
  readonly #state: ProjectState;
  readonly #problems: PlanProblem[];
  readonly #limits: Limits;
  readonly #options: LoadOptions;
  readonly #seen = new Set<string>();
  readonly #records: [Collection, StoredRecord][] = [];

  constructor(state: ProjectState, problems: PlanProblem[], options: LoadOptions) {
    this.#state = state;
    this.#problems = problems;
    this.#limits = options.limits ?? defaultLimits;
    this.#options = options;
  }

  /** A chart's plan without a project start begins with its first task; a snapshot, which has a revision, is taken as it is. */
  project(head: Raw, tasks: readonly Raw[]): void {
    const zone = typeof head.timeZone === "string" ? head.timeZone : null;
    const fields = this.#fields("project", head, "project", zone);
    if (fields.name == null && this.#options.name !== undefined) fields.name = this.#options.name;
    if (fields.startDate == null) {
      const earliest = tasks
        .map((task) => checkField("tasks", "startDate", task.startDate, zone))
        .flatMap((checked) => ("value" in checked && typeof checked.value === "string" ? [checked.value] : []))
        .sort(compareText)[0];
      if (earliest !== undefined) fields.startDate = earliest;
    }
    this.#state.put("project", { ...fields, id: this.#state.project.id });
  }

  record(kind: Collection, row: Raw, index: number): void {
    const path = `${kind}[${index}]`;
    const id = row.id === undefined ? `${kind}-${index + 1}` : typeof row.id === "number" ? String(row.id) : row.id;
    if (!isRecordId(id)) {
      this.#problems.push({ code: "V1", message: "an id is a text of 1 to 64 characters", path: `${path}.id` });
      return;
    }
    if (this.#seen.has(`${kind}/${id}`)) {
      this.#problems.push({ code: "V1", message: `the id "${id}" is there twice`, path: `${path}.id` });
      return;
    }
    const fields = this.#fields(kind, row, path, this.#state.project.timeZone, id);
    // M4: a start date is an input of manual tasks only.
    if (kind === "tasks" && fields.manuallyScheduled !== true) delete fields.startDate;
    this.#seen.add(`${kind}/${id}`);
    this.#records.push([kind, { ...fields, id }]);
  }

  finish(): void {
    completeOrderKeys(this.#records);
    for (const [kind, record] of this.#records) this.#state.load(kind, record);
  }

  #fields(kind: RecordKind, row: Raw, path: string, zone: string | null | undefined, id = ""): Record<string, Json> {
    const fields: Record<string, Json> = {};
    const list = listRegisters[kind]?.name;
    for (const [given, raw] of Object.entries(row)) {
      const name = renamed[kind]?.[given] ?? given;
      if (given === "id" || raw == null || (name !== given && row[name] != null)) continue;
      if (name === list && Array.isArray(raw)) this.#elements(kind, list, raw, path, zone, id, fields);
      else if (!derivedFields[kind]?.has(name)) this.#field(kind, name, raw, `${path}.${given}`, zone, fields);
    }
    return fields;
  }

  #elements(
    kind: RecordKind,
    list: string,
    elements: readonly unknown[],
    path: string,
    zone: string | null | undefined,
    id: string,
    fields: Record<string, Json>,
  ): void {
    for (const [name, element] of Object.entries(listFields(list, id, elements))) this.#field(kind, name, element, `${path}.${name}`, zone, fields);
  }

  #field(kind: RecordKind, name: string, raw: unknown, path: string, zone: string | null | undefined, fields: Record<string, Json>): void {
    const given = typeof raw === "number" && isReference(kind, name) ? String(raw) : raw;
    const checked = checkField(kind, name, given, zone, this.#limits);
    if ("code" in checked) this.#problems.push({ code: checked.code, message: checked.message, path });
    else if (checked.value != null) fields[name] = checked.value;
  }
}

const references = new Set(["parentId", "fromTask", "toTask", "event", "resource", "calendar", "task", "parent"]);
const isReference = (kind: RecordKind, name: string): boolean => recordKinds.includes(kind) && references.has(name);

/** Gives keys to siblings that have none, after those that do, in the order of the input; a list with doubled keys is keyed anew in its order. */
function completeOrderKeys(records: [Collection, StoredRecord][]): void {
  const lists = new Map<unknown, { readonly record: TaskRecord; readonly at: number }[]>();
  for (const [at, [kind, record]] of records.entries()) {
    if (kind !== "tasks") continue;
    const parent = record.parentId ?? null;
    const entry = { record: record as TaskRecord, at };
    const list = lists.get(parent);
    if (list) list.push(entry);
    else lists.set(parent, [entry]);
  }
  for (const list of lists.values()) {
    const keyed = list
      .filter(({ record }) => isOrderKey(record.orderKey))
      .sort((a, b) => compareOrder(a.record.orderKey ?? "", a.record.id, b.record.orderKey ?? "", b.record.id));
    const bare = list.filter(({ record }) => record.orderKey == null);
    const doubled = keyed.some(({ record }, i) => i > 0 && record.orderKey === keyed[i - 1]?.record.orderKey);
    const fresh = doubled ? [...keyed, ...bare] : bare;
    const keys = orderKeysBetween(doubled ? null : (keyed.at(-1)?.record.orderKey ?? null), null, fresh.length);
    for (const [i, { record, at }] of fresh.entries()) records[at] = ["tasks", { ...record, orderKey: keys[i] as string }];
  }
}
