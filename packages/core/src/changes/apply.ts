import { type RecordKind, recordKinds } from "../model/collections.ts";
import { registerNamed, sameValue } from "../model/fields.ts";
import { defaultLimits, type Limits } from "../model/limits.ts";
import type { Policy } from "../model/registers.ts";
import { recordToJSON } from "../model/save.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ProjectState } from "../model/state.ts";
import { computeSchedule } from "../schedule/index.ts";
import { addRecords, requireEnds } from "./adding.ts";
import type { Changeset, Conflict } from "./changeset.ts";
import { checkLaws, checkParents } from "./laws.ts";
import type { Ledger, Stamp } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import { repairKeys } from "./placing.ts";
import { type Operations, Refusal, readChangeset } from "./read.ts";
import { removeEdges, removeRecords } from "./removing.ts";
import { inverseOf, normalisedOf, type Step, Transaction, touchedBy } from "./transaction.ts";
import { refuseDerived, updateRecords } from "./updating.ts";
import type { Work } from "./work.ts";

/** A changeset with the facts that its author and its arrival add to it. */
export interface Submission {
  readonly clientId: string;
  /** The author's own counter. Whether it is next in line is the room's business, not decided here. */
  readonly revision: number;
  /** Server revision that the author's view stood on at the oldest edit. */
  readonly baseRevision: number;
  readonly payload: Changeset;
  readonly intent?: string;
  readonly author?: { readonly name: string };
  /** Arrival, ms since the epoch. */
  readonly at?: number;
  readonly madeAt?: string;
}

export interface ApplyOptions {
  /** Makes this the decider: K1–K8 are judged and the outcome is noted in the ledger. Without it only the laws V are checked. */
  readonly ledger?: Ledger;
  /** Policy per `collection.register`, `collection` or `*`; others are the table's. */
  readonly policies?: Readonly<Record<string, Policy>>;
  readonly limits?: Limits;
  /** Computed start of a task; by default from a full pass, made only when it is needed. */
  readonly startOf?: (task: string) => string | undefined;
}

/**
 * Decides about one changeset and, where it stands, applies it to `state` in place: all of it or none (C3). No I/O, no clock, no randomness; O(change).
 *
 * ```
 * read (V8) → remove links → add → update (K1, K2) → parents (V2) → remove (K3, K7, K8) → repair keys (M6) → laws (V2, V4–V7) → net effect
 * ```
 */
export function applyChangeset(state: ProjectState, submission: Submission, options: ApplyOptions = {}): Outcome {
  const tx = new Transaction(state);
  const work: Work = {
    state,
    tx,
    ledger: options.ledger,
    author: {
      clientId: submission.clientId,
      name: submission.author?.name ?? submission.clientId,
      baseRevision: submission.baseRevision,
      at: submission.at ?? 0,
      madeAt: submission.madeAt,
    },
    limits: options.limits ?? defaultLimits,
    policyOf: policies(options.policies),
    startOf: options.startOf ?? ((task) => computeSchedule(state).tasks.get(task)?.startDate),
    conflicts: [],
    notices: [],
    aliases: new Map(),
    othersChanged: false,
  };
  try {
    const operations = readChangeset(submission.payload, state, work.limits);
    run(work, operations);
    if (work.conflicts.length > 0) {
      tx.rollback();
      return { outcome: "conflict", conflicts: work.conflicts, currentState: currentState(state, work.conflicts) };
    }
    return settle(work, operations, submission);
  } catch (error) {
    tx.rollback();
    if (error instanceof Refusal) return { outcome: "rejected", error: error.rejection };
    throw error;
  }
}

function run(work: Work, operations: Operations): void {
  removeEdges(work, operations.removed);
  addRecords(work, operations.added);
  requireEnds(work, operations.added);
  updateRecords(work, operations.updated);
  checkParents(work);
  if (work.conflicts.length > 0) return;
  removeRecords(work, operations.removed);
  if (work.conflicts.length > 0) return;
  refuseDerived(work, operations.updated);
  repairKeys(work);
  checkLaws(work);
}

