import { request as httpRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, startServer } from "../harness.ts";

/** A server with one well-behaved user, who must not notice anything. */
async function withWitness(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const id = await newProject(server.url);
  const witness = await Probe.join(server.url, id);
  let n = 0;
  return {
    ...server,
    id,
    async undisturbed() {
      expect(await witness.change(rename("b", `B${++n}`))).toMatchObject({ type: "ack" });
    },
  };
}

describe("hostile frames", () => {
  it.each([
    ["text that is no JSON", '{"type":'],
    ["an empty frame", ""],
  ])("%s is answered and closes with 4400", async (_name, frame) => {
    const { url, id, undisturbed } = await withWitness();
    const probe = await Probe.join(url, id);
    probe.send(frame);
    expect(await probe.closed()).toMatchObject({ code: 4400, error: { code: "bad_frame", action: "fix" } });
    await undisturbed();
  });

  it("a binary frame and text that is no UTF-8 close with 4400, the reason first", async () => {
    const { url, id, undisturbed } = await withWitness();
    const binary = await Probe.join(url, id);
    binary.socket.send(Buffer.from('{"type":"heartbeat"}'), { binary: true });
    expect(await binary.closed()).toMatchObject({ code: 4400, error: { code: "bad_frame" } });
    const latin = await Probe.join(url, id);
    latin.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    expect(await latin.closed()).toMatchObject({ code: 4400, error: { code: "bad_frame" } });
    await undisturbed();
  });

  it("a message over the limit closes with 4413 and says the limit", async () => {
    const { url, id, undisturbed } = await withWitness();
    const probe = await Probe.join(url, id);
    probe.post(rename("a", "x".repeat(5_000_000)));
    expect(await probe.closed()).toMatchObject({ code: 4413, error: { code: "message_too_large", message: expect.stringContaining("1048576") } });
    await undisturbed();
  });

  it.each([
    ["an unknown type", { type: "zzz" }],
    ["no type", {}],
    ["an array", []],
    ["null", null],
    ["a number", 7],
    ["a second hello", { type: "hello", protocol: 1 }],
    ["a changeset without number", { type: "changes", payload: {} }],
    ["a negative number", { type: "changes", revision: -1, baseRevision: 0, payload: {} }],
    ["a selection of a wrong type", { type: "selection", payload: { taskId: 5 } }],
    ["a delta from nowhere", { type: "request_delta", payload: { lastRevision: "x" } }],
  ])("%s is answered with a coded error and the connection goes on", async (_name, message) => {
    const { url, id, undisturbed } = await withWitness();
    const probe = await Probe.join(url, id);
    probe.send(message);
    expect((await probe.next("error")).payload).toMatchObject({ code: expect.any(String), message: expect.any(String), action: "fix" });
    expect((await probe.change(rename("a", "A1"))).type).toBe("ack");
    await undisturbed();
  });

  it.each(["__proto__", "constructor", "prototype"])("M7 the key %s is refused and pollutes nothing", async (key) => {
    const { url, id, undisturbed } = await withWitness();
    const probe = await Probe.join(url, id);
    for (const payload of [
      `{"tasks":{"updated":[{"id":"a","changes":{"${key}":{"polluted":1}}}]}}`,
      `{"${key}":{"updated":[]}}`,
      `{"tasks":{"added":[{"id":"n","${key}":{"polluted":1}}]}}`,
    ]) {
      const other = await Probe.join(url, id);
      other.send(`{"type":"changes","revision":1,"baseRevision":0,"payload":${payload}}`);
      expect((await other.next("error", "ack")).type).toBe("error");
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify((await request(`${url}/api/projects/${id}`)).body)).not.toContain("polluted");
    probe.socket.close();
    await undisturbed();
  });

  it("deep nesting is refused", async () => {
    const { url, id, undisturbed } = await withWitness();
    for (const payload of [
      `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
      `{"tasks":{"updated":[{"id":"a","changes":{"custom":${"[".repeat(50_000)}${"]".repeat(50_000)}}}]}}`,
    ]) {
      const probe = await Probe.join(url, id);
      probe.send(`{"type":"changes","revision":1,"baseRevision":0,"payload":${payload}}`);
      expect((await probe.next("error")).payload.code).toEqual(expect.any(String));
    }
    await undisturbed();
  });

  it("script and control characters in texts come back as they were sent", async () => {
    const { url, id } = await withWitness();
    const nasty = `<script>alert(1)</script> " ' \\ \u2028 \u0001 🙂 ${"é".repeat(10)}`;
    const probe = await Probe.join(url, id, { user: { name: nasty } });
    const bob = await Probe.join(url, id);
    await probe.change({ tasks: { updated: [{ id: "a", changes: { note: nasty } }] } });
    expect((await bob.next("changes")).payload.tasks?.updated?.[0]?.changes.note).toBe(nasty);
  });
});

describe("greeting", () => {
  it("W8 no hello in time closes with 4408 and says what a client must send", async () => {
    const { url, id } = await withWitness({ limits: { helloSeconds: 0.5 } });
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "heartbeat" });
    expect(await probe.closed()).toMatchObject({ code: 4408, error: { code: "no_hello", message: expect.stringContaining('type: "hello"') } });
    expect(probe.seen[0]).toMatchObject({ type: "error", payload: { code: "hello_required" } });
  });

  it.each([
    [0, "update the client"],
    [2, "Update the server"],
  ])("another protocol (%i) closes with 4426", async (protocol, advice) => {
    const { url, id } = await withWitness();
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol });
    expect(await probe.closed()).toMatchObject({ code: 4426, error: { action: "upgrade", message: expect.stringContaining(advice) } });
  });

  it.each(["nowhere", "", "'; DROP TABLE projects; --", "../../etc/passwd", "x".repeat(5_000)])("an unknown project (%s) closes with 4404", async (project) => {
    const { url, undisturbed } = await withWitness();
    const probe = new Probe(url, project);
    await probe.open();
    probe.send({ type: "hello", protocol: 1 });
    expect(await probe.closed()).toMatchObject({ code: 4404, error: { code: "project_not_found" } });
    await undisturbed();
  });

  it("messages sent right behind hello are handled in order", async () => {
    const { url, id } = await withWitness();
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol: 1 });
    probe.post(rename("a", "A1"));
    probe.send({ type: "heartbeat" });
    await probe.next("init");
    expect(await probe.next("ack", "heartbeat")).toMatchObject({ type: "heartbeat" });
    expect((await probe.next("ack")).payload.clientRevision).toBe(1);
  });
});

