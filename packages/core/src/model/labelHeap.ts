/** Binary heap, smallest label first. */
export class LabelHeap<T> {
  readonly #items: T[] = [];
  readonly #labels: number[] = [];

  push(item: T, label: number): void {
    let at = this.#items.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((this.#labels[up] as number) <= label) break;
      this.#move(up, at);
      at = up;
    }
    this.#items[at] = item;
    this.#labels[at] = label;
  }

  pop(): T | undefined {
    const [top] = this.#items;
    const last = this.#items.pop();
    const label = this.#labels.pop() as number;
    const size = this.#items.length;
    if (last === undefined || size === 0) return top;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (this.#labels[child + 1] as number) < (this.#labels[child] as number)) child++;
      if ((this.#labels[child] as number) >= label) break;
      this.#move(child, at);
      at = child;
    }
    this.#items[at] = last;
    this.#labels[at] = label;
    return top;
  }

  #move(from: number, to: number): void {
    this.#items[to] = this.#items[from] as T;
    this.#labels[to] = this.#labels[from] as number;
  }
}
