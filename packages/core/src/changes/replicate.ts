import { collections, type RecordKind, recordKinds, type StoredRecord } from "../model/collections.ts";
import { withFields } from "../model/fields.ts";
import type { ProjectState } from "../model/state.ts";
import { storedFromJSON } from "../model/stored.ts";
import type { Changeset, CollectionChanges, Notice, Touched } from "./changeset.ts";
import type { Ledger, Stamp } from "./ledger.ts";
import { inverseOf, Transaction } from "./transaction.ts";

/**
 * Applies a normalised changeset without any check: replicas trust the server and apply in revision order. O(change).
 * What it names and does not find is skipped. Does not move `state.revision`.
 */
export function applyNormalised(state: ProjectState, payload: Changeset): { readonly touched: Touched } {
  const touched = new Map<RecordKind, Set<string>>();
  write(
    state,
    payload,
    (kind, record) => {
      state.put(kind, record);
      note(touched, kind, record.id);
    },
    (kind, id) => {
      state.remove(kind, id);
      note(touched, kind, id);
    },
  );
  return { touched };
}

/** Replays a committed change from a log: the plan, its revision and the ledger stand afterwards as when it was decided. */
export function replayChange(
  state: ProjectState,
  ledger: Ledger,
  change: { readonly payload: Changeset; readonly notices?: readonly Notice[]; readonly stamp: Stamp },
): void {
  const tx = new Transaction(state);
  write(state, change.payload, tx.put.bind(tx), tx.remove.bind(tx));
  ledger.record([...tx.steps()], change.notices ?? [], change.stamp);
  state.revision = change.stamp.revision;
}

/** The changeset that takes `payload` back, read off the project before it is applied. Its `was` is what `payload` writes (O3). */
export function invertChangeset(state: ProjectState, payload: Changeset): Changeset {
  const tx = new Transaction(state);
  write(state, payload, tx.put.bind(tx), tx.remove.bind(tx));
  const inverse = inverseOf([...tx.steps()]);
  tx.rollback();
  return inverse;
}

function note(touched: Map<RecordKind, Set<string>>, kind: RecordKind, id: string): void {
  const ids = touched.get(kind);
  if (ids) ids.add(id);
  else touched.set(kind, new Set([id]));
}

function write(
  state: ProjectState,
  payload: Changeset,
  put: (kind: RecordKind, record: StoredRecord) => void,
  remove: (kind: Exclude<RecordKind, "project">, id: string) => void,
): void {
  for (const kind of recordKinds) {
    const part = payload[kind] as CollectionChanges | undefined;
    if (!part) continue;
    for (const record of part.added ?? []) put(kind, storedFromJSON(kind, record));
    for (const { id, changes } of part.updated ?? []) {
      const record = state.get(kind, id);
      if (record) put(kind, withFields(record, changes));
    }
  }
  for (const kind of collections) for (const { id } of (payload[kind] as CollectionChanges | undefined)?.removed ?? []) remove(kind, id);
}
