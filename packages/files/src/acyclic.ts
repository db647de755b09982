import type { DependencyType } from "@livegantt/core";

/** A link between two tasks by their index. */
export interface IndexedLink {
  readonly from: number;
  readonly to: number;
  readonly type: DependencyType;
}

/**
 * Which links must go so that the rest closes no loop (V5), as indexes into `links`. Linear in tasks and links.
 *
 * A leaf is one node, a summary a start and a finish node (start → children → finish). Strongly connected components (Tarjan 1972) find the links that lie on a loop;
 * inside each component the nodes are then put in an order that follows the outline and, where possible, the links. What runs against that order is left out.
 */
export function linksOnLoops(parents: readonly number[], links: readonly IndexedLink[]): number[] {
  const graph = new Graph(parents, links);
  const component = graph.components();
  const inside = new Set<number>();
  const firm: number[][] = Array.from({ length: graph.size }, () => []);
  const loose: number[][] = Array.from({ length: graph.size }, () => []);
  for (let edge = 0; edge < graph.from.length; edge++) {
    const [a, b] = [graph.from[edge] as number, graph.to[edge] as number];
    if (component[a] !== component[b]) continue;
    inside.add(a).add(b);
    (graph.link[edge] === -1 ? firm : loose)[a]?.push(edge);
  }
  return orderInside(
    graph,
    [...inside].sort((a, b) => a - b),
    firm,
    loose,
  );
}

function orderInside(graph: Graph, nodes: readonly number[], firm: readonly number[][], loose: readonly number[][]): number[] {
  const firmIn = new Map<number, number>(nodes.map((node) => [node, 0]));
  const looseIn = new Map<number, number>(firmIn);
  for (const node of nodes) {
    for (const edge of firm[node] ?? []) add(firmIn, graph.to[edge] as number, 1);
    for (const edge of loose[node] ?? []) add(looseIn, graph.to[edge] as number, 1);
  }
  const free: number[] = [];
  // Nodes that only links hold back, first in the file first; the outline itself has no loop, so one is always here while any node is left.
  const held: number[] = [];
  const place = (node: number): void => {
    if (firmIn.get(node) === 0) (looseIn.get(node) === 0 ? free : held).push(node);
  };
  for (const node of nodes) place(node);
  const done = new Set<number>();
  const dropped: number[] = [];
  for (let next = 0; done.size < nodes.length; ) {
    const node = free.pop() ?? held[next++];
    if (node === undefined) break;
    if (done.has(node)) continue;
    done.add(node);
    for (const edge of firm[node] ?? []) {
      const to = graph.to[edge] as number;
      add(firmIn, to, -1);
      place(to);
    }
    for (const edge of loose[node] ?? []) {
      const to = graph.to[edge] as number;
      if (done.has(to)) dropped.push(graph.link[edge] as number);
      else if (add(looseIn, to, -1) === 0 && firmIn.get(to) === 0) free.push(to);
    }
  }
  return dropped.sort((a, b) => a - b);
}

function add(counts: Map<number, number>, node: number, by: number): number {
  const count = (counts.get(node) ?? 0) + by;
  counts.set(node, count);
  return count;
}

class Graph {
  readonly size: number;
  readonly from: number[] = [];
  readonly to: number[] = [];
  /** Index of the link that an edge stands for; -1: the outline. */
  readonly link: number[] = [];
  readonly #out: number[][];

  constructor(parents: readonly number[], links: readonly IndexedLink[]) {
    this.size = parents.length * 2;
    this.#out = Array.from({ length: this.size }, () => []);
    const summary = new Uint8Array(parents.length);
    for (const parent of parents) if (parent >= 0) summary[parent] = 1;
    const start = (task: number): number => task * 2;
    const finish = (task: number): number => task * 2 + (summary[task] ?? 0);
    for (const [task, parent] of parents.entries())
      if (parent >= 0) {
        this.#edge(start(parent), start(task), -1);
        this.#edge(finish(task), finish(parent), -1);
      }
    for (const [i, { from, to, type }] of links.entries()) {
      const arrivesAtStart = type === 0 || type === 2;
      // An FF or SF into a summary has no effect, so it closes no loop.
      if (!arrivesAtStart && summary[to]) continue;
      this.#edge(type < 2 ? start(from) : finish(from), arrivesAtStart ? start(to) : finish(to), i);
    }
  }

  #edge(from: number, to: number, link: number): void {
    this.#out[from]?.push(this.from.length);
    this.from.push(from);
    this.to.push(to);
    this.link.push(link);
  }

  /** Component of each node; two nodes share one exactly where each is reachable from the other. Iterative, since plans are deep. */
  components(): Int32Array {
    const component = new Int32Array(this.size).fill(-1);
    const index = new Int32Array(this.size).fill(-1);
    const low = new Int32Array(this.size);
    const next = new Int32Array(this.size);
    const open: number[] = [];
    const path: number[] = [];
    let counter = 0;
    let found = 0;
    for (let root = 0; root < this.size; root++) {
      if (index[root] !== -1) continue;
      path.push(root);
      while (path.length > 0) {
        const node = path[path.length - 1] as number;
        if (index[node] === -1) {
          index[node] = low[node] = counter++;
          open.push(node);
        }
        const edge = this.#out[node]?.[next[node] as number];
        if (edge !== undefined) {
          next[node] = (next[node] as number) + 1;
          const to = this.to[edge] as number;
          if (index[to] === -1) path.push(to);
          else if (component[to] === -1) low[node] = Math.min(low[node] as number, index[to] as number);
          continue;
        }
        path.pop();
        const parent = path[path.length - 1];
        if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
        if (low[node] !== index[node]) continue;
        for (let member = open.pop(); member !== undefined; member = open.pop()) {
          component[member] = found;
          if (member === node) break;
        }
        found++;
      }
    }
    return component;
  }
}
