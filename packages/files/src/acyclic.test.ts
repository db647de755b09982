import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IndexedLink, linksOnLoops } from "./acyclic.ts";

const fs = (from: number, to: number): IndexedLink => ({ from, to, type: 2 });

describe("links that close a loop", () => {
  it("V5 of a ring only the link back to its first task goes", () => {
    expect(linksOnLoops([-1, -1, -1, -1], [fs(0, 1), fs(1, 2), fs(2, 0), fs(3, 0), fs(2, 3)])).toEqual([2, 3]);
    expect(linksOnLoops([-1, -1, -1], [fs(0, 1), fs(1, 2), fs(0, 2)])).toEqual([]);
    expect(linksOnLoops([-1, -1, -1], [fs(2, 0), fs(0, 1), fs(1, 2)])).toEqual([0]);
  });

  it("V5 leaf A start-to-start B and B finish-to-finish A is a loop", () => {
    expect(
      linksOnLoops(
        [-1, -1],
        [
          { from: 0, to: 1, type: 0 },
          { from: 1, to: 0, type: 3 },
        ],
      ),
    ).toEqual([1]);
  });

  it("V5 a loop through a summary's children is seen", () => {
    // Task 1 is a child of summary 0; task 2 follows the child and must not precede the summary.
    expect(linksOnLoops([-1, 0, -1], [fs(1, 2), fs(2, 0)])).toEqual([1]);
    // A start-to-start out of the summary into a task before its child is one too.
    expect(linksOnLoops([-1, 0, -1], [fs(0, 2), { from: 2, to: 1, type: 0 }])).toEqual([1]);
    expect(linksOnLoops([-1, 0, -1], [{ from: 0, to: 2, type: 0 }, fs(2, 1)])).toEqual([]);
  });

  it("V5 what is left never has a loop, and nothing goes from a plan without one", () => {
    const plan = fc.integer({ min: 2, max: 12 }).chain((size) =>
      fc.record({
        parents: fc.tuple(...Array.from({ length: size }, (_, i) => fc.integer({ min: -1, max: i - 1 }))),
        links: fc.array(fc.record({ from: fc.nat(size - 1), to: fc.nat(size - 1), type: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const) }), {
          maxLength: 24,
        }),
      }),
    );
    fc.assert(
      fc.property(plan, ({ parents, links }) => {
        const lawful = links.filter(({ from, to }) => from !== to && !isAbove(parents, from, to) && !isAbove(parents, to, from));
        const dropped = new Set(linksOnLoops(parents, lawful));
        const kept = lawful.filter((_, i) => !dropped.has(i));
        expect(linksOnLoops(parents, kept)).toEqual([]);
        expect(hasLoop(parents, kept)).toBe(false);
        if (!hasLoop(parents, lawful)) expect(dropped.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it("V5 a ring of 100,000 tasks takes no deep stack", () => {
    const size = 100_000;
    const links = Array.from({ length: size }, (_, i) => fs(i, (i + 1) % size));
    expect(linksOnLoops(new Array(size).fill(-1), links)).toEqual([size - 1]);
  });
});

function isAbove(parents: readonly number[], above: number, task: number): boolean {
  for (let at = parents[task] ?? -1; at >= 0; at = parents[at] ?? -1) if (at === above) return true;
  return false;
}

/** The plain way: remove nodes without predecessors until none is left. */
function hasLoop(parents: readonly number[], links: readonly IndexedLink[]): boolean {
  const summary = (task: number): boolean => parents.includes(task);
  const edges: [string, string][] = [];
  const start = (task: number): string => `${task}s`;
  const finish = (task: number): string => (summary(task) ? `${task}f` : `${task}s`);
  for (const [task, parent] of parents.entries()) if (parent >= 0) edges.push([start(parent), start(task)], [finish(task), finish(parent)]);
  for (const { from, to, type } of links)
    if (type % 2 === 0 || !summary(to)) edges.push([type < 2 ? start(from) : finish(from), type % 2 === 0 ? start(to) : finish(to)]);
  let left = edges;
  for (;;) {
    const blocked = new Set(left.map(([, to]) => to));
    const next = left.filter(([from]) => blocked.has(from));
    if (next.length === 0) return false;
    if (next.length === left.length) return true;
    left = next;
  }
}
