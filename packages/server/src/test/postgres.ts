import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll } from "vitest";

const run = promisify(execFile);

/** Debian keeps the programs of the server off the PATH, one folder per version. */
function findBinaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")));
}

const binaries = findBinaries();
/** A cluster of our own can be started, so it can also be killed. */
export const hasBinaries = binaries !== undefined;
export const hasPostgres = hasBinaries || process.env.TEST_DATABASE_URL !== undefined;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** A throwaway PostgreSQL: a new folder, a free port. `crash` ends it as a kill does, `start` lets it recover. */
export class Cluster {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #as: readonly string[];

  private constructor(folder: string, port: number, as: readonly string[]) {
    this.#folder = folder;
    this.#port = port;
    this.#as = as;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async start(): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), "livegantt-postgres-"));
    chmodSync(folder, 0o700);
    // PostgreSQL refuses to run as root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      const id = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
      chownSync(folder, await id("-u"), await id("-g"));
    }
    const as = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];
    const cluster = new Cluster(folder, await freePort(), as);
    await cluster.#call("initdb", "-D", cluster.#data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
    await cluster.start();
    return cluster;
  }

  /** Nothing is synced: only this machine's crash would lose what was written, and that ends the tests too. */
  async start(): Promise<void> {
    const settings = `-p ${this.#port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.#folder} -c fsync=off -c shared_buffers=64MB -c max_connections=50`;
    await this.#call("pg_ctl", "-D", this.#data, "-l", join(this.#folder, "log"), "-w", "-t", "30", "-o", settings, "start");
  }

  async crash(): Promise<void> {
    await this.#call("pg_ctl", "-D", this.#data, "-m", "immediate", "-w", "stop");
  }

  async destroy(): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  async #call(program: string, ...args: string[]): Promise<void> {
    const [command = "", ...rest] = [...this.#as, join(binaries ?? "", program), ...args];
    await run(command, rest, { cwd: this.#folder, env: { ...process.env, HOME: this.#folder } });
  }
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
  ours ??= Cluster.start();
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
