import {
  type Changeset,
  type Conflict,
  coalesce,
  type Json,
  type Notice,
  type ProjectState,
  type RecordKind,
  type Registers,
  registerNamed,
  registerOf,
  sameValue,
} from "@livegantt/core";
import type { OpenConflict, Resolution } from "./api.ts";
import { seenWith } from "./draft.ts";
import { ClientError } from "./errors.ts";
import type { KeptConflict } from "./offlineQueue.ts";
import {
  type Claim,
  changesetOf,
  claimOf,
  emptyClaim,
  isEmptyChangeset,
  type Operation,
  operations,
  recordKey,
  registerKey,
  splitByClaim,
} from "./operations.ts";

/** What of a changeset is in conflict, divided by record, and what is not (R0). */
export interface Sorted {
  readonly groups: readonly { readonly conflicts: readonly Conflict[]; readonly held: Changeset }[];
  readonly rest: Changeset;
}

/** Divides a refused changeset: each record in conflict with what hangs on it, and the untouched rest. An atomic one is not divided. */
export function sortOut(payload: Changeset, conflicts: readonly Conflict[], atomic: boolean): Sorted {
  if (atomic) return { groups: [{ conflicts, held: payload }], rest: {} };
  const groups: { conflicts: Conflict[]; held: Changeset }[] = [];
  let rest = payload;
  for (const conflict of conflicts) {
    const claim = claimOfConflict(conflict, payload);
    const split = splitByClaim(rest, claim);
    if (!isEmptyChangeset(split.held)) {
      rest = split.rest;
      const ofRecord = groups.find(({ conflicts: [first] }) => first?.collection === conflict.collection && first.id === conflict.id);
      if (ofRecord) {
        ofRecord.conflicts.push(conflict);
        ofRecord.held = coalesce([ofRecord.held, split.held]);
      } else groups.push({ conflicts: [conflict], held: split.held });
      continue;
    }
    const holder = groups.find((group) => !isEmptyChangeset(splitByClaim(group.held, claim).held));
    if (holder) holder.conflicts.push(conflict);
    // Nothing of what was sent explains it: then nothing is sent again without being asked.
    else return { groups: [{ conflicts, held: payload }], rest: {} };
  }
  return { groups, rest };
}

/** The part of an edit that a conflict is about. */
export function claimOfConflict(conflict: Conflict, payload: Changeset): Claim {
  const claim = emptyClaim();
  const kind = conflict.collection as RecordKind;
  const own = operations(payload).filter((operation) => operation.kind === kind && operation.id === conflict.id);
  if (conflict.type === "edited_before_remove") claimRemovals(claim, conflict, payload);
  else if (own.length === 0) claimTwins(claim, kind, payload);
  else if (conflict.type === "hierarchy_cycle" || (conflict.type === "dependency_cycle" && kind === "tasks"))
    claimFields(claim, kind, conflict.id, own, ["parentId"]);
  else if ((conflict.type === "concurrent_edit" || conflict.type === "missing_reference") && conflict.fields)
    claimFields(claim, kind, conflict.id, own, Object.keys(conflict.fields));
  else claim.records.add(recordKey(kind, conflict.id));
  return claim;
}

/** Some registers of an update; a record that is only now added stands or falls as a whole. */
function claimFields(claim: Claim, kind: RecordKind, id: string, own: readonly Operation[], fields: readonly string[]): void {
  const written = own.flatMap((operation) => (operation.verb === "updated" ? fields.filter((field) => writes(operation, kind, field)) : []));
  if (written.length === 0) claim.records.add(recordKey(kind, id));
  for (const field of written) claim.registers.add(registerKey(kind, id, field));
}

const writes = (operation: Operation & { readonly verb: "updated" }, kind: RecordKind, field: string): boolean =>
  Object.keys(operation.line.changes).some((changed) => registerOf(kind, changed) === registerOf(kind, field));

/** The removals that would take the edited record along. */
function claimRemovals(claim: Claim, conflict: Conflict, payload: Changeset): void {
  const removals = operations(payload).filter((operation) => operation.verb === "removed");
  const takes = (operation: (typeof removals)[number]): boolean =>
    operation.id === conflict.id || Object.values(operation.line.seen ?? {}).some((ids) => ids?.includes(conflict.id));
  const guilty = removals.filter(takes);
  for (const { kind, id } of guilty.length > 0 ? guilty : removals) claim.records.add(recordKey(kind, id));
}

/** A conflict about a record that the changeset does not name: an added link or assignment that met the one that is there (K6). */
function claimTwins(claim: Claim, kind: RecordKind, payload: Changeset): void {
  for (const operation of operations(payload)) if (operation.kind === kind && operation.verb === "added") claim.records.add(recordKey(kind, operation.id));
}

