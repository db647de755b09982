import type { AuditStore } from "../../interfaces/audit.ts";
import type { DeliveryStore } from "../../interfaces/deliveries.ts";
import type { LinkStore } from "../../interfaces/links.ts";
import type { Maintenance } from "../../interfaces/maintenance.ts";
import { type Scheduler, systemScheduler } from "../../interfaces/scheduler.ts";
import {
  type AnswerRow,
  type ChangeQuery,
  type ChangeRow,
  type ClientRow,
  type CommitResult,
  type Hear,
  type JudgeAgain,
  type LoggedChange,
  type ProjectCommit,
  type ProjectInfo,
  type SharedStore,
  type SnapshotRow,
  type Store,
  StoreError,
} from "../../interfaces/store.ts";
import type { VersionStore } from "../../interfaces/versions.ts";
import { byClient, bytesOf, forward, storedCounter } from "../counters.ts";
import { append } from "./append.ts";
import { postgresAudit } from "./audit.ts";
import { Database, type Query } from "./database.ts";
import { postgresDeliveries } from "./deliveries.ts";
import { channel, Hints, payloadBytes } from "./hints.ts";
import { postgresLinks } from "./links.ts";
import { postgresMaintenance } from "./maintenance.ts";
import { migrate, requireSchema } from "./migrations.ts";
import { MissedReader } from "./missed.ts";
import { postgresVersions } from "./versions.ts";

const infoColumns = 'id, name, epoch, revision, tasks, created_at AS "createdAt", updated_at AS "updatedAt", archived_at AS "archivedAt"';
const changeColumns =
  'revision, client_id AS "clientId", client_revision AS "clientRevision", author, sub, at, made_at AS "madeAt", intent, payload, notices, inverse';
const tables = ["settings", "projects", "changes", "clients", "answers", "snapshots", "links", "sessions", "versions", "audit", "deliveries"];

/** `serve`: the schema is brought up to date. `write`: it must be, or the database is empty. `read`: nothing is changed. */
type OpenMode = "serve" | "write" | "read";

/**
 * Opens a PostgreSQL database.
 * @param url `postgres://user:password@host:port/database`; its tables are made in the first schema of the search path.
 * @throws StoreError where it does not answer, or has another schema.
 */
export async function openPostgresStore(url: string, scheduler: Scheduler = systemScheduler, mode: OpenMode = "serve"): Promise<PostgresStore> {
  const database = new Database(url, mode === "read");
  try {
    if (mode === "serve") await database.transaction((query) => migrate(query));
    else await database.transaction((query) => requireSchema(query, mode === "write"));
  } catch (cause) {
    await database.close();
    throw cause;
  }
  return new PostgresStore(database, url, scheduler);
}

/** The store of a cluster: any number of servers on one PostgreSQL database. */
export class PostgresStore implements Store, SharedStore {
  readonly kind = "postgres";
  readonly shared = this;
  readonly links: LinkStore;
  readonly versions: VersionStore;
  readonly audit: AuditStore;
  readonly maintenance: Maintenance;
  readonly deliveries: DeliveryStore;
  readonly tellBytes = payloadBytes;
  readonly #database: Database;
  readonly #query: Query;
  readonly #url: string;
  readonly #scheduler: Scheduler;
  readonly #missed: MissedReader;
  readonly #watches = new Set<Hints>();

  constructor(database: Database, url: string, scheduler: Scheduler) {
    this.#database = database;
    this.#query = database.query;
    this.links = postgresLinks(database);
    this.versions = postgresVersions(database);
    this.audit = postgresAudit(database);
    this.maintenance = postgresMaintenance(database, tables);
    this.deliveries = postgresDeliveries(database);
    this.#url = url;
    this.#scheduler = scheduler;
    this.#missed = new MissedReader(database.query, scheduler);
  }

