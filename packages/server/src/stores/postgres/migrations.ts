import { StoreError } from "../../interfaces/store.ts";
import type { Query } from "./database.ts";

/** Numbered from the first version on; the table `schema_version` holds the number of the newest one applied. A migration that was released is never edited. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE settings (
    name text PRIMARY KEY,
    value text NOT NULL
  );

  CREATE TABLE projects (
    id text PRIMARY KEY,
    name text NOT NULL,
    epoch text NOT NULL,
    revision integer NOT NULL,
    tasks integer NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    archived_at bigint,
    folded integer NOT NULL
  );

  CREATE TABLE changes (
    project text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision integer NOT NULL,
    client_id text NOT NULL,
    client_revision integer NOT NULL,
    author text NOT NULL,
    sub text,
    at bigint NOT NULL,
    made_at text,
    intent text,
    payload text NOT NULL,
    notices text,
    inverse text NOT NULL,
    PRIMARY KEY (project, revision),
    UNIQUE (project, client_id, client_revision)
  );

  CREATE TABLE clients (
    project text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    client_id text NOT NULL,
    sub text,
    last_revision integer NOT NULL,
    acks bytea NOT NULL,
    seen_at bigint NOT NULL,
    PRIMARY KEY (project, client_id)
  );

  CREATE TABLE answers (
    project text NOT NULL,
    client_id text NOT NULL,
    client_revision integer NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (project, client_id, client_revision),
    FOREIGN KEY (project, client_id) REFERENCES clients(project, client_id) ON DELETE CASCADE
  );

  CREATE TABLE snapshots (
    project text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (project, revision)
  );
  `,
  `
  CREATE TABLE links (
    id text PRIMARY KEY,
    project text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    hash text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('viewer', 'commenter', 'editor', 'admin')),
    label text,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
  );
  CREATE INDEX links_of_project ON links (project, created_at);

  CREATE TABLE sessions (
    hash text NOT NULL,
    link text NOT NULL REFERENCES links(id) ON DELETE CASCADE,
    sub text NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    PRIMARY KEY (hash, link)
  );
  CREATE INDEX sessions_of_link ON sessions (link, used_at);

  CREATE TABLE versions (
    project text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    revision integer NOT NULL,
    name text NOT NULL,
    author text NOT NULL,
    sub text,
    at bigint NOT NULL,
    PRIMARY KEY (project, revision, name)
  );

  CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project text NOT NULL,
    at bigint NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    sub text,
    detail text
  );
  CREATE INDEX audit_of_project ON audit (project, id);
  CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of the audit log are never deleted or changed'; END $$;
  CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
  CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
  CREATE TRIGGER audit_keeps_facts BEFORE UPDATE OF id, project, at, action, detail ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
  `,
  `
  CREATE TABLE deliveries (
    project text PRIMARY KEY REFERENCES projects(id) ON DELETE CASCADE,
    epoch text,
    revision integer NOT NULL,
    owner text,
    until timestamptz
  );
  `,
  // Half of what an edit cost PostgreSQL. Who writes changes holds the lock of their project's row, and so does who erases it.
  "ALTER TABLE changes DROP CONSTRAINT changes_project_fkey",
];

/** Any number that no other program of the same database is likely to lock. */
const advisoryLock = 7_470_712;

/**
 * Beside servers that may be running no schema is changed.
 * @param mayMake an empty database gets its tables.
 * @throws StoreError `no_database`, `older_schema`, `newer_schema`.
 */
export async function requireSchema(query: Query, mayMake: boolean): Promise<void> {
  const [found] = await query<{ table: string | null }>("SELECT to_regclass('schema_version')::text AS table");
  const [row] = found?.table ? await query<{ version: number }>("SELECT version FROM schema_version") : [];
  if (row === undefined && !mayMake) throw new StoreError("no_database", 'The PostgreSQL database has no tables of livegantt. "livegantt serve" makes them.');
  if (row !== undefined && row.version < migrations.length) {
    throw new StoreError(
      "older_schema",
      `The database has schema ${row.version}, this livegantt knows ${migrations.length}. "livegantt serve" brings it up to date when it starts; then try again.`,
    );
  }
  if (row === undefined || row.version > migrations.length) await migrate(query);
}

/**
 * Brings a database to the newest schema; runs inside a transaction. Servers that start at the same moment wait for each other.
 * @throws StoreError `newer_schema` where a newer livegantt wrote it.
 */
export async function migrate(query: Query, steps: readonly string[] = migrations): Promise<void> {
  await query("SELECT pg_advisory_xact_lock($1)", [advisoryLock]);
  await query("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
  const [row] = await query<{ version: number }>("SELECT version FROM schema_version");
  const from = row?.version ?? 0;
  if (from > steps.length) {
    throw new StoreError(
      "newer_schema",
      `The database has schema ${from}, this livegantt knows up to ${steps.length}. Start the newer livegantt that wrote it, or restore a backup from before the upgrade.`,
    );
  }
  if (from === steps.length) return;
  for (const step of steps.slice(from)) await query(step);
  await query(row ? "UPDATE schema_version SET version = $1" : "INSERT INTO schema_version VALUES ($1)", [steps.length]);
}
