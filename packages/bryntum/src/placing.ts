import { compareOrder, orderKeyBetween, orderKeyBlock } from "@livegantt/core";
import { longestIncreasing } from "./increasing.ts";

/** A child as the chart shows it; `orderKey` is undefined for one that has no place in this list yet. */
export interface Placed {
  readonly id: string;
  readonly orderKey: string | undefined;
}

/**
 * New keys, by id, for as few children as possible so that (key, id) order is the order of the chart. Neighbouring rows that need a key get a block of keys of their
 * own (`run` names this replica), so that two people who insert at one place get separate runs.
 */
export function placeChildren(shown: readonly Placed[], run: string): Map<string, string> {
  const placed = shown.filter((child): child is { id: string; orderKey: string } => child.orderKey !== undefined);
  const stays = longestIncreasing(placed, (a, b) => compareOrder(a.orderKey, a.id, b.orderKey, b.id));
  const kept = new Set(placed.filter((_, i) => stays.has(i)).map((child) => child.id));
  const keys = new Map<string, string>();
  let after: string | null = null;
  for (let i = 0; i < shown.length; ) {
    const child = shown[i] as Placed;
    // A kept row whose key does not lie after the row above it (two rows with one key, one of them just moved between): it moves too.
    if (kept.has(child.id) && (after === null || (child.orderKey as string) > after || !keys.size)) {
      after = child.orderKey as string;
      i++;
      continue;
    }
    let end = i + 1;
    while (end < shown.length && !(kept.has((shown[end] as Placed).id) && (after === null || ((shown[end] as Placed).orderKey as string) > after))) end++;
    const before: string | null = shown[end]?.orderKey ?? null;
    const made: string[] = end - i === 1 ? [orderKeyBetween(after, before)] : orderKeyBlock(after, before, end - i, run);
    for (const [n, key] of made.entries()) keys.set((shown[i + n] as Placed).id, key);
    after = made.at(-1) ?? after;
    i = end;
  }
  return keys;
}
