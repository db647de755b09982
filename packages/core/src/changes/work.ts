import { type RecordKind, type StoredRecord, singular } from "../model/collections.ts";
import type { Json } from "../model/json.ts";
import type { Limits } from "../model/limits.ts";
import type { Policy } from "../model/registers.ts";
import type { ProjectState } from "../model/state.ts";
import type { Conflict, ConflictType, Notice } from "./changeset.ts";
import type { Ledger, Stamp } from "./ledger.ts";
import type { Transaction } from "./transaction.ts";

/** Who changes what, on which view. Facts from outside: the pure function has no clock. */
export interface Author {
  readonly clientId: string;
  readonly name: string;
  /** Server revision that the author's view stood on at the oldest edit. */
  readonly baseRevision: number;
  /** Arrival, ms since the epoch. */
  readonly at: number;
  readonly madeAt: string | undefined;
}

/** One application of a changeset in progress, shared by the rules. Without a ledger only the laws V are checked (a replica's own edits). */
export interface Work {
  readonly state: ProjectState;
  readonly tx: Transaction;
  readonly ledger: Ledger | undefined;
  readonly author: Author;
  readonly limits: Limits;
  readonly policyOf: (kind: RecordKind, register: string) => Policy;
  /** Computed start of a task, for what takes it over as an input (a task made manual). */
  readonly startOf: (task: string) => string | undefined;
  readonly conflicts: Conflict[];
  readonly notices: Notice[];
  /** Ids that this changeset merged into living records (K6). */
  readonly aliases: Map<string, string>;
  /** Somebody else changed another register of a record that this changeset changes. */
  othersChanged: boolean;
}

export const resolveId = (work: Work, kind: RecordKind, id: string): string => work.aliases.get(`${kind}/${id}`) ?? work.ledger?.resolve(kind, id) ?? id;

/** Existed in the author's view: there at the base revision, or made by the author. */
export function wasSeen(work: Work, stamp: Stamp | undefined): boolean {
  return !work.ledger || !stamp || stamp.revision <= work.author.baseRevision || stamp.clientId === work.author.clientId;
}

export function stampFacts(stamp: Stamp | undefined): Pick<Conflict, "serverRevision" | "by" | "at"> {
  return stamp
    ? { serverRevision: stamp.revision, by: { clientId: stamp.clientId, name: stamp.name }, at: stamp.madeAt ?? new Date(stamp.at).toISOString() }
    : {};
}

export const notFound = (kind: RecordKind): ConflictType => `${singular[kind]}_not_found` as ConflictType;

/** Values of some fields, `null` where one is not set. */
export function pick(record: StoredRecord | undefined, fields: readonly string[]): Record<string, Json> {
  return Object.fromEntries(fields.map((field) => [field, record?.[field] ?? null]));
}
