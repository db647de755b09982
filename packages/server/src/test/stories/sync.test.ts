import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../limits.ts";
import { newProject, Probe, rename, request, startServer } from "../harness.ts";

describe("a live project", () => {
  it("W4 what one socket changes, the other hears, and both are told the same revision", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { user: { name: "Ada" } });
    const bob = await Probe.join(url, id, { user: { name: "Bob" } });
    const ack = await ada.change(rename("a", "A1", "A"), { intent: "task.rename" });
    expect(ack).toEqual({ type: "ack", payload: { clientRevision: 1, serverRevision: 1, outcome: "applied" } });
    const heard = await bob.next("changes");
    expect(heard).toMatchObject({
      revision: 1,
      clientRevision: 1,
      intent: "task.rename",
      payload: { tasks: { updated: [{ id: "a", changes: { name: "A1" } }] } },
    });
    const { body, headers } = await request(`${url}/api/projects/${id}`);
    expect(body.tasks[0].name).toBe("A1");
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{8}-1"$/);
  });

  it("the first message is the whole project, with who I am and who is here", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    await Probe.join(url, id, { user: { name: "Ada" } });
    const bob = new Probe(url, id);
    await bob.open();
    const { payload } = await bob.hello({ clientId: "bob-1", user: { name: "Bob", avatar: "b.png" } });
    expect(payload).toMatchObject({ protocol: 1, clientId: "bob-1", revision: 0, role: "admin", lastClientRevision: 0 });
    expect(payload.project?.tasks.map((task) => task.id)).toEqual(["a", "b"]);
    expect(payload.users.map((user) => user.name)).toEqual(["Ada", "Bob"]);
    expect(new Set(payload.users.map((user) => user.color)).size).toBe(2);
  });

  it("W1 a client that comes back gets what it missed, in order, with the names of its authors", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { clientId: "ada", user: { name: "Ada" } });
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    const bob = await Probe.join(url, id, { lastRevision: 1 });
    expect(bob.seen[0]).toMatchObject({ type: "init", payload: { project: null, revision: 3 } });
    const { payload } = await bob.next("delta");
    expect(payload).toMatchObject({ from: 1, to: 3, authors: { ada: "Ada" } });
    expect(payload.changesets.map((change) => [change.type, change.revision])).toEqual([
      ["changes", 2],
      ["changes", 3],
    ]);
    await ada.change(rename("a", "A4"));
    expect((await bob.next("changes")).revision).toBe(4);
  });

  it("W1 nothing missed is an empty delta", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { lastRevision: 0 });
    expect((await ada.next("delta")).payload).toEqual({ from: 0, to: 0, changesets: [], authors: {} });
  });

  it("W0 a client that is ahead of the store gets the whole project", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { lastRevision: 900 });
    expect((await ada.next("sync")).payload.revision).toBe(0);
  });

  it("W1 a client that missed more than the limit gets the whole project", async () => {
    const { url } = await startServer({ limits: { deltaChanges: 2 } });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    ada.send({ type: "request_delta", payload: { lastRevision: 0 } });
    expect((await ada.next("sync", "delta")).type).toBe("sync");
    ada.send({ type: "request_delta", payload: { lastRevision: 1 } });
    expect(await ada.next("sync", "delta")).toMatchObject({ type: "delta", payload: { from: 1, to: 3 } });
    ada.send({ type: "request_sync" });
    expect((await ada.next("sync")).payload.revision).toBe(3);
  });

  it("W2 fifty changes in flight are answered in the order of their numbers", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const bob = await Probe.join(url, id);
    for (let i = 1; i <= 50; i++) ada.post(rename("a", `A${i}`));
    const answers: number[] = [];
    for (let i = 1; i <= 50; i++) answers.push((await ada.next("ack")).payload.clientRevision);
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    for (let i = 1; i <= 50; i++) expect((await bob.next("changes")).revision).toBe(i);
  });

  it("W4 the author's own change does not come back, but goes to its other connections", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { clientId: "ada" });
    await request(`${url}/api/projects/${id}/changes`, "POST", { clientId: "script", revision: 1, baseRevision: 0, payload: rename("b", "B1") });
    expect(await ada.next("changes")).toMatchObject({ sender: "script", revision: 1 });
    await ada.change(rename("a", "A1"));
    await ada.change(rename("a", "A2"));
    expect(ada.seen.filter((message) => message.type === "changes").length).toBe(1);
  });

  it("W4 a newer connection with the same clientId closes the older one", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const old = await Probe.join(url, id, { clientId: "tab" });
    await old.change(rename("a", "A1"));
    const fresh = new Probe(url, id);
    await fresh.open();
    expect((await fresh.hello({ clientId: "tab" })).payload.lastClientRevision).toBe(1);
    expect(await old.closed()).toMatchObject({ code: 4409, error: { code: "replaced" } });
    expect((await fresh.change(rename("a", "A2"))).type).toBe("ack");
    expect(fresh.seen.some((message) => message.type === "user_left")).toBe(false);
  });

  it("W8 a heartbeat is echoed, and says where I work to the others", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { clientId: "ada" });
    const bob = await Probe.join(url, id);
    ada.send({ type: "heartbeat", payload: { activeTask: "a" } });
    expect(await ada.next("heartbeat")).toEqual({ type: "heartbeat" });
    const { users } = (await bob.next("presence")).payload;
    expect(users.find((user) => user.clientId === "ada")?.activeTask).toBe("a");
  });

  it("presence: who comes, who works where, who goes", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { clientId: "ada", user: { name: "Ada" } });
    const bob = await Probe.join(url, id, { clientId: "bob", user: { name: "Bob" } });
    expect((await ada.next("user_joined")).payload).toMatchObject({ clientId: "bob", user: { name: "Bob" } });
    ada.send({ type: "selection", payload: { taskId: "a", field: "name", mode: "edit" } });
    expect((await bob.next("selection")).payload).toMatchObject({ clientId: "ada", userName: "Ada", taskId: "a", field: "name", mode: "edit" });
    const carol = await Probe.join(url, id);
    expect((await carol.next("selection")).payload).toMatchObject({ clientId: "ada", taskId: "a" });
    ada.socket.close();
    expect((await bob.next("user_left")).payload).toMatchObject({ clientId: "ada", user: { name: "Ada" } });
    expect(ada.seen.some((message) => message.type === "selection")).toBe(false);
  });

  it("K1 a conflict names both values and the other side, and only its author hears of it", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { user: { name: "Ada" } });
    const bob = await Probe.join(url, id, { user: { name: "Bob" } });
    await ada.change(rename("a", "mine", "A"));
    const { payload } = (await bob.change(rename("a", "yours", "A"), { baseRevision: 0 })) as Extract<
      Awaited<ReturnType<Probe["change"]>>,
      { type: "conflict" }
    >;
    expect(payload).toMatchObject({
      clientRevision: 1,
      serverRevision: 1,
      conflicts: [
        { type: "concurrent_edit", collection: "tasks", id: "a", by: { name: "Ada" }, fields: { name: { base: "A", local: "yours", server: "mine" } } },
      ],
      currentState: { tasks: [{ id: "a", name: "mine" }] },
    });
    await bob.change(rename("b", "B1"));
    await ada.next("changes");
    expect(ada.seen.some((message) => message.type === "conflict")).toBe(false);
  });

  it("C4 a change without effect makes no revision", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    expect(await ada.change(rename("a", "A"))).toMatchObject({ type: "ack", payload: { clientRevision: 1, serverRevision: 0 } });
    expect(await ada.change({})).toMatchObject({ type: "ack", payload: { clientRevision: 2, serverRevision: 0 } });
    expect(await ada.change(rename("a", "A1"))).toMatchObject({ type: "ack", payload: { clientRevision: 3, serverRevision: 1 } });
  });

  it("D1 everything is there after a stop and a start, and the counter goes on", async () => {
    const first = await startServer();
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id, { clientId: "ada" });
    await ada.change(rename("a", "A1"));
    await ada.change({ tasks: { removed: [{ id: "b" }] } });
    await first.close();
    const second = await startServer({ data: first.data });
    const again = new Probe(second.url, id);
    await again.open();
    const { payload } = await again.hello({ clientId: "ada" });
    expect(payload).toMatchObject({ revision: 2, lastClientRevision: 2 });
    expect(payload.project?.tasks.map((task) => task.name)).toEqual(["A1"]);
    // K2 is still judged by what was removed before the restart.
    const answer = await again.change(rename("b", "B1", "B"));
    expect(answer).toMatchObject({ type: "conflict", payload: { conflicts: [{ type: "task_not_found" }] } });
  });

  it("an idle project leaves memory and comes back as it was, ledger included", async () => {
    let now = 1_700_000_000_000;
    const { url, sync } = await startServer({ clock: () => now });
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { user: { name: "Ada" } });
    await ada.change(rename("a", "A1", "A"));
    ada.socket.close();
    await ada.closed();
    await sync.rooms.unloadIdle();
    expect(sync.rooms.size).toBe(1);
    now += defaultLimits.idleProjectSeconds * 1000 + 1;
    await sync.rooms.unloadIdle();
    expect(sync.rooms.size).toBe(0);
    const bob = await Probe.join(url, id);
    const answer = await bob.change(rename("a", "B1", "A"), { baseRevision: 0 });
    expect(answer).toMatchObject({ type: "conflict", payload: { conflicts: [{ by: { name: "Ada" } }] } });
  });

  it("D8 on shutdown everybody is told to connect elsewhere, within seconds", async () => {
    const server = await startServer();
    const id = await newProject(server.url);
    const probes = await Promise.all(Array.from({ length: 20 }, () => Probe.join(server.url, id)));
    probes[0]?.post(rename("a", "last words"));
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    for (const probe of probes) expect(await probe.closed()).toMatchObject({ code: 4503, error: { code: "going_away", action: "retry" } });
  });
});