function settle(work: Work, operations: Operations, submission: Submission): Outcome {
  const { state, tx, ledger, notices } = work;
  const steps = [...tx.steps()].filter(changes);
  const empty = steps.length === 0 && work.aliases.size === 0;
  const differs = !asSent(work, operations, steps);
  let forget: (() => void) | undefined;
  const before = state.revision;
  if (ledger && !empty) {
    state.revision = before + 1;
    forget = ledger.record(steps, notices, stampOf(submission, state.revision));
  }
  return {
    outcome: differs || notices.length > 0 || work.othersChanged ? "merged" : "applied",
    normalised: normalisedOf(steps),
    differs,
    inverse: inverseOf(steps),
    notices,
    touched: touchedBy(steps),
    empty,
    revert() {
      forget?.();
      tx.rollback();
      state.revision = before;
    },
  };
}

function stampOf({ clientId, author, at, madeAt }: Submission, revision: number): Stamp {
  return { revision, clientId, name: author?.name ?? clientId, at: at ?? 0, ...(madeAt === undefined ? {} : { madeAt }) };
}

const changes = ({ kind, before, after }: Step): boolean => {
  if (!before || !after) return true;
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!sameValue(kind, field, before[field], after[field]) || (before[field] == null) !== (after[field] == null)) return true;
  return false;
};

/** Does the plan now hold exactly what the author sent? Then others' and the author's view agree without being told. */
function asSent(work: Work, operations: Operations, steps: readonly Step[]): boolean {
  const sent = new Map<string, Set<string>>();
  for (const { kind, id, fields } of operations.added) {
    const record = work.state.get(kind, id);
    if (!record) return false;
    for (const field in fields) if (!sameValue(kind, field, fields[field], record[field])) return false;
    sent.set(`${kind}/${id}`, new Set(Object.keys(fields)));
  }
  for (const { kind, id, changes: wanted } of operations.updated) {
    const record = work.state.get(kind, id);
    if (!record) return false;
    for (const field in wanted) if (!sameValue(kind, field, wanted[field], record[field])) return false;
    const fields = sent.get(`${kind}/${id}`) ?? new Set();
    for (const field in wanted) fields.add(field);
    sent.set(`${kind}/${id}`, fields);
  }
  const removed = new Set(operations.removed.map(({ kind, id }) => `${kind}/${id}`));
  return steps.every(({ kind, id, before, after }) => {
    if (!after) return removed.has(`${kind}/${id}`);
    const fields = sent.get(`${kind}/${id}`);
    if (!fields) return false;
    for (const field in after) if (field !== "id" && !fields.has(field) && !sameValue(kind, field, before?.[field], after[field])) return false;
    for (const field in before) if (!(field in after) && !fields.has(field)) return false;
    return true;
  });
}

function policies(own: ApplyOptions["policies"]): Work["policyOf"] {
  return (kind, register) => own?.[`${kind}.${register}`] ?? own?.[kind] ?? own?.["*"] ?? registerNamed(kind, register)?.policy ?? "ask";
}

/** The records in conflict as they stand. */
function currentState(state: ProjectState, conflicts: readonly Conflict[]): Partial<Snapshot> {
  const found: Partial<Record<RecordKind, unknown>> = {};
  for (const kind of recordKinds) {
    const ids = new Set(conflicts.filter((conflict) => conflict.collection === kind).map((conflict) => conflict.id));
    if (kind === "tasks") for (const conflict of conflicts) for (const step of conflict.path ?? []) ids.add(step.id);
    const records = [...ids].flatMap((id) => {
      const record = state.get(kind, id);
      return record ? [recordToJSON(kind, record)] : [];
    });
    if (records.length > 0) found[kind] = kind === "project" ? records[0] : records;
  }
  return found as Partial<Snapshot>;
}
