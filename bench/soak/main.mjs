// `npm run soak`: a server with a crowd for a long time. Ends with 1 where memory or lag grows, a project is damaged, or an acknowledged edit is not there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkInvariants, projectFromSnapshot } from "@livegantt/core";
import { number, wait } from "../lib/figures.mjs";
import { Helper } from "../lib/helper.mjs";
import { createProject, metrics, startNode, wideLimits } from "../lib/server.mjs";
import { flatness } from "./flat.mjs";
import { plot } from "./plot.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    clients: { type: "string", default: "200" },
    projects: { type: "string", default: "10" },
    json: { type: "string", default: fileURLToPath(new URL("../dist/soak.json", import.meta.url)) },
    svg: { type: "string", default: fileURLToPath(new URL("../../docs/images/soak.svg", import.meta.url)) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run soak -- [--minutes 30] [--clients 200] [--projects 10] [--json bench/dist/soak.json] [--svg docs/images/soak.svg]

A server on the embedded database, and people who come and go, edit about once a second, and of whom one in thirty stops reading for a while. Projects fall asleep in turn,
leave memory, have their history folded, and come back. Writes memory, event-loop lag, size of the store and answer times to a file, draws them, and checks at the
end that memory and lag did not grow, that every project keeps the laws, also after a restart, and that every acknowledged edit is there. Build first: npm run build.`);
  process.exit(0);
}
const seconds = Number(values.minutes) * 60;
const sampleEveryMs = Math.min(5_000, Math.max(1_000, (seconds * 1000) / 360));
const sleepEveryMs = 30_000;
/** Little history, short memory and small buffers: compaction, unloading and slow readers happen within minutes. */
const limits = `${wideLimits},snapshotEvery=500,idleProjectSeconds=5,pendingBytes=65536,presenceBytes=16384`;

const data = mkdtempSync(join(os.tmpdir(), "livegantt-soak-"));
const env = {
  LIVEGANTT_DATA: data,
  LIVEGANTT_LIMITS: limits,
  LIVEGANTT_KEEP_REVISIONS: "500",
  LIVEGANTT_KEEP_DAYS: "0.0005",
  LIVEGANTT_TOMBSTONE_DAYS: "0.0005",
};
let node = await startNode(env);
const crowd = await Helper.open(new URL("people.mjs", import.meta.url));
const samples = [];

async function sample(begun) {
  const read = await metrics(node.url);
  const people = await crowd.ask("read");
  samples.push({
    at: (performance.now() - begun) / 1000,
    resident: read("process_resident_memory_bytes"),
    heap: read("nodejs_heap_size_used_bytes"),
    lagMs: read("nodejs_eventloop_lag_p99_seconds") * 1000,
    store: read("livegantt_store_bytes"),
    rooms: read("livegantt_rooms"),
    connections: read("livegantt_connections"),
    tooSlow: read('livegantt_refusals_total{code="too_slow"}'),
    ...people,
  });
}

/** Every plan keeps the laws, and holds what was acknowledged last, or what the same person wrote there later and did not stay to hear of. */
async function check(url, projects, ledger) {
  const faults = [];
  const plans = new Map();
  for (const project of projects) {
    const answer = await fetch(`${url}/api/projects/${project}`);
    if (!answer.ok) {
      faults.push(`project ${project}: ${answer.status} ${await answer.text()}`);
      continue;
    }
    const plan = await answer.json();
    plans.set(project, plan);
    for (const { rule, id, message } of checkInvariants(projectFromSnapshot(plan))) faults.push(`project ${project}: ${rule} ${id} ${message}`);
    const notes = new Map(plan.tasks.map(({ id, note }) => [id, note]));
    for (const [key, value] of ledger)
      if (key.startsWith(`${project}/`) && !(Number(notes.get(key.slice(project.length + 1))) >= Number(value)))
        faults.push(`${key} should be ${value} or newer`);
  }
  return { faults, plans };
}

try {
  const projects = [];
  for (let i = 0; i < Number(values.projects); i++) projects.push(await createProject(node.url, 100));
  await crowd.ask("start", { url: node.url, projects, count: Number(values.clients) });
  const begun = performance.now();
  let asleep = 0;
  let sleepsSince = begun;
  while (performance.now() - begun < seconds * 1000) {
    await wait(sampleEveryMs);
    await sample(begun);
    if (performance.now() - sleepsSince < sleepEveryMs) continue;
    sleepsSince = performance.now();
    await crowd.ask("wake", { project: projects[asleep] });
    asleep = (asleep + 1) % projects.length;
    await crowd.ask("sleep", { project: projects[asleep] });
  }
  const ledger = await crowd.ask("stop");
  const before = await check(node.url, projects, ledger);
  await node.stop();
  node = await startNode(env);
  const after = await check(node.url, projects, ledger);
  const faults = [...before.faults, ...after.faults];
  for (const project of projects)
    if (JSON.stringify(before.plans.get(project)) !== JSON.stringify(after.plans.get(project)))
      faults.push(`project ${project} is another one after the restart`);

  const series = (name, unit = 1) => samples.map((one) => ({ at: one.at, value: one[name] / unit }));
  const checks = {
    "resident memory, MB": flatness(series("resident", 1e6), { share: 0.15, least: 15 }),
    "heap in use, MB": flatness(series("heap", 1e6), { share: 0.15, least: 15 }),
    "event-loop lag p99, ms": flatness(series("lagMs"), { share: 0.5, least: 10 }),
  };
  const perSecond = samples.map((one, i) => ({ at: one.at, value: i === 0 ? Number.NaN : (one.acked - samples[i - 1].acked) / (one.at - samples[i - 1].at) }));
  const last = samples.at(-1);
  const title = `${values.clients} clients, ${projects.length} projects, ${values.minutes} minutes, ${number(last.acked)} edits`;
  const svg = plot(title, [
    {
      title: "memory",
      unit: "MB",
      lines: [
        { name: "resident", points: series("resident", 1e6) },
        { name: "heap in use", points: series("heap", 1e6) },
      ],
    },
    { title: "event-loop lag, p99", unit: "ms", lines: [{ name: "lag", points: series("lagMs") }] },
    { title: "time to an answer, median", unit: "ms", lines: [{ name: "median", points: series("p50") }] },
    { title: "edits a second", unit: "", lines: [{ name: "edits", points: perSecond }] },
    { title: "size of the store", unit: "MB", lines: [{ name: "store", points: series("store", 1e6) }] },
  ]);
  for (const file of [values.svg, values.json]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(values.svg, svg);
  writeFileSync(values.json, `${JSON.stringify({ title, node: process.version, cores: os.cpus().length, checks, samples }, null, 1)}\n`);

  console.log(title);
  console.log(
    `${number(last.visits)} visits, ${number(last.deltas)} of them resumed; ${number(last.slow)} times somebody did not read, ${number(last.tooSlow)} of them were closed; closes by code ${JSON.stringify(last.closed)}; ${number(last.refused)} edits refused`,
  );
  for (const [name, { level, growth, allowed, flat }] of Object.entries(checks))
    console.log(`${flat ? "flat " : "GROWS"} ${name}: ${number(level, 1)}, grew by ${number(growth, 2)} after the warm-up, ${number(allowed, 1)} is allowed`);
  for (const fault of faults.slice(0, 20)) console.log(`FAULT ${fault}`);
  console.log(
    faults.length === 0
      ? `all ${projects.length} projects keep the laws, before and after a restart; ${number(ledger.length)} acknowledged values are there`
      : `${faults.length} faults`,
  );
  process.exitCode = faults.length > 0 || Object.values(checks).some(({ flat }) => !flat) ? 1 : 0;
} finally {
  crowd.end();
  await node.stop();
  rmSync(data, { recursive: true, force: true });
}
