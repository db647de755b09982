import type { Delivered, DeliveryStore } from "../../interfaces/deliveries.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly epoch: string | null;
  readonly revision: number;
}

const placeOf = (row: Row | undefined): Delivered | null => (row?.epoch ? { epoch: row.epoch, revision: row.revision } : null);
/** Ends of leases are of the database's clock, the only one that all servers share. */
const leaseEnd = (parameter: string): string => `clock_timestamp() + ${parameter}::integer * interval '1 millisecond'`;

export const postgresDeliveries = (database: Database): DeliveryStore => {
  /** One durable statement; the rows that it returned. */
  const write = <R>(text: string, values: readonly unknown[]): Promise<R[]> => database.transaction((query) => query<R>(text, values));
  return {
    async waiting(owner) {
      const rows = await database.query<{ id: string }>(
        `SELECT p.id FROM projects p LEFT JOIN deliveries d ON d.project = p.id
         WHERE (d.epoch IS DISTINCT FROM p.epoch OR d.revision < p.revision) AND (d.owner IS NULL OR d.owner = $1 OR d.until < clock_timestamp())
         ORDER BY p.updated_at, p.id`,
        [owner],
      );
      return rows.map(({ id }) => id);
    },

    async claim(project, owner, forMs) {
      const [row] = await write<Row>(
        `INSERT INTO deliveries AS d SELECT id, NULL, 0, $2::text, ${leaseEnd("$3")} FROM projects WHERE id = $1
         ON CONFLICT (project) DO UPDATE SET owner = excluded.owner, until = excluded.until
         WHERE d.owner IS NULL OR d.owner = excluded.owner OR d.until < clock_timestamp() RETURNING d.epoch, d.revision`,
        [project, owner, forMs],
      );
      return row !== undefined && placeOf(row);
    },

    async advance(project, owner, delivered, forMs) {
      const kept = await write(
        `UPDATE deliveries SET epoch = $3, revision = $4, until = ${leaseEnd("$5")} WHERE project = $1 AND owner = $2 RETURNING project`,
        [project, owner, delivered?.epoch ?? null, delivered?.revision ?? 0, forMs],
      );
      return kept.length > 0;
    },

    async release(project, owner) {
      await write("UPDATE deliveries SET owner = NULL WHERE project = $1 AND owner = $2", [project, owner]);
    },

    async rewind(project, delivered) {
      const known = await write(
        `INSERT INTO deliveries SELECT id, $2::text, $3::integer, NULL, NULL FROM projects WHERE id = $1
         ON CONFLICT (project) DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision, owner = NULL RETURNING project`,
        [project, delivered?.epoch ?? null, delivered?.revision ?? 0],
      );
      return known.length > 0;
    },

    async delivered(project) {
      return placeOf((await database.query<Row>("SELECT epoch, revision FROM deliveries WHERE project = $1", [project]))[0]);
    },
  };
};
