import { NodeHeap } from "./heap.ts";
import { boundsSuccessor, gate, head, none, type PrecedenceGraph } from "./precedenceGraph.ts";
import { strongComponents } from "./strongComponents.ts";

/** Room between labels of a fresh order, and the least step when nodes are pushed back. */
const gap = 65_536;
const step = 16;

/**
 * A topological order that is kept while the graph changes: each node has a label, and every edge leads to a larger one.
 * An insertion that breaks this pushes back only the nodes between its ends, as in Pearce & Kelly (2006); since labels leave gaps, one side suffices.
 * A removal costs nothing.
 */
export class TopologicalOrder {
  readonly #graph: PrecedenceGraph;
  label = new Float64Array(0);
  #need = new Float64Array(0);
  readonly #heap = new NodeHeap(0);
  readonly #next: number[] = [];
  #sorted: Int32Array | undefined;
  /** True while some link leaves a gate to keep the graph free of cycles: which ones do is a matter of the whole graph, so changes rebuild it. */
  knotted = false;

  constructor(graph: PrecedenceGraph) {
    this.#graph = graph;
  }

  grow(): void {
    const size = 4 * this.#graph.capacity;
    if (size <= this.label.length) return;
    const label = new Float64Array(size);
    label.set(this.label);
    this.label = label;
    this.#need = new Float64Array(size);
    this.#heap.grow(size);
  }

  /** All nodes in order. Made anew after changes of the graph; labels stay as they are. */
  sorted(): Int32Array {
    this.#sorted ??= this.#kahn().sorted;
    return this.#sorted;
  }

  /** Call after any change of nodes or edges. */
  touch(): void {
    this.#sorted = undefined;
  }

  /** A new task stands before all others until its edges push it back. */
  place(slot: number): void {
    const parent = this.#graph.parent[slot] as number;
    const at = parent === none ? 0 : (this.label[4 * parent + gate] as number) + 1;
    for (let part = 0; part < 3; part++) this.label[4 * slot + part] = at + (part === gate ? 0 : 1);
  }

  becomesSummary(slot: number): void {
    const at = this.label[4 * slot] as number;
    this.label[4 * slot + gate] = at;
    this.label[4 * slot + head] = at + 1;
    this.label[4 * slot] = at + 1;
  }

  becomesLeaf(slot: number): void {
    this.label[4 * slot] = this.label[4 * slot + gate] as number;
  }

  /** Orders the edges between a task and its parent. False where they close a cycle. */
  orderTask(slot: number): boolean {
    const { parent, summary } = this.#graph;
    const own = 4 * slot;
    const up = 4 * (parent[slot] as number);
    const isSummary = summary[slot] === 1;
    if (isSummary && !(this.orderEdge(own + gate, own) && this.orderEdge(own + gate, own + head))) return false;
    if (up < 0) return true;
    return this.orderEdge(up + gate, isSummary ? own + gate : own) && this.orderEdge(own, up) && this.orderEdge(isSummary ? own + head : own, up + head);
  }

