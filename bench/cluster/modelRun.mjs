// Measures what the parts cost, foretells another run of two servers from it, makes that run, and says how far off the model was.
import { number } from "../lib/figures.mjs";
import { Helper } from "../lib/helper.mjs";
import { createProject, residentBytes } from "../lib/server.mjs";
import { capacity, fit, simulate } from "./model.mjs";
import { throughput } from "./throughput.mjs";

/** Each stresses another cost: the edit itself, the edit followed, the commit, the delivery. */
const probes = [
  { name: "one server, large groups", load: { projects: 1, writers: 2, outstanding: 100, on: [0] } },
  { name: "two servers, large groups", load: { projects: 1, writers: 2, outstanding: 60 } },
  { name: "one server, an edit a commit", load: { projects: 1, writers: 1, outstanding: 1, on: [0] } },
  { name: "one server, many listeners", load: { projects: 1, writers: 1, listeners: 60, outstanding: 20, on: [0] } },
  { name: "two servers, small groups", load: { projects: 4, writers: 1, outstanding: 4 } },
];
const held = { projects: 10, writers: 2, listeners: 4, outstanding: 6 };
const sharedCores = 2;

const amountsOf = ({ acked, delivered, followed }) => ({ edit: acked, follow: followed, deliver: delivered });

async function unitCosts(town, seconds) {
  const runs = [];
  for (const { name, load } of probes) {
    const found = await throughput(town, { ...load, seconds });
    runs.push(found);
    console.log(
      `  ${name.padEnd(30)} ${number(found.acked).padStart(6)} edits/s, ${number(found.commits).padStart(4)} commits/s, ${number(found.delivered).padStart(6)} deliveries/s · cores: servers ${number(found.serverCores, 2)}, PostgreSQL ${number(found.postgresCores, 2)}, clients ${number(found.clientCores, 2)} · p50 ${number(found.p50, 1)} ms`,
    );
  }
  const servers = fit(runs.map((run) => ({ amounts: { ...amountsOf(run), commit: run.commits }, total: run.serverCores })));
  const postgres = fit(
    runs.map(({ acked, followed, commits, postgresCores }) => ({
      amounts: { databaseEdit: acked, databaseFollow: followed, databaseCommit: commits },
      total: postgresCores,
    })),
  );
  const clients = fit(runs.map(({ acked, delivered, clientCores }) => ({ amounts: { client: acked, clientDeliver: delivered }, total: clientCores })));
  const costs = { ...servers, ...postgres, ...clients, sync: 0 };
  // What is left of a lone edit's time when all processors have had their part.
  const lone = costs.edit + costs.commit + costs.databaseEdit + costs.databaseCommit + costs.client;
  costs.sync = Math.max(0, (runs[2].p50 / 1000 - lone) / loadOn(runs[2]));
  return costs;
}

/** Others use this machine too: how much longer a wait is than it would be alone. */
const loadOn = ({ serverCores, postgresCores, clientCores }) => Math.max(1, 1 / Math.max(0.2, serverCores + postgresCores + clientCores));

async function memory(town) {
  const [{ url, child }] = town.nodes;
  const before = residentBytes(child.pid);
  const project = await createProject(url, 10);
  const helper = await Helper.open(new URL("load.mjs", import.meta.url));
  const count = 1_000;
  await helper.ask("connect", { places: Array.from({ length: count }, () => ({ url, project, task: "t1", listens: true })) });
  const connected = residentBytes(child.pid);
  helper.end();
  const tasks = 10_000;
  const rooms = 5;
  for (let i = 0; i < rooms; i++) {
    const id = await createProject(url, tasks);
    await (await fetch(`${url}/api/projects/${id}`)).text();
  }
  return { connection: (connected - before) / count, room: (residentBytes(child.pid) - connected) / rooms, tasks };
}

export async function modelRun(town, { seconds }) {
  // Code gets fast by running: what comes first must not look dearer than what comes last.
  await throughput(town, { projects: 4, writers: 2, listeners: 4, outstanding: 20, seconds: 8 });
  console.log("Measured, to find what each part costs:");
  const costs = await unitCosts(town, seconds);
  const micros = (name) => `${number(costs[name] * 1e6, 1)} µs`;
  console.log(`Costs in time of a processor:
  server      an edit ${micros("edit")}, the same edit on another server ${micros("follow")}, a delivery ${micros("deliver")}, a commit ${micros("commit")}
  PostgreSQL  an edit ${micros("databaseEdit")}, the same edit read by another server ${micros("databaseFollow")}, a commit ${micros("databaseCommit")}; a commit waits ${number(costs.sync * 1000, 2)} ms for disk and network
  client      an edit ${micros("client")}, a message ${micros("clientDeliver")}`);

  const found = await throughput(town, { ...held, seconds });
  // The model gets the processors that the run had: other programs of this machine take the rest.
  const cores = Math.min(sharedCores, found.serverCores + found.postgresCores + found.clientCores);
  const foretold = simulate({ nodes: town.nodes.length, ...held, costs, cores, seconds: 6 });
  console.log(
    `\nAnother run: ${held.projects} projects on both servers, ${held.writers} writers and ${held.listeners} listeners of each on each (${number(cores, 2)} processors were to be had):`,
  );
  const lines = {
    "edits a second": "acked",
    "commits a second": "commits",
    "cores of servers": "serverCores",
    "cores of PostgreSQL": "postgresCores",
    "p50, ms": "p50",
  };
  for (const [name, key] of Object.entries(lines))
    console.log(
      `  ${name.padEnd(22)} model ${number(foretold[key], key.endsWith("Cores") ? 2 : 0).padStart(8)}   measured ${number(found[key], key.endsWith("Cores") ? 2 : 0).padStart(8)}   off by ${number((foretold[key] / found[key] - 1) * 100)} %`,
    );

  const { connection, room, tasks } = await memory(town);
  console.log(`\nMemory: ${number(connection / 1024, 1)} KB a connection, ${number(room / 1e6, 1)} MB a project of ${number(tasks)} tasks`);
  console.log("\nTen people in a project, an edit of each in 10 s, servers of one core and PostgreSQL of 8, none busier than 60 %:");
  console.log("servers  spread over  edits/s  connections  of each server  saturated first");
  for (const nodes of [2, 4, 8, 16, 32])
    for (const spread of [1, Math.min(10, nodes)]) {
      const c = capacity({ nodes, costs, people: 10, editsPerPerson: 0.1, spread, group: 20, databaseCores: 8, utilisation: 0.6 });
      console.log(
        `${String(nodes).padStart(7)}  ${String(spread).padStart(11)}  ${number(c.edits).padStart(7)}  ${number(c.connections).padStart(11)}  ${number(c.connectionsPerNode).padStart(14)}  ${c.first}`,
      );
    }
}
