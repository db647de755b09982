import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll } from "vitest";
import { findPostgres, startCluster } from "../../../../scripts/lib/postgres.mjs";

const binaries = findPostgres();
/** A cluster of our own can be started, so it can also be killed. */
export const hasBinaries = binaries !== undefined;
export const hasPostgres = hasBinaries || process.env.TEST_DATABASE_URL !== undefined;

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** A PostgreSQL of one's own: may be crashed and started again. */
export async function ownCluster(): Promise<Cluster> {
  if (binaries === undefined) throw new Error("PostgreSQL is not installed here");
  return startCluster(binaries);
}

let ours: Promise<Cluster> | undefined;
afterAll(async () => {
  const cluster = await ours;
  ours = undefined;
  await cluster?.destroy();
});

/** The given PostgreSQL, or one that lives as long as the test file. */
async function sharedUrl(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return given;
  ours ??= ownCluster();
  return (await ours).url;
}

/** Runs statements on a connection of their own. */
export async function sql(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** An empty place in the test database: a schema that is first in the search path of everybody who uses `url`. */
export async function emptyDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = await sharedUrl();
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  await sql(server, `CREATE SCHEMA ${schema}`);
  const url = new URL(server);
  url.searchParams.set("options", `-c search_path=${schema}`);
  return { url: url.href.replaceAll("+", "%20"), drop: () => sql(server, `DROP SCHEMA ${schema} CASCADE`) };
}
