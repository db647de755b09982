/** Node codes: task slot · 4 + what of the task. A leaf is one node; a summary is three, and its finish takes the code of its leaf. */
export const body = 0;
/** Earliest moment at which a summary lets its children start. */
export const gate = 1;
/** Earliest start among a summary's children. */
export const head = 2;

export const none = -1;

/** What a link does: it bounds its successor's dates, it bounds its predecessor's late dates. */
export const boundsSuccessor = 1;
export const boundsPredecessor = 2;

const grown = <T extends Int32Array | Uint8Array | Float64Array>(array: T, capacity: number, fill = 0): T => {
  const Make = array.constructor as new (length: number) => T;
  const next = new Make(capacity);
  if (fill !== 0) next.fill(fill, array.length);
  next.set(array as never);
  return next;
};

/**
 * Tree and links of a plan as lists in typed arrays, so that every insertion and removal costs O(1). Tasks and links have slots that are reused.
 * Holds the scheduling graph of V5, refined by the `head` nodes from which start-to-start links leave a summary.
 */
export class PrecedenceGraph {
  readonly slotOf = new Map<string, number>();
  readonly ids: (string | undefined)[] = [];
  parent = new Int32Array(0);
  firstChild = new Int32Array(0);
  nextSibling = new Int32Array(0);
  previousSibling = new Int32Array(0);
  summary = new Uint8Array(0);
  firstOut = new Int32Array(0);
  firstIn = new Int32Array(0);
  /** First task of the top level. */
  firstTop = none;

  readonly linkOf = new Map<string, number>();
  readonly linkIds: (string | undefined)[] = [];
  from = new Int32Array(0);
  to = new Int32Array(0);
  /** 0 start-to-start, 1 start-to-finish, 2 finish-to-start, 3 finish-to-finish. */
  type = new Uint8Array(0);
  effect = new Uint8Array(0);
  /** 1 where a link leaves a summary's gate instead of its head, because its successor decides when the head is. */
  fromGate = new Uint8Array(0);
  nextOut = new Int32Array(0);
  previousOut = new Int32Array(0);
  nextIn = new Int32Array(0);
  previousIn = new Int32Array(0);

  /** One more than the highest slot in use. */
  slots = 0;
  links = 0;
  readonly #freeSlots: number[] = [];
  readonly #freeLinks: number[] = [];

  get capacity(): number {
    return this.parent.length;
  }

  get linkCapacity(): number {
    return this.from.length;
  }

  reserve(tasks: number, links: number): void {
    if (tasks > this.capacity) {
      this.parent = grown(this.parent, tasks, none);
      this.firstChild = grown(this.firstChild, tasks, none);
      this.nextSibling = grown(this.nextSibling, tasks, none);
      this.previousSibling = grown(this.previousSibling, tasks, none);
      this.summary = grown(this.summary, tasks);
      this.firstOut = grown(this.firstOut, tasks, none);
      this.firstIn = grown(this.firstIn, tasks, none);
    }
    if (links > this.linkCapacity) {
      this.from = grown(this.from, links);
      this.to = grown(this.to, links);
      this.type = grown(this.type, links);
      this.effect = grown(this.effect, links);
      this.fromGate = grown(this.fromGate, links);
      this.nextOut = grown(this.nextOut, links, none);
      this.previousOut = grown(this.previousOut, links, none);
      this.nextIn = grown(this.nextIn, links, none);
      this.previousIn = grown(this.previousIn, links, none);
    }
  }

  addTask(id: string): number {
    const slot = this.#freeSlots.pop() ?? this.slots++;
    if (slot >= this.capacity) this.reserve(Math.max(64, 2 * this.capacity), 0);
    this.ids[slot] = id;
    this.slotOf.set(id, slot);
    this.parent[slot] = none;
    this.nextSibling[slot] = none;
    this.previousSibling[slot] = none;
    this.firstChild[slot] = none;
    this.summary[slot] = 0;
    this.firstOut[slot] = none;
    this.firstIn[slot] = none;
    return slot;
  }

  /** The task must have no parent, children or links any more. */
  removeTask(slot: number): void {
    this.slotOf.delete(this.ids[slot] as string);
    this.ids[slot] = undefined;
    this.#freeSlots.push(slot);
  }

  attach(slot: number, parent: number): void {
    const first = parent === none ? this.firstTop : (this.firstChild[parent] as number);
    this.parent[slot] = parent;
    this.previousSibling[slot] = none;
    this.nextSibling[slot] = first;
    if (first !== none) this.previousSibling[first] = slot;
    if (parent === none) this.firstTop = slot;
    else this.firstChild[parent] = slot;
  }

