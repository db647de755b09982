import {
  type Changeset,
  coalesce,
  equalJson,
  type Notice,
  type ProjectState,
  pairKey,
  type RecordKind,
  type Registers,
  registerOf,
  type StoredRecord,
  sameValue,
} from "@livegantt/core";
import { seenWith } from "./draft.ts";
import { changesetOf, isEmptyChangeset, type Operation, operations, recordKey } from "./operations.ts";
import type { Settled } from "./optimistic.ts";

/** Steps that can be undone; older ones are forgotten. */
const maxSteps = 200;

/** One action of the person: usually one edit, several where quick edits of one record went out apart. */
interface Step {
  readonly intent: string | undefined;
  readonly seqs: number[];
  /** What the server made of the edits, as far as it has answered. */
  readonly settled: Map<number, Settled>;
}

/** What to send for an undo, and what had to be left alone because somebody else was there since. */
export interface Inversion {
  readonly payload: Changeset;
  readonly skipped: readonly Notice[];
}

/**
 * Own actions, newest last, each with the edits it consists of. Only own edits are on the stacks, and an undo restores a register only while it still holds
 * what this person wrote (O3).
 */
export class UndoManager {
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** A new action. `continues`: it belongs to the action before (typing, dragging). */
  push(seq: number, intent: string | undefined, continues: boolean): void {
    this.#undone.length = 0;
    const last = this.#done.at(-1);
    if (continues && last) last.seqs.push(seq);
    else this.#add(this.#done, seq, intent);
  }

  /** The undo (or redo) of a step was sent as edit `seq`; the way back goes on the other stack. */
  pushInverse(seq: number, intent: string | undefined, of: "undo" | "redo"): void {
    this.#add(of === "undo" ? this.#undone : this.#done, seq, intent);
  }

  /** The server answered an edit. A part of it that was sent again adds to what it did. */
  settle(seq: number, settled: Settled): void {
    const step = this.#stepOf(seq);
    if (!step) return;
    const earlier = step.settled.get(seq);
    step.settled.set(seq, earlier ? { forward: coalesce([earlier.forward, settled.forward]), inverse: coalesce([settled.inverse, earlier.inverse]) } : settled);
  }

  /** An edit came to nothing: it was refused, or waits in the inbox. */
  forget(seq: number): void {
    for (const stack of [this.#done, this.#undone]) {
      const at = stack.findIndex((step) => step.seqs.includes(seq));
      const step = stack[at];
      if (!step || step.settled.has(seq)) continue;
      step.seqs.splice(step.seqs.indexOf(seq), 1);
      if (step.seqs.length === 0) stack.splice(at, 1);
    }
  }

  /** Takes the newest step off a stack, as the changeset that takes it back. `pendingAs` tells how an unanswered edit stands in the view. */
  take(
    of: "undo" | "redo",
    state: ProjectState,
    pendingAs: (seq: number) => Settled | undefined,
  ): { readonly step: Inversion; readonly intent: string | undefined } | undefined {
    const step = (of === "undo" ? this.#done : this.#undone).pop();
    if (!step) return undefined;
    const parts = step.seqs.flatMap((seq) => step.settled.get(seq) ?? pendingAs(seq) ?? []);
    const inverse = coalesce(parts.map((part) => part.inverse).reverse());
    const forward = coalesce(parts.map((part) => part.forward));
    return { step: guarded(inverse, forward, state), intent: step.intent };
  }

  #add(stack: Step[], seq: number, intent: string | undefined): void {
    stack.push({ intent, seqs: [seq], settled: new Map() });
    if (stack.length > maxSteps) stack.shift();
  }

  #stepOf(seq: number): Step | undefined {
    const has = (step: Step): boolean => step.seqs.includes(seq);
    return this.#done.findLast(has) ?? this.#undone.findLast(has);
  }
}

/** The part of an inverse that clobbers nobody's later edit, fitted to the plan as it is now. */
function guarded(inverse: Changeset, forward: Changeset, state: ProjectState): Inversion {
  const skipped: Notice[] = [];
  const kept: Operation[] = [];
  const back = new Set<string>();
  for (const operation of operations(inverse)) if (operation.verb === "added") back.add(recordKey(operation.kind, operation.id));
  const lives = (kind: RecordKind, id: unknown): boolean => state.get(kind, String(id)) !== undefined || back.has(recordKey(kind, String(id)));
  const removals: (Operation & { verb: "removed" })[] = [];
  for (const operation of operations(inverse)) {
    if (operation.verb === "removed") removals.push(operation);
    else if (operation.verb === "updated") {
      const update = stillMine(operation, state, skipped);
      if (update) kept.push(update);
    } else if (state.get(operation.kind, operation.id) || hasTwin(operation, state)) skipped.push(told(operation.kind, operation.id));
    else if (endsLive(operation.kind, operation.line, lives)) kept.push(placed(operation, lives));
    else skipped.push(told(operation.kind, operation.id));
  }
  kept.push(...removable(removals, forward, state, skipped));
  return { payload: changesetOf(kept), skipped };
}

/** Somebody joined the same two meanwhile: bringing the own record back would write over theirs (K6). */
function hasTwin({ kind, line }: Operation & { readonly verb: "added" }, state: ProjectState): boolean {
  if (kind === "dependencies") return state.linkOf.has(pairKey(String(line.fromTask), String(line.toTask)));
  return kind === "assignments" && state.assignmentOf.has(pairKey(String(line.event), String(line.resource)));
}

