import type { Maintenance, Query } from "../../interfaces/maintenance.ts";
import { StoreError } from "../../interfaces/store.ts";
import type { Database, SqlValue, Statement } from "./library.ts";

const reads = /^\s*(SELECT|PRAGMA|WITH)\b|\bRETURNING\b/i;

/** Statements of the common dialect on one SQLite connection, which nobody else uses until they are done. */
function queryOf(prepare: (text: string) => Statement): Query {
  return async <R>(text: string, values: readonly unknown[] = []) => {
    const statement = prepare(text.replace(/\$\d+/g, "?"));
    const given = values as readonly SqlValue[];
    if (reads.test(text)) return statement.all(...given) as R[];
    statement.run(...given);
    return [];
  };
}

export function sqliteMaintenance(db: Database, prepare: (text: string) => Statement): Maintenance {
  const query = queryOf(prepare);
  const within = async <T>(begin: string, work: (query: Query) => Promise<T>): Promise<T> => {
    db.exec(begin);
    try {
      const result = await work(query);
      db.exec("COMMIT");
      return result;
    } catch (cause) {
      try {
        db.exec("ROLLBACK");
      } catch {
        // SQLite has rolled back by itself (disk full, I/O error).
      }
      throw cause instanceof StoreError ? cause : new StoreError("storage_unavailable", `The database did not do it: ${(cause as Error).message}.`, cause);
    }
  };
  return {
    transaction: (work) => within("BEGIN IMMEDIATE", work),
    moment: (work) => within("BEGIN", work),
    async faults() {
      const pages = await query<{ integrity_check: string }>("PRAGMA integrity_check(20)");
      const strays = await query<{ table: string; parent: string }>("PRAGMA foreign_key_check");
      return [
        ...pages.map((row) => row.integrity_check.replace(/\s+/g, " ")).filter((text) => text !== "ok"),
        ...strays.slice(0, 20).map(({ table, parent }) => `a row of ${table} belongs to no row of ${parent}`),
      ];
    },
    async shrink() {
      db.exec("VACUUM");
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
  };
}
