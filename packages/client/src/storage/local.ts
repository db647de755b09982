import { compareText } from "@livegantt/core";
import { storageError } from "./failure.ts";
import type { OutboxStorage, StoredValue } from "./storage.ts";

const root = "livegantt/";

/** `localStorage`, for browsers without IndexedDB. A write that does not fit is taken back, so that none is half done. */
export class LocalStorage implements OutboxStorage {
  readonly durable = true;
  readonly #storage: Storage;

  constructor(storage: Storage = globalThis.localStorage) {
    this.#storage = storage;
  }

  read(prefix: string): readonly (readonly [string, StoredValue])[] {
    const keys: string[] = [];
    for (let i = 0; i < this.#storage.length; i++) {
      const key = this.#storage.key(i);
      if (key?.startsWith(root + prefix)) keys.push(key);
    }
    return keys.sort(compareText).map((key) => [key.slice(root.length), parse(this.#storage.getItem(key))]);
  }

  write(puts: readonly (readonly [string, StoredValue])[], deletes: readonly string[]): void {
    const before = new Map<string, string | null>();
    const note = (key: string): void => {
      if (!before.has(key)) before.set(key, this.#storage.getItem(key));
    };
    try {
      for (const name of deletes) {
        note(root + name);
        this.#storage.removeItem(root + name);
      }
      for (const [name, value] of puts) {
        note(root + name);
        this.#storage.setItem(root + name, JSON.stringify(value));
      }
    } catch (cause) {
      for (const key of before.keys()) this.#storage.removeItem(key);
      for (const [key, text] of before) if (text !== null) this.#storage.setItem(key, text);
      throw storageError(cause);
    }
  }
}

/** A damaged value is handed on as it is: whoever reads it says what is wrong with it. */
function parse(text: string | null): StoredValue {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
