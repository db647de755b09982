const steps: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [60_000, "minute"],
  [3_600_000, "hour"],
  [86_400_000, "day"],
  [604_800_000, "week"],
  [2_629_800_000, "month"],
  [31_557_600_000, "year"],
];

/** "3 hours ago", "yesterday", "just now". */
export function ago(at: number, now: number, locale = "en"): string {
  const past = Math.max(0, now - at);
  const step = steps.findLast(([length]) => past >= length);
  if (!step) return "just now";
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(past / step[0]), step[1]);
}
