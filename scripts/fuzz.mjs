// `npm run fuzz`: hostile frames and requests against a real server process, over real sockets, while others work on it.
import { parseArgs } from "node:util";
import { build } from "./lib/build.mjs";
import { describeCase, fuzz, memoryGrowth, narrow } from "./lib/fuzz/run.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { fail } from "./lib/run.mjs";

const help = `npm run fuzz -- [--seed N] [--count 1000000] [--from 0] [--lanes 6] [--latency 10000] [--show N]

Sends malformed JSON, wrong types, prototype keys, deep nesting, oversize messages, mutated messages of real sessions, random bytes, broken
WebSocket frames, half-open upgrades, header tricks and random paths to a server of its own. A crash, an error that the server did not
expect, an edit of somebody else that is not acknowledged in time, or memory that grows is a fault.

  --seed N       the same seed plays the same cases (default: by the clock)
  --count N      how many frames and requests
  --from N       index of the first one, to play a part of a run again
  --lanes N      attackers at one time
  --latency N    ms within which edits of others must be acknowledged
  --show N       prints case N of a seed and plays it alone

A fault prints the seed and the case that made it. Ends with 1 where there was one.`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    count: { type: "string", default: "1000000" },
    from: { type: "string", default: "0" },
    lanes: { type: "string", default: "6" },
    latency: { type: "string", default: "10000" },
    show: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const number = (name) => {
  const n = Number(values[name]);
  if (!Number.isSafeInteger(n) || n < 0) fail(`--${name} "${values[name]}" is no whole number. --help lists all options.`);
  return n;
};
const seed = number("seed");

checkNode();
await install({ tools: false });
await build();

const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
const tell = ({ index, faults }) =>
  console.log(`${describeCase(seed, index)}\n${faults.map((line) => `  ${line}`).join("\n")}\nAgain: npm run fuzz -- --seed ${seed} --show ${index}`);

if (values.show !== undefined) {
  const index = number("show");
  const found = await narrow({ seed, suspects: [index] });
  if (found) tell(found);
  else console.log(`${describeCase(seed, index)}\nNo fault.`);
  process.exit(found ? 1 : 0);
}

const count = number("count");
const from = number("from");
console.log(`Seed ${seed}, ${count} cases from ${from}.`);
let told = 0;
const result = await fuzz({
  seed,
  from,
  count,
  lanes: number("lanes"),
  boundMs: number("latency"),
  onProgress(done, memory) {
    if (done - told < count / 10) return;
    told = done;
    console.log(`${done} done, ${mib(memory)}`);
  },
});
const { counts, witness, memory } = result;
const growth = memoryGrowth(memory);
const statuses = Object.entries(counts.statuses)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([status, n]) => `${status}: ${n}`);
console.log(`${result.cases} cases in ${result.seconds.toFixed(0)} s (${(result.cases / result.seconds).toFixed(0)} a second)
  ${counts.frames} on sockets (${counts.sockets} opened): ${counts.acks} acks, ${counts.conflicts} conflicts, ${counts.errors} errors
  ${counts.requests} connections to HTTP: ${statuses.join(", ")}
  ${witness.edits} edits of others acknowledged: p50 ${witness.p50.toFixed(1)} ms, p99 ${witness.p99.toFixed(1)} ms, longest ${witness.max.toFixed(0)} ms
  memory ${mib(growth.before)} in the second quarter, ${mib(growth.after)} in the last`);
if (!growth.isFlat) result.faults.push("memory grows");
if (result.faults.length === 0) {
  console.log("No fault.");
  process.exit(0);
}
console.log(`\nFAULT with seed ${seed}:\n${result.faults.slice(0, 10).join("\n")}`);
if (result.suspects.length > 0) {
  const found = await narrow({ seed, suspects: [...result.suspects].reverse() });
  if (found) tell(found);
  else {
    const [first, last] = [Math.min(...result.suspects), Math.max(...result.suspects)];
    console.log(`No case alone makes it. Again: npm run fuzz -- --seed ${seed} --from ${first} --count ${last - first + 1} --lanes 1`);
  }
}
process.exit(1);
