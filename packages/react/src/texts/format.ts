import type { PartTexts } from "./texts.ts";

const wallClock = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/;

/** A register's value as a person reads it. Wall-clock dates are shown as they stand, in no zone. */
export function formatValue(texts: PartTexts, field: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return texts.empty;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  const named = texts.values[field]?.[String(value)];
  if (named) return named;
  if (typeof value === "number")
    return field === "percentDone" || field === "units" || field === "maxUnits" ? `${value} %` : new Intl.NumberFormat(texts.locale).format(value);
  if (typeof value === "string") return wallClock.test(value) ? formatWall(texts.locale, value) : value;
  return JSON.stringify(value);
}

export const fieldLabel = (texts: PartTexts, field: string): string => texts.fields[field] ?? field;

function formatWall(locale: string, text: string): string {
  const instant = Date.parse(`${text.length === 10 ? `${text}T00:00:00` : text}Z`);
  if (Number.isNaN(instant)) return text;
  const midnight = text.length === 10 || text.includes("T00:00");
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    ...(midnight ? {} : { hour: "2-digit", minute: "2-digit" }),
  });
  return format.format(instant);
}

/** When something happened, in the reader's own zone: the time for today, else date and time. */
export function formatMoment(texts: PartTexts, iso: string, now: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const today = at.toDateString() === new Date(now).toDateString();
  const format = new Intl.DateTimeFormat(texts.locale, { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "short" }) });
  return format.format(at);
}

/** A day in the reader's own zone; the year where it is not this one. */
export function formatDay(texts: PartTexts, at: number): string {
  const thisYear = new Date(at).getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(texts.locale, { day: "numeric", month: "short", ...(thisYear ? {} : { year: "numeric" }) }).format(at);
}
