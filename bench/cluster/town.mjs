// A PostgreSQL that syncs, server processes on it, and what all of them cost.
import { readdirSync, readFileSync } from "node:fs";
import { installedPostgres, startCluster } from "../../scripts/lib/postgres.mjs";
import { cpuSeconds, endedChildrenSeconds, startNode } from "../lib/server.mjs";

/** @param {object} settings of PostgreSQL; by default it syncs every commit to the disk. */
export async function startTown(nodes, settings = {}) {
  const binaries = await installedPostgres();
  if (binaries === undefined) throw new Error("PostgreSQL is needed: install the package postgresql (initdb and pg_ctl)");
  const cluster = await startCluster(binaries, { fsync: "on", full_page_writes: "on", shared_buffers: "256MB", max_connections: 100, ...settings });
  const running = [];
  const town = {
    database: cluster.url,
    nodes: running,
    /** CPU seconds until now: of each node, and of PostgreSQL as a whole. */
    cpu: () => ({ nodes: running.map(({ child }) => cpuSeconds(child.pid)), postgres: postgresSeconds(cluster.url) }),
    async stop() {
      await Promise.all(running.map((node) => node.stop()));
      await cluster.destroy();
    },
  };
  try {
    for (let i = 0; i < nodes; i++) running.push(await startNode({ DATABASE_URL: cluster.url }));
  } catch (error) {
    await town.stop();
    throw error;
  }
  return town;
}

/** All processes of the server that listens on the port of this address: it and its children. */
function postgresSeconds(url) {
  const { port } = new URL(url);
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[1];
        return [{ pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") }];
      } catch {
        return [];
      }
    });
  const head = processes.find(({ command }) => command.includes(`port=${port}`) && command.includes("postgres"))?.pid;
  const children = processes.filter(({ parent }) => parent === head).map(({ pid }) => cpuSeconds(pid));
  return children.reduce((a, b) => a + b, cpuSeconds(head) + endedChildrenSeconds(head));
}
