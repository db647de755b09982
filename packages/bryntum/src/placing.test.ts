import { compareOrder } from "@livegantt/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { longestIncreasing } from "./increasing.ts";
import { placeChildren } from "./placing.ts";

const inOrder = (rows: readonly { id: string; orderKey: string }[]): boolean =>
  rows.every((row, i) => i === 0 || compareOrder((rows[i - 1] as typeof row).orderKey, (rows[i - 1] as typeof row).id, row.orderKey, row.id) < 0);

test("M6 a list that is in order needs no key", () => {
  const rows = ["a0", "a1", "a2"].map((orderKey, i) => ({ id: `t${i}`, orderKey }));
  expect(placeChildren(rows, "me").size).toBe(0);
});

test("M6 one row dragged through a long list moves alone", () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ id: `t${i}`, orderKey: `a${"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[i]}` }));
  const moved = rows.splice(40, 1);
  rows.splice(3, 0, ...moved);
  expect([...placeChildren(rows, "me").keys()]).toEqual(["t40"]);
});

test("M6 whatever the chart shows, the new keys give that order, and untouched rows keep theirs", () => {
  const digits = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat({ max: 61 }), { nil: undefined }), { maxLength: 30 }), (keys) => {
      const shown = keys.map((key, i) => ({ id: `t${String(i).padStart(2, "0")}`, orderKey: key === undefined ? undefined : `a${digits[key]}` }));
      const made = placeChildren(shown, "me");
      const rows = shown.map(({ id, orderKey }) => ({ id, orderKey: made.get(id) ?? (orderKey as string) }));
      expect(inOrder(rows)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("M6 the kept rows are a longest increasing run", () => {
  expect(longestIncreasing([3, 1, 2, 5, 4], (a, b) => a - b).size).toBe(3);
  expect(longestIncreasing([], () => 0).size).toBe(0);
});
