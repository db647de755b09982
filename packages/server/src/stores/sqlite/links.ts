import type { LinkRow, LinkStore, Session } from "../../interfaces/links.ts";
import { StoreError } from "../../interfaces/store.ts";
import { writeAudit } from "./audit.ts";
import type { Parts } from "./parts.ts";

const columns = "l.id, l.project, l.role, l.label, l.created_by AS createdBy, l.created_at AS createdAt, l.expires_at AS expiresAt, l.revoked_at AS revokedAt";

export const sqliteLinks = (parts: Parts): LinkStore => ({
  async add({ id, project, role, label, createdBy, createdAt, expiresAt, revokedAt }, hash, audit) {
    parts.transaction(() => {
      const { changes } = parts
        .sql("INSERT OR IGNORE INTO links SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM projects WHERE id = ?")
        .run(id, hash, role, label, createdBy, createdAt, expiresAt, revokedAt, project);
      if (Number(changes) === 0) throw new StoreError("exists", `The link "${id}" was not made: its id is taken, or its project is gone.`);
      writeAudit(parts, audit);
    });
  },

  async list(project) {
    return parts.sql(`SELECT ${columns} FROM links l WHERE l.project = ? ORDER BY l.created_at DESC, l.id`).all(project) as LinkRow[];
  },

  async revoke(project, id, at, audit) {
    return parts.transaction(() => {
      const { changes } = parts.sql("UPDATE links SET revoked_at = ? WHERE project = ? AND id = ? AND revoked_at IS NULL").run(at, project, id);
      if (Number(changes) > 0) writeAudit(parts, audit);
      return Number(changes) > 0;
    });
  },

  async byToken(hash) {
    return parts.sql(`SELECT ${columns} FROM links l WHERE l.hash = ?`).get(hash) as LinkRow | undefined;
  },

  async byIds(ids) {
    return parts.sql(`SELECT ${columns} FROM links l WHERE l.id IN (SELECT value FROM json_each(?))`).all(JSON.stringify(ids)) as LinkRow[];
  },

  async open({ hash, link, sub, at }, { idleSince, most }) {
    return parts.transaction(() => {
      parts.sql("DELETE FROM sessions WHERE link = ? AND used_at < ?").run(link, idleSince);
      const { others } = parts.sql("SELECT count(*) AS others FROM sessions WHERE link = ? AND hash <> ?").get(link, hash) as { others: number };
      if (others >= most) return false;
      parts.sql("INSERT INTO sessions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET used_at = excluded.used_at").run(hash, link, sub, at, at);
      return true;
    });
  },

  async session(hash): Promise<Session | undefined> {
    const rows = parts
      .sql(`SELECT s.sub, s.used_at AS usedAt, ${columns} FROM sessions s JOIN links l ON l.id = s.link WHERE s.hash = ? ORDER BY s.created_at`)
      .all(hash) as (LinkRow & { readonly sub: string; readonly usedAt: number })[];
    return rows[0] && { sub: rows[0].sub, usedAt: Math.max(...rows.map(({ usedAt }) => usedAt)), links: rows.map(({ sub: _, usedAt: __, ...link }) => link) };
  },

  async touch(hash, at) {
    parts.transaction(() => parts.sql("UPDATE sessions SET used_at = ? WHERE hash = ?").run(at, hash));
  },
});
