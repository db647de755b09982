import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "@livegantt/core";
import { createServer, openSqliteStore, type RunningServer } from "@livegantt/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveEvents, LiveProject } from "./api.ts";
import { openProject } from "./openProject.ts";
import { smallPlan } from "./testing/world.ts";

let data: string;
let server: RunningServer;
let port = 0;
const opened: LiveProject[] = [];

const start = async (): Promise<void> => {
  server = await createServer({ port, host: "127.0.0.1", store: openSqliteStore(data) });
  port = Number(new URL(server.url).port);
};

async function newProject(): Promise<string> {
  const answer = await fetch(`${server.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "House", plan: smallPlan }),
  });
  return ((await answer.json()) as { id: string }).id;
}

async function enter(project: string, name: string, options: object = {}): Promise<LiveProject> {
  const live = openProject({
    url: server.url,
    project,
    user: { name },
    baseReconnectDelay: 20,
    maxReconnectDelay: 100,
    maxReconnectAttempts: 1000,
    ...options,
  });
  opened.push(live);
  if (live.status !== "live") await next(live, "status", ({ status }) => status === "live");
  return live;
}

const next = <E extends keyof LiveEvents>(live: LiveProject, event: E, match: (payload: LiveEvents[E]) => boolean = () => true): Promise<LiveEvents[E]> =>
  new Promise((resolve) => {
    const stop = live.on(event, (payload) => {
      if (!match(payload)) return;
      stop();
      resolve(payload);
    });
  });

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "livegantt-client-"));
  port = 0;
  await start();
});
afterEach(async () => {
  for (const live of opened.splice(0)) live.destroy();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

describe("with the real server, over real sockets, in Node", () => {
  it("O4 W7 a headless client reads the plan over HTTP, edits, and another one sees it", async () => {
    const project = await newProject();
    const ann = await enter(project, "Ann");
    const ben = await enter(project, "Ben", { load: "socket" });
    const heard = next(ben, "change", ({ origin }) => origin === "remote");
    ann.update("tasks", "a", { name: "Excavate" });
    await ann.saved();
    expect((await heard).by).toBe("Ann");
    expect(ben.state.tasks.get("a")?.name).toBe("Excavate");
    expect(ben.presence.map(({ name }) => name).sort()).toEqual(["Ann", "Ben"]);
  });

  it("O1 P3 edits made while the server is away arrive once it is back, each once", async () => {
    const project = await newProject();
    const ann = await enter(project, "Ann", { batchDelayMs: 0 });
    const gone = next(ann, "disconnected");
    await server.close();
    await gone;
    for (let i = 0; i < 100; i++) ann.add("tasks", { id: `n${i}`, name: `New ${i}` });
    await start();
    await ann.saved();
    const stored = (await (await fetch(`${server.url}/api/projects/${project}`)).json()) as { tasks: unknown[] };
    expect(stored.tasks).toHaveLength(104);
    expect(canonicalJson(stored)).toBe(canonicalJson(ann.snapshot()));
  });

  it("K1 R2 a conflict reaches the inbox and keeping mine settles it", async () => {
    const project = await newProject();
    const ann = await enter(project, "Ann");
    const ben = await enter(project, "Ben");
    ben.disconnect();
    ben.update("tasks", "a", { name: "Trench" });
    ann.update("tasks", "a", { name: "Excavate" });
    await ann.saved();
    const opened = next(ben, "conflict");
    ben.connect();
    const conflict = await opened;
    expect(conflict.conflicts[0]?.by?.name).toBe("Ann");
    const heard = next(ann, "change", ({ origin }) => origin === "remote");
    ben.resolve(conflict.id, "keep_local");
    await heard;
    expect(ann.state.tasks.get("a")?.name).toBe("Trench");
  });

  it("denied: a project that does not exist ends in a clear error", async () => {
    const live = openProject({ url: server.url, project: "nowhere", user: { name: "Ann" } });
    opened.push(live);
    await expect(live.ready()).rejects.toMatchObject({ code: "project_not_found" });
    expect(live.status).toBe("denied");
  });
});
