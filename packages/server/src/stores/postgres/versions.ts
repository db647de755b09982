import { StoreError } from "../../interfaces/store.ts";
import type { VersionRow, VersionStore } from "../../interfaces/versions.ts";
import { writeAudit } from "./audit.ts";
import type { Database } from "./database.ts";

const columns = "revision, name, author, sub, at";

export const postgresVersions = (database: Database): VersionStore => ({
  add: (project, { revision, name, author, sub, at }, body, audit) =>
    database.transaction(async (query) => {
      const made = await query(
        "INSERT INTO versions SELECT id, $2::integer, $3, $4, $5, $6::bigint FROM projects WHERE id = $1 ON CONFLICT DO NOTHING RETURNING revision",
        [project, revision, name, author, sub, at],
      );
      const [version] = await query<VersionRow>(`SELECT ${columns} FROM versions WHERE project = $1 AND revision = $2 AND name = $3`, [
        project,
        revision,
        name,
      ]);
      if (!version) throw new StoreError("exists", `The version was not named: its project "${project}" is gone.`);
      await query("INSERT INTO snapshots VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [project, revision, body]);
      if (made.length > 0) await writeAudit(query, audit);
      return { version, made: made.length > 0 };
    }),

  list: (project) => database.query(`SELECT ${columns} FROM versions WHERE project = $1 ORDER BY revision DESC, at DESC, name`, [project]),
});
