import type { Maintenance } from "../../interfaces/maintenance.ts";
import {
  type AnswerRow,
  type ChangeQuery,
  type ChangeRow,
  type ClientRow,
  type CommitResult,
  type ProjectCommit,
  type ProjectInfo,
  rememberedAnswers,
  type SnapshotRow,
  type Store,
  StoreError,
} from "../../interfaces/store.ts";
import { byClient, bytesOf, forward, noAcks, storedCounter } from "../counters.ts";
import { sqliteAudit } from "./audit.ts";
import { sqliteDeliveries } from "./deliveries.ts";
import type { Database, SqlValue, Statement } from "./library.ts";
import { sqliteLinks } from "./links.ts";
import { sqliteMaintenance } from "./maintenance.ts";
import { databaseFile, fileBytes, type OpenMode, openFile, prepare } from "./opening.ts";
import type { Parts } from "./parts.ts";
import { sqliteVersions } from "./versions.ts";

const infoColumns = "id, name, epoch, revision, tasks, created_at AS createdAt, updated_at AS updatedAt, archived_at AS archivedAt";
const changeColumns =
  "revision, client_id AS clientId, client_revision AS clientRevision, author, sub, at, made_at AS madeAt, intent, payload, notices, inverse";

/** Opens the embedded database in a folder. @throws StoreError where it is corrupt, of another schema, in use, or no SQLite library loads. */
export const openSqliteStore = (folder: string, mode: OpenMode = "serve"): SqliteStore => openSqliteFile(databaseFile(folder), mode);

/** The same for a file of another name, such as a backup. */
export const openSqliteFile = (file: string, mode: OpenMode): SqliteStore => new SqliteStore(openFile(file, mode), mode);

/**
 * The embedded store: one SQLite file in WAL mode. `synchronous=FULL` makes COMMIT wait for the disk, so what `commit` resolved survives a power cut.
 * Every method does its work in one go; the promises only fit the interface that network databases share.
 */
export class SqliteStore implements Store {
  readonly kind = "sqlite";
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #parts: Parts = { sql: (text) => this.#sql(text), transaction: (work) => this.#transaction(work) };
  readonly links = sqliteLinks(this.#parts);
  readonly versions = sqliteVersions(this.#parts);
  readonly audit = sqliteAudit(this.#parts);
  readonly maintenance: Maintenance;
  readonly deliveries = sqliteDeliveries(this.#parts);

  constructor(db: Database, mode: OpenMode = "serve") {
    this.#db = db;
    this.maintenance = sqliteMaintenance(db, this.#parts.sql);
    try {
      prepare(db, mode);
    } catch (cause) {
      db.close();
      throw cause;
    }
  }

  async projects(): Promise<ProjectInfo[]> {
    return this.#sql(`SELECT ${infoColumns} FROM projects ORDER BY updated_at DESC, id`).all() as ProjectInfo[];
  }

  async project(id: string): Promise<ProjectInfo | undefined> {
    return this.#sql(`SELECT ${infoColumns} FROM projects WHERE id = ?`).get(id) as ProjectInfo | undefined;
  }

  async create(info: ProjectInfo, snapshot: Uint8Array): Promise<void> {
    this.#transaction(() => {
      const { changes } = this.#sql("INSERT OR IGNORE INTO projects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
        info.id,
        info.name,
        info.epoch,
        info.revision,
        info.tasks,
        info.createdAt,
        info.updatedAt,
        info.archivedAt,
        info.revision,
      );
      if (Number(changes) === 0) throw new StoreError("exists", `There is already a project "${info.id}".`);
      this.#sql("INSERT INTO snapshots VALUES (?, ?, ?)").run(info.id, info.revision, snapshot);
    });
  }

  async archive(id: string, at: number | null): Promise<boolean> {
    return this.#transaction(() => Number(this.#sql("UPDATE projects SET archived_at = ? WHERE id = ?").run(at, id).changes) > 0);
  }

  async purge(id: string): Promise<boolean> {
    return this.#transaction(() => Number(this.#sql("DELETE FROM projects WHERE id = ?").run(id).changes) > 0);
  }

  async snapshot(project: string, notAfter = Number.MAX_SAFE_INTEGER): Promise<SnapshotRow | undefined> {
    return this.#sql("SELECT revision, body FROM snapshots WHERE project = ? AND revision <= ? ORDER BY revision DESC LIMIT 1").get(project, notAfter) as
      | SnapshotRow
      | undefined;
  }

  async saveSnapshot(project: string, snapshot: SnapshotRow): Promise<void> {
    this.#transaction(() => {
      this.#sql("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)").run(project, snapshot.revision, snapshot.body);
      this.#fold(project);
    });
  }

