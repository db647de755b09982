import { equalJson, type Json } from "@livegantt/core";
import { isSummary, parentIdOf } from "./kinds.ts";
import { readBaselines, readIntervals, unitOf } from "./lists.ts";
import type { KindMap, MappedRegister } from "./registers.ts";
import { specialFields } from "./registers.ts";
import { readSegments } from "./segments.ts";
import type { ModelLike, ProjectLike } from "./types.ts";
import { toJson } from "./values.ts";

/** Input registers as Bryntum shows them, field by field. A field that says nothing now (the dates of an automatic task, the duration of a summary) is missing. */
export type Reading = Readonly<Record<string, Json>>;

export interface Readable {
  get(field: string): unknown;
}

const endOf = (record: ModelLike, fields: readonly string[]): Json => {
  for (const field of fields) {
    const value = record.get(field);
    if (value !== undefined && value !== null && value !== "") return toJson(value);
  }
  return null;
};

const ends: Readonly<Record<string, readonly string[]>> = {
  fromTask: ["fromEvent", "fromTask", "from"],
  toTask: ["toEvent", "toTask", "to"],
  event: ["event", "eventId"],
  resource: ["resource", "resourceId"],
};

/** Whether a register is there to be read: summaries have no duration of their own unless they are scheduled by hand. */
export function registerSpeaks(register: MappedRegister, record: Readable, summary: boolean): boolean {
  if (!register.leafOnly || !summary) return true;
  return register.name === "duration" && record.get("manuallyScheduled") === true;
}

export function readRecord(map: KindMap, record: ModelLike): Reading {
  const reading: Record<string, Json> = {};
  const summary = map.kind === "tasks" && isSummary(record);
  for (const register of map.registers)
    if (registerSpeaks(register, record, summary)) for (const field of register.fields) readField(map, record, field, reading);
  if (map.kind === "tasks") readBaselines(record, reading);
  if (map.kind === "calendars") {
    reading.parentId = parentIdOf(record);
    readIntervals(record, reading);
  }
  return reading;
}

function readField(map: KindMap, record: ModelLike, field: string, into: Record<string, Json>): void {
  if (specialFields[map.kind].has(field)) {
    if (field === "segments") into.segments = readSegments(record);
    else if (ends[field]) into[field] = endOf(record, ends[field]);
    return;
  }
  if (map.kind === "tasks" && field === "startDate") {
    if (record.get("manuallyScheduled") === true) into.startDate = toJson(record.get("startDate"));
    else into.startDate = null;
    return;
  }
  const value = toJson(record.get(field));
  into[field] = field.endsWith("Unit") ? unitOf(value) : value;
}

interface DefaultCalendar {
  readonly defaultCalendar?: { readonly id: string | number };
}

/** The project's own registers. Its end is an input only when it is scheduled backward, its start only when forward. */
export function readProject(map: KindMap, project: ProjectLike): Reading {
  const reading: Record<string, Json> = {};
  for (const { fields } of map.registers) for (const field of fields) reading[field] = toJson(project.get(field));
  const own = (project as ProjectLike & DefaultCalendar).defaultCalendar;
  if (own && reading.calendar === String(own.id)) reading.calendar = null;
  if (reading.direction !== "Backward") reading.endDate = null;
  else reading.startDate = null;
  return reading;
}

/** Equal as values of a field: unset and the field's fallback are one; but for a duration, which a chart can really lack. */
export function sameValue(map: KindMap, field: string, a: Json | undefined, b: Json | undefined): boolean {
  if (equalJson(a ?? null, b ?? null)) return true;
  const fallback = field === "duration" ? undefined : (map.fields.get(field)?.fallback ?? map.fields.get(field)?.model?.defaultValue);
  const value = (v: Json | undefined): unknown => (v == null || v === "" ? (fallback === "" ? null : fallback) : v);
  const x = value(a);
  const y = value(b);
  if (typeof x === "number" && typeof y === "number") return Math.abs(x - y) < 1e-9 * Math.max(1, Math.abs(x));
  return equalJson(x ?? null, y ?? null);
}
