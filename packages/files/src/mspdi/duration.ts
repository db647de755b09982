import type { DurationUnit } from "@livegantt/core";

/** Working time of the project's units, in minutes. */
export interface UnitLengths {
  readonly day: number;
  readonly week: number;
  readonly month: number;
}

/** Largest duration or lag that a plan holds, in its own unit. */
const maxAmount = 10_000_000;

export const minutesPer = (unit: DurationUnit, lengths: UnitLengths): number => {
  switch (unit) {
    case "minute":
      return 1;
    case "hour":
      return 60;
    case "day":
      return lengths.day;
    case "week":
      return lengths.week;
    case "month":
      return lengths.month;
    case "quarter":
      return lengths.month * 3;
    case "year":
      return lengths.month * 12;
  }
};

const iso = /^(-)?P(?:(\d{1,7})Y)?(?:(\d{1,7})M)?(?:(\d{1,7})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/;

/** Minutes of an ISO 8601 duration such as `PT8H30M0S`, rounded; `undefined` where it is none. Calendar parts count as the project's working units. */
export function parseIsoDuration(text: string | undefined, lengths: UnitLengths): number | undefined {
  const m = text === undefined ? null : iso.exec(text.trim());
  if (!m || text?.trim().length === 1) return undefined;
  const part = (i: number): number => Number(m[i] ?? 0);
  const minutes = (part(2) * 12 + part(3)) * lengths.month + part(4) * lengths.day + part(5) * 60 + part(6) + part(7) / 60;
  return Math.round(m[1] ? -minutes : minutes);
}

export function formatIsoDuration(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  return `${minutes < 0 ? "-" : ""}PT${Math.floor(whole / 60)}H${whole % 60}M0S`;
}

/** Minutes as an amount of a unit, with no more decimals than bring the same minutes back. */
export function amountOf(minutes: number, unit: DurationUnit, lengths: UnitLengths): number {
  const size = minutesPer(unit, lengths);
  const exact = minutes / size;
  for (const decimals of [0, 1, 2, 3, 4]) {
    const short = Number(exact.toFixed(decimals));
    if (Math.abs(short * size - minutes) < 1e-6) return clampAmount(short);
  }
  return clampAmount(Number(exact.toFixed(8)));
}

export const clampAmount = (amount: number): number => Math.max(-maxAmount, Math.min(maxAmount, amount));
