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
];

/** Any number that no other program of the same database is likely to lock. */
const advisoryLock = 7_470_712;

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
