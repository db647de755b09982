const none: ReadonlySet<string> = new Set();

/** Ids of the records that point at a record through one field. */
export class EdgeIndex {
  readonly #sets = new Map<string, Set<string>>();

  of(target: string): ReadonlySet<string> {
    return this.#sets.get(target) ?? none;
  }

  has(target: string): boolean {
    return this.#sets.has(target);
  }

  add(target: string | null | undefined, id: string): void {
    if (target == null) return;
    const set = this.#sets.get(target);
    if (set) set.add(id);
    else this.#sets.set(target, new Set([id]));
  }

  delete(target: string | null | undefined, id: string): void {
    if (target == null) return;
    const set = this.#sets.get(target);
    if (!set) return;
    set.delete(id);
    if (set.size === 0) this.#sets.delete(target);
  }
}
