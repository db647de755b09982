import { type DependencyType, type DurationUnit, toWallClock } from "@livegantt/core";

const units: Readonly<Record<string, DurationUnit>> = Object.fromEntries(
  (
    [
      ["minute", "m min mins minute minutes"],
      ["hour", "h hr hrs hour hours"],
      ["day", "d day days"],
      ["week", "w wk wks week weeks"],
      ["month", "mo mon mons month months"],
      ["quarter", "q quarter quarters"],
      ["year", "y yr yrs year years"],
    ] as const
  ).flatMap(([unit, spellings]) => spellings.split(" ").map((spelling) => [spelling, unit])),
);

export const unitOf = (text: string): DurationUnit | undefined => units[text.trim().toLowerCase().replace(/\.$/, "")];

/** A number as people write it, with a point or a comma. */
export function numberIn(text: string): number | undefined {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** `5`, `5 days`, `2,5w`; a unit that is not written is `fallback`. */
export function durationIn(text: string, fallback: DurationUnit): { readonly amount: number; readonly unit: DurationUnit } | undefined {
  const [, number = "", word = ""] = /^\s*([\d.,]+)\s*(\p{L}*\.?)\s*\??\s*$/u.exec(text) ?? [];
  const amount = numberIn(number);
  const unit = word === "" ? fallback : unitOf(word);
  return amount === undefined || unit === undefined ? undefined : { amount, unit };
}

/** ISO dates, and `2.11.2026` as half of Europe writes it. Dates with slashes mean different days in different countries, so they are not guessed. */
export function dateIn(text: string, timeOfDay: string): string | undefined {
  const plain = text.trim();
  const [, day = "", month = "", year = "", time] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(plain) ?? [];
  const date =
    year === ""
      ? plain.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, "$1T")
      : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}${time ? `T${time.padStart(5, "0")}` : ""}`;
  const found = toWallClock(/^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T${timeOfDay}` : /T\d{2}:\d{2}$/.test(date) ? `${date}:00` : date);
  return found !== undefined && found >= "1900" && found < "2200" ? found : undefined;
}

const linkTypes: Readonly<Record<string, DependencyType>> = { SS: 0, SF: 1, FS: 2, FF: 3 };

export interface PredecessorCell {
  /** Row number or WBS of the other task. */
  readonly ref: string;
  readonly type: DependencyType;
  readonly lag: number;
  readonly lagUnit: DurationUnit;
}

/** One predecessor such as `3`, `1.2FS` or `3SS+2d`. */
export function predecessorIn(text: string): PredecessorCell | undefined {
  const [, ref, type = "FS", lag = "0", unit = "d"] = /^\s*(\d+(?:\.\d+)*)\s*(FS|SS|FF|SF)?\s*(?:([+-]\s*[\d.,]+)\s*(\p{L}+)?)?\s*$/iu.exec(text) ?? [];
  const [amount, lagUnit] = [numberIn(lag.replace(/\s/g, "")), unitOf(unit)];
  if (ref === undefined || amount === undefined || lagUnit === undefined) return undefined;
  return { ref, type: linkTypes[type.toUpperCase()] ?? 2, lag: amount, lagUnit };
}

/** A name that may carry a share of a person's time: `Ada [50%]`. */
export function resourceIn(text: string): { readonly name: string; readonly units: number } {
  const [, name = text, units = "100"] = /^(.*?)\s*\[([\d.,]+)\s*%?\]$/.exec(text.trim()) ?? [];
  return { name: name.replace(/\s+/g, " ").trim(), units: numberIn(units) ?? 100 };
}

/** Spreadsheets are kept from taking a text for a formula by an apostrophe before it. */
export const unescaped = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text);

/** Parts of a cell that lists things: by semicolons, or else by commas. */
export const partsOf = (text: string): string[] =>
  text
    .split(text.includes(";") ? ";" : ",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
