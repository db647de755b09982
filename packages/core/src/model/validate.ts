import { Value } from "@sinclair/typebox/value";
import { calendarProblem } from "../calendars/index.ts";
import type { RecordKind } from "./collections.ts";
import { fieldOf, listElement } from "./fields.ts";
import type { Json } from "./json.ts";
import { defaultLimits, type Limits, maxIdLength } from "./limits.ts";
import { isOrderKey } from "./orderKeys.ts";
import { derivedFields, listRegisters } from "./registers.ts";
import { isTimeZone, toWallClock } from "./wallClock.ts";

/** A value as it may be stored, or why it may not. */
export type Checked = { readonly value: Json } | { readonly code: string; readonly message: string };

const refuse = (code: string, message: string): Checked => ({ code, message });
const customName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const forbiddenNames = new Set(["__proto__", "constructor", "prototype"]);
/** Nesting of a custom value; deeper ones would exhaust the stack of whoever writes them out. */
const maxNesting = 32;

export function isRecordId(id: unknown): id is string {
  return typeof id === "string" && id.length > 0 && id.length <= maxIdLength && !forbiddenNames.has(id);
}

const unitNames: Record<string, string> = {
  m: "minute",
  mi: "minute",
  min: "minute",
  h: "hour",
  hr: "hour",
  d: "day",
  w: "week",
  wk: "week",
  mo: "month",
  mon: "month",
  q: "quarter",
  y: "year",
  yr: "year",
};

/** `d`, `days`, `Day` → `day`; other texts come back as they are. */
function canonicalUnit(unit: string): string {
  const lower = unit.toLowerCase();
  return unitNames[lower] ?? (lower.endsWith("s") ? (unitNames[lower.slice(0, -1)] ?? lower.slice(0, -1)) : lower);
}

/** Checks one input against the register table (V8) and brings it into canonical form (M2). */
export function checkField(kind: RecordKind, name: string, value: unknown, timeZone?: string | null, limits: Limits = defaultLimits): Checked {
  if (forbiddenNames.has(name)) return refuse("forbidden_name", `"${name}" cannot be a field name`);
  const known = fieldOf(kind, name);
  if (!known) {
    const element = listElement(kind, name);
    return element ? checkElement(kind, element.key, value, timeZone) : checkCustom(kind, name, value, limits);
  }
  if (value === undefined || value === null) return { value: null };
  const { field } = known;
  const given = field.unit && typeof value === "string" ? canonicalUnit(value) : value;
  if (!Value.Check(field.schema, given)) return refuse("invalid_value", describe(kind, name, value));
  if (field.date) {
    const wall = toWallClock(given as string, timeZone);
    return wall === undefined
      ? refuse("invalid_date", `${name} "${clip(given)}" is no date: write YYYY-MM-DDTHH:mm:ss in the project's own time`)
      : { value: wall };
  }
  if (name === "orderKey" && !isOrderKey(given)) return refuse("invalid_order_key", `orderKey "${clip(given)}" is no fractional index`);
  if (name === "timeZone" && !isTimeZone(given as string)) return refuse("invalid_value", `timeZone "${clip(given)}" is no IANA time zone name`);
  if (name === "segments") {
    const problem = segmentsProblem(given as { offset: number; duration: number; id: string }[]);
    if (problem) return refuse("invalid_segments", problem);
  }
  return { value: given as Json };
}

function checkElement(kind: RecordKind, key: string, value: unknown, timeZone?: string | null): Checked {
  const list = listRegisters[kind];
  if (!list?.key.test(key) || forbiddenNames.has(key)) return refuse("invalid_field", `"${clip(key)}" is no element of ${list?.name}`);
  if (value === undefined || value === null) return { value: null };
  if (!Value.Check(list.element, value)) return refuse("invalid_value", describe(kind, list.name, value));
  const element: Record<string, Json> = {};
  for (const [name, part] of Object.entries(value as Record<string, Json>)) {
    if (part == null || name === "id") continue;
    if (forbiddenNames.has(name)) return refuse("forbidden_name", `"${name}" cannot be a field name`);
    const dated = name === "startDate" || name === "endDate" ? toWallClock(part as string, timeZone) : part;
    if (dated === undefined) return refuse("invalid_date", `${list.name}: ${name} "${clip(part)}" is no date`);
    element[name] = dated;
  }
  if (kind === "calendars") {
    const problem = calendarProblem(element);
    if (problem) return refuse("invalid_interval", `calendar interval "${clip(key)}": ${problem}`);
  }
  return { value: element };
}

function checkCustom(kind: RecordKind, name: string, value: unknown, limits: Limits): Checked {
  if (derivedFields[kind]?.has(name)) return refuse("derived_field", `${kind}.${name} is computed from the inputs and cannot be set`);
  if (!customName.test(name))
    return refuse("invalid_field", `"${clip(name)}" is no field of ${kind}; a custom field's name is a letter and up to 63 letters, digits or "_"`);
  if (value === undefined || value === null) return { value: null };
  const problem = jsonProblem(value, 0);
  if (problem) return refuse("invalid_value", `custom field ${name}: ${problem}`);
  const size = typeof value === "string" ? value.length : typeof value === "object" ? JSON.stringify(value).length : 0;
  return size > limits.customField
    ? refuse("limit_exceeded", `custom field ${name} has ${size} characters; the limit is ${limits.customField}`)
    : { value: value as Json };
}

function jsonProblem(value: unknown, depth: number): string | undefined {
  if (depth > maxNesting) return `nested deeper than ${maxNesting} levels`;
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : "a number must be finite";
    case "object":
      if (value === null) return undefined;
      for (const [key, part] of Object.entries(value)) {
        if (forbiddenNames.has(key)) return `"${key}" cannot be a key`;
        const problem = jsonProblem(part, depth + 1);
        if (problem) return problem;
      }
      return undefined;
    default:
      return `a ${typeof value} is no JSON value`;
  }
}

/** V9: at least two, sorted, disjoint. */
function segmentsProblem(segments: readonly { readonly id: string; readonly offset: number; readonly duration: number }[]): string | undefined {
  if (segments.length < 2) return "a split task has at least 2 segments; unset the field to join them";
  if (new Set(segments.map((segment) => segment.id)).size < segments.length) return "two segments have the same id";
  for (let i = 1; i < segments.length; i++) {
    const before = segments[i - 1];
    const segment = segments[i];
    if (before && segment && segment.offset < before.offset + before.duration) return `segment ${i} starts before segment ${i - 1} ends`;
  }
  return segments[0]?.offset === 0 ? undefined : "the first segment starts at offset 0";
}

function describe(kind: RecordKind, name: string, value: unknown): string {
  const schema = (fieldOf(kind, name)?.field.schema ?? listRegisters[kind]?.element)?.anyOf?.[0] as Record<string, unknown> | undefined;
  const limits = schema?.anyOf
    ? `one of ${(schema.anyOf as { const: unknown }[]).map((literal) => JSON.stringify(literal.const)).join(", ")}`
    : [
        schema?.type ? `a ${schema.type}` : "of its register's shape",
        schema?.minimum === undefined ? "" : `from ${schema.minimum}`,
        schema?.maximum === undefined ? "" : `to ${schema.maximum}`,
        schema?.maxLength === undefined ? "" : `of at most ${schema.maxLength} characters`,
      ]
        .filter(Boolean)
        .join(" ");
  return `${name} must be ${limits}, not ${clip(value)}`;
}

/** Values in messages are short and never whole documents. */
function clip(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? `${value.slice(0, 60)}… (${value.length} characters)` : value;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  return String(value);
}
