import { DatabaseError, Pool, type PoolClient, type QueryConfig, type QueryResult, types } from "pg";
import type { Query } from "../../interfaces/maintenance.ts";
import { StoreError } from "../../interfaces/store.ts";
import { fromDatabase, toDatabase } from "./text.ts";

export type { Query };

const int8 = 20;
/** Times and sizes fit a number: they are far below 2^53. */
const numbers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => (oid === int8 ? Number : types.getTypeParser(oid, format))) as typeof types.getTypeParser,
};

/**
 * What holds within a transaction, whatever the server's defaults: COMMIT waits for the disk (P3); each statement sees what others committed before it, so a row lock
 * is followed by the truth; and a process that froze with a lock, or waits for such a one, gives up.
 */
const begin =
  "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '5s'";

/** One moment of the database for all reads within. */
const beginMoment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Connections to PostgreSQL. Every failure is a StoreError; the next call opens a new connection where the last one broke. */
export class Database {
  /** Apart from each other, since a transaction waits for reads (`JudgeAgain`), and reads must not wait for transactions. */
  readonly #reads: Pool;
  readonly #writes: Pool;

  /** @param readOnly PostgreSQL itself refuses every write. */
  constructor(url: string, readOnly = false) {
    const pool = (): Pool => {
      const made = new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: 5_000, query_timeout: 15_000, keepAlive: true, types: numbers });
      // An idle connection broke. Whoever needs one gets another.
      made.on("error", () => {});
      if (readOnly) made.on("connect", (client) => void client.query("SET default_transaction_read_only = on").catch(() => {}));
      return made;
    };
    this.#reads = pool();
    this.#writes = pool();
  }

  /** One statement of its own. @throws StoreError `storage_unavailable`. */
  query: Query = async <R>(text: string, values: readonly unknown[] = []) => {
    try {
      return rowsOf<R>(await this.#reads.query(prepared(text, values)));
    } catch (cause) {
      throw unavailable(cause);
    }
  };

  /** @throws StoreError of `work`, or `storage_unavailable` where nothing was written, or `unknown_outcome` where the connection was lost inside COMMIT. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#within(begin, work);
  }

  /** All reads of `work` see the same moment. @throws StoreError `storage_unavailable`, or those of `work`. */
  moment<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#within(beginMoment, work);
  }

  async #within<T>(begin: string, work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    const lost = (error: Error): void => {
      broken = error;
    };
    client.on("error", lost);
    let committing = false;
    try {
      await client.query(begin);
      const result = await work(async <R>(text: string, values: readonly unknown[] = []) => rowsOf<R>(await client.query(prepared(text, values))));
      committing = true;
      await client.query("COMMIT");
      return result;
    } catch (cause) {
      if (!(cause instanceof StoreError || refused(cause))) broken ??= cause as Error;
      if (!broken) await client.query("ROLLBACK").catch(lost);
      if (cause instanceof StoreError) throw cause;
      if (committing && !refused(cause)) throw new StoreError("unknown_outcome", `The connection was lost inside COMMIT: ${reasonOf(cause)}.`, cause);
      throw unavailable(cause);
    } finally {
      client.off("error", lost);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#reads.end(), this.#writes.end()]);
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#writes.connect();
    } catch (cause) {
      throw unavailable(cause);
    }
  }
}

/** Names of statements: each connection has PostgreSQL read and plan a statement once, which for a small commit is most of its work. */
const names = new Map<string, string>();

function prepared(text: string, values: readonly unknown[]): QueryConfig {
  if (values.length === 0) return { text };
  let name = names.get(text);
  if (name === undefined) {
    name = `livegantt_${names.size}`;
    names.set(text, name);
  }
  return { name, text, values: values.map(toDatabase) };
}

/** Several statements in one text give a list of results, of which nobody asks for rows. */
function rowsOf<R>(result: QueryResult | QueryResult[]): R[] {
  const rows = Array.isArray(result) ? [] : result.rows;
  for (const row of rows) for (const name of Object.keys(row)) row[name] = fromDatabase(row[name]);
  return rows;
}

/** PostgreSQL itself says that the statement did not happen, and lives on. Class 57 is its going down, 08 and 58 what surrounds it. */
const refused = (cause: unknown): boolean => cause instanceof DatabaseError && !/^(08|57|58|XX)/.test(cause.code ?? "XX");

/** A refused connection to a name with several addresses has an empty message of its own. */
function reasonOf(cause: unknown): string {
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : String(first);
}

const unavailable = (cause: unknown): StoreError =>
  new StoreError("storage_unavailable", `PostgreSQL does not answer as it should: ${reasonOf(cause)}.`, cause);
