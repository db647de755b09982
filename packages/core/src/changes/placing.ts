import type { RecordKind, TaskRecord } from "../model/collections.ts";
import { compareOrder, maxOrderKeyLength, orderKeysBetween } from "../model/orderKeys.ts";
import type { ProjectState } from "../model/state.ts";
import { Refusal } from "./read.ts";
import { type Work, wasSeen } from "./work.ts";

const keyOf = (state: ProjectState, id: string | undefined): string | null => (id === undefined ? null : (state.tasks.get(id)?.orderKey ?? null));

/** A key after the last child of a parent. */
export function keyAtEnd(state: ProjectState, parent: string | null): string {
  return orderKeysBetween(keyOf(state, state.children.of(parent).at(-1)), null, 1)[0] as string;
}

/** Nearest living task above a removed one, `null` for the top level; the sibling at whose place its children go. `undefined`: there never was such a task. */
function livingPlace(work: Work, removed: string): { readonly parent: string | null; readonly at: string | null } | undefined {
  let tombstone = work.ledger?.tombstone("tasks", removed);
  if (!tombstone) return undefined;
  for (;;) {
    const { parentId, orderKey } = tombstone.record as TaskRecord;
    if (parentId == null) return { parent: null, at: orderKey ?? null };
    if (work.state.tasks.has(parentId)) return { parent: parentId, at: orderKey ?? null };
    const above = work.ledger?.tombstone("tasks", parentId);
    if (!above) return { parent: null, at: null };
    tombstone = above;
  }
}

/** Parent and key for a task whose wanted parent does not live (K7). @throws Refusal where that parent never existed. */
export function rescuePlace(work: Work, parent: string, path: string): { readonly parentId: string | null; readonly orderKey: string } {
  const place = livingPlace(work, parent);
  if (!place) throw new Refusal("unknown_parent", `parent task "${parent}" does not exist`, path);
  return { parentId: place.parent, orderKey: keysAt(work.state, place.parent, place.at, 1)[0] as string };
}

/** `count` keys at the place of a former sibling with the key `at`: after what stands there or before it, before what follows. */
export function keysAt(state: ProjectState, parent: string | null, at: string | null, count: number, gone: ReadonlySet<string> = new Set()): string[] {
  const siblings = state.children.of(parent).filter((id) => !gone.has(id));
  if (at === null) return orderKeysBetween(keyOf(state, siblings.at(-1)), null, count);
  const next = siblings.find((id) => (keyOf(state, id) ?? "") > at);
  const before = next === undefined ? siblings.at(-1) : siblings[siblings.indexOf(next) - 1];
  return orderKeysBetween(keyOf(state, before), keyOf(state, next), count);
}

/**
 * M6: where a task that this changeset placed has the key of another sibling, the run of new rows it belongs to gets fresh keys behind the rows that its author
 * had not seen, so that blocks of rows stay together (catalogue row 14). A key over 32 characters has its whole list keyed anew.
 */
export function repairKeys(work: Work): void {
  const placed = new Map<string | null, string[]>();
  for (const id of work.tx.touchedIds("tasks")) {
    const task = work.state.tasks.get(id);
    const before = work.tx.original("tasks", id) as TaskRecord | undefined;
    if (!task || (before && before.parentId === task.parentId && before.orderKey === task.orderKey)) continue;
    const parent = task.parentId ?? null;
    const ids = placed.get(parent);
    if (ids) ids.push(id);
    else placed.set(parent, [id]);
  }
  for (const [parent, ids] of placed) {
    for (const run of runsOf(work, parent, ids)) if (run.some((id) => collides(work.state, parent, id))) rekeyRun(work, parent, run);
    if (ids.some((id) => (keyOf(work.state, id)?.length ?? 0) > maxOrderKeyLength)) rebalance(work, parent);
  }
}

function collides(state: ProjectState, parent: string | null, id: string): boolean {
  const siblings = state.children.of(parent);
  const at = state.children.position(parent, id);
  const key = keyOf(state, id);
  return keyOf(state, siblings[at - 1]) === key || (at + 1 < siblings.length && keyOf(state, siblings[at + 1]) === key);
}

/** Placed rows in order, split where a sibling that the author had seen stands between two of them. */
function runsOf(work: Work, parent: string | null, ids: readonly string[]): string[][] {
  const { state } = work;
  const sorted = [...ids].sort((a, b) => compareOrder(keyOf(state, a) ?? "", a, keyOf(state, b) ?? "", b));
  const own = new Set(ids);
  const siblings = state.children.of(parent);
  const runs: string[][] = [];
  for (const [i, id] of sorted.entries()) {
    const previous = sorted[i - 1];
    const parted =
      previous === undefined ||
      siblings
        .slice(state.children.position(parent, previous) + 1, state.children.position(parent, id))
        .some((between) => !own.has(between) && isSeen(work, between));
    if (parted) runs.push([id]);
    else runs.at(-1)?.push(id);
  }
  return runs;
}

const isSeen = (work: Work, task: string): boolean => wasSeen(work, work.ledger?.stamp("tasks", task, "placement"));

function rekeyRun(work: Work, parent: string | null, run: readonly string[]): void {
  const { state } = work;
  const own = new Set(run);
  const others = state.children.of(parent).filter((id) => !own.has(id));
  const last = keyOf(state, run.at(-1)) ?? "";
  const next = keyOf(
    state,
    others.find((id) => (keyOf(state, id) ?? "") > last && isSeen(work, id)),
  );
  const before = others.findLast((id) => next === null || (keyOf(state, id) ?? "") < next);
  const keys = orderKeysBetween(keyOf(state, before), next, run.length);
  for (const [i, id] of run.entries()) rekey(work, id, keys[i] as string);
}

function rebalance(work: Work, parent: string | null): void {
  const siblings = [...work.state.children.of(parent)];
  const keys = orderKeysBetween(null, null, siblings.length);
  for (const [i, id] of siblings.entries()) rekey(work, id, keys[i] as string);
}

function rekey(work: Work, id: string, orderKey: string): void {
  const task = work.state.tasks.get(id);
  if (!task || task.orderKey === orderKey) return;
  work.tx.put("tasks" satisfies RecordKind, { ...task, orderKey });
  work.notices.push({ kind: "key_repaired", collection: "tasks", id, register: "placement", previous: task.orderKey });
}
