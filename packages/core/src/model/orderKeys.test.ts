import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChangeset } from "../changes/apply.ts";
import { Ledger } from "../changes/ledger.ts";
import type { Applied } from "../changes/outcome.ts";
import { checkInvariants } from "./invariants.ts";
import { projectFromJSON } from "./load.ts";
import { compareOrder, isOrderKey, maxOrderKeyLength, orderKeyBetween, orderKeyBlock, orderKeysBetween } from "./orderKeys.ts";

const isAscending = (keys: readonly string[]): boolean => keys.every((key, i) => i === 0 || (keys[i - 1] as string) < key);

describe("order keys", () => {
  it("M6 go on at both ends", () => {
    expect(orderKeysBetween(null, null, 3)).toEqual(["a0", "a1", "a2"]);
    expect(orderKeyBetween("az", null)).toBe("b00");
    expect(orderKeyBetween(null, "a0")).toBe("Zz");
    expect(orderKeyBetween("a0", "a1")).toBe("a0V");
  });

  it("M6 fit between any two, in any number", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (places, count) => {
        const keys: string[] = [];
        for (const place of places) {
          const at = place % (keys.length + 1);
          keys.splice(at, 0, orderKeyBetween(keys[at - 1] ?? null, keys[at] ?? null));
        }
        expect(isAscending(keys)).toBe(true);
        const at = (places[0] ?? 0) % (keys.length + 1);
        const inside = orderKeysBetween(keys[at - 1] ?? null, keys[at] ?? null, count);
        expect(isAscending([keys[at - 1], ...inside, keys[at]].filter((key) => key !== undefined))).toBe(true);
        expect(inside.every(isOrderKey)).toBe(true);
      }),
    );
  });

  it("M6 of two blocks at one place do not interleave, whoever makes them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 2, max: 200 }), fc.uuid(), fc.uuid(), fc.nat({ max: 30 }), (m, n, ann, bob, depth) => {
        let [low, high] = ["a0", "a1"];
        for (let i = 0; i < depth; i++)
          if (i % 3 === 0) low = orderKeyBetween(low, high);
          else high = orderKeyBetween(low, high);
        const [a, b] = [orderKeyBlock(low, high, m, ann), orderKeyBlock(low, high, n, bob)];
        for (const block of [a, b]) expect(isAscending([low, ...block, high])).toBe(true);
        expect([...a, ...b].every(isOrderKey)).toBe(true);
        fc.pre((a[0] as string).slice(0, -2) !== (b[0] as string).slice(0, -2));
        const sorted = [...a.map((key) => `${key} a`), ...b.map((key) => `${key} b`)].sort();
        expect(sorted.map((key) => key.at(-1)).join("")).toMatch(/^(a+b+|b+a+)$/);
      }),
    );
  });

  it("M6 a block before the list's end and one in an empty list stand in order", () => {
    expect(isAscending(["a0", ...orderKeyBlock("a0", null, 100, "ann")])).toBe(true);
    expect(isAscending([...orderKeyBlock(null, "a0", 100, "ann"), "a0"])).toBe(true);
    expect(orderKeyBlock(null, null, 1, "ann")).toEqual(["a0"]);
  });

  it.each(["", "a", "A0", "a0\n", "a-", "a00", "a0V0", "0", 5, null, undefined, "a".repeat(5000)])("V3 %j is none", (key) => {
    expect(isOrderKey(key)).toBe(false);
  });

  it("V3 what passes for a key leaves room on both sides of it and before every later one", () => {
    const lengths = "abcdefghijklmnopqrstuvwxyz";
    const wellFormed = fc
      .tuple(fc.nat({ max: 25 }), fc.boolean(), fc.stringMatching(/^[0-9A-Za-z]{26}$/), fc.stringMatching(/^[0-9A-Za-z]{0,5}$/))
      .map(
        ([at, negative, body, fraction]) =>
          (negative ? (lengths[at] as string).toUpperCase() : lengths[at]) + body.slice(0, negative ? 26 - at : at + 1) + fraction,
      )
      .filter(isOrderKey);
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(isAscending([...orderKeysBetween(null, a, 2), a, ...orderKeysBetween(a, null, 2)])).toBe(true);
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(isAscending([low, ...orderKeysBetween(low, high, 3), high])).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("V3 equal keys are told apart by id", () => {
    expect(compareOrder("a0", "x", "a0", "y")).toBeLessThan(0);
    expect(compareOrder("a1", "x", "a0", "y")).toBeGreaterThan(0);
    expect(compareOrder("Zz", "x", "a0", "y")).toBeLessThan(0);
  });
});

describe("a sibling list", () => {
  it("M6 into which 1,000 rows are inserted at one place keeps short keys and the order of the inserts", () => {
    const state = projectFromJSON({ tasks: [{ id: "first" }, { id: "last" }] });
    const ledger = new Ledger();
    let before = "first";
    let rebalances = 0;
    for (let i = 0; i < 1000; i++) {
      const siblings = state.children.of(null);
      const at = siblings.indexOf(before);
      const [low, high] = [before, siblings[at + 1] ?? ""].map((id) => state.tasks.get(id)?.orderKey ?? null);
      const id = `n${String(i).padStart(4, "0")}`;
      const payload = { tasks: { added: [{ id, orderKey: orderKeyBetween(low ?? null, high ?? null) }] } };
      const outcome = applyChangeset(state, { clientId: "ann", revision: i + 1, baseRevision: i, payload }, { ledger }) as Applied;
      if (outcome.notices.length > 0) rebalances++;
      // Twice after the newest, then twice before it: the gap narrows from both sides.
      if (i % 4 < 2) before = id;
    }
    expect(checkInvariants(state)).toEqual([]);
    expect(state.children.of(null)).toHaveLength(1002);
    expect(Math.max(...[...state.tasks.values()].map((task) => task.orderKey?.length ?? 0))).toBeLessThanOrEqual(maxOrderKeyLength);
    expect(rebalances).toBeGreaterThan(0);
    expect(rebalances).toBeLessThan(60);
  });

  it("K1 M6 an edit of a place that was rebalanced meanwhile still matches", () => {
    const state = projectFromJSON({ tasks: [{ id: "x" }, { id: "y" }, { id: "z" }] });
    const ledger = new Ledger();
    const send = (clientId: string, id: string, orderKey: string, was: string, baseRevision: number) =>
      applyChangeset(
        state,
        { clientId, revision: 1, baseRevision, payload: { tasks: { updated: [{ id, changes: { orderKey }, was: { orderKey: was } }] } } },
        { ledger, policies: { "*": "ask" } },
      );
    const y = state.tasks.get("y")?.orderKey as string;
    send("ann", "x", `a1${"V".repeat(40)}`, "a0", 0);
    expect(state.tasks.get("y")?.orderKey).not.toBe(y);
    expect(send("bob", "y", "a9", y, 0).outcome).toBe("applied");
  });
});
