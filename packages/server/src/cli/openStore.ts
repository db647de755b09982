import type { Config } from "../config.ts";
import { systemScheduler } from "../interfaces/scheduler.ts";
import { openPostgresStore, type PostgresStore } from "../stores/postgres/postgresStore.ts";
import { openSqliteStore, type SqliteStore } from "../stores/sqlite/sqliteStore.ts";

/**
 * `read`: nothing is written. `write`: safe beside running servers. `alone`: no server may have the embedded database open; servers on PostgreSQL follow what is done
 * there.
 */
export type StoreUse = "read" | "write" | "alone";

export interface OpenStore {
  readonly store: SqliteStore | PostgresStore;
  /** For messages: never with a password. */
  readonly place: string;
}

export async function openStore({ database, data }: Pick<Config, "database" | "data">, use: StoreUse): Promise<OpenStore> {
  if (database === undefined) return { store: openSqliteStore(data, use), place: data };
  const { host, pathname } = new URL(database);
  return { store: await openPostgresStore(database, systemScheduler, use === "alone" ? "write" : use), place: `postgres://${host}${pathname}` };
}
