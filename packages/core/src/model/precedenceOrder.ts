import { LabelHeap } from "./labelHeap.ts";
import { finishNode, type GraphSource, linkEdge, type Node, nodesAfter, nodesBefore, startNode } from "./precedence.ts";

/** Room between labels of a fresh order, and the least step when nodes are pushed back. */
const gap = 65_536;
const step = 16;

/**
 * A topological order of the scheduling graph (V5), kept while the project changes, so that a new edge is known to close no loop without a search of the plan.
 * Each node has a label; every edge that was taken in leads to a larger one. An edge against the order pushes back only the nodes between its ends
 * (Pearce & Kelly, "A dynamic topological sort algorithm for directed acyclic graphs", 2006); removals cost nothing.
 * Built at the first use in O(plan), then O(change).
 */
export class PrecedenceOrder {
  readonly #state: GraphSource;
  /** Undefined until the first use. */
  #labels: Map<Node, number> | undefined;
  /** Tasks that came, went or changed place, and links that came or changed, since the order last took them in. */
  readonly #tasks = new Set<string>();
  readonly #links = new Set<string>();
  /** Noted tasks whose nodes came into being since: none of their edges is taken in yet, though taking in another's may have labelled them. */
  readonly #fresh = new Set<string>();
  /** Nodes that were pushed back since the order was last known to be sound. */
  readonly #moved = new Set<Node>();

  constructor(state: GraphSource) {
    this.#state = state;
  }

  noteTask(task: string, ...parents: (string | null | undefined)[]): void {
    if (!this.#labels) return;
    this.#tasks.add(task);
    for (const parent of parents) if (parent != null) this.#tasks.add(parent);
  }

  noteLink(link: string): void {
    if (this.#labels) this.#links.add(link);
  }

  /** True where the project as it stands has no loop. What closes one stays noted, so that the answer is right again when it was taken back. */
  holds(): boolean {
    this.#labels ??= this.#build();
    if (!this.#labels) return false;
    for (const task of this.#tasks) this.#renew(this.#labels, task);
    for (const task of this.#tasks) if (this.#takeTask(this.#labels, task)) this.#tasks.delete(task);
    for (const link of this.#links) if (this.#takeLink(this.#labels, link)) this.#links.delete(link);
    if (this.#tasks.size > 0 || this.#links.size > 0) return false;
    if (!this.#isOrdered(this.#labels)) this.#labels = this.#build();
    this.#moved.clear();
    return this.#labels !== undefined;
  }

  /** Labels only grow, so an edge can only have come out of order where its beginning moved: around a loop that another edge led into. */
  #isOrdered(labels: Map<Node, number>): boolean {
    for (const node of this.#moved) {
      const at = labels.get(node);
      if (at !== undefined) for (const next of nodesAfter(this.#state, node)) if ((labels.get(next) ?? 0) <= at) return false;
    }
    return true;
  }

  #takeLink(labels: Map<Node, number>, id: string): boolean {
    const link = this.#state.dependencies.get(id);
    const edge = link && linkEdge(this.#state, link);
    return !edge || this.#follow(labels, edge[0], edge[1]);
  }

  /** Drops nodes that are no more: a summary has two, a leaf has one. */
  #renew(labels: Map<Node, number>, id: string): void {
    const task = this.#state.tasks.get(id);
    const summary = task !== undefined && this.#state.isSummary(id);
    if (!task || summary) labels.delete(`=${id}`);
    if (!task || !summary) {
      labels.delete(`<${id}`);
      labels.delete(`>${id}`);
    }
    if (!task) this.#fresh.delete(id);
    else if (!labels.has(startNode(this.#state, id))) this.#fresh.add(id);
  }

  #takeTask(labels: Map<Node, number>, id: string): boolean {
    const task = this.#state.tasks.get(id);
    if (!task) return true;
    const [start, finish] = [startNode(this.#state, id), finishNode(this.#state, id)];
    const parent = task.parentId != null && this.#state.tasks.has(task.parentId) ? task.parentId : undefined;
    if (parent !== undefined && !(this.#follow(labels, `<${parent}`, start) && this.#follow(labels, finish, `>${parent}`))) return false;
    if (this.#fresh.has(id) && !this.#takeEdges(labels, start, finish)) return false;
    this.#fresh.delete(id);
    return true;
  }

  /** All edges of a task whose nodes are new to the order. */
  #takeEdges(labels: Map<Node, number>, start: Node, finish: Node): boolean {
    for (const node of new Set([start, finish])) {
      for (const before of nodesBefore(this.#state, node)) if (!this.#follow(labels, before, node)) return false;
      for (const after of nodesAfter(this.#state, node)) if (!this.#follow(labels, node, after)) return false;
    }
    return true;
  }

  /** Makes `to` come after `from`. False, with no label moved, where `from` already comes after `to`. */
  #follow(labels: Map<Node, number>, from: Node, to: Node): boolean {
    const at = labels.get(from) ?? 0;
    const now = labels.get(to) ?? 0;
    if (!labels.has(from)) labels.set(from, at);
    if (now > at) return true;
    const needs = new Map<Node, number>([[to, at + step]]);
    const moved: [Node, number][] = [];
    const open = new LabelHeap<Node>();
    open.push(to, now);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node === from) return false;
      const need = needs.get(node) as number;
      moved.push([node, need]);
      for (const next of nodesAfter(this.#state, node)) {
        const label = labels.get(next) ?? 0;
        if (label > need) continue;
        const known = needs.get(next);
        if (known === undefined) open.push(next, label);
        if (known === undefined || known < need + step) needs.set(next, need + step);
      }
    }
    for (const [node, label] of moved) {
      labels.set(node, label);
      this.#moved.add(node);
    }
    return true;
  }

  /** Kahn's algorithm over the whole graph; undefined where it has a loop. */
  #build(): Map<Node, number> | undefined {
    const waiting = new Map<Node, number>();
    const ready: Node[] = [];
    let total = 0;
    for (const id of this.#state.tasks.keys())
      for (const node of this.#state.isSummary(id) ? [`<${id}`, `>${id}`] : [`=${id}`]) {
        total++;
        let count = 0;
        for (const _ of nodesBefore(this.#state, node)) count++;
        if (count === 0) ready.push(node);
        else waiting.set(node, count);
      }
    const labels = new Map<Node, number>();
    for (let i = 0; i < ready.length; i++) {
      const node = ready[i] as Node;
      labels.set(node, (i + 1) * gap);
      for (const next of nodesAfter(this.#state, node)) {
        const count = (waiting.get(next) as number) - 1;
        waiting.set(next, count);
        if (count === 0) ready.push(next);
      }
    }
    return labels.size === total ? labels : undefined;
  }
}
