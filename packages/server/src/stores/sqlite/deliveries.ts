import type { Delivered, DeliveryStore } from "../../interfaces/deliveries.ts";
import type { Parts } from "./parts.ts";

interface Row {
  readonly epoch: string | null;
  readonly revision: number;
}

const placeOf = (row: Row | undefined): Delivered | null => (row?.epoch ? { epoch: row.epoch, revision: row.revision } : null);

/** One process uses the file, so nobody else can have a project: an owner that is not asking is one that crashed. */
export const sqliteDeliveries = ({ sql, transaction }: Parts): DeliveryStore => {
  const place = (project: string): Delivered | null => placeOf(sql("SELECT epoch, revision FROM deliveries WHERE project = ?").get(project) as Row | undefined);
  const write = (project: string, delivered: Delivered | null, owner: string | null): boolean =>
    Number(
      sql(
        "INSERT INTO deliveries SELECT id, ?, ?, ? FROM projects WHERE id = ? ON CONFLICT DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision, owner = excluded.owner",
      ).run(delivered?.epoch ?? null, delivered?.revision ?? 0, owner, project).changes,
    ) > 0;
  return {
    async waiting() {
      const rows = sql(
        "SELECT p.id FROM projects p LEFT JOIN deliveries d ON d.project = p.id WHERE d.epoch IS NOT p.epoch OR d.revision < p.revision ORDER BY p.updated_at, p.id",
      ).all() as { id: string }[];
      return rows.map(({ id }) => id);
    },

    async claim(project, owner) {
      return transaction(() => {
        const known = place(project);
        return write(project, known, owner) && known;
      });
    },

    async advance(project, owner, delivered) {
      const update = "UPDATE deliveries SET epoch = ?, revision = ? WHERE project = ? AND owner = ?";
      return transaction(() => Number(sql(update).run(delivered?.epoch ?? null, delivered?.revision ?? 0, project, owner).changes) > 0);
    },

    async release(project, owner) {
      transaction(() => sql("UPDATE deliveries SET owner = NULL WHERE project = ? AND owner = ?").run(project, owner));
    },

    async rewind(project, delivered) {
      return transaction(() => write(project, delivered, null));
    },

    async delivered(project) {
      return place(project);
    },
  };
};