/** A kept conflict as its author is shown it: mine is the last word of all that waits behind it. */
export function publicConflict({ seq: _, upTo: __, waiting, atomic: ___, ...open }: KeptConflict): OpenConflict {
  if (waiting.length === 0) return open;
  const payload = coalesce([open.payload, ...waiting.map((later) => later.payload)]);
  const latest = new Map<string, Registers>();
  for (const operation of operations(payload)) if (operation.verb === "updated") latest.set(recordKey(operation.kind, operation.id), operation.line.changes);
  const conflicts = open.conflicts.map((conflict) => {
    const mine = latest.get(recordKey(conflict.collection, conflict.id));
    if (!conflict.fields || !mine) return conflict;
    const fields = Object.entries(conflict.fields).map(([field, values]) => [field, field in mine ? { ...values, local: mine[field] ?? null } : values]);
    return { ...conflict, fields: Object.fromEntries(fields) };
  });
  return { ...open, payload, conflicts };
}

/**
 * The changeset that carries out a choice on the plan as it is now (R2): `was` is the server value that the author was shown, so that a server that moved on
 * opens a new conflict. Empty where nothing is left to send. @throws ClientError where the choice cannot be carried out.
 */
export function resolution(kept: KeptConflict, choice: Exclude<Resolution, "accept_server">, state: ProjectState, makeId: () => string): Changeset {
  const mine = coalesce([kept.payload, ...kept.waiting.map((later) => later.payload)]);
  const wanted = typeof choice === "object" ? merged(mine, kept.conflicts, choice.merge) : mine;
  const restores: Changeset[] = [];
  const out: Operation[] = [];
  const renamed = new Map<string, string>();
  for (const conflict of kept.conflicts) if (conflict.type === "duplicate_id") renamed.set(conflict.id, makeId());
  for (const operation of operations(wanted)) {
    const about = kept.conflicts.filter(({ collection, id }) => collection === operation.kind && id === operation.id);
    const living = state.get(operation.kind, operation.id);
    if (operation.verb === "added")
      out.push(
        about.some(({ type }) => type === "duplicate_id")
          ? renameIn(operation, renamed)
          : (asTwin(operation, kept.conflicts, state) ?? renameIn(operation, renamed)),
      );
    else if (operation.verb === "removed") {
      if (living) out.push({ ...operation, line: { id: operation.id, ...seenWith(state, operation.kind, operation.id) } });
    } else if (living) {
      const update = onCurrent(operation, about, living);
      if (update) out.push(update);
    } else {
      const restore = about.find((conflict) => conflict.restore)?.restore;
      if (!restore)
        throw new ClientError("restore_unavailable", "fix", "The record was removed too long ago to be brought back. Accept the removal, or add it anew.", {
          conflicts: kept.conflicts,
        });
      restores.push(restore);
      out.push({ ...operation, line: { id: operation.id, changes: operation.line.changes } });
    }
  }
  return coalesce([...withoutLiving(restores, state), changesetOf(out)]);
}

/** Fields chosen by hand replace mine in the record in conflict; what is not named stays as the server has it. */
function merged(mine: Changeset, conflicts: readonly Conflict[], values: Registers): Changeset {
  const target = conflicts[0];
  if (!target) return mine;
  const kind = target.collection as RecordKind;
  const others = conflicts
    .filter(({ collection, id }) => collection === target.collection && id === target.id)
    .reduce((rest, conflict) => splitByClaim(rest, claimOfConflict(conflict, mine)).rest, mine);
  return changesetOf([...operations(others), { verb: "updated", kind, id: target.id, line: { id: target.id, changes: values } }]);
}

function onCurrent(operation: Operation & { readonly verb: "updated" }, about: readonly Conflict[], living: Registers): Operation | undefined {
  const { id, line } = operation;
  const changes: Record<string, Json | undefined> = {};
  const was: Record<string, Json | undefined> = {};
  for (const field in line.changes) {
    changes[field] = line.changes[field];
    const shown = about.find((conflict) => conflict.fields && field in conflict.fields)?.fields?.[field];
    was[field] = shown ? ((shown.server as Json | undefined) ?? null) : (living[field] ?? null);
  }
  return Object.keys(changes).length === 0 ? undefined : { ...operation, line: { id, changes, was } };
}

