/** Binary heap of node codes, smallest key first. Holds each node at most once; bounded by its own bookkeeping, not by recursion. */
export class NodeHeap {
  #nodes: number[] = [];
  #keys: number[] = [];
  #held: Uint8Array;
  readonly #sign: 1 | -1;

  /** `descending` turns the order round: largest key first. */
  constructor(capacity: number, descending = false) {
    this.#held = new Uint8Array(capacity);
    this.#sign = descending ? -1 : 1;
  }

  get size(): number {
    return this.#nodes.length;
  }

  grow(capacity: number): void {
    if (capacity <= this.#held.length) return;
    const held = new Uint8Array(capacity);
    held.set(this.#held);
    this.#held = held;
  }

  has(node: number): boolean {
    return this.#held[node] === 1;
  }

  push(node: number, key: number): void {
    if (this.#held[node] === 1) return;
    this.#held[node] = 1;
    const k = this.#sign * key;
    const nodes = this.#nodes;
    const keys = this.#keys;
    let i = nodes.length;
    nodes.push(node);
    keys.push(k);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if ((keys[up] as number) <= k) break;
      nodes[i] = nodes[up] as number;
      keys[i] = keys[up] as number;
      i = up;
    }
    nodes[i] = node;
    keys[i] = k;
  }

  /** -1 where the heap is empty. */
  pop(): number {
    const nodes = this.#nodes;
    const keys = this.#keys;
    const last = nodes.pop();
    if (last === undefined) return -1;
    const lastKey = keys.pop() as number;
    const n = nodes.length;
    if (n === 0) {
      this.#held[last] = 0;
      return last;
    }
    const top = nodes[0] as number;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      if (child + 1 < n && (keys[child + 1] as number) < (keys[child] as number)) child++;
      if ((keys[child] as number) >= lastKey) break;
      nodes[i] = nodes[child] as number;
      keys[i] = keys[child] as number;
      i = child;
    }
    nodes[i] = last;
    keys[i] = lastKey;
    this.#held[top] = 0;
    return top;
  }

  clear(): void {
    for (const node of this.#nodes) this.#held[node] = 0;
    this.#nodes = [];
    this.#keys = [];
  }

  /** The waiting nodes in no order. */
  nodes(): readonly number[] {
    return this.#nodes;
  }
}
