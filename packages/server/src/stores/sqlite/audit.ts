import type { AuditEntry, AuditQuery, AuditRow, AuditStore } from "../../interfaces/audit.ts";
import type { SqlValue } from "./library.ts";
import type { Parts } from "./parts.ts";

/** Inside a transaction of its caller. */
export function writeAudit({ sql }: Parts, { project, at, action, actor, sub, detail }: AuditRow): void {
  sql("INSERT INTO audit (project, at, action, actor, sub, detail) VALUES (?, ?, ?, ?, ?, ?)").run(project, at, action, actor, sub, detail);
}

export const sqliteAudit = (parts: Parts): AuditStore => ({
  async append(row) {
    parts.transaction(() => writeAudit(parts, row));
  },

  async page(project: string, { before, limit, action }: AuditQuery) {
    const values: SqlValue[] = [project, before ?? Number.MAX_SAFE_INTEGER];
    if (action !== undefined) values.push(action);
    const ofAction = action === undefined ? "" : "AND action = ?";
    return parts
      .sql(`SELECT id, project, at, action, actor, sub, detail FROM audit WHERE project = ? AND id < ? ${ofAction} ORDER BY id DESC LIMIT ?`)
      .all(...values, limit) as AuditEntry[];
  },
});
