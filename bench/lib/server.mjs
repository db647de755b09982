// A server process as people run it, what it is asked, and what it costs.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../packages/server/dist/main.js", import.meta.url));
/** Benchmarks come from one address and as fast as they can. */
export const wideLimits = "changesPerSecond=1000000,framesPerSecond=1000000,connectionsPerAddress=100000,connectionsPerProject=100000,requestsPerSecond=100000";

/** A server process as `livegantt serve` starts it. */
export async function startNode(env) {
  const child = spawn(process.execPath, [...(process.env.BENCH_NODE_FLAGS?.split(" ") ?? []), program], {
    env: { ...process.env, PORT: "0", LIVEGANTT_LOG_LEVEL: "error", LIVEGANTT_LIMITS: wideLimits, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.on("exit", done));
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^livegantt is running: (\S+)$/.exec(line)?.[1];
    if (url) break;
  }
  if (!url) throw new Error("a server did not start; build it first: npm run build");
  return {
    url: new URL(url).origin,
    child,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export async function createProject(url, tasks) {
  const plan = { tasks: Array.from({ length: tasks }, (_, i) => ({ id: `t${i}`, name: `Task number ${i} of the project`, duration: 1, durationUnit: "day" })) };
  const answer = await fetch(`${url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "bench", plan }),
  });
  if (!answer.ok) throw new Error(`POST /api/projects: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).id;
}

/** One reading of all metrics: what it returns gives the sum over all labels of one by name, or over those that begin with the same labels. */
export async function metrics(url) {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  return (name) =>
    lines
      .filter((line) => line.startsWith(name) && (name.endsWith("}") || /[ {]/.test(line[name.length] ?? "")))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

const ticksPerSecond = 100;

function seconds(pid, first) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** Seconds of CPU until now; 0 for a process that is gone. */
export const cpuSeconds = (pid) => seconds(pid, 11);
/** The same of all its children that have ended. */
export const endedChildrenSeconds = (pid) => seconds(pid, 13);

/** Resident bytes. */
export const residentBytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
