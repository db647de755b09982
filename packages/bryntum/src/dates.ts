const pad = (n: number, width = 2): string => String(n).padStart(width, "0");

/**
 * Bryntum's dates show the project's wall clock in the machine's own zone, so the parts a person sees are read and written, never the instant: a plan looks the
 * same in every time zone.
 */
export function dateToWall(date: Date): string {
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** The date whose local parts are this wall clock. Where the machine's clock skips that hour, JavaScript takes the hour after it. */
export function wallToDate(text: string): Date {
  const [year, month, day, hour, minute, second] = text.split(/\D/).map(Number);
  const date = new Date(2000, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  date.setFullYear(year ?? 1970, (month ?? 1) - 1, day ?? 1);
  return date;
}

export const isWallClock = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value);
