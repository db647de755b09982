// A throwaway PostgreSQL cluster for tests: a new temporary folder, a free port, gone afterwards.
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { run } from "./run.mjs";

/**
 * Folder of initdb and pg_ctl: Debian keeps them off the PATH, one folder per version.
 * @returns {string | undefined} undefined where PostgreSQL is not installed
 */
export function findPostgres() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")));
}

/** The same, installed first where that may be done. */
export async function installedPostgres() {
  return findPostgres() ?? ((await aptInstall("postgresql")) ? findPostgres() : undefined);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** PostgreSQL refuses to run as root, so root steps down to the `postgres` user of the package. */
async function asUnprivileged(folder) {
  if (process.getuid?.() !== 0) return [];
  const { output: uid } = await run("id", ["-u", "postgres"], { quiet: true });
  const { output: gid } = await run("id", ["-g", "postgres"], { quiet: true });
  chownSync(folder, Number(uid), Number(gid));
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"];
}

/**
 * Starts a cluster that trusts local connections. It syncs nothing: only a crash of this machine would lose what was written, and that ends the tests too.
 * @param {string} binaries folder of `findPostgres`
 * @param {Record<string, string | number>} [more] settings of postgresql.conf, in place of those here
 * @returns {Promise<{ url: string, crash: () => Promise<void>, start: () => Promise<void>, destroy: () => Promise<void> }>} `crash` ends it as a kill does, `start`
 *   lets it recover.
 */
export async function startCluster(binaries, more = {}) {
  const folder = mkdtempSync(join(tmpdir(), "livegantt-postgres-"));
  chmodSync(folder, 0o700);
  const prefix = await asUnprivileged(folder);
  const data = join(folder, "data");
  const port = await freePort();
  const call = async (program, ...args) => {
    const [command, ...rest] = [...prefix, join(binaries, program), ...args];
    const { code, output } = await run(command, rest, { quiet: true, cwd: folder, env: { ...process.env, HOME: folder } });
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
  };
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "64MB",
    max_connections: 50,
    ...more,
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const start = () => call("pg_ctl", "-D", data, "-l", join(folder, "log"), "-w", "-t", "30", "-o", options.join(" "), "start");
  const crash = () => call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
  await call("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    crash,
    start,
    async destroy() {
      await crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