  detach(slot: number): void {
    const parent = this.parent[slot] as number;
    const next = this.nextSibling[slot] as number;
    const previous = this.previousSibling[slot] as number;
    if (next !== none) this.previousSibling[next] = previous;
    if (previous !== none) this.nextSibling[previous] = next;
    else if (parent === none) this.firstTop = next;
    else this.firstChild[parent] = next;
    this.parent[slot] = none;
    this.nextSibling[slot] = none;
    this.previousSibling[slot] = none;
  }

  addLink(id: string, from: number, to: number, type: number): number {
    const link = this.#freeLinks.pop() ?? this.links++;
    if (link >= this.linkCapacity) this.reserve(0, Math.max(64, 2 * this.linkCapacity));
    this.linkOf.set(id, link);
    this.linkIds[link] = id;
    this.from[link] = from;
    this.to[link] = to;
    this.type[link] = type;
    this.fromGate[link] = 0;
    this.effect[link] = 0;
    const out = this.firstOut[from] as number;
    this.nextOut[link] = out;
    this.previousOut[link] = none;
    if (out !== none) this.previousOut[out] = link;
    this.firstOut[from] = link;
    const into = this.firstIn[to] as number;
    this.nextIn[link] = into;
    this.previousIn[link] = none;
    if (into !== none) this.previousIn[into] = link;
    this.firstIn[to] = link;
    return link;
  }

  removeLink(link: number): void {
    const [from, to] = [this.from[link] as number, this.to[link] as number];
    const [nextOut, previousOut] = [this.nextOut[link] as number, this.previousOut[link] as number];
    if (nextOut !== none) this.previousOut[nextOut] = previousOut;
    if (previousOut !== none) this.nextOut[previousOut] = nextOut;
    else this.firstOut[from] = nextOut;
    const [nextIn, previousIn] = [this.nextIn[link] as number, this.previousIn[link] as number];
    if (nextIn !== none) this.previousIn[nextIn] = previousIn;
    if (previousIn !== none) this.nextIn[previousIn] = nextIn;
    else this.firstIn[to] = nextIn;
    this.linkOf.delete(this.linkIds[link] as string);
    this.linkIds[link] = undefined;
    this.effect[link] = 0;
    this.#freeLinks.push(link);
  }

  isTask(slot: number): boolean {
    return this.ids[slot] !== undefined;
  }

  /** A task may have gone, or have become a leaf, since its node was noted. */
  isNode(node: number): boolean {
    return this.isTask(node >> 2) && ((node & 3) === body || this.summary[node >> 2] === 1);
  }

  /** Whether a link is an edge of the graph: inactive links and FF or SF into a summary are not. */
  isEdge(link: number): boolean {
    return ((this.effect[link] as number) & boundsSuccessor) !== 0;
  }

  fromNode(link: number): number {
    const from = this.from[link] as number;
    if (this.summary[from] === 0 || (this.type[link] as number) >= 2) return from * 4;
    return from * 4 + (this.fromGate[link] === 1 ? gate : head);
  }

  toNode(link: number): number {
    const to = this.to[link] as number;
    return to * 4 + (this.summary[to] === 1 ? gate : body);
  }

  /** Appends the nodes that must come after a node. */
  successors(node: number, out: number[]): void {
    const slot = node >> 2;
    const part = node & 3;
    const summary = this.summary[slot] === 1;
    if (part === gate) {
      out.push(slot * 4, slot * 4 + head);
      for (let c = this.firstChild[slot] as number; c !== none; c = this.nextSibling[c] as number) out.push(this.summary[c] === 1 ? c * 4 + gate : c * 4);
    } else {
      const parent = this.parent[slot] as number;
      if (parent !== none) {
        if (part === body) out.push(parent * 4);
        if (part === head || !summary) out.push(parent * 4 + head);
      }
    }
    for (let e = this.firstOut[slot] as number; e !== none; e = this.nextOut[e] as number)
      if (this.isEdge(e) && (!summary || this.fromNode(e) === node)) out.push(this.toNode(e));
  }

  /** Whether one task is the other or stands above it. */
  isWithin(slot: number, ancestor: number): boolean {
    for (let at = slot; at !== none; at = this.parent[at] as number) if (at === ancestor) return true;
    return false;
  }
}
