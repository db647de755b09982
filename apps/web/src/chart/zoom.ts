export interface ZoomLevel {
  readonly name: string;
  readonly scales: readonly { readonly unit: string; readonly step: number; readonly format: (date: Date) => string }[];
  readonly cellWidth: number;
  /** Pixels of one day, for fitting a plan into the window. */
  readonly dayWidth: number;
  /** What dragged bars snap to, in minutes. */
  readonly snapMinutes: number;
}

const formatter =
  (options: Intl.DateTimeFormatOptions) =>
  (date: Date): string =>
    new Intl.DateTimeFormat("en-GB", options).format(date);
const monthYear = formatter({ month: "long", year: "numeric" });
const day = formatter({ day: "numeric" });

function isoWeek(date: Date): number {
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 3 - ((date.getDay() + 6) % 7));
  const first = new Date(thursday.getFullYear(), 0, 4);
  return 1 + Math.round((thursday.getTime() - first.getTime()) / 604_800_000 - 3 / 7 + ((first.getDay() + 6) % 7) / 7);
}

/** From close to far. */
export const zoomLevels: readonly ZoomLevel[] = [
  {
    name: "Hours",
    scales: [
      { unit: "day", step: 1, format: formatter({ weekday: "long", day: "numeric", month: "long" }) },
      { unit: "hour", step: 1, format: formatter({ hour: "2-digit" }) },
    ],
    cellWidth: 36,
    dayWidth: 864,
    snapMinutes: 60,
  },
  {
    name: "Days",
    scales: [
      { unit: "week", step: 1, format: (date) => `Week ${isoWeek(date)} · ${monthYear(date)}` },
      { unit: "day", step: 1, format: formatter({ weekday: "short", day: "numeric" }) },
    ],
    cellWidth: 56,
    dayWidth: 56,
    snapMinutes: 1440,
  },
  {
    name: "Weeks",
    scales: [
      { unit: "month", step: 1, format: monthYear },
      { unit: "day", step: 1, format: day },
    ],
    cellWidth: 26,
    dayWidth: 26,
    snapMinutes: 1440,
  },
  {
    name: "Months",
    scales: [
      { unit: "month", step: 1, format: monthYear },
      { unit: "week", step: 1, format: (date) => `W${isoWeek(date)}` },
    ],
    cellWidth: 56,
    dayWidth: 8,
    snapMinutes: 1440,
  },
  {
    name: "Quarters",
    scales: [
      { unit: "year", step: 1, format: formatter({ year: "numeric" }) },
      { unit: "month", step: 1, format: formatter({ month: "short" }) },
    ],
    cellWidth: 74,
    dayWidth: 2.45,
    snapMinutes: 1440,
  },
  {
    name: "Years",
    scales: [
      { unit: "year", step: 1, format: formatter({ year: "numeric" }) },
      { unit: "quarter", step: 1, format: (date) => `Q${Math.floor(date.getMonth() / 3) + 1}` },
    ],
    cellWidth: 64,
    dayWidth: 0.7,
    snapMinutes: 1440,
  },
];

export const startLevel = 2;

/** The closest level at which so many days fit into so many pixels. */
export function levelToFit(days: number, pixels: number): number {
  const found = zoomLevels.findIndex((level) => level.dayWidth * days <= pixels);
  return found < 0 ? zoomLevels.length - 1 : found;
}
