export { FileError, type FileErrorCode } from "./errors.ts";
export { exportMspdi } from "./mspdi/exportMspdi.ts";
export { importMspdi } from "./mspdi/importMspdi.ts";
export type { Count, CountedKind, ImportOptions, ImportReport, ImportResult, ReportItem } from "./report.ts";
export { samplePlan } from "./sample/samplePlan.ts";
export type { ScheduledDates, ScheduleLookup } from "./scheduleLookup.ts";
export { maxFileSize } from "./text.ts";
