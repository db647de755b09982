import { createRequire } from "node:module";
import { StoreError } from "../../interfaces/store.ts";
import type { Constructor, Database } from "./library.ts";
import { keepingNul } from "./nulSafe.ts";

const require = createRequire(import.meta.url);

interface Driver {
  readonly module: string;
  load(): Constructor;
  /** Left out: `readOnly`. */
  readonly readOnlyOption?: string;
}

/**
 * Tried in this order: the native addon may be missing where neither a prebuilt binary nor a compiler was at hand; `node:sqlite` exists from Node 22 on;
 * `@photostructure/sqlite` has its interface and brings its binaries in the package.
 */
export const drivers: readonly Driver[] = [
  { module: "better-sqlite3", load: () => require("better-sqlite3") as Constructor, readOnlyOption: "readonly" },
  { module: "node:sqlite", load: () => (require("node:sqlite") as { DatabaseSync: Constructor }).DatabaseSync },
  { module: "@photostructure/sqlite", load: () => keepingNul((require("@photostructure/sqlite") as { DatabaseSync: Constructor }).DatabaseSync) },
];

/** @throws StoreError `no_driver` with the reason of each library that did not load. */
export function openDatabase(file: string, candidates: readonly Driver[] = drivers, readOnly = false): Database {
  const reasons: string[] = [];
  for (const driver of candidates) {
    let Opened: Constructor;
    try {
      Opened = driver.load();
      // The native part of better-sqlite3 loads with the first database.
      new Opened(":memory:").close();
    } catch (cause) {
      reasons.push(`${driver.module}: ${cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause)}`);
      continue;
    }
    return readOnly ? new Opened(file, { [driver.readOnlyOption ?? "readOnly"]: true }) : new Opened(file);
  }
  throw new StoreError(
    "no_driver",
    `No SQLite library could be loaded (${reasons.join("; ")}). Use Node 22 or newer, or install python3, make and g++ and run "npm rebuild better-sqlite3".`,
  );
}
