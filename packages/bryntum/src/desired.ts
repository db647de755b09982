import type { Json, ProjectState, StoredRecord } from "@livegantt/core";
import { type Reading, sameValue } from "./read.ts";
import { type KindMap, type MappedRegister, specialFields } from "./registers.ts";
import { segmentsForChart } from "./segments.ts";
import type { ModelLike, ProjectLike } from "./types.ts";
import { fromJson } from "./values.ts";

/** As late (soon) as possible is a direction and a constraint type in one: Bryntum keeps the two level, so a plan that says one of them says both. */
export function levelDirection(record: StoredRecord): StoredRecord {
  const type = record.constraintType;
  if (type == null && record.direction != null) return { ...record, constraintType: record.direction === "Backward" ? "aslateaspossible" : "assoonaspossible" };
  if (record.direction == null && type === "aslateaspossible") return { ...record, direction: "Backward" };
  if (record.direction == null && type === "assoonaspossible") return { ...record, direction: "Forward" };
  return record;
}

/** Field values for `record.set()` that bring a record of the chart to what the plan holds; nothing where they are level already. */
export function differences(
  project: ProjectLike,
  map: KindMap,
  stored: StoredRecord,
  record: ModelLike | undefined,
  reading: Reading,
  summary: boolean,
  only: (register: MappedRegister) => boolean = () => true,
): Record<string, unknown> {
  const wanted = map.kind === "tasks" ? levelDirection(stored) : stored;
  const values: Record<string, unknown> = {};
  let worked = false;
  const manual = wanted.manuallyScheduled === true;
  for (const register of map.registers) {
    if (!only(register) || register.fixed || (register.leafOnly && summary && !(register.name === "duration" && manual))) continue;
    if (register.name === "manual" && !manual) {
      if (reading.manuallyScheduled === true) values.manuallyScheduled = false;
      continue;
    }
    // What the plan does not say, the engine works out: emptying it would start a tug of war.
    if (register.name === "effort" && wanted.effort == null) continue;
    // A task of the plan always has a duration.
    const value = (field: string): Json | undefined => (field === "duration" ? (wanted.duration ?? 1) : (wanted[field] as Json | undefined));
    if (register.fields.every((field) => sameValue(map, field, reading[field], value(field)))) continue;
    if (register.name === "duration" || register.name === "effort") worked = true;
    for (const field of register.fields) {
      if (field === "segments")
        values.segments = record ? segmentsForChart(project, record, wanted.segments as Json, wanted.durationUnit as Json) : wanted.segments;
      else if (!specialFields[map.kind].has(field))
        values[field] = fromJson(map.fields.get(field)?.model, wanted[field] as Json | undefined, map.fields.get(field)?.fallback);
    }
  }
  // Duration and effort follow from each other where units count: said alone, the engine would work out the other.
  if (worked && wanted.effort != null && (wanted.schedulingMode ?? "Normal") !== "Normal")
    for (const field of ["duration", "durationUnit", "effort", "effortUnit"]) values[field] = wanted[field] ?? map.fields.get(field)?.fallback;
  return values;
}

/** The data a new record is made from. Segments and lists are set once it stands in the project. */
export function newRecord(map: KindMap, stored: StoredRecord): Record<string, unknown> {
  const wanted = map.kind === "tasks" ? levelDirection(stored) : stored;
  const data: Record<string, unknown> = { id: stored.id };
  for (const [name, field] of map.fields) {
    if (name === "parentId" || name === "orderKey" || name === "segments") continue;
    if (name === "startDate" && map.kind === "tasks" && wanted.manuallyScheduled !== true) continue;
    const value = wanted[name] as Json | undefined;
    if (value != null) data[name] = fromJson(field.model, value, undefined);
    else if (name === "duration" || name === "durationUnit") data[name] = field.fallback;
  }
  return data;
}

/** Values for the project itself. Where the plan has no start date, the chart stands on the one that the schedule computes: else each window would keep its own. */
export function projectDifferences(map: KindMap, state: ProjectState, computedStart: () => Json, reading: Reading): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const stored = state.project as StoredRecord;
  const backward = stored.direction === "Backward";
  for (const [name, field] of map.fields) {
    if ((name === "endDate" && !backward) || (name === "startDate" && backward)) continue;
    const value = (name === "startDate" ? (stored.startDate ?? computedStart()) : stored[name]) as Json | undefined;
    if (value == null && name !== "calendar" && name !== "name" && field.fallback === undefined) continue;
    if (!sameValue(map, name, reading[name], value)) values[name] = fromJson(field.model, value, field.fallback);
  }
  return values;
}