  /** Makes `y` come after `x`. False where `x` already comes after `y`: then the order is void until it is rebuilt. */
  orderEdge(x: number, y: number): boolean {
    const { label, graph, need, heap, next } = { label: this.label, graph: this.#graph, need: this.#need, heap: this.#heap, next: this.#next };
    if ((label[y] as number) > (label[x] as number)) return true;
    need[y] = (label[x] as number) + step;
    heap.push(y, label[y] as number);
    // Edges that are not ordered yet may close a cycle past x: no order pushes back more often than this.
    let budget = 8 * graph.slots + 1024;
    for (let v = heap.pop(); v >= 0; v = heap.pop()) {
      if (v === x || budget-- === 0) {
        heap.clear();
        return false;
      }
      const at = need[v] as number;
      next.length = 0;
      graph.successors(v, next);
      for (const s of next) {
        if ((label[s] as number) > at) continue;
        if (!heap.has(s)) {
          need[s] = at + step;
          heap.push(s, label[s] as number);
        } else if ((need[s] as number) < at + step) need[s] = at + step;
      }
      label[v] = at;
    }
    return true;
  }

  /** A fresh order of everything in O(nodes + edges). Cycles are opened by the same links on every replica, whatever the order of records. */
  rebuild(): void {
    const graph = this.#graph;
    graph.fromGate.fill(0);
    this.knotted = false;
    let order = this.#kahn();
    if (order.rest.length > 0) {
      this.knotted = true;
      const component = strongComponents(order.rest, (node, out) => graph.successors(node, out));
      const inside = (link: number): boolean => {
        const own = component.get(graph.fromNode(link));
        return own !== undefined && own === component.get(graph.toNode(link));
      };
      const edges = [...graph.linkOf.values()].filter((link) => graph.isEdge(link) && inside(link));
      for (const link of edges) if ((graph.fromNode(link) & 3) === head) graph.fromGate[link] = 1;
      order = this.#kahn();
      if (order.rest.length > 0) {
        // Only a plan that breaks V5 gets here: the links of its cycles are without effect.
        for (const link of edges) if (inside(link)) graph.effect[link] = 0;
        order = this.#kahn();
      }
    }
    order.sorted.forEach((node, i) => {
      this.label[node] = (i + 1) * gap;
    });
    this.#sorted = order.sorted;
  }

  /** Kahn's algorithm. Nodes on cycles and behind them are left over. */
  #kahn(): { sorted: Int32Array; rest: number[] } {
    const graph = this.#graph;
    const { summary, parent, firstChild, nextSibling, firstOut, nextOut, to, type, effect, fromGate, slots, links } = graph;
    const waiting = new Int32Array(4 * slots);
    for (let e = 0; e < links; e++)
      if (((effect[e] as number) & boundsSuccessor) !== 0) {
        const target = to[e] as number;
        waiting[4 * target + (summary[target] as number)] = (waiting[4 * target + (summary[target] as number)] as number) + 1;
      }
    for (let slot = 0; slot < slots; slot++) {
      if (!graph.isTask(slot)) continue;
      const isSummary = summary[slot] as number;
      if (isSummary === 1) {
        waiting[4 * slot] = (waiting[4 * slot] as number) + 1;
        waiting[4 * slot + head] = (waiting[4 * slot + head] as number) + 1;
      }
      const up = parent[slot] as number;
      if (up === none) continue;
      waiting[4 * slot + isSummary] = (waiting[4 * slot + isSummary] as number) + 1;
      waiting[4 * up] = (waiting[4 * up] as number) + 1;
      waiting[4 * up + head] = (waiting[4 * up + head] as number) + 1;
    }
    // What is ready waits on a stack: a chain stays together in the order, and in the processor's cache when it is gone through.
    const sorted = new Int32Array(3 * slots);
    const stack = new Int32Array(3 * slots);
    let [tail, top, nodes] = [0, 0, 0];
    for (let slot = slots - 1; slot >= 0; slot--) {
      if (!graph.isTask(slot)) continue;
      nodes += summary[slot] === 1 ? 3 : 1;
      const entry = 4 * slot + (summary[slot] as number);
      if (waiting[entry] === 0) stack[top++] = entry;
    }
    const free = (node: number): void => {
      const left = (waiting[node] as number) - 1;
      waiting[node] = left;
      if (left === 0) stack[top++] = node;
    };
    while (top > 0) {
      const node = stack[--top] as number;
      sorted[tail++] = node;
      const slot = node >> 2;
      const part = node & 3;
      const isSummary = summary[slot] === 1;
      if (isSummary && part === gate) {
        free(4 * slot);
        free(4 * slot + head);
        for (let c = firstChild[slot] as number; c !== none; c = nextSibling[c] as number) free(4 * c + (summary[c] as number));
      } else {
        const up = parent[slot] as number;
        if (up !== none) {
          if (part !== head) free(4 * up);
          if (!isSummary || part === head) free(4 * up + head);
        }
      }
      for (let e = firstOut[slot] as number; e !== none; e = nextOut[e] as number) {
        if (((effect[e] as number) & boundsSuccessor) === 0) continue;
        if (isSummary && part !== ((type[e] as number) >= 2 ? 0 : fromGate[e] === 1 ? gate : head)) continue;
        const target = to[e] as number;
        free(4 * target + (summary[target] as number));
      }
    }
    return { sorted: sorted.subarray(0, tail), rest: tail === nodes ? [] : this.#waitingNodes(waiting) };
  }

  #waitingNodes(waiting: Int32Array): number[] {
    const nodes: number[] = [];
    for (let node = 0; node < waiting.length; node++) if ((waiting[node] as number) > 0 && this.#graph.isNode(node)) nodes.push(node);
    return nodes;
  }
}
