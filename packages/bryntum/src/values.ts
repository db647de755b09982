import type { Json } from "@livegantt/core";
import { dateToWall, isWallClock, wallToDate } from "./dates.ts";
import type { FieldLike } from "./types.ts";

const isModel = (value: object): value is { readonly id: string | number } => "isModel" in value && value.isModel === true;

/** The JSON that a field's value is compared and sent as: dates as wall clock, records as ids, class lists as text, nothing at all and empty text as `null`. */
export function toJson(value: unknown): Json {
  if (value === undefined || value === null || value === "" || typeof value === "function" || typeof value === "symbol") return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : dateToWall(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return value as Json;
  if (isModel(value)) return String(value.id);
  if (Array.isArray(value)) return value.map(toJson);
  const proto = Object.getPrototypeOf(value);
  // Bryntum's class list is an object with a text form of its own, and a new one at each read.
  if (proto !== Object.prototype && proto !== null) return String(value).trim() || null;
  const object: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const json = toJson(member);
    if (json !== null) object[key] = json;
  }
  return object;
}

/** What Bryntum's field takes for a stored value. */
export function fromJson(field: FieldLike | undefined, value: Json | undefined, fallback: Json | undefined): unknown {
  if (value == null) return fallback ?? (field?.defaultValue === undefined ? null : field.defaultValue);
  return field?.type === "date" && isWallClock(value) ? wallToDate(value) : value;
}
