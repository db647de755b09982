import { median } from "../lib/figures.mjs";

/** What counts as warming up: code becomes fast, the heap takes its size. */
const warmShare = 0.4;

/**
 * Does a figure stay where it is? Judged by the median of all slopes between two samples (Theil and Sen), which a few outliers cannot bend.
 * @param {{ at: number, value: number }[]} samples at: seconds
 * @param {{ share: number, least: number }} allowed growth from the end of the warm-up to the end, as a share of the median, or in the figure's own unit where that is more.
 */
export function flatness(samples, { share, least }) {
  const end = samples.at(-1)?.at ?? 0;
  const kept = samples.filter(({ at, value }) => at >= end * warmShare && Number.isFinite(value));
  const slopes = kept.flatMap((a, i) => kept.slice(i + 1).map((b) => (b.value - a.value) / (b.at - a.at)));
  const slope = median(slopes);
  const level = median(kept.map(({ value }) => value));
  const growth = slope * (end - (kept[0]?.at ?? 0));
  return { level, slope, growth, allowed: Math.max(level * share, least), flat: growth <= Math.max(level * share, least) };
}