/** An added link that met another with the same ends is said as an edit of that one (K6). */
function asTwin(operation: Operation & { readonly verb: "added" }, conflicts: readonly Conflict[], state: ProjectState): Operation | undefined {
  if (operation.kind !== "dependencies" && operation.kind !== "assignments") return undefined;
  const ends = operation.kind === "dependencies" ? (["fromTask", "toTask"] as const) : (["event", "resource"] as const);
  for (const conflict of conflicts) {
    const twin = conflict.type === "concurrent_edit" ? state.get(operation.kind, conflict.id) : undefined;
    if (!twin || !conflict.fields || ends.some((end) => (twin as Registers)[end] !== operation.line[end])) continue;
    const changes: Record<string, Json | undefined> = {};
    const was: Record<string, Json | undefined> = {};
    // What waited behind the conflict may have written more than is in question, and again what is. What is not written is unset, as in any added record.
    for (const field of new Set([...Object.keys(conflict.fields), ...Object.keys(operation.line), ...declaredIn(operation.kind, twin)])) {
      if (field === "id" || (ends as readonly string[]).includes(field)) continue;
      const shown = conflict.fields[field];
      changes[field] = operation.line[field] ?? (shown?.local as Json | undefined) ?? null;
      was[field] = shown ? (shown.server as Json) : ((twin as Registers)[field] ?? null);
    }
    return { verb: "updated", kind: operation.kind, id: conflict.id, line: { id: conflict.id, changes, was } };
  }
  return undefined;
}

/** Fields of a record that an added one would unset where it does not write them: all but custom ones, and what the server writes itself. */
const declaredIn = (kind: RecordKind, record: Registers): string[] =>
  Object.keys(record).filter((field) => {
    const register = registerNamed(kind, registerOf(kind, field));
    return register !== undefined && register.written === undefined;
  });

function renameIn(operation: Operation & { readonly verb: "added" }, renamed: ReadonlyMap<string, string>): Operation {
  if (renamed.size === 0) return operation;
  const line: Record<string, Json | undefined> & { id: string } = { ...operation.line, id: renamed.get(operation.id) ?? operation.id };
  for (const field of ["parentId", "fromTask", "toTask", "event", "resource", "task", "calendar"]) {
    const target = line[field];
    if (typeof target === "string") line[field] = renamed.get(target) ?? target;
  }
  return { ...operation, id: line.id, line };
}

/** A restore names what was gone when the conflict was judged; some of it may have come back since. */
function withoutLiving(restores: readonly Changeset[], state: ProjectState): Changeset[] {
  const seen = new Set<string>();
  return restores.map((restore) =>
    changesetOf(
      operations(restore).filter(({ kind, id, verb }) => {
        const key = recordKey(kind, id);
        if (verb === "added" && (seen.has(key) || state.get(kind, id))) return false;
        seen.add(key);
        return true;
      }),
    ),
  );
}

/** What an open conflict keeps to itself: what it holds, and records that are not there any more. */
export function claimOfOpen(conflict: KeptConflict): Claim {
  const claim = claimOf(conflict.payload);
  for (const one of conflict.conflicts) for (const key of claimOfConflict(one, conflict.payload).records) claim.records.add(key);
  return claim;
}

/** An own edit that gave way to another's, in the words of a notice. */
export function noticesOf(conflict: Conflict): Notice[] {
  const by = conflict.by ? { by: conflict.by.name } : {};
  const previous = Object.fromEntries(Object.entries(conflict.fields ?? {}).map(([field, { local }]) => [field, local]));
  const [field] = Object.keys(previous);
  const register = field === undefined ? {} : { register: registerOf(conflict.collection as RecordKind, field), previous };
  return [{ kind: "overwritten", collection: conflict.collection, id: conflict.id, ...register, ...by }];
}

/**
 * Did a later edit stand on what its author had entered before, so that it may take its place in the inbox? It did not where the earlier one was hidden, since it
 * fitted no more: then both are to be shown. `between`: what else the author entered from the conflict to this edit.
 */
export function sawMine({ payload, waiting }: KeptConflict, between: readonly Changeset[], later: Changeset): boolean {
  const mine = new Map<string, unknown[]>();
  const keyOf = ({ kind, id }: Operation, field: string): string => `${recordKey(kind, id)}/${field}`;
  const say = (key: string, value: unknown): void => void mine.set(key, [...(mine.get(key) ?? []), value]);
  const stands = (operation: Operation & { readonly verb: "updated" }, field: string): boolean => {
    const values = mine.get(keyOf(operation, field));
    const { was } = operation.line;
    return !values || !was || !(field in was) || values.some((value) => sameValue(operation.kind, field, was[field], value));
  };
  for (const changeset of [payload, ...waiting.map((one) => one.payload)])
    for (const operation of operations(changeset))
      if (operation.verb !== "removed")
        for (const [field, value] of Object.entries(operation.verb === "updated" ? operation.line.changes : operation.line))
          say(keyOf(operation, field), value);
  // What did not stand on it itself leads away from it.
  for (const operation of between.flatMap(operations))
    if (operation.verb === "updated")
      for (const [field, value] of Object.entries(operation.line.changes)) if (stands(operation, field)) say(keyOf(operation, field), value);
  return operations(later).every((operation) => operation.verb !== "updated" || Object.keys(operation.line.changes).every((field) => stands(operation, field)));
}
