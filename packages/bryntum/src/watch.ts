import { allRecordsOf, childrenOf, kindOfStore, parentIdOf, type SyncedCollection, storeOf, wireId } from "./kinds.ts";
import type { Dirty, Shadow } from "./shadow.ts";
import type { ModelLike, ProjectChange, ProjectLike } from "./types.ts";

/** Computed numbers of rows: an event that names only these is no edit. */
const rowNumbers = new Set(["wbsValue", "sequenceNumber", "parentIndex", "orderedParentIndex"]);
const structural = new Set(["add", "remove", "move", "replace", "splice"]);
const whole = new Set(["dataset", "removeall", "batch", "filter-reset", "load", "indent", "outdent"]);

/** How rows are shown, not what they are. */
const ofTheView = new Set(["sort", "filter", "group", "clearchanges", "toggle", "expand", "collapse"]);

const recordsOf = (event: ProjectChange): readonly ModelLike[] => event.records ?? (event.record ? [event.record] : []);

/** Whether a `change` event is about the project's own fields. */
export const isOfProject = (event: ProjectChange, project: ProjectLike): boolean =>
  event.store === undefined || recordsOf(event).some((record) => (record as unknown) === project);

/** Notes which records a `change` event of the project may have touched: O(change), the records that the engine recomputed included. */
export function noteChange(project: ProjectLike, shadow: Shadow, dirty: Dirty, event: ProjectChange): void {
  const records = recordsOf(event);
  const kind = event.store && kindOfStore(project, event.store);
  if (kind === undefined) {
    dirty.project = true;
    return;
  }
  if (ofTheView.has(event.action)) return;
  // Bryntum suspends the store's events while it indents: nothing tells of what else was edited then, nor of the rows that an outdented one takes along.
  if (whole.has(event.action) || (records.length === 0 && event.action !== "update")) {
    noteAll(project, shadow, dirty, kind);
    return;
  }
  const ids = dirty.ids[kind];
  if (event.action === "update") {
    const changed = Object.keys(event.changes ?? {});
    const onlyNumbers = changed.length > 0 && changed.every((field) => rowNumbers.has(field));
    if (kind === "tasks" && changed.some((field) => field === "parentIndex" || field === "orderedParentIndex" || field === "parentId"))
      for (const record of records) noteParents(shadow, dirty, record);
    if (!onlyNumbers) for (const record of records) if (!record.isRoot) ids.add(wireId(record));
    return;
  }
  for (const record of records) {
    if (record.isRoot) continue;
    const id = wireId(record);
    ids.add(id);
    if (kind !== "tasks" && kind !== "calendars") continue;
    if (structural.has(event.action)) for (const child of descendantsOf(record)) ids.add(wireId(child));
    if (kind === "tasks") {
      for (const child of shadow.descendants(id)) ids.add(child);
      noteParents(shadow, dirty, record);
    }
  }
}

/** The lists that a task stood in and stands in now. Their owners may have become summaries or leaves. */
function noteParents(shadow: Shadow, dirty: Dirty, record: ModelLike): void {
  const entry = shadow.get("tasks", wireId(record));
  const parents: (string | null)[] = [];
  if (entry) parents.push(typeof entry.base.parentId === "string" ? entry.base.parentId : null);
  if (record.parent) parents.push(parentIdOf(record));
  for (const parent of parents) {
    dirty.parents.add(parent);
    if (parent !== null) dirty.ids.tasks.add(parent);
  }
}

function descendantsOf(record: ModelLike): ModelLike[] {
  const found: ModelLike[] = [];
  const stack = [...childrenOf(record)];
  for (let child = stack.pop(); child; child = stack.pop()) {
    found.push(child);
    stack.push(...childrenOf(child));
  }
  return found;
}

/** Everything of one collection, what is gone included: after a load, a `removeAll`, a data swap. */
export function noteAll(project: ProjectLike, shadow: Shadow, dirty: Dirty, kind: SyncedCollection): void {
  const store = storeOf(project, kind);
  for (const id of shadow.ids(kind)) dirty.ids[kind].add(id);
  for (const record of allRecordsOf(store)) {
    dirty.ids[kind].add(wireId(record));
    if (kind === "tasks") dirty.parents.add(parentIdOf(record));
  }
}
