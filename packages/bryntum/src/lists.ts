import type { Json } from "@livegantt/core";
import type { FieldLike, ModelLike, StoreLike } from "./types.ts";
import { fromJson, toJson } from "./values.ts";

/** List registers: a calendar's `intervals.<id>`, a task's `baselines.<n>`. Each element is one value. */
export const baselineFields = ["startDate", "endDate", "duration", "durationUnit"] as const;
export const baselineModel: readonly FieldLike[] = [
  { name: "startDate", type: "date" },
  { name: "endDate", type: "date" },
];
export const intervalFields = [
  ...["name", "startDate", "endDate", "recurrentStartDate", "recurrentEndDate", "isWorking", "priority", "cls", "iconCls"],
] as const;

function element(record: ModelLike, fields: readonly string[]): Json {
  const value: Record<string, Json> = {};
  for (const field of fields) {
    const json = toJson(record.get(field));
    if (json !== null) value[field] = json;
  }
  return value;
}

const unitNames: Readonly<Record<string, string>> = { m: "minute", h: "hour", d: "day", w: "week", M: "month", q: "quarter", y: "year" };

/** Bryntum takes and gives short unit names as well (`d`); stored is the long one. */
export const unitOf = (value: Json): Json => (typeof value === "string" ? (unitNames[value] ?? value) : value);

export function readBaselines(task: ModelLike, into: Record<string, Json>): void {
  // Asking a task for its baselines makes a store for it: only where it says that it has some.
  if (!task.hasBaselines) return;
  const baselines = task.get("baselines") as StoreLike | undefined;
  for (const [i, record] of (baselines?.records ?? []).entries()) {
    const value = element(record, baselineFields) as Record<string, Json>;
    // A gap in the list: Bryntum makes a baseline of it that says nothing.
    if (value.startDate === undefined && value.endDate === undefined && value.duration === undefined) continue;
    if (value.durationUnit) value.durationUnit = unitOf(value.durationUnit);
    into[`baselines.${i}`] = value;
  }
}

interface CalendarLike extends ModelLike {
  readonly intervalStore?: StoreLike;
  addIntervals(intervals: readonly object[]): unknown;
  clearIntervals(silent?: boolean): void;
}

export const intervalStoreOf = (calendar: ModelLike): StoreLike | undefined => (calendar as CalendarLike).intervalStore;

/** Through the calendar: its store alone would leave the dates that were computed with it as they are. */
export function setIntervals(calendar: ModelLike, intervals: readonly object[]): void {
  (calendar as CalendarLike).clearIntervals(true);
  (calendar as CalendarLike).addIntervals(intervals);
}

export function readIntervals(calendar: ModelLike, into: Record<string, Json>): void {
  for (const record of intervalStoreOf(calendar)?.records ?? []) into[`intervals.${record.id}`] = element(record, intervalFields);
}

/** Field values of one list element for Bryntum; fields that the value lacks are `null`. */
export function elementForChart(model: readonly FieldLike[], fields: readonly string[], value: Readonly<Record<string, Json>>): Record<string, unknown> {
  const types = new Map(model.map((field) => [field.name, field]));
  return Object.fromEntries(fields.map((field) => [field, fromJson(types.get(field), value[field], undefined)]));
}

export const elementsOf = (record: Readonly<Record<string, unknown>>, list: string): [string, Readonly<Record<string, Json>>][] =>
  Object.entries(record)
    .filter(([field, value]) => field.startsWith(`${list}.`) && value != null)
    .map(([field, value]) => [field.slice(list.length + 1), value as Readonly<Record<string, Json>>]);
