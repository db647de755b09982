import { compareText } from "@livegantt/core";
import type { OutboxStorage, StoredValue } from "./storage.ts";

/** For Node and for tests. Keeps what it is given, which nobody changes afterwards; what is read is a copy. */
export class MemoryStorage implements OutboxStorage {
  readonly durable: boolean = false;
  readonly #values = new Map<string, StoredValue>();

  read(prefix: string): readonly (readonly [string, StoredValue])[] {
    const keys = [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort(compareText);
    return keys.map((key) => [key, structuredClone(this.#values.get(key))]);
  }

  write(puts: readonly (readonly [string, StoredValue])[], deletes: readonly string[]): void {
    for (const key of deletes) this.#values.delete(key);
    for (const [key, value] of puts) this.#values.set(key, value);
  }
}
