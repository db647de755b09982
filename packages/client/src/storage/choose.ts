import { ClientError } from "../errors.ts";
import { IndexedDbStorage } from "./indexedDb.ts";
import { LocalStorage } from "./local.ts";
import { MemoryStorage } from "./memory.ts";
import type { OutboxStorage } from "./storage.ts";

export type StorageChoice = "indexeddb" | "local" | "memory" | OutboxStorage;

/** The named store, or the best one that the runtime has: IndexedDB, then `localStorage`, then memory. */
export function chooseStorage(choice: StorageChoice | undefined): OutboxStorage {
  if (typeof choice === "object") return choice;
  if (choice === "memory") return new MemoryStorage();
  if (choice === "indexeddb" || (choice === undefined && hasIndexedDb())) {
    if (hasIndexedDb()) return new IndexedDbStorage();
  } else if (choice === "local" || hasLocalStorage()) {
    if (hasLocalStorage()) return new LocalStorage();
  } else return new MemoryStorage();
  throw new ClientError("no_storage", "fix", `This runtime has no store "${choice}". Use "memory", or pass a store of your own as the option \`storage\`.`);
}

const hasIndexedDb = (): boolean => typeof globalThis.indexedDB === "object" && globalThis.indexedDB !== null;

function hasLocalStorage(): boolean {
  try {
    return typeof globalThis.localStorage === "object" && globalThis.localStorage !== null;
  } catch {
    return false; // a sandboxed page throws on the mere look
  }
}
