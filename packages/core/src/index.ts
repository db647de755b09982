export * from "./calendars/index.ts";
export { type ApplyOptions, applyChangeset, type Submission } from "./changes/apply.ts";
export type {
  AddedRecord,
  Changeset,
  CollectionChanges,
  Conflict,
  ConflictType,
  FieldConflict,
  Notice,
  Registers,
  RemovedRecord,
  Touched,
  UpdatedRecord,
} from "./changes/changeset.ts";
export { canCoalesce, coalesce } from "./changes/coalesce.ts";
export { Ledger, type LedgerJSON, type Stamp, type Tombstone } from "./changes/ledger.ts";
export type { Applied, Conflicted, Outcome, Rejected, Rejection } from "./changes/outcome.ts";
export { applyNormalised, invertChangeset, replayChange } from "./changes/replicate.ts";
export * from "./model/collections.ts";
export { effectiveValue, fieldsOf, registerNamed, registerOf, sameValue, withFields } from "./model/fields.ts";
export { checkInvariants, type Violation } from "./model/invariants.ts";
export { canonicalJson, compareText, equalJson, type Json } from "./model/json.ts";
export { defaultLimits, type Limits, maxIdLength } from "./model/limits.ts";
export { type LoadOptions, PlanError, type PlanProblem, projectFromJSON, projectFromSnapshot } from "./model/load.ts";
export { compareOrder, isOrderKey, maxOrderKeyLength, orderKeyBetween, orderKeyBlock, orderKeysBetween } from "./model/orderKeys.ts";
export { type Field, listRegisters, type Policy, type Register, registers } from "./model/registers.ts";
export { projectToJSON, recordToJSON } from "./model/save.ts";
export type { Snapshot, SnapshotCalendar, SnapshotTask } from "./model/snapshot.ts";
export { ProjectState, pairKey } from "./model/state.ts";
export { storedFromJSON } from "./model/stored.ts";
export { checkField, isRecordId } from "./model/validate.ts";
export { formatWallClock, isTimeZone, type Minutes, parseWallClock, toWallClock, wallClockAt } from "./model/wallClock.ts";
export * from "./protocol/index.ts";
export * from "./schedule/index.ts";
