import type { DependencyRecord, TaskRecord } from "./collections.ts";
import type { EdgeIndex } from "./edges.ts";
import type { SiblingIndex } from "./siblings.ts";

/** The part of a project that its scheduling graph is read from. */
export interface GraphSource {
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  readonly dependencies: ReadonlyMap<string, DependencyRecord>;
  readonly children: SiblingIndex;
  readonly successors: EdgeIndex;
  readonly predecessors: EdgeIndex;
  isSummary(task: string): boolean;
}

/**
 * V5, the scheduling graph: a leaf is one node; a summary is a start node and a finish node (start → children → finish).
 * SS and SF leave from the start, FS and FF from the finish; FS and SS arrive at the start, FF and SF at the finish.
 * An FF or SF into a summary has no effect, so it is no edge; nor is an inactive link.
 * A node is written as one letter (`=` leaf, `<` start, `>` finish) and the task's id.
 */
export type Node = string;

export const startNode = (state: GraphSource, task: string): Node => (state.isSummary(task) ? "<" : "=") + task;
export const finishNode = (state: GraphSource, task: string): Node => (state.isSummary(task) ? ">" : "=") + task;
const taskOf = (node: Node): string => node.slice(1);

const leavesFromStart = (link: DependencyRecord): boolean => (link.type ?? 2) < 2;
const arrivesAtStart = (link: DependencyRecord): boolean => (link.type ?? 2) === 2 || link.type === 0;

/** The edge of a link, or undefined where it has no effect. */
export function linkEdge(state: GraphSource, link: DependencyRecord): readonly [Node, Node] | undefined {
  if (link.active === false || !state.tasks.has(link.fromTask) || !state.tasks.has(link.toTask)) return undefined;
  if (!arrivesAtStart(link) && state.isSummary(link.toTask)) return undefined;
  return [
    leavesFromStart(link) ? startNode(state, link.fromTask) : finishNode(state, link.fromTask),
    arrivesAtStart(link) ? startNode(state, link.toTask) : finishNode(state, link.toTask),
  ];
}

export function* nodesAfter(state: GraphSource, node: Node): Generator<Node> {
  const id = taskOf(node);
  const end = node[0];
  if (end === "<") for (const child of state.children.of(id)) yield startNode(state, child);
  for (const linkId of state.successors.of(id)) {
    const link = state.dependencies.get(linkId);
    const edge = link && linkEdge(state, link);
    if (edge?.[0] === node) yield edge[1];
  }
  if (end !== "<") {
    const parent = state.tasks.get(id)?.parentId;
    if (parent != null && state.tasks.has(parent)) yield `>${parent}`;
  }
}

export function* nodesBefore(state: GraphSource, node: Node): Generator<Node> {
  const id = taskOf(node);
  const end = node[0];
  if (end === ">") for (const child of state.children.of(id)) yield finishNode(state, child);
  for (const linkId of state.predecessors.of(id)) {
    const link = state.dependencies.get(linkId);
    const edge = link && linkEdge(state, link);
    if (edge?.[1] === node) yield edge[0];
  }
  if (end !== ">") {
    const parent = state.tasks.get(id)?.parentId;
    if (parent != null && state.tasks.has(parent)) yield `<${parent}`;
  }
}

/**
 * A path of nodes from `from` to `to`, both included, or undefined. Searches from both ends in turn and stops when either side is exhausted,
 * so that its cost is that of the smaller side, not of the plan.
 */
export function findPath(state: GraphSource, from: Node, to: Node): Node[] | undefined {
  if (from === to) return [from];
  const ahead = new Frontier(from);
  const behind = new Frontier(to);
  for (;;) {
    const next = ahead.take();
    if (next === undefined) return undefined;
    for (const node of nodesAfter(state, next)) {
      if (!ahead.reach(node, next)) continue;
      if (behind.has(node)) return [...ahead.trail(node).reverse(), ...behind.trail(node).slice(1)];
    }
    const previous = behind.take();
    if (previous === undefined) return undefined;
    for (const node of nodesBefore(state, previous)) {
      if (!behind.reach(node, previous)) continue;
      if (ahead.has(node)) return [...ahead.trail(node).reverse(), ...behind.trail(node).slice(1)];
    }
  }
}

class Frontier {
  readonly #cameFrom = new Map<Node, Node | null>();
  readonly #open: Node[] = [];
  #next = 0;

  constructor(origin: Node) {
    this.#cameFrom.set(origin, null);
    this.#open.push(origin);
  }

  has(node: Node): boolean {
    return this.#cameFrom.has(node);
  }

  take(): Node | undefined {
    return this.#open[this.#next++];
  }

  reach(node: Node, from: Node): boolean {
    if (this.#cameFrom.has(node)) return false;
    this.#cameFrom.set(node, from);
    this.#open.push(node);
    return true;
  }

  /** From `node` back to this side's origin. */
  trail(node: Node): Node[] {
    const trail: Node[] = [];
    for (let at: Node | null | undefined = node; at != null; at = this.#cameFrom.get(at)) trail.push(at);
    return trail;
  }
}

/** Some cycle of the whole graph as nodes, or undefined. Kahn's algorithm, O(nodes + edges), without recursion. */
export function findCycle(state: GraphSource): Node[] | undefined {
  const waiting = new Map<Node, number>();
  const ready: Node[] = [];
  for (const id of state.tasks.keys())
    for (const node of state.isSummary(id) ? [`<${id}`, `>${id}`] : [`=${id}`]) {
      let count = 0;
      for (const _ of nodesBefore(state, node)) count++;
      if (count === 0) ready.push(node);
      else waiting.set(node, count);
    }
  for (let node = ready.pop(); node !== undefined; node = ready.pop())
    for (const next of nodesAfter(state, node)) {
      const count = (waiting.get(next) ?? 0) - 1;
      if (count === 0) {
        waiting.delete(next);
        ready.push(next);
      } else waiting.set(next, count);
    }
  const [first] = waiting.keys();
  if (first === undefined) return undefined;
  // Each waiting node has a waiting predecessor: walking back must repeat a node.
  const seen = new Map<Node, number>();
  const trail: Node[] = [];
  let node = first;
  while (!seen.has(node)) {
    seen.set(node, trail.length);
    trail.push(node);
    for (const before of nodesBefore(state, node))
      if (waiting.has(before)) {
        node = before;
        break;
      }
  }
  return [...trail.slice(seen.get(node)), node].reverse();
}

/** The tasks of a node path without repeats of the same task in a row, named for people. */
export function namedPath(state: GraphSource, nodes: readonly Node[]): { id: string; name: string }[] {
  const path: { id: string; name: string }[] = [];
  for (const node of nodes) {
    const id = taskOf(node);
    if (path.at(-1)?.id !== id) path.push({ id, name: state.tasks.get(id)?.name ?? id });
  }
  return path;
}