describe("floods and slow readers", () => {
  it("D7 a flood of heartbeats is slowed, then closed with 4429; others work on", async () => {
    const { url, id, undisturbed } = await withWitness({ limits: { framesPerSecond: 50, floodSeconds: 1 } });
    const probe = await Probe.join(url, id);
    for (let i = 0; i < 5_000; i++) probe.send({ type: "heartbeat", payload: {} });
    await undisturbed();
    expect(await probe.closed()).toMatchObject({
      code: 4429,
      error: { code: "too_fast", action: "backoff", message: expect.stringContaining("framesPerSecond") },
    });
    await undisturbed();
  });

  it("D7 more unanswered changes than allowed are read later, and all of them are answered", async () => {
    const { url, id } = await withWitness({ limits: { changesInFlight: 8 } });
    const probe = await Probe.join(url, id);
    for (let i = 1; i <= 2_000; i++) probe.post(rename("a", `A${i}`));
    for (let i = 1; i <= 2_000; i++) expect((await probe.next("ack")).payload.clientRevision).toBe(i);
  });

  it("W5 a reader that does not read is closed with 4429; what others get is not delayed", async () => {
    const { url, id, sync, undisturbed } = await withWitness({ limits: { pendingBytes: 200_000, presenceBytes: 20_000 } });
    const slow = await Probe.join(url, id);
    const quick = await Probe.join(url, id);
    const author = await Probe.join(url, id);
    slow.socket.pause();
    const note = "x".repeat(60_000);
    for (let i = 0; i < 400 && sync.connections > 3; i++) {
      await author.change({ tasks: { updated: [{ id: "a", changes: { note: note + i } }] } });
      author.send({ type: "selection", payload: { taskId: i % 2 === 0 ? "a" : "b" } });
      await quick.next("changes");
      if ((await sync.metrics.registry.getSingleMetricAsString("livegantt_refusals_total")).includes("too_slow")) break;
    }
    slow.socket.resume();
    expect(await slow.closed()).toMatchObject({ code: 4429, error: { code: "too_slow", action: "retry", message: expect.stringContaining("pendingBytes") } });
    await undisturbed();
  });

  it("D7 too many connections from one address are refused before they are sockets", async () => {
    const { url, id } = await withWitness({ limits: { connectionsPerAddress: 2 } });
    await Probe.join(url, id);
    const status = await upgradeStatus(url, id, {});
    expect(status).toBe(503);
  });

  it("D7 a project has a number of places", async () => {
    const { url, id } = await withWitness({ limits: { connectionsPerProject: 1 } });
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol: 1 });
    expect(await probe.closed()).toMatchObject({ code: 4429, error: { code: "project_full", action: "backoff" } });
  });

  it("D7 when memory is full of projects in use, another one is refused with the limit", async () => {
    const { url, undisturbed } = await withWitness({ limits: { projectsInMemory: 1 } });
    const other = await newProject(url);
    expect(await request(`${url}/api/projects/${other}`)).toMatchObject({ status: 503, body: { error: { code: "too_many_projects", action: "backoff" } } });
    await undisturbed();
  });
});

function upgradeStatus(url: string, project: string, headers: Record<string, string>): Promise<number | "upgraded"> {
  return new Promise((done, fail) => {
    const outgoing = httpRequest(`${url}/gantt-sync?project=${project}`, {
      headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13", ...headers },
    });
    outgoing.on("upgrade", (_response, socket) => {
      socket.destroy();
      done("upgraded");
    });
    outgoing.on("response", (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
}

describe("same origin", () => {
  it("a page of another origin may not open a socket, its own and listed ones may", async () => {
    const { url, id } = await withWitness({ allowedOrigins: ["https://plans.example.com"] });
    expect(await upgradeStatus(url, id, { origin: "https://evil.example" })).toBe(403);
    expect(await upgradeStatus(url, id, { origin: "null" })).toBe(403);
    expect(await upgradeStatus(url, id, { origin: url })).toBe("upgraded");
    expect(await upgradeStatus(url, id, { origin: "https://plans.example.com" })).toBe("upgraded");
    expect(await upgradeStatus(url, id, {})).toBe("upgraded");
  });

  it("a foreign name that was bound to this machine is not answered", async () => {
    const { url, id } = await withWitness();
    expect(await upgradeStatus(url, id, { host: "evil.example:80", origin: "http://evil.example:80" })).toBe(403);
    expect(await upgradeStatus(url, id, { host: "localhost:4600" })).toBe("upgraded");
  });

  it("a socket to another path is refused", async () => {
    const { url } = await withWitness();
    await expect(fetch(`${url}/other`, { headers: { accept: "text/html" } }).then((response) => response.status)).resolves.toBe(404);
    const probe = new Probe(url.replace("http", "http"), "x");
    probe.socket.terminate();
  });
});