  watch(hear: Hear, overhear?: (text: string) => void): () => void {
    const hints = new Hints(this.#url, this.#scheduler, hear, overhear);
    this.#watches.add(hints);
    return () => {
      this.#watches.delete(hints);
      void hints.close();
    };
  }

  missed(project: string, after: number): Promise<LoggedChange[]> {
    return this.#missed.read(project, after);
  }

  async tell(texts: readonly string[]): Promise<void> {
    await this.#query(`SELECT pg_notify('${channel}', text) FROM unnest($1::text[]) AS text`, [texts]);
  }

  heads(projects: readonly string[]): Promise<ProjectInfo[]> {
    return this.#query(`SELECT ${infoColumns} FROM projects WHERE id = ANY($1::text[])`, [projects]);
  }

  projects(): Promise<ProjectInfo[]> {
    return this.#query(`SELECT ${infoColumns} FROM projects ORDER BY updated_at DESC, id`);
  }

  async project(id: string): Promise<ProjectInfo | undefined> {
    return (await this.heads([id]))[0];
  }

  create({ id, name, epoch, revision, tasks, createdAt, updatedAt, archivedAt }: ProjectInfo, snapshot: Uint8Array): Promise<void> {
    return this.#database.transaction(async (query) => {
      const made = await query("INSERT INTO projects VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4) ON CONFLICT DO NOTHING RETURNING id", [
        id,
        name,
        epoch,
        revision,
        tasks,
        createdAt,
        updatedAt,
        archivedAt,
      ]);
      if (made.length === 0) throw new StoreError("exists", `There is already a project "${id}".`);
      await query("INSERT INTO snapshots VALUES ($1, $2, $3)", [id, revision, snapshot]);
    });
  }

  archive(id: string, at: number | null): Promise<boolean> {
    return this.#touched("UPDATE projects SET archived_at = $2 WHERE id = $1 RETURNING id", [id, at]);
  }

  purge(id: string): Promise<boolean> {
    return this.#database.transaction(async (query) => {
      const locked = await query("SELECT id FROM projects WHERE id = $1 FOR UPDATE", [id]);
      await query("DELETE FROM changes WHERE project = $1", [id]);
      await query("DELETE FROM projects WHERE id = $1", [id]);
      return locked.length > 0;
    });
  }

  async snapshot(project: string, notAfter?: number): Promise<SnapshotRow | undefined> {
    const [row] = await this.#query<SnapshotRow>(
      "SELECT revision, body FROM snapshots WHERE project = $1 AND ($2::integer IS NULL OR revision <= $2) ORDER BY revision DESC LIMIT 1",
      [project, notAfter ?? null],
    );
    return row;
  }

  saveSnapshot(project: string, { revision, body }: SnapshotRow): Promise<void> {
    return this.#database.transaction(async (query) => {
      await query("INSERT INTO snapshots VALUES ($1, $2, $3) ON CONFLICT (project, revision) DO UPDATE SET body = excluded.body", [project, revision, body]);
      await fold(query, project);
    });
  }

  changes(project: string, { after, upTo, limit, newestFirst, containing }: ChangeQuery): Promise<ChangeRow[]> {
    return this.#query(
      `SELECT ${changeColumns} FROM changes WHERE project = $1 AND revision > $2 AND ($3::integer IS NULL OR revision <= $3)
       AND ($4::text IS NULL OR strpos(payload, $4) > 0 OR strpos(inverse, $4) > 0) ORDER BY revision ${newestFirst ? "DESC" : "ASC"} LIMIT $5`,
      [project, after, upTo ?? null, containing ?? null, limit ?? null],
    );
  }

  async oldestChange(project: string): Promise<{ revision: number; at: number } | undefined> {
    const [row] = await this.#query<{ revision: number; at: number }>("SELECT revision, at FROM changes WHERE project = $1 ORDER BY revision LIMIT 1", [
      project,
    ]);
    return row;
  }

  async revisionAt(project: string, before: number): Promise<number | undefined> {
    const [row] = await this.#query<{ revision: number }>("SELECT revision FROM changes WHERE project = $1 AND at < $2 ORDER BY revision DESC LIMIT 1", [
      project,
      before,
    ]);
    return row?.revision;
  }

  /** One statement, so that no fold of another server comes between the counter and the log after it. */
  async client(project: string, clientId: string): Promise<{ client: ClientRow; answers: AnswerRow[] } | undefined> {
    const logged = "FROM changes h WHERE h.project = c.project AND h.client_id = c.client_id AND h.revision > p.folded ORDER BY h.revision";
    const answered = "FROM answers a WHERE a.project = c.project AND a.client_id = c.client_id ORDER BY a.client_revision";
    const [row] = await this.#query<{
      sub: string | null;
      lastRevision: number;
      acks: Uint8Array;
      numbers: number[];
      revisions: number[];
      answered: number[];
      bodies: string[];
    }>(
      `SELECT c.sub, c.last_revision AS "lastRevision", c.acks, ARRAY(SELECT h.client_revision ${logged}) AS numbers, ARRAY(SELECT h.revision ${logged}) AS revisions,
       ARRAY(SELECT a.client_revision ${answered}) AS answered, ARRAY(SELECT a.body ${answered}) AS bodies
       FROM clients c JOIN projects p ON p.id = c.project WHERE c.project = $1 AND c.client_id = $2`,
      [project, clientId],
    );
    if (!row) return undefined;
    const recent = row.numbers.map((number, i) => ({ number, revision: row.revisions[i] as number }));
    const client = forward(storedCounter(clientId, row), recent);
    const answers = row.answered.map((clientRevision, i) => ({ clientId, clientRevision, body: row.bodies[i] as string }));
    return { client: { ...client, lastRevision: Math.max(client.lastRevision, row.answered.at(-1) ?? 0) }, answers };
  }

  commit(batch: readonly ProjectCommit[], again?: JudgeAgain): Promise<CommitResult[]> {
    return this.#database.transaction((query) => append(query, batch, again));
  }

  prune(project: string, upTo: number): Promise<void> {
    return this.#database.transaction(async (query) => {
      await fold(query, project);
      await query("DELETE FROM changes WHERE project = $1 AND revision <= $2", [project, upTo]);
      await query("DELETE FROM snapshots WHERE project = $1 AND revision < $2 AND revision NOT IN (SELECT revision FROM versions WHERE project = $1)", [
        project,
        upTo,
      ]);
    });
  }

  async setting(name: string): Promise<string | undefined> {
    return (await this.#query<{ value: string }>("SELECT value FROM settings WHERE name = $1", [name]))[0]?.value;
  }

  claimSetting(name: string, value: string): Promise<boolean> {
    return this.#touched("INSERT INTO settings VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name", [name, value]);
  }

  async size(): Promise<number> {
    const [row] = await this.#query<{ bytes: number }>("SELECT sum(pg_total_relation_size(name::regclass))::bigint AS bytes FROM unnest($1::text[]) AS name", [
      tables,
    ]);
    return row?.bytes ?? 0;
  }

  async ping(): Promise<void> {
    await this.#query("SELECT 1");
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watches].map((hints) => hints.close()));
    await this.#database.close();
  }

  /** One durable statement; did it return a row? */
  #touched(text: string, values: readonly unknown[]): Promise<boolean> {
    return this.#database.transaction(async (query) => (await query(text, values)).length > 0);
  }
}