const told = (collection: RecordKind, id: string, register?: string, previous?: unknown): Notice => ({
  kind: "overwritten",
  collection,
  id,
  ...(register === undefined ? {} : { register, previous }),
});

/** Registers that still hold what this person wrote. */
function stillMine(operation: Operation & { readonly verb: "updated" }, state: ProjectState, skipped: Notice[]): Operation | undefined {
  const { kind, id, line } = operation;
  const record = state.get(kind, id);
  if (!record) {
    skipped.push(told(kind, id));
    return undefined;
  }
  const lost = new Set<string>();
  for (const field in line.was) if (!sameValue(kind, field, line.was[field], record[field])) lost.add(registerOf(kind, field));
  for (const register of lost) skipped.push(told(kind, id, register, pickRegister(kind, register, line.was ?? {})));
  const pick = (values: Registers): Registers => Object.fromEntries(Object.entries(values).filter(([field]) => !lost.has(registerOf(kind, field))));
  const changes = pick(line.changes);
  return Object.keys(changes).length === 0 ? undefined : { ...operation, line: { id, changes, was: pick(line.was ?? {}) } };
}

const pickRegister = (kind: RecordKind, register: string, values: Registers): Registers =>
  Object.fromEntries(Object.entries(values).filter(([field]) => registerOf(kind, field) === register));

type Lives = (kind: RecordKind, id: unknown) => boolean;

function endsLive(kind: RecordKind, record: Registers, lives: Lives): boolean {
  if (kind === "dependencies") return lives("tasks", record.fromTask) && lives("tasks", record.toTask);
  if (kind === "assignments") return lives("tasks", record.event) && lives("resources", record.resource);
  return kind !== "comments" || lives("tasks", record.task);
}

/** A task whose parent is gone comes back at the top level; its calendar, where that is gone, is the project's. */
function placed(operation: Operation & { readonly verb: "added" }, lives: Lives): Operation {
  const { kind, line } = operation;
  const missing: Record<string, null> = {};
  if (kind === "tasks" && line.parentId != null && !lives("tasks", line.parentId)) Object.assign(missing, { parentId: null, orderKey: null });
  if (typeof line.calendar === "string" && !lives("calendars", line.calendar)) missing.calendar = null;
  return Object.keys(missing).length === 0 ? operation : { ...operation, line: { ...line, ...missing } };
}

/** Of the records that this person added, those that nobody has worked on since: unchanged, and with nothing of others hanging on them. */
function removable(removals: readonly (Operation & { verb: "removed" })[], forward: Changeset, state: ProjectState, skipped: Notice[]): Operation[] {
  const asAdded = new Map<string, Registers>();
  for (const operation of operations(forward)) if (operation.verb === "added") asAdded.set(recordKey(operation.kind, operation.id), operation.line);
  const going = new Map(removals.map((operation) => [recordKey(operation.kind, operation.id), operation]));
  for (const [key, { kind, id }] of going) {
    const record = state.get(kind, id);
    if (!record) going.delete(key);
    else if (!isAsAdded(kind, record, asAdded.get(key))) {
      skipped.push(told(kind, id));
      going.delete(key);
    }
  }
  // What hangs on a record keeps it, and so on upwards.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [key, { kind, id }] of going)
      if (dependents(state, kind, id).some((dependent) => !going.has(dependent))) {
        skipped.push(told(kind, id));
        going.delete(key);
        changed = true;
      }
  }
  return [...going.values()].map(({ kind, id }) => ({ verb: "removed", kind, id, line: { id, ...seenWith(state, kind, id) } }));
}

/** Equal but for the order key, which repairs may replace, and what the server writes itself. */
function isAsAdded(kind: RecordKind, record: StoredRecord, added: Registers | undefined): boolean {
  if (!added) return true;
  const free = new Set(["id", "orderKey", "author", "createdAt", "intervals", "baselines"]);
  for (const field of new Set([...Object.keys(record), ...Object.keys(added)])) {
    if (free.has(field) || field.startsWith("intervals.") || field.startsWith("baselines.")) continue;
    if (!sameValue(kind, field, record[field], added[field]) && !equalJson(record[field], added[field])) return false;
  }
  return true;
}

function dependents(state: ProjectState, kind: RecordKind, id: string): string[] {
  const keys = (of: RecordKind, ids: Iterable<string>): string[] => [...ids].map((one) => recordKey(of, one));
  if (kind === "tasks")
    return [
      ...keys("tasks", state.children.of(id)),
      ...keys("dependencies", state.successors.of(id)),
      ...keys("dependencies", state.predecessors.of(id)),
      ...keys("assignments", state.assignmentsOfTask.of(id)),
      ...keys("comments", state.commentsOfTask.of(id)),
    ];
  if (kind === "resources") return keys("assignments", state.assignmentsOfResource.of(id));
  if (kind === "calendars") return [...state.calendarUsers.of(id), ...keys("calendars", state.calendarChildren.of(id))];
  return [];
}

export const isNothing = (inversion: Inversion): boolean => isEmptyChangeset(inversion.payload);
