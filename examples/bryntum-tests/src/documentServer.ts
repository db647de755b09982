import { expect, inject } from "vitest";
import { ann, ben, byHand, decide, id, rename, rest } from "./documentScene.ts";
import { serverPlan } from "./rig.ts";

/** What the rows about the server and its decisions promise, called. */
export const serverChecks: Record<string, () => unknown> = {
  ProjectSyncServer: async () => expect((await fetch(`${inject("serverUrl")}/healthz`)).ok).toBe(true),
  "port: 8080": () => expect(new URL(inject("serverUrl")).port).not.toBe(""),
  "generateClientId()": async () => {
    const { next, socket } = await byHand();
    expect((await next("init")).payload).toMatchObject({ clientId: expect.stringMatching(/.{8,}/) });
    socket.close();
  },
  init: async () => {
    const silent = await byHand({ type: "changes", payload: {} });
    expect(await silent.code).toBe(4408);
    const { next, socket } = await byHand();
    expect((await next("init")).payload).toMatchObject({ revision: expect.any(Number), project: { tasks: expect.any(Array) } });
    socket.close();
  },
  changes: async () => {
    const { next, socket } = await byHand();
    const { revision } = (await next("init")).payload as { revision: number };
    socket.send(JSON.stringify({ type: "changes", revision: 1, baseRevision: revision, payload: rename("By hand") }));
    expect((await next("ack")).payload).toMatchObject({ clientRevision: 1 });
    socket.close();
    await rest();
    expect(ann.task("garden").name).toBe("By hand");
  },
  "onConnection(ws)": () => serverChecks["generateClientId()"]?.(),
  clients: async () => {
    const { next, socket } = await byHand();
    expect((await next("init")).payload).toMatchObject({ users: expect.any(Array) });
    socket.close();
  },
  projectState: async () => expect(await serverPlan(id)).toMatchObject({ tasks: expect.any(Array), revision: expect.any(Number) }),
  "handleMessage(clientId, message, ws)": async () => {
    const { next, socket } = await byHand();
    await next("init");
    socket.send(JSON.stringify({ type: "no_message_of_ours" }));
    expect((await next("error")).payload).toMatchObject({ code: expect.any(String) });
    socket.close();
  },
  "handleChanges(clientId, message, senderWs)": () => serverChecks.changes?.(),
  conflict: async () => {
    const { next, socket } = await byHand();
    const { revision } = (await next("init")).payload as { revision: number };
    ben.task("garden").name = "Ben was first";
    await rest();
    socket.send(JSON.stringify({ type: "changes", revision: 1, baseRevision: revision, payload: rename("Too late") }));
    expect((await next("conflict")).payload).toMatchObject({
      clientRevision: 1,
      conflicts: [{ type: "concurrent_edit" }],
      currentState: { tasks: [{ id: "garden" }] },
    });
    socket.close();
  },
  sync: () => serverChecks.request_sync?.(),
  "{type, payload, revision, sender}": async () => {
    const { next, socket } = await byHand();
    await next("init");
    ben.task("garden").name = "Seen by hand";
    expect(await next("changes")).toMatchObject({ type: "changes", payload: { tasks: {} }, revision: expect.any(Number), sender: ben.manager.clientId });
    socket.close();
    await rest();
  },
  user_left: async () => {
    const [watcher, other] = [await byHand(), await byHand()];
    await watcher.next("init");
    const { clientId } = (await other.next("init")).payload as { clientId: string };
    other.socket.close();
    for (;;) if (((await watcher.next("user_left")).payload as { clientId: string }).clientId === clientId) break;
    watcher.socket.close();
  },
  request_sync: async () => {
    const { next, socket } = await byHand();
    await next("init");
    socket.send(JSON.stringify({ type: "request_sync" }));
    expect((await next("sync")).payload).toHaveProperty("tasks");
    socket.close();
  },
  "sendFullSync(ws)": () => serverChecks.request_sync?.(),
  "result.normalized": () =>
    expect(decide({ tasks: { removed: [{ id: "house" }] } }).outcome).toMatchObject({ normalised: { tasks: { removed: expect.any(Array) } } }),
  "getConflictingRecords(conflicts)": () =>
    expect(decide(rename("mine"), rename("theirs")).outcome).toMatchObject({ currentState: { tasks: [{ id: "garden", name: "theirs" }] } }),
  "applyChangeset(changeset) on the server": () => expect(decide(rename("mine")).outcome.outcome).toBe("applied"),
  "findTask(id)": () => expect(decide({}).state.tasks.get("garden")?.name).toBe("Garden"),
  "detectFieldConflicts()": () => {
    expect(decide({ tasks: { updated: [{ id: "garden", changes: { name: "mine" }, was: { name: "Garden" } }] } }, rename("theirs")).outcome).toMatchObject({
      conflicts: [{ type: "concurrent_edit", fields: { name: { base: "Garden", local: "mine", server: "theirs" } } }],
    });
    expect(decide(rename("same"), rename("same")).outcome.outcome).not.toBe("conflict");
  },
  "normalizeChangeset(changeset)": () => serverChecks["result.normalized"]?.(),
  task_not_found: () =>
    expect(decide(rename("mine"), { tasks: { removed: [{ id: "garden" }] } }).outcome).toMatchObject({ conflicts: [{ type: "task_not_found", id: "garden" }] }),
  concurrent_edit: () => serverChecks["detectFieldConflicts()"]?.(),
  baseRevision: () => expect(decide(rename("mine"), rename("theirs")).outcome.outcome, "without `was`, the revision decides").toBe("conflict"),
};
