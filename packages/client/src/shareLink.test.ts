import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, openSqliteStore, type RunningServer } from "@livegantt/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveEvents, LiveProject } from "./api.ts";
import { MemoryLocks } from "./locks.ts";
import { openProject } from "./openProject.ts";
import { MemoryStorage } from "./storage/memory.ts";
import { smallPlan } from "./testing/world.ts";

/** The store of a device, which outlives the page. */
class Disk extends MemoryStorage {
  override readonly durable = true;
}

const secret = "a secret of the server, long enough for it";
let data: string;
let server: RunningServer;
let port = 0;
let project: string;
const opened: LiveProject[] = [];

const start = async (): Promise<void> => {
  server = await createServer({ port, host: "127.0.0.1", store: openSqliteStore(data), auth: { secret } });
  port = Number(new URL(server.url).port);
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
function sign(claims: object): string {
  const text = `${part({ alg: "HS256" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
const admin = sign({ sub: "root", name: "Root", projects: { "*": "admin" } });

async function ask(method: string, path: string, body?: object): Promise<Record<string, string>> {
  const answer = await fetch(`${server.url}/api/projects${path}`, {
    method,
    headers: { authorization: `Bearer ${admin}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.status === 204 ? {} : ((await answer.json()) as Record<string, string>);
}
const share = async (role: string) => (await ask("POST", `/${project}/links`, { role })) as { readonly id: string; readonly token: string };
const revoke = (link: string) => ask("DELETE", `/${project}/links/${link}`);

function open(options: object): LiveProject {
  const live = openProject({
    url: server.url,
    project,
    baseReconnectDelay: 20,
    maxReconnectDelay: 100,
    maxReconnectAttempts: 1000,
    batchDelayMs: 0,
    ...options,
  });
  opened.push(live);
  return live;
}

async function enter(options: object): Promise<LiveProject> {
  const live = open(options);
  await next(live, "status", ({ status }) => status === "live");
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

const nameOnServer = async (): Promise<unknown> => {
  const { tasks } = (await ask("GET", `/${project}`)) as unknown as { readonly tasks: readonly { readonly id: string; readonly name: string }[] };
  return tasks.find(({ id }) => id === "a")?.name;
};

/** Counts exchanges. */
function counting() {
  const made = { exchanges: 0 };
  const counted: typeof fetch = (url, init) => {
    if (String(url).endsWith("/api/session")) made.exchanges++;
    return fetch(url, init);
  };
  return { made, fetch: counted };
}

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "livegantt-share-"));
  port = 0;
  await start();
  project = (await ask("POST", "", { name: "House", plan: smallPlan })).id as string;
});
afterEach(async () => {
  for (const live of opened.splice(0)) live.destroy();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

describe("D6 a client with a share link, with the real server", () => {
  it("D6 a script that keeps nothing uses the link itself, and leaves no session behind", async () => {
    const { id, token } = await share("editor");
    const { made, fetch } = counting();
    const script = await enter({ link: token, fetch, user: { name: "Script" } });
    script.update("tasks", "a", { name: "Dig by night" });
    await script.saved();
    expect([made.exchanges, await nameOnServer()]).toEqual([0, "Dig by night"]);
    const denied = next(script, "status", ({ status }) => status === "denied");
    await revoke(id);
    expect((await denied).error).toMatchObject({ code: "link_revoked" });
  });

  it("D6 comes in with the link's role, edits, and asks over HTTP with the same rights", async () => {
    const { token } = await share("editor");
    const ann = await enter({ link: token, user: { name: "Ann" } });
    expect(ann.role).toBe("editor");
    ann.update("tasks", "a", { name: "Dig" });
    await ann.saved();
    expect(await nameOnServer()).toBe("Dig");
    expect(await ann.request("POST", "/versions", { name: "First", author: "Ann" })).toMatchObject({ name: "First", author: "Ann (by link)" });
    await expect(ann.request("GET", "/links")).rejects.toMatchObject({ code: "not_allowed", action: "fatal", data: { status: 403 } });
    const vera = await enter({ link: (await share("viewer")).token, user: { name: "Vera" } });
    expect(() => vera.update("tasks", "a", { name: "X" })).toThrowError(expect.objectContaining({ code: "forbidden" }));
  });

  it("D6 is told within five seconds that its link was revoked", async () => {
    const { id, token } = await share("editor");
    const ann = await enter({ link: token, user: { name: "Ann" } });
    const started = performance.now();
    const denied = next(ann, "status", ({ status }) => status === "denied");
    await revoke(id);
    expect((await denied).error).toMatchObject({ code: "link_revoked", action: "reauth" });
    expect(performance.now() - started).toBeLessThan(5_000);
    const late = open({ link: token, user: { name: "Late" } });
    await expect(late.ready()).rejects.toMatchObject({ code: "link_revoked", action: "reauth" });
    expect(late.status).toBe("denied");
  });

  it("D6 what a person did offline who lost the right meanwhile comes back as visible rejections, edit by edit", async () => {
    const { id, token } = await share("editor");
    const storage = new Disk();
    const ann = await enter({ link: token, storage, clientId: "ann", user: { name: "Ann" } });
    ann.disconnect();
    ann.update("tasks", "a", { name: "Mine" });
    ann.add("tasks", { id: "n", name: "New" });
    ann.add("comments", { id: "c", task: "a", text: "Done as agreed" });
    await revoke(id);
    // Without any right the edits wait where they are, and the person is told why.
    const denied = next(ann, "status", ({ status }) => status === "denied");
    ann.connect();
    expect((await denied).error).toMatchObject({ code: "link_revoked" });
    expect(ann.pendingCount).toBe(3);
    ann.destroy();
    // A commenter's link on the same device: the same person, who may say something but not change the plan.
    const again = open({ link: (await share("commenter")).token, storage, clientId: "ann", user: { name: "Ann" } });
    await again.saved();
    expect(again.role).toBe("commenter");
    expect(again.rejections.map(({ code, message, payload }) => [code, message, Object.keys(payload)])).toEqual([
      ["not_allowed", expect.stringContaining("Ask an admin of the project for an editor link"), ["tasks"]],
      ["not_allowed", expect.stringContaining("Ask an admin of the project for an editor link"), ["tasks"]],
    ]);
    expect([again.state.tasks.get("a")?.name, again.state.tasks.has("n"), again.state.comments.has("c")]).toEqual(["Dig", false, true]);
    expect(await nameOnServer()).toBe("Dig");
  });

  it("D6 the same for an account whose role was lowered while it was away", async () => {
    let role = "editor";
    const token = () => sign({ sub: "ed", name: "Ed", projects: { [project]: role } });
    const ed = await enter({ token });
    ed.disconnect();
    ed.update("tasks", "a", { name: "Mine" });
    role = "viewer";
    const rejected = next(ed, "rejected");
    ed.connect();
    expect(await rejected).toMatchObject({ code: "not_allowed", payload: { tasks: { updated: [{ id: "a", changes: { name: "Mine" } }] } } });
    expect([ed.rejections.length, ed.state.tasks.get("a")?.name, ed.pendingCount]).toEqual([1, "Dig", 0]);
    expect(await nameOnServer()).toBe("Dig");
  });

  it("D6 keeps its session: a later visit is the same person without another exchange, and its client is its own", async () => {
    const { token } = await share("editor");
    const storage = new Disk();
    const { made, fetch } = counting();
    const first = await enter({ link: token, storage, fetch, clientId: "ann", user: { name: "Ann" } });
    first.update("tasks", "a", { name: "Dig deep" });
    await first.saved();
    first.destroy();
    const second = await enter({ link: token, storage, fetch, clientId: "ann", user: { name: "Ann" } });
    second.update("tasks", "a", { name: "Dig deeper" });
    await second.saved();
    expect(made.exchanges).toBe(1);
    const thief = open({ link: token, storage: new Disk(), clientId: "ann", locks: new MemoryLocks(), user: { name: "Eve" } });
    await expect(thief.ready().then(() => next(thief, "status", ({ status }) => status === "denied"))).resolves.toMatchObject({
      error: { code: "client_id_taken" },
    });
  });

  it("D6 two tabs that are opened at once by a link are one person, under names of their own", async () => {
    const { token } = await share("editor");
    const storage = new Disk();
    const { made, fetch } = counting();
    const tabs = await Promise.all(["Ann", "Ann"].map((name) => enter({ link: token, storage, fetch, user: { name } })));
    expect(made.exchanges).toBe(1);
    expect(new Set(tabs.map(({ clientId }) => clientId)).size).toBe(2);
  });

  it("D6 a session that the server does not know any more is renewed by the link", async () => {
    const { id, token } = await share("editor");
    const storage = new Disk();
    const { made, fetch } = counting();
    const ann = await enter({ link: token, storage, fetch, clientId: "ann", user: { name: "Ann" } });
    ann.update("tasks", "a", { name: "Dig deep" });
    await ann.saved();
    ann.destroy();
    // As after a restored backup, or more than a year.
    await server.sync.store.links.open({ hash: "another", link: id, sub: "another", at: Date.now() }, { idleSince: Date.now() + 1_000, most: 10 });
    const again = await enter({ link: token, storage, fetch, clientId: "ann", user: { name: "Ann" } });
    again.update("tasks", "a", { name: "Dig deeper" });
    await again.saved();
    expect([again.role, made.exchanges]).toEqual(["editor", 2]);
  });

  it("O6 a first visit while the server is away waits for it", async () => {
    const { token } = await share("editor");
    await server.close();
    let tried = (): void => {};
    const failed = new Promise<void>((done) => {
      tried = done;
    });
    const ann = open({
      link: token,
      storage: new Disk(),
      user: { name: "Ann" },
      fetch: (url: string, init: RequestInit) =>
        fetch(url, init).catch((error: unknown) => {
          tried();
          throw error;
        }),
    });
    await failed;
    const live = next(ann, "status", ({ status }) => status === "live");
    await start();
    await live;
    expect(ann.role).toBe("editor");
  });

  it("D6 a link that is none ends in a clear error", async () => {
    for (const storage of [new Disk(), new MemoryStorage()]) {
      const live = open({ link: "lgl_nothing", storage, user: { name: "Ann" } });
      await expect(live.ready()).rejects.toMatchObject({ code: "token_invalid", action: "reauth" });
    }
  });
});
