/**
 * Project wall-clock time. On the wire `YYYY-MM-DDTHH:mm:ss` without offset, in the core integer minutes since 1970-01-01T00:00 of that same wall clock.
 * No function here reads the machine's time zone.
 */
export type Minutes = number;

const shape = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const pad = (n: number, width = 2): string => String(n).padStart(width, "0");

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Minutes of a wall-clock text, or `undefined` where it is no date. Seconds are cut off. An offset is refused here: convert at the border with {@link toWallClock}. */
export function parseWallClock(text: string): Minutes | undefined {
  const m = shape.exec(text);
  if (!m || m[7] !== undefined) return undefined;
  return minutesOf(m);
}

function minutesOf(m: RegExpExecArray): Minutes | undefined {
  const [year, month, day, hour, minute, second] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 24 || minute > 59 || second > 59) return undefined;
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  return writable(minutesAt(year, month, hour === 24 ? day + 1 : day, hour % 24, minute));
}

/** Date.UTC reads years 0-99 as 1900-1999: the year is set apart. */
function minutesAt(year: number, month: number, day: number, hour: number, minute: number): Minutes {
  return new Date(Date.UTC(2000, 0, 1, hour, minute)).setUTCFullYear(year, month - 1, day) / 60_000;
}

/** Four digits of a year: 0001 to 9999. */
const firstMinute = minutesAt(1, 1, 1, 0, 0);
const afterLastMinute = minutesAt(10_000, 1, 1, 0, 0);
const writable = (minutes: Minutes): Minutes | undefined => (minutes >= firstMinute && minutes < afterLastMinute ? minutes : undefined);

export function formatWallClock(minutes: Minutes): string {
  const d = new Date(Math.round(minutes) * 60_000);
  return `${pad(d.getUTCFullYear(), 4)}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}T${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:00`;
}

/**
 * The canonical wall-clock text of a date as people write it: date only, with or without seconds, with `Z` or an offset. The last two are converted to `timeZone`
 * (IANA name, UTC where none is set). `undefined` where it is no date.
 */
export function toWallClock(text: string, timeZone?: string | null): string | undefined {
  const m = shape.exec(text);
  if (!m) return undefined;
  const wall = minutesOf(m);
  if (wall === undefined) return undefined;
  const zone = m[7];
  if (zone === undefined) return formatWallClock(wall);
  const sign = zone.startsWith("-") ? -1 : 1;
  const offset = zone === "Z" ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  const converted = writable(wallClockAt((wall - offset) * 60_000, timeZone));
  return converted === undefined ? undefined : formatWallClock(converted);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Wall-clock minutes that clocks in `timeZone` show at an instant (milliseconds since the epoch). */
export function wallClockAt(instant: number, timeZone?: string | null): Minutes {
  const zone = timeZone || "UTC";
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "narrow",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  let beforeChrist = false;
  for (const { type, value } of format.formatToParts(instant))
    if (type === "era") beforeChrist = value === "B";
    else part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return minutesAt(beforeChrist ? 1 - year : year, month, day, hour, minute);
}

/** Names that were found good, in small letters; asking takes long, and there are no more than a few thousand of them. */
const knownZones = new Set<string>();

export function isTimeZone(name: string): boolean {
  const key = name.toLowerCase();
  if (knownZones.has(key)) return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    knownZones.add(key);
    return true;
  } catch {
    return false;
  }
}
