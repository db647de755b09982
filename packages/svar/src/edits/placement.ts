import { orderKeyBetween, orderKeysBetween, type ProjectState, type TaskRecord } from "@livegantt/core";
import { EditError } from "../error.ts";
import type { Plan, Writer } from "./plan.ts";

export interface Place {
  readonly parentId: string | null;
  /** Sibling to stand behind; `null`: first. */
  readonly after: string | null;
}

const keyOf = (state: ProjectState, id: string | undefined): string | null => (id === undefined ? null : (state.tasks.get(id)?.orderKey ?? null));

/** `count` order keys for a place, in order. Tasks in `moving` do not count as neighbours: they leave. */
function keysAt(state: ProjectState, { parentId, after }: Place, count: number, moving: ReadonlySet<string> = new Set()): string[] {
  const siblings = state.children.of(parentId).filter((id) => !moving.has(id));
  const at = after === null ? -1 : siblings.indexOf(after);
  const low = keyOf(state, siblings[at]);
  // Equal keys are possible until the server has repaired them: the upper end is the next strictly greater one.
  const high = siblings
    .slice(at + 1)
    .map((id) => keyOf(state, id))
    .find((key) => key !== null && (low === null || key > low));
  return count === 1 ? [orderKeyBetween(low, high ?? null)] : orderKeysBetween(low, high ?? null, count);
}

/** Tasks without those that stand under another of them, in plan order. */
export function topmost(state: ProjectState, ids: readonly string[]): string[] {
  const chosen = new Set(ids.filter((id) => state.tasks.has(id)));
  const tops = [...chosen].filter((id) => !state.ancestors(id).some((ancestor) => chosen.has(ancestor)));
  return tops.length < 2 ? tops : inPlanOrder(state, tops);
}

/** By path of sibling positions from the top. */
export function inPlanOrder(state: ProjectState, ids: readonly string[]): string[] {
  const pathOf = (id: string): number[] => {
    const path: number[] = [];
    for (const step of [id, ...state.ancestors(id)]) path.unshift(state.children.of(state.tasks.get(step)?.parentId ?? null).indexOf(step));
    return path;
  };
  const paths = new Map(ids.map((id) => [id, pathOf(id)]));
  return [...ids].sort((a, b) => {
    const x = paths.get(a) ?? [];
    const y = paths.get(b) ?? [];
    for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
    return x.length - y.length;
  });
}

/** Moves tasks, with what stands under them, to one place; they keep their order. */
export function placeTasks(tx: Writer, { state }: Plan, ids: readonly string[], place: Place): void {
  const moving = new Set(ids);
  if (place.parentId !== null && [place.parentId, ...state.ancestors(place.parentId)].some((id) => moving.has(id)))
    throw new EditError("hierarchy_cycle", "A task cannot stand under itself or under one of its own subtasks.", { ids });
  const keys = keysAt(state, place, ids.length, moving);
  ids.forEach((id, i) => {
    tx.update("tasks", id, { parentId: place.parentId, orderKey: keys[i] });
  });
}

/** Each task becomes the last subtask of the task above it. */
export function indentTasks(tx: Writer, plan: Plan, ids: readonly string[]): void {
  const { state } = plan;
  const tops = topmost(state, ids);
  const moving = new Set(tops);
  const under = new Map<string, string[]>();
  for (const id of tops) {
    const siblings = state.children.of(state.tasks.get(id)?.parentId ?? null);
    const above = siblings.slice(0, siblings.indexOf(id)).findLast((sibling) => !moving.has(sibling));
    if (above !== undefined) under.set(above, [...(under.get(above) ?? []), id]);
  }
  if (under.size === 0) throw new EditError("cannot_indent", "There is no task above to indent under.", { ids });
  for (const [parentId, group] of under) placeTasks(tx, plan, group, { parentId, after: state.children.of(parentId).at(-1) ?? null });
}

/** Each task moves out of its parent, to stand behind it. */
export function outdentTasks(tx: Writer, plan: Plan, ids: readonly string[]): void {
  const { state } = plan;
  const out = new Map<string, string[]>();
  for (const id of topmost(state, ids)) {
    const parent = state.tasks.get(id)?.parentId;
    if (parent != null) out.set(parent, [...(out.get(parent) ?? []), id]);
  }
  if (out.size === 0) throw new EditError("cannot_outdent", "The task stands at the top level already.", { ids });
  for (const [parent, group] of out) placeTasks(tx, plan, group, { parentId: state.tasks.get(parent)?.parentId ?? null, after: parent });
}

/** One step among the siblings; at the end of the list nothing happens. */
export function stepTask(tx: Writer, plan: Plan, id: string, direction: "up" | "down"): void {
  const parentId = plan.state.tasks.get(id)?.parentId ?? null;
  const siblings = plan.state.children.of(parentId);
  const at = siblings.indexOf(id);
  if (direction === "up" && at > 0) placeTasks(tx, plan, [id], { parentId, after: siblings[at - 2] ?? null });
  if (direction === "down" && at < siblings.length - 1) placeTasks(tx, plan, [id], { parentId, after: siblings[at + 1] ?? null });
}

/** Adds a task and returns its id. */
export function addTask(tx: Writer, { state }: Plan, place: Place, fields: Partial<TaskRecord> = {}): string {
  return tx.add("tasks", { duration: 1, durationUnit: "day", ...fields, parentId: place.parentId, orderKey: keysAt(state, place, 1)[0] });
}

export function removeTasks(tx: Writer, { state }: Plan, ids: readonly string[]): void {
  for (const id of topmost(state, ids)) tx.remove("tasks", id);
}

/** Copies a task with everything under it, its assignments and its inner links, behind a place. Returns the id of the copy. */
export function copyTask(tx: Writer, plan: Plan, source: string, place: Place): string {
  const { state } = plan;
  const ids = new Map<string, string>();
  for (const id of [source, ...state.descendants(source)]) {
    const task = state.tasks.get(id);
    if (!task) continue;
    const { id: _own, parentId, orderKey, ...fields } = task;
    const parent = id === source ? place.parentId : (ids.get(parentId ?? "") ?? null);
    ids.set(id, tx.add("tasks", { ...fields, parentId: parent, orderKey: id === source ? keysAt(state, place, 1)[0] : orderKey }));
  }
  for (const [from, copy] of ids) {
    for (const assignment of state.assignmentsOfTask.of(from)) {
      const { id: _own, event: _task, ...fields } = state.assignments.get(assignment) ?? { id: "", event: "" };
      tx.add("assignments", { ...fields, event: copy });
    }
    for (const link of state.successors.of(from)) {
      const record = state.dependencies.get(link);
      const to = record && ids.get(record.toTask);
      if (!record || !to) continue;
      const { id: _own, ...fields } = record;
      tx.add("dependencies", { ...fields, fromTask: copy, toTask: to });
    }
  }
  return ids.get(source) ?? "";
}
