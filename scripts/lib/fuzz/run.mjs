import { socketCase } from "./frames.mjs";
import { caseOf, Lane } from "./lane.mjs";
import { requestCase } from "./requests.mjs";
import { Target } from "./target.mjs";
import { Witness } from "./witness.mjs";

const bundle = 24;
const remembered = 400;

/** A case as text, for people: what it sends on a fresh connection. */
export function describeCase(seed, index) {
  const { kind, random } = caseOf(seed, index);
  const shown = (bytes) => {
    const text = JSON.stringify(bytes.toString("latin1"));
    return text.length > 4_000 ? `${text.slice(0, 4_000)}… (${bytes.length} bytes)` : text;
  };
  if (kind === "http") {
    const { bytes, hangUp } = requestCase(random, { paths: ["/api/projects/{id}"], project: "PROJECT" });
    return `case ${index}: bytes of a connection${hangUp ? ", then hanging up" : ""}: ${shown(bytes)}`;
  }
  const frames = socketCase(random, 1).frames.map(({ payload, ...head }) => `${JSON.stringify(head)} ${shown(payload)}`);
  return `case ${index}: frames: ${frames.join("\n  ")}`;
}

/**
 * Plays cases against a server process, while others work on it.
 * @param {{ seed: number, from?: number, count: number, lanes?: number, boundMs?: number, main?: string, onProgress?: (done: number, memory: number) => void }} options
 * @returns {Promise<{ cases: number, seconds: number, faults: string[], suspects: number[], witness: { edits: number, p50: number, p99: number, max: number },
 *   memory: number[], counts: Record<string, unknown> }>} `suspects`: the cases that were under way, or just over, when the first fault was seen
 */
export async function fuzz({ seed, from = 0, count, lanes: laneCount = 6, boundMs = 10_000, main, onProgress }) {
  const started = performance.now();
  const target = await Target.start(main === undefined ? {} : { main });
  const faults = [];
  let suspects = [];
  const recent = [];
  const fault = (what) => {
    if (faults.length === 0) suspects = [...recent];
    faults.push(what);
  };
  const paths = await target.paths();
  const witness = await Witness.start({ target, fault, boundMs });
  const lanes = Array.from({ length: laneCount }, () => new Lane({ target, seed, paths, fault }));
  const memory = [];
  const end = from + count;
  const sampleEvery = Math.max(1_000, Math.ceil(count / 50));
  let index = from;
  let sampleAt = from;
  const work = async (lane) => {
    while (index < end && faults.length === 0) {
      const indexes = Array.from({ length: Math.min(bundle, end - index) }, () => index++);
      recent.push(...indexes);
      if (recent.length > remembered) recent.splice(0, recent.length - remembered);
      await lane.play(indexes);
      for (const said of target.faults.splice(0)) fault(said);
      if (index >= sampleAt) {
        sampleAt += sampleEvery;
        const bytes = await target.memory();
        memory.push(bytes);
        onProgress?.(index - from, bytes);
      }
    }
  };
  try {
    await Promise.race([Promise.all(lanes.map(work)), target.exited]);
    if (!(await target.isHealthy())) fault("the server does not answer any more");
    await witness.settle();
  } catch (error) {
    fault(`the fuzzer could not go on: ${error instanceof Error ? error.stack : error}`);
  } finally {
    witness.end();
    await Promise.race([Promise.all(lanes.map((lane) => lane.end())), target.exited]).catch(() => {});
    await target.end();
  }
  for (const said of target.faults.splice(0)) fault(said);
  return { cases: index - from, seconds: (performance.now() - started) / 1_000, faults, suspects, witness: witness.summary, memory, counts: totals(lanes) };
}

/** Plays suspects one by one on servers of their own. @returns {Promise<{ index: number, faults: string[] } | undefined>} the first that makes a fault alone */
export async function narrow({ seed, suspects, main }) {
  for (let at = 0; at < suspects.length; ) {
    const target = await Target.start(main === undefined ? {} : { main });
    const paths = await target.paths();
    try {
      for (; at < suspects.length; at++) {
        const faults = [];
        const lane = new Lane({ target, seed, paths, fault: (what) => faults.push(what) });
        await Promise.race([lane.play([suspects[at]]).then(() => lane.end()), target.exited]).catch(() => {});
        if (!(await target.isHealthy())) faults.push("the server does not answer any more");
        faults.push(...target.faults.splice(0));
        if (faults.length > 0) return { index: suspects[at], faults };
      }
    } finally {
      await target.end();
    }
  }
  return undefined;
}

/** Memory is flat where the last quarter of the run needs no more than the second one, but for some slack. @param {readonly number[]} samples bytes */
export function memoryGrowth(samples) {
  const mean = (list) => list.reduce((sum, n) => sum + n, 0) / Math.max(1, list.length);
  const quarter = Math.floor(samples.length / 4);
  const before = mean(samples.slice(quarter, 2 * quarter));
  const after = mean(samples.slice(3 * quarter));
  return { before, after, isFlat: quarter < 3 || after < before * 1.25 + 32 * 1024 * 1024 };
}

function totals(lanes) {
  const sum = (read) => lanes.reduce((total, { counts }) => total + read(counts), 0);
  const statuses = {};
  for (const { counts } of lanes) for (const [status, n] of counts.statuses) statuses[status] = (statuses[status] ?? 0) + n;
  return {
    frames: sum(({ frames }) => frames),
    requests: sum(({ requests }) => requests),
    sockets: sum(({ sockets }) => sockets),
    acks: sum(({ acks }) => acks),
    conflicts: sum(({ conflicts }) => conflicts),
    errors: sum(({ errors }) => errors),
    statuses,
  };
}
