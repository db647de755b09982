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
export type { Applied, Conflicted, Outcome, Rejected, Rejection } from "./changes/outcome.ts";
export * from "./model/collections.ts";
export { canonicalJson, compareText, equalJson, type Json } from "./model/json.ts";
export { compareOrder, isOrderKey, maxOrderKeyLength, orderKeyBetween, orderKeyBlock, orderKeysBetween } from "./model/orderKeys.ts";
export type { Snapshot, SnapshotCalendar, SnapshotTask } from "./model/snapshot.ts";
export { ProjectState, pairKey } from "./model/state.ts";
export { formatWallClock, isTimeZone, type Minutes, parseWallClock, toWallClock, wallClockAt } from "./model/wallClock.ts";
export type { Driver, Schedule, ScheduleViolation, TaskSchedule, ViolationKind } from "./schedule/types.ts";