/** Brings the stored counters up to the log's end. The lock keeps commits away: they would move the end. */
async function fold(query: Query, project: string): Promise<void> {
  await query("SELECT FROM projects WHERE id = $1 FOR NO KEY UPDATE", [project]);
  const rows = await query<{ clientId: string; number: number; revision: number; at: number }>(
    `SELECT client_id AS "clientId", client_revision AS number, revision, at FROM changes
     WHERE project = $1 AND revision > (SELECT folded FROM projects WHERE id = $1) ORDER BY revision`,
    [project],
  );
  for (const [clientId, recent] of byClient(rows)) {
    const [row] = await query<{ sub: string | null; lastRevision: number; acks: Uint8Array }>(
      'SELECT sub, last_revision AS "lastRevision", acks FROM clients WHERE project = $1 AND client_id = $2',
      [project, clientId],
    );
    if (!row) continue;
    const { lastRevision, acks } = forward(storedCounter(clientId, row), recent);
    await query("UPDATE clients SET last_revision = $3, acks = $4, seen_at = $5 WHERE project = $1 AND client_id = $2", [
      project,
      clientId,
      lastRevision,
      bytesOf(acks),
      recent.at(-1)?.at ?? 0,
    ]);
  }
  await query("UPDATE projects SET folded = revision WHERE id = $1", [project]);
}
