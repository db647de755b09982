import { compareText } from "@livegantt/core";
import type { OutboxStorage, StoredValue } from "./storage.ts";

/** For Node and for tests. Values are kept as text: what is read is never the object that was written. */
export class MemoryStorage implements OutboxStorage {
  readonly durable = false;
  readonly #texts = new Map<string, string>();

  read(prefix: string): readonly (readonly [string, StoredValue])[] {
    const keys = [...this.#texts.keys()].filter((key) => key.startsWith(prefix)).sort(compareText);
    return keys.map((key) => [key, JSON.parse(this.#texts.get(key) as string)]);
  }

  write(puts: readonly (readonly [string, StoredValue])[], deletes: readonly string[]): void {
    for (const key of deletes) this.#texts.delete(key);
    for (const [key, value] of puts) this.#texts.set(key, JSON.stringify(value));
  }
}
