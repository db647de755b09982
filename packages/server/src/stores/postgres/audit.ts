import type { AuditRow, AuditStore } from "../../interfaces/audit.ts";
import type { Database, Query } from "./database.ts";

/** Inside a transaction of its caller. */
export async function writeAudit(query: Query, { project, at, action, actor, sub, detail }: AuditRow): Promise<void> {
  await query("INSERT INTO audit (project, at, action, actor, sub, detail) VALUES ($1, $2, $3, $4, $5, $6)", [project, at, action, actor, sub, detail]);
}

export const postgresAudit = (database: Database): AuditStore => ({
  append: (row) => database.transaction((query) => writeAudit(query, row)),

  page: (project, { before, limit, action }) =>
    database.query(
      `SELECT id, project, at, action, actor, sub, detail FROM audit
       WHERE project = $1 AND ($2::bigint IS NULL OR id < $2) AND ($3::text IS NULL OR action = $3) ORDER BY id DESC LIMIT $4`,
      [project, before ?? null, action ?? null, limit],
    ),
});
