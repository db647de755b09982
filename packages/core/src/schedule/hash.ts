/** Two 32-bit lanes that are summed over all tasks, so that the order of records does not matter. */
export class DatesHash {
  #a = 0;
  #b = 0;

  add(id: string, values: readonly number[]): void {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (let i = 0; i < id.length; i++) {
      a = Math.imul(a ^ id.charCodeAt(i), 0x01000193);
      b = Math.imul(b + id.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
    }
    for (const value of values) {
      const low = value | 0;
      const high = Math.floor(value / 4294967296) | 0;
      a = Math.imul(a ^ low, 0x01000193);
      a = Math.imul(a ^ high ^ (a >>> 15), 0x01000193);
      b = Math.imul(b ^ (low + 0x7f4a7c15), 0xc2b2ae35) ^ (b >>> 16);
      b = Math.imul(b + high, 0x85ebca6b) ^ (b >>> 13);
    }
    this.#a = (this.#a + (a ^ (a >>> 16))) >>> 0;
    this.#b = (this.#b + (b ^ (b >>> 15))) >>> 0;
  }

  toString(): string {
    return this.#a.toString(16).padStart(8, "0") + this.#b.toString(16).padStart(8, "0");
  }
}
