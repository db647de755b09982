/** @param {ArrayLike<number>} values */
export function quantile(values, p) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export const median = (values) => quantile(values, 0.5);
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
export const number = (value, digits = 0) => value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
