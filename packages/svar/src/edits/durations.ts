import type { DurationUnit } from "@livegantt/core";
import { EditError } from "../error.ts";

export interface Duration {
  readonly amount: number;
  readonly unit: DurationUnit;
}

const units: readonly [RegExp, DurationUnit][] = [
  [/^(m|min|mins|minutes?|minuten|minuut)$/, "minute"],
  [/^(h|hr|hrs|hours?|u|uur|uren)$/, "hour"],
  [/^(|d|ds|days?|dag|dagen)$/, "day"],
  [/^(w|wk|wks|weeks?|week|weken)$/, "week"],
  [/^(mo|mon|mons|months?|maand|maanden)$/, "month"],
  [/^(q|qtr|quarters?|kwartaal|kwartalen)$/, "quarter"],
  [/^(y|yr|yrs|years?|jaar|jaren)$/, "year"],
];
const short: Readonly<Record<DurationUnit, string>> = { minute: "min", hour: "h", day: "d", week: "w", month: "mo", quarter: "q", year: "y" };

/** `3`, `3d`, `2.5 weeks`, `4,5 u`; without a unit the given one. */
export function parseDuration(text: string, fallback: DurationUnit = "day"): Duration {
  const match = /^\s*(-?\d+(?:[.,]\d+)?)\s*([a-z]*)\.?\s*$/i.exec(text);
  const word = match?.[2]?.toLowerCase() ?? "";
  const unit = word === "" ? fallback : units.find(([shape]) => shape.test(word))?.[1];
  if (!match || !unit) throw new EditError("not_a_duration", `"${text}" is not a duration. Write a number and a unit, e.g. 3d, 4h or 2w.`, { text });
  return { amount: Number((match[1] ?? "0").replace(",", ".")), unit };
}

export const formatDuration = (amount: number, unit: string): string => `${Math.round(amount * 100) / 100} ${short[unit as DurationUnit] ?? unit}`;
