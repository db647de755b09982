// How much later an edit and a selection reach somebody on the other server than somebody on the same one.
import WebSocket from "ws";
import { median, quantile, wait } from "../lib/figures.mjs";
import { createProject } from "../lib/server.mjs";

/** What this many edits and selections do is heard before the first one is measured: code gets fast by running. */
const warmUp = 40;
const everyMs = 70;

async function join(url, project, name) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/gantt-sync?project=${project}`, { perMessageDeflate: false });
  await new Promise((done, fail) => socket.once("open", done).once("error", fail));
  const listeners = new Set();
  const live = new Promise((done) => listeners.add(({ type }) => type === "init" && done()));
  socket.on("message", (data) => {
    const at = performance.now();
    const message = JSON.parse(data);
    for (const listen of listeners) listen(message, at);
  });
  socket.send(JSON.stringify({ type: "hello", protocol: 1, user: { name } }));
  await live;
  return { socket, listeners };
}

/** @returns medians and 99th percentiles in ms: over direct delivery, and of both deliveries by themselves. */
export async function delivery(town, { count }) {
  const [north, south] = town.nodes;
  const project = await createProject(north.url, 100);
  const author = await join(north.url, project, "author");
  const near = await join(north.url, project, "near");
  const far = await join(south.url, project, "far");
  const kinds = {
    edits: {
      send: (n) => ({ type: "changes", revision: n, baseRevision: 0, payload: { tasks: { updated: [{ id: "t1", changes: { duration: n } }] } } }),
      read: ({ type, payload }) => (type === "changes" ? payload.tasks.updated[0].changes.duration : undefined),
    },
    selections: {
      send: (n) => ({ type: "selection", payload: { taskId: `t${n}` } }),
      read: ({ type, payload }) => (type === "selection" ? Number(payload.taskId.slice(1)) : undefined),
    },
  };
  const found = {};
  for (const [kind, { send, read }] of Object.entries(kinds)) {
    const sent = [];
    const arrived = { near: [], far: [] };
    for (const [place, { listeners }] of Object.entries({ near, far }))
      listeners.add((message, at) => {
        const n = read(message);
        if (n !== undefined) arrived[place][n] ??= at;
      });
    for (let n = 1; n <= warmUp + count; n++) {
      sent[n] = performance.now();
      author.socket.send(JSON.stringify(send(n)));
      await wait(everyMs * (0.7 + 0.6 * Math.random()));
    }
    await wait(300);
    const of = (measure) => Array.from({ length: count }, (_, i) => measure(warmUp + 1 + i)).filter((ms) => !Number.isNaN(ms));
    const over = of((n) => arrived.far[n] - arrived.near[n]);
    found[kind] = {
      over: median(over),
      over99: quantile(over, 0.99),
      near: median(of((n) => arrived.near[n] - sent[n])),
      far: median(of((n) => arrived.far[n] - sent[n])),
      lost: count - over.length,
    };
  }
  for (const { socket } of [author, near, far]) socket.terminate();
  return found;
}
