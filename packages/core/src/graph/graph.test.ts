import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NodeHeap } from "./heap.ts";
import { boundsSuccessor, PrecedenceGraph } from "./precedenceGraph.ts";
import { strongComponents } from "./strongComponents.ts";
import { TopologicalOrder } from "./topologicalOrder.ts";

const size = 24;

function leaves(): { graph: PrecedenceGraph; order: TopologicalOrder } {
  const graph = new PrecedenceGraph();
  const order = new TopologicalOrder(graph);
  for (let i = 0; i < size; i++) graph.attach(graph.addTask(`t${i}`), -1);
  order.grow();
  order.rebuild();
  return { graph, order };
}

/** Whether `to` can be reached from `from` over the links that are there. */
function reaches(links: ReadonlyMap<string, readonly [number, number]>, from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const at of seen) for (const [a, b] of links.values()) if (a === at) seen.add(b);
  return seen.has(to);
}

describe("the order of the scheduling graph", () => {
  it("V5 follows every edge through insertions and removals, and an edge that closes a loop is told", () => {
    const edge = fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.boolean());
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 120 }), (edits) => {
        const { graph, order } = leaves();
        const links = new Map<string, readonly [number, number]>();
        for (const [from, to, removes] of edits) {
          const id = `${from}-${to}`;
          const known = graph.linkOf.get(id);
          if (known !== undefined) {
            if (removes) {
              graph.removeLink(known);
              links.delete(id);
            }
            continue;
          }
          if (from === to) continue;
          const loops = reaches(links, to, from);
          const link = graph.addLink(id, from, to, 2);
          graph.effect[link] = boundsSuccessor;
          expect(order.orderEdge(4 * from, 4 * to)).toBe(!loops);
          if (loops) {
            graph.removeLink(link);
            order.rebuild();
          } else links.set(id, [from, to]);
          order.touch();
          for (const [a, b] of links.values()) expect(order.label[4 * a]).toBeLessThan(order.label[4 * b] as number);
        }
        const place = new Map(Array.from(order.sorted(), (node, i) => [node >> 2, i]));
        for (const [a, b] of links.values()) expect(place.get(a)).toBeLessThan(place.get(b) as number);
      }),
      { numRuns: 60 },
    );
  });

  it("V5 strong components are the loops, each with its own number", () => {
    const next: Record<number, number[]> = { 1: [2], 2: [3], 3: [1, 4], 4: [5], 5: [6], 6: [5], 7: [1] };
    const component = strongComponents([1, 2, 3, 4, 5, 6, 7], (node, out) => out.push(...(next[node] ?? [])));
    expect([...component.keys()].sort()).toEqual([1, 2, 3, 5, 6]);
    expect(new Set([1, 2, 3].map((node) => component.get(node))).size).toBe(1);
    expect(component.get(5)).not.toBe(component.get(1));
  });

  it("S3 the heap gives each node once, by key", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (nodes) => {
        for (const descending of [false, true]) {
          const heap = new NodeHeap(51, descending);
          for (const node of nodes) heap.push(node, node);
          const popped: number[] = [];
          for (let node = heap.pop(); node >= 0; node = heap.pop()) popped.push(node);
          expect(popped).toEqual([...new Set(nodes)].sort((a, b) => (descending ? b - a : a - b)));
        }
      }),
    );
  });
});
