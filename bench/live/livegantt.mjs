// The product itself: the real server on SQLite (every edit on disk before its ack, all laws checked), the real client package.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const name = "livegantt";

export async function startServer({ tasks }) {
  const { createServer } = await import("@livegantt/server");
  const data = mkdtempSync(join(tmpdir(), "livegantt-bench-"));
  const server = await createServer({
    port: 0,
    host: "127.0.0.1",
    data,
    limits: { changesPerSecond: 1_000_000, framesPerSecond: 1_000_000, connectionsPerAddress: 10_000, connectionsPerProject: 10_000 },
  });
  const plan = { tasks: Array.from({ length: tasks }, (_, i) => ({ id: `t${i}`, name: `Task number ${i} of the project`, duration: 1, durationUnit: "day" })) };
  const answer = await fetch(`${server.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "bench", plan }),
  });
  if (!answer.ok) throw new Error(`POST /api/projects: ${answer.status} ${await answer.text()}`);
  const { id } = await answer.json();
  return {
    url: server.url,
    project: id,
    close: async () => {
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function connect({ url, project }, index) {
  const { openProject } = await import("@livegantt/client");
  const live = openProject({ url, project, user: { name: `Person ${index}` }, storage: "memory", batchDelayMs: 0 });
  await live.ready();
  await new Promise((resolve) => {
    if (live.status === "live") return resolve();
    const stop = live.on("status", ({ status }) => {
      if (status !== "live") return;
      stop();
      resolve();
    });
  });
  let seen = () => {};
  live.on("change", ({ origin, touched }) => {
    if (origin !== "remote") return;
    for (const id of touched.get("tasks") ?? []) seen(id, live.state.tasks.get(id)?.duration);
  });
  return {
    edit: (id, value) => live.update("tasks", id, { duration: value }),
    onRemote: (listener) => {
      seen = listener;
    },
    close: () => live.destroy(),
  };
}
