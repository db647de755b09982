import { type IDBPDatabase, openDB } from "idb";
import { storageError } from "./failure.ts";
import type { OutboxStorage, StoredValue } from "./storage.ts";

const store = "entries";

/** IndexedDB: the default of browsers, shared by all tabs of an origin. Opened at the first use. */
export class IndexedDbStorage implements OutboxStorage {
  readonly durable = true;
  readonly #name: string;
  #database: Promise<IDBPDatabase> | undefined;

  constructor(name = "livegantt") {
    this.#name = name;
  }

  async read(prefix: string): Promise<readonly (readonly [string, StoredValue])[]> {
    try {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const transaction = (await this.#open()).transaction(store);
      const [keys, values] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)]);
      return keys.map((key, i) => [String(key), values[i]]);
    } catch (cause) {
      throw storageError(cause);
    }
  }

  async write(puts: readonly (readonly [string, StoredValue])[], deletes: readonly string[]): Promise<void> {
    try {
      const transaction = (await this.#open()).transaction(store, "readwrite", { durability: "relaxed" });
      // A failed request also fails `done`, which is the one that is awaited.
      for (const key of deletes) transaction.store.delete(key).catch(ignore);
      for (const [key, value] of puts) transaction.store.put(value, key).catch(ignore);
      await transaction.done;
    } catch (cause) {
      throw storageError(cause);
    }
  }

  close(): void {
    this.#database?.then((database) => database.close(), ignore);
    this.#database = undefined;
  }

  #open(): Promise<IDBPDatabase> {
    this.#database ??= openDB(this.#name, 1, {
      upgrade: (database) => {
        database.createObjectStore(store);
      },
      // Another tab brings a newer version: let it, and open again at the next use.
      blocking: () => this.close(),
      terminated: () => {
        this.#database = undefined;
      },
    }).catch((error: unknown) => {
      this.#database = undefined;
      throw error;
    });
    return this.#database;
  }
}

const ignore = (): void => {};