  async changes(project: string, { after, upTo, limit, newestFirst, containing }: ChangeQuery): Promise<ChangeRow[]> {
    const values: SqlValue[] = [project, after, upTo ?? Number.MAX_SAFE_INTEGER];
    if (containing !== undefined) values.push(containing, containing);
    values.push(limit ?? -1);
    const filter = containing === undefined ? "" : "AND (instr(payload, ?) > 0 OR instr(inverse, ?) > 0)";
    return this.#sql(
      `SELECT ${changeColumns} FROM changes WHERE project = ? AND revision > ? AND revision <= ? ${filter} ORDER BY revision ${newestFirst ? "DESC" : "ASC"} LIMIT ?`,
    ).all(...values) as ChangeRow[];
  }

  async oldestChange(project: string): Promise<{ revision: number; at: number } | undefined> {
    return this.#sql("SELECT revision, at FROM changes WHERE project = ? ORDER BY revision LIMIT 1").get(project) as
      | { revision: number; at: number }
      | undefined;
  }

  async revisionAt(project: string, before: number): Promise<number | undefined> {
    // `at` never falls as revisions grow, so the first row from the end that is old enough ends the search.
    const row = this.#sql("SELECT revision FROM changes WHERE project = ? AND at < ? ORDER BY revision DESC LIMIT 1").get(project, before);
    return (row as { revision: number } | undefined)?.revision;
  }

  async client(project: string, clientId: string): Promise<{ client: ClientRow; answers: AnswerRow[] } | undefined> {
    const row = this.#storedClient(project, clientId);
    if (!row) return undefined;
    const recent = this.#sql(
      "SELECT client_revision AS number, revision FROM changes WHERE project = ? AND revision > (SELECT folded FROM projects WHERE id = ?) AND client_id = ? ORDER BY revision",
    ).all(project, project, clientId) as { number: number; revision: number }[];
    const client = forward(row, recent);
    const answers = this.#sql(
      "SELECT client_id AS clientId, client_revision AS clientRevision, body FROM answers WHERE project = ? AND client_id = ? ORDER BY client_revision",
    ).all(project, clientId) as AnswerRow[];
    return { client: { ...client, lastRevision: Math.max(client.lastRevision, answers.at(-1)?.clientRevision ?? 0) }, answers };
  }

  async commit(batch: readonly ProjectCommit[]): Promise<CommitResult[]> {
    return this.#transaction(() => batch.map((commit) => this.#write(commit)));
  }

  async prune(project: string, upTo: number): Promise<void> {
    this.#transaction(() => {
      this.#fold(project);
      this.#sql("DELETE FROM changes WHERE project = ? AND revision <= ?").run(project, upTo);
      this.#sql("DELETE FROM snapshots WHERE project = ? AND revision < ? AND revision NOT IN (SELECT revision FROM versions WHERE project = ?)").run(
        project,
        upTo,
        project,
      );
    });
  }

  async setting(name: string): Promise<string | undefined> {
    return (this.#sql("SELECT value FROM settings WHERE name = ?").get(name) as { value: string } | undefined)?.value;
  }

  async claimSetting(name: string, value: string): Promise<boolean> {
    return this.#transaction(() => Number(this.#sql("INSERT OR IGNORE INTO settings VALUES (?, ?)").run(name, value).changes) > 0);
  }

  async size(): Promise<number> {
    return fileBytes(this.#db);
  }

  async ping(): Promise<void> {
    this.#sql("SELECT count(*) FROM sqlite_schema").get();
  }

  /** A new file with everything as it is at one moment, while others go on writing. It is not synced. @throws StoreError where it cannot be written. */
  async copyTo(file: string): Promise<void> {
    try {
      this.#db.prepare("VACUUM INTO ?").run(file);
    } catch (cause) {
      throw new StoreError("storage_unavailable", `The copy "${file}" cannot be written: ${(cause as Error).message}.`, cause);
    }
  }

  async close(): Promise<void> {
    this.#statements.clear();
    this.#db.close();
  }

  #write({ project, base, revision, at, name, tasks, changes, newClients, answers }: ProjectCommit): CommitResult {
    if (revision > base) {
      const moved = this.#sql("UPDATE projects SET revision = ?, updated_at = max(updated_at, ?), name = ?, tasks = ? WHERE id = ? AND revision = ?");
      if (Number(moved.run(revision, at, name, tasks, project, base).changes) === 0) return this.#revisionOf(project) === undefined ? "gone" : "behind";
    } else {
      const current = this.#revisionOf(project);
      if (current !== base) return current === undefined ? "gone" : "behind";
    }
    const client = this.#sql("INSERT OR IGNORE INTO clients VALUES (?, ?, ?, 0, ?, ?)");
    for (const { clientId, sub } of newClients) client.run(project, clientId, sub, noAcks, at);
    const change = this.#sql("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const row of changes) {
      const { revision, clientId, clientRevision, author, sub, at, madeAt, intent, payload, notices, inverse } = row;
      change.run(project, revision, clientId, clientRevision, author, sub, at, madeAt, intent, payload, notices, inverse);
    }
    const answer = this.#sql("INSERT INTO answers VALUES (?, ?, ?, ?)");
    const forget = this.#sql("DELETE FROM answers WHERE project = ? AND client_id = ? AND client_revision <= ?");
    for (const { clientId, clientRevision, body } of answers) {
      answer.run(project, clientId, clientRevision, body);
      forget.run(project, clientId, clientRevision - rememberedAnswers);
    }
    return "committed";
  }

  /**
   * Brings the stored counters up to the log's end. Until then a client's counter is its row and what the log holds of it after `projects.folded`: so an edit costs
   * one row, not two, and reading a counter costs no more than the log since the last snapshot.
   */
  #fold(project: string): void {
    const rows = this.#sql(
      "SELECT client_id AS clientId, client_revision AS number, revision, at FROM changes WHERE project = ? AND revision > (SELECT folded FROM projects WHERE id = ?) ORDER BY revision",
    ).all(project, project) as { clientId: string; number: number; revision: number; at: number }[];
    const update = this.#sql("UPDATE clients SET last_revision = ?, acks = ?, seen_at = ? WHERE project = ? AND client_id = ?");
    for (const [clientId, recent] of byClient(rows)) {
      const row = this.#storedClient(project, clientId);
      if (!row) continue;
      const { lastRevision, acks } = forward(row, recent);
      update.run(lastRevision, bytesOf(acks), recent.at(-1)?.at ?? 0, project, clientId);
    }
    this.#sql("UPDATE projects SET folded = revision WHERE id = ?").run(project);
  }

  #storedClient(project: string, clientId: string): ClientRow | undefined {
    const row = this.#sql("SELECT sub, last_revision AS lastRevision, acks FROM clients WHERE project = ? AND client_id = ?").get(project, clientId) as
      | { sub: string | null; lastRevision: number; acks: Uint8Array }
      | undefined;
    return row && storedCounter(clientId, row);
  }

  #revisionOf(project: string): number | undefined {
    return (this.#sql("SELECT revision FROM projects WHERE id = ?").get(project) as { revision: number } | undefined)?.revision;
  }

  #sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** SQLite tells for certain whether a COMMIT happened: where it threw, the transaction is rolled back. */
  #transaction<T>(work: () => T): T {
    try {
      this.#sql("BEGIN IMMEDIATE").run();
      try {
        const result = work();
        this.#sql("COMMIT").run();
        return result;
      } catch (cause) {
        this.#rollback();
        throw cause;
      }
    } catch (cause) {
      throw cause instanceof StoreError ? cause : writeError(cause);
    }
  }

  #rollback(): void {
    try {
      this.#sql("ROLLBACK").run();
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error): there is no transaction left to end.
    }
  }
}

function writeError(cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError("storage_unavailable", `The database did not take a write: ${reason}.`, cause);
}
