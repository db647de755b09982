import type { LinkRow, LinkStore } from "../../interfaces/links.ts";
import { StoreError } from "../../interfaces/store.ts";
import { writeAudit } from "./audit.ts";
import type { Database } from "./database.ts";

const columns =
  'l.id, l.project, l.role, l.label, l.created_by AS "createdBy", l.created_at AS "createdAt", l.expires_at AS "expiresAt", l.revoked_at AS "revokedAt"';

export const postgresLinks = (database: Database): LinkStore => ({
  add: ({ id, project, role, label, createdBy, createdAt, expiresAt, revokedAt }, hash, audit) =>
    database.transaction(async (query) => {
      const made = await query(
        `INSERT INTO links SELECT $1, id, $3, $4, $5, $6, $7::bigint, $8::bigint, $9::bigint FROM projects WHERE id = $2 ON CONFLICT DO NOTHING RETURNING id`,
        [id, project, hash, role, label, createdBy, createdAt, expiresAt, revokedAt],
      );
      if (made.length === 0) throw new StoreError("exists", `The link "${id}" was not made: its id is taken, or its project is gone.`);
      await writeAudit(query, audit);
    }),

  list: (project) => database.query(`SELECT ${columns} FROM links l WHERE l.project = $1 ORDER BY l.created_at DESC, l.id`, [project]),

  revoke: (project, id, at, audit) =>
    database.transaction(async (query) => {
      const ended = await query("UPDATE links SET revoked_at = $3 WHERE project = $1 AND id = $2 AND revoked_at IS NULL RETURNING id", [project, id, at]);
      if (ended.length > 0) await writeAudit(query, audit);
      return ended.length > 0;
    }),

  byToken: async (hash) => (await database.query<LinkRow>(`SELECT ${columns} FROM links l WHERE l.hash = $1`, [hash]))[0],

  byIds: (ids) => database.query(`SELECT ${columns} FROM links l WHERE l.id = ANY($1::text[])`, [ids]),

  open: ({ hash, link, sub, at }, { idleSince, most }) =>
    database.transaction(async (query) => {
      await query("DELETE FROM sessions WHERE link = $1 AND used_at < $2", [link, idleSince]);
      const [row] = await query<{ others: number }>("SELECT count(*) AS others FROM sessions WHERE link = $1 AND hash <> $2", [link, hash]);
      if ((row?.others ?? 0) >= most) return false;
      await query("INSERT INTO sessions VALUES ($1, $2, $3, $4, $4) ON CONFLICT (hash, link) DO UPDATE SET used_at = excluded.used_at", [hash, link, sub, at]);
      return true;
    }),

  session: async (hash) => {
    const rows = await database.query<LinkRow & { readonly sub: string; readonly usedAt: number }>(
      `SELECT s.sub, s.used_at AS "usedAt", ${columns} FROM sessions s JOIN links l ON l.id = s.link WHERE s.hash = $1 ORDER BY s.created_at`,
      [hash],
    );
    return rows[0] && { sub: rows[0].sub, usedAt: Math.max(...rows.map(({ usedAt }) => usedAt)), links: rows.map(({ sub: _, usedAt: __, ...link }) => link) };
  },

  touch: (hash, at) => database.transaction(async (query) => void (await query("UPDATE sessions SET used_at = $2 WHERE hash = $1", [hash, at]))),
});
