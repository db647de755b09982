// How many edits a second servers acknowledge, each of them on disk, beside what the same PostgreSQL gives to as many processes that only insert.
import { median, quantile, wait } from "../lib/figures.mjs";
import { Helper } from "../lib/helper.mjs";
import { createProject, metrics } from "../lib/server.mjs";

const warmSeconds = 3;

/** What helpers count in some seconds, by the second, and what `gauge` grew by meanwhile. */
async function during(helpers, seconds, gauge) {
  await wait(warmSeconds * 1000);
  await Promise.all(helpers.map((helper) => helper.ask("reset")));
  const before = await gauge();
  const begun = performance.now();
  await wait(seconds * 1000);
  const read = await Promise.all(helpers.map((helper) => helper.ask("read")));
  const elapsed = (performance.now() - begun) / 1000;
  const after = await gauge();
  const latencies = read.flatMap((one) => one.latencies);
  const total = (name) => read.reduce((sum, one) => sum + (one[name] ?? 0), 0) / elapsed;
  const grown = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, (value - before[name]) / elapsed]));
  return { acked: total("acked"), delivered: total("others"), refused: total("refused"), p50: median(latencies), p99: quantile(latencies, 0.99), ...grown };
}

export async function rawThroughput(town, { projects, outstanding, seconds }) {
  const helpers = [];
  for (let i = 0; i < town.nodes.length; i++) helpers.push(await Helper.open(new URL("raw.mjs", import.meta.url), town.database, String(projects)));
  try {
    for (const helper of helpers) await helper.ask("start", { outstanding });
    const found = await during(helpers, seconds, () => ({}));
    await Promise.all(helpers.map((helper) => helper.ask("stop")));
    return found;
  } finally {
    for (const helper of helpers) helper.end();
  }
}

/**
 * @param {{ projects: number, writers: number, listeners?: number, outstanding: number, seconds: number, on?: number[] }} load writers and listeners of each project on
 *   each of the nodes `on`; every writer keeps `outstanding` edits unanswered.
 * @returns by the second: edits acknowledged, delivered, followed (by another server), refused, commits; CPU of servers, PostgreSQL and clients in cores; answer times in ms.
 */
export async function throughput(town, { projects, writers, listeners = 0, outstanding, seconds, on = town.nodes.map((_, i) => i) }) {
  const ids = [];
  for (let i = 0; i < projects; i++) ids.push(await createProject(town.nodes[0].url, 100));
  const places = on.flatMap((n) =>
    ids.flatMap((project) =>
      Array.from({ length: writers + listeners }, (_, i) => ({ url: town.nodes[n].url, project, task: `t${n * writers + i}`, listens: i >= writers })),
    ),
  );
  const helper = await Helper.open(new URL("load.mjs", import.meta.url));
  try {
    await helper.ask("connect", { places });
    await helper.ask("start", { outstanding });
    const gauge = async () => {
      const { nodes, postgres } = town.cpu();
      const commits = await Promise.all(town.nodes.map(async ({ url }) => (await metrics(url))("livegantt_commit_seconds_count")));
      const { cpuSeconds } = await helper.ask("cpu");
      return { serverCores: sum(nodes), postgresCores: postgres, clientCores: cpuSeconds, commits: sum(commits) };
    };
    const found = await during([helper], seconds, gauge);
    await helper.ask("stop");
    return { ...found, followed: found.acked * (on.length - 1) };
  } finally {
    helper.end();
  }
}

const sum = (values) => values.reduce((a, b) => a + b, 0);
