import { StoreError } from "../../interfaces/store.ts";
import type { Database } from "./library.ts";

/**
 * Numbered from the first version on; `PRAGMA user_version` holds the number of the newest one applied. A migration that was released is never edited.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    epoch TEXT NOT NULL,
    revision INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER,
    folded INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE changes (
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    client_revision INTEGER NOT NULL,
    author TEXT NOT NULL,
    sub TEXT,
    at INTEGER NOT NULL,
    made_at TEXT,
    intent TEXT,
    payload TEXT NOT NULL,
    notices TEXT,
    inverse TEXT NOT NULL,
    PRIMARY KEY (project, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE clients (
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    sub TEXT,
    last_revision INTEGER NOT NULL,
    acks BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (project, client_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    project TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, client_id, client_revision),
    FOREIGN KEY (project, client_id) REFERENCES clients(project, client_id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (project, revision)
  ) STRICT;
  `,
  `
  CREATE TABLE links (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'commenter', 'editor', 'admin')),
    label TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_of_project ON links (project, created_at);

  CREATE TABLE sessions (
    hash TEXT NOT NULL,
    link TEXT NOT NULL REFERENCES links(id) ON DELETE CASCADE,
    sub TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (hash, link)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_of_link ON sessions (link, used_at);

  CREATE TABLE versions (
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    author TEXT NOT NULL,
    sub TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (project, revision, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    sub TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX audit_of_project ON audit (project, id);
  CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never deleted'); END;
  CREATE TRIGGER audit_keeps_facts BEFORE UPDATE OF id, project, at, action, detail ON audit
    BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never changed'); END;
  `,
  `
  CREATE TABLE deliveries (
    project TEXT PRIMARY KEY REFERENCES projects(id) ON DELETE CASCADE,
    epoch TEXT,
    revision INTEGER NOT NULL,
    owner TEXT
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Number of the newest migration that was applied; 0 for an empty file. */
export const schemaVersion = (db: Database): number => (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;

/** Brings a database to the newest schema, one transaction for each step. @throws StoreError `newer_schema` where a newer livegantt wrote it. */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  const from = schemaVersion(db);
  if (from > steps.length) {
    throw new StoreError(
      "newer_schema",
      `The database has schema ${from}, this livegantt knows up to ${steps.length}. Start the newer livegantt that wrote it, or restore a backup from before the upgrade.`,
    );
  }
  for (let version = from; version < steps.length; version++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(steps[version] as string);
      db.exec(`PRAGMA user_version = ${version + 1}`);
      db.exec("COMMIT");
    } catch (cause) {
      db.exec("ROLLBACK");
      throw cause;
    }
  }
}
