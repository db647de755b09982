// `npm run bench:live`: the product against a bare WebSocket relay, interleaved in one run. Prints medians and ratios; asserts nothing.
import { fork } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:live -- [--runs 5] [--seconds 4]

Starts a server and a crowd of clients as two processes, for a bare relay and for livegantt in turn, and prints the median of each figure and their ratio.
An edit counts when all other clients have applied it. Takes about runs × 2 × (4 × seconds + 4) seconds.`);
  process.exit(0);
}
const runs = Number(values.runs);
const seconds = Number(values.seconds);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const drivers = ["relay.mjs", "livegantt.mjs"];

class Host {
  #child;
  #waiting;

  static async open(role, driver) {
    const host = new Host();
    host.#child = fork(here("host.mjs"), [role, here(driver)], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    host.#child.on("message", ({ result, failed }) => (failed ? host.#waiting.fail(new Error(failed)) : host.#waiting.done(result)));
    host.#child.on("exit", (code) => host.#waiting?.fail(new Error(`${role} of ${driver} ended with ${code}`)));
    await host.#answer();
    return host;
  }

  ask(command, args = {}) {
    const answer = this.#answer();
    this.#child.send({ command, args });
    return answer;
  }

  #answer() {
    return new Promise((done, fail) => {
      this.#waiting = { done, fail };
    });
  }

  end() {
    this.#waiting = { done() {}, fail() {} };
    this.#child.disconnect();
  }
}

async function withCrowd(driver, count, measure) {
  const server = await Host.open("server", driver);
  const clients = await Host.open("clients", driver);
  try {
    const target = await server.ask("start", { tasks: count });
    await clients.ask("connect", { target, count });
    return await measure(clients);
  } finally {
    await clients.ask("close").catch(() => {});
    clients.end();
    await server.ask("stop").catch(() => {});
    server.end();
  }
}

const measures = {
  "50 clients, closed loop, edits/s": (driver) => withCrowd(driver, 50, async (c) => (await c.ask("closed", { seconds, outstanding: 1 })).editsPerSecond),
  "200 clients, closed loop, edits/s": (driver) => withCrowd(driver, 200, async (c) => (await c.ask("closed", { seconds, outstanding: 1 })).editsPerSecond),
  "4 clients, 25 outstanding, edits/s": (driver) => withCrowd(driver, 4, async (c) => (await c.ask("closed", { seconds, outstanding: 25 })).editsPerSecond),
};
const found = new Map();
const note = (what, driver, value) => {
  const key = `${what}|${driver}`;
  found.set(key, [...(found.get(key) ?? []), value]);
};
for (let run = 0; run < runs; run++)
  for (const driver of run % 2 ? [...drivers].reverse() : drivers) {
    for (const [what, measure] of Object.entries(measures)) note(what, driver, await measure(driver));
    const { p50, p99 } = await withCrowd(driver, 50, (c) => c.ask("open", { seconds, perSecond: 100 }));
    note("50 clients, 100 edits/s, all others applied it, p50 ms", driver, p50);
    note("50 clients, 100 edits/s, all others applied it, p99 ms", driver, p99);
  }

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(`Node ${process.version}, ${os.cpus().length} cores, ${runs} interleaved runs of ${seconds} s, medians`);
for (const what of new Set([...found.keys()].map((key) => key.split("|")[0]))) {
  const [relay, own] = drivers.map((driver) => median(found.get(`${what}|${driver}`)));
  const digits = relay < 100 ? 1 : 0;
  console.log(
    `${what.padEnd(58)} relay ${relay.toFixed(digits).padStart(8)}   livegantt ${own.toFixed(digits).padStart(8)}   ratio ${(own / relay).toFixed(2)}`,
  );
}
