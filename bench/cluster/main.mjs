// `npm run bench:cluster`: two servers on one PostgreSQL. Prints medians and ratios; asserts nothing.
import os from "node:os";
import { parseArgs } from "node:util";
import { number } from "../lib/figures.mjs";
import { delivery } from "./delivery.mjs";
import { rawThroughput, throughput } from "./throughput.mjs";
import { startTown } from "./town.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    nodes: { type: "string", default: "2" },
    only: { type: "string" },
    model: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:cluster -- [--seconds 8] [--nodes 2] [--only hot|many|delivery] [--model]

Starts a PostgreSQL that syncs each commit (Debian's package), servers on it as processes, and clients as another process, and prints
  hot       edits a second that are acknowledged in one project that is open on all servers, and the time to their answers
  many      the same over 100 projects, each open on all servers
  delivery  how much later an edit and a selection arrive on the other server than on the same one
The first two stand beside what the same PostgreSQL takes from as many processes that only insert rows, in the same run. Nothing is asserted.
  --model   measures unit costs and one run of two servers instead, and holds the queueing model of docs/scaling.md against it
Takes about 5 × seconds + 60 seconds. Build first: npm run build.`);
  process.exit(0);
}
const seconds = Number(values.seconds);
const cases = {
  hot: { title: "one hot project", projects: 1, writers: 2, outstanding: 120, rawOutstanding: 240 },
  many: { title: "100 projects", projects: 100, writers: 1, outstanding: 4, rawOutstanding: 4 },
};
const wanted = (name) => !values.only || values.only === name;

const micros = (found, name) => number((found[name] / found.acked) * 1e6, 1);

async function compare(town, { title, rawOutstanding, ...load }) {
  const raw = await rawThroughput(town, { projects: load.projects, outstanding: rawOutstanding, seconds });
  const own = await throughput(town, { ...load, seconds });
  console.log(
    `${title.padEnd(16)} livegantt ${number(own.acked)} acked/s, p50 ${number(own.p50)} ms, p99 ${number(own.p99)} ms · raw inserts ${number(raw.acked)}/s, p99 ${number(raw.p99)} ms · ratio ${number(own.acked / raw.acked, 2)}`,
  );
  console.log(
    `${"".padEnd(16)} ${number(own.commits)} commits/s, ${number(own.delivered)} deliveries/s, ${number(own.refused)} refused · CPU for one acked edit: servers ${micros(own, "serverCores")} µs, PostgreSQL ${micros(own, "postgresCores")} µs, clients ${micros(own, "clientCores")} µs`,
  );
}

const town = await startTown(Number(values.nodes));
try {
  console.log(`Node ${process.version}, ${os.cpus().length} cores, ${values.nodes} servers, PostgreSQL syncs each commit, ${seconds} s each`);
  if (values.model) await (await import("./modelRun.mjs")).modelRun(town, { seconds });
  else {
    for (const [name, one] of Object.entries(cases)) if (wanted(name)) await compare(town, one);
    if (wanted("delivery"))
      for (const [kind, { over, over99, near, far, lost }] of Object.entries(await delivery(town, { count: 100 })))
        console.log(
          `${kind.padEnd(16)} on the other server ${number(over, 1)} ms later (p99 ${number(over99, 1)}): ${number(far, 1)} ms after they were sent, on the same one ${number(near, 1)} ms · ${lost} lost`,
        );
  }
} finally {
  await town.stop();
}
