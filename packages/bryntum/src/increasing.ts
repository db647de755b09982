/**
 * Indexes of a longest strictly increasing subsequence (patience sorting with back-links, O(n log n)): the rows that need not move so that a list gets in order.
 */
export function longestIncreasing<T>(items: readonly T[], compare: (a: T, b: T) => number): Set<number> {
  const tails: number[] = [];
  const before: number[] = [];
  for (let i = 0; i < items.length; i++) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[tails[middle] as number] as T, items[i] as T) < 0) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = i;
  }
  const kept = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i] as number) kept.add(i);
  return kept;
}
