import { StoreError } from "../../interfaces/store.ts";
import type { VersionRow, VersionStore } from "../../interfaces/versions.ts";
import { writeAudit } from "./audit.ts";
import type { Parts } from "./parts.ts";

const columns = "revision, name, author, sub, at";

export const sqliteVersions = (parts: Parts): VersionStore => ({
  async add(project, { revision, name, author, sub, at }, body, audit) {
    return parts.transaction(() => {
      const { changes } = parts
        .sql("INSERT OR IGNORE INTO versions SELECT id, ?, ?, ?, ?, ? FROM projects WHERE id = ?")
        .run(revision, name, author, sub, at, project);
      const made = Number(changes) > 0;
      const version = parts.sql(`SELECT ${columns} FROM versions WHERE project = ? AND revision = ? AND name = ?`).get(project, revision, name);
      if (!version) throw new StoreError("exists", `The version was not named: its project "${project}" is gone.`);
      parts.sql("INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?)").run(project, revision, body);
      if (made) writeAudit(parts, audit);
      return { version: version as VersionRow, made };
    });
  },

  async list(project) {
    return parts.sql(`SELECT ${columns} FROM versions WHERE project = ? ORDER BY revision DESC, at DESC, name`).all(project) as VersionRow[];
  },
});
