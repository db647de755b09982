import type { Maintenance } from "../../interfaces/maintenance.ts";
import type { Database } from "./database.ts";

/** PostgreSQL proves its own pages (`pg_amcheck`, checksums) and takes space back by itself (autovacuum): what is left to do here is little. */
export const postgresMaintenance = (database: Database, tables: readonly string[]): Maintenance => ({
  transaction: (work) => database.transaction(work),
  moment: (work) => database.moment(work),
  faults: async () => [],
  async shrink() {
    for (const table of tables) await database.query(`VACUUM (ANALYZE) ${table}`);
  },
});
