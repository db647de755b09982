import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GanttWebSocketManager } from "@livegantt/bryntum";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { ProjectModel } from "./bryntum.ts";
import { looks } from "./documentLooks.ts";
import { offlineChecks } from "./documentOffline.ts";
import { ann, ben, called, conflictOn, heard, id, idle, manager, openScene, option, rename, rest, shownInBrowser, Watching } from "./documentScene.ts";
import { serverChecks } from "./documentServer.ts";
import { closePages, openPage, type Page, serverPlan, settle } from "./rig.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/from-the-document.md"), "utf8");
/** First column of every table, without the ticks. */
const rows = [...page.matchAll(/^\| (?!document|---)(.+?) \|/gm)].map(([, name = ""]) => name.replaceAll("`", ""));

beforeAll(openScene);
afterAll(() => closePages(ann, ben));

/** What each row promises, called. */
const checks: Record<string, () => unknown> = {
  WebSocketManager: () => expect(manager()).toBeInstanceOf(GanttWebSocketManager),
  "ProjectModel.ProjectWebSocketHandlerMixin": async () =>
    expect((ProjectModel as unknown as Record<string, unknown>).ProjectWebSocketHandlerMixin).toBeUndefined(),
  "static configurable": () => {
    const watching = idle(Watching);
    expect([watching.userName, (watching as unknown as { extra: number }).extra, watching.debounce]).toEqual(["Watcher", 7, 100]);
    watching.destroy();
  },
  "construct(config)": () => {
    idle(Watching).destroy();
    expect(called).toContain("construct");
  },
  socket: () => expect(manager().socket).toBeTruthy(),
  "onMessage(data)": async () => {
    const told = heard(ann, "ack");
    manager().onMessage({ type: "ack", payload: { clientRevision: 1, serverRevision: 2 } });
    expect(await told).toMatchObject({ clientRevision: 1, serverRevision: 2 });
  },
  "handleFullSync(projectData)": async () => {
    manager().handleFullSync(await serverPlan(id));
    await rest();
  },
  "handleChanges(changes, revision, sender)": async () => {
    const told = heard(ann, "changes");
    ben.task("garden").name = "Seen by handleChanges";
    expect(await told).toMatchObject({ sender: ben.manager.clientId, userName: "Ben", changes: { tasks: {} } });
    let own = 0;
    const off = manager().on({ changes: () => own++ });
    manager().handleChanges({}, 1, manager().clientId);
    off();
    expect(own).toBe(0);
  },
  "handleAck(payload)": async () => {
    const told = heard(ann, "ack");
    ann.task("garden").name = "Acked";
    expect(await told).toHaveProperty("serverRevision");
  },
  "handleConflict(payload)": async () => {
    const told = heard(ann, "conflictMessage");
    manager().handleConflict({ conflicts: [], currentState: {} });
    expect(await told).toMatchObject({ conflicts: [], currentState: {} });
  },
  "requestFullSync()": async () => {
    manager().requestFullSync();
    await rest();
  },
  serverRevision: async () => {
    await rest();
    expect(manager().serverRevision).toBe((await serverPlan(id)).revision);
  },
  localRevision: async () => {
    const before = manager().localRevision;
    ann.task("roof").name = "Counted";
    await rest();
    expect(manager().localRevision).toBe(before + 1);
  },
  suspendSync: async () => {
    manager().suspendSync = true;
    ann.task("roof").name = "Not yet";
    await ann.project.commitAsync();
    const sent = ann.sent.length;
    manager().suspendSync = false;
    await rest();
    expect([ann.sent.length, ben.task("roof").name]).toEqual([sent + 1, "Not yet"]);
  },
  "setupProjectListeners()": () => expect(manager().binding.project).toBe(ann.project),
  "onProjectChange({action, records, changes})": () => {
    manager().onProjectChange({ action: "update", records: [], changes: {} });
    expect(manager().pendingChanges.at(-1)).toMatchObject({ action: "update" });
  },
  onTaskAdd: async () => {
    const told = heard(ann, "taskAdd");
    ann.project.taskStore.rootNode.appendChild({ id: "extra", name: "Extra", duration: 1 });
    expect(await told).toMatchObject({ action: "add" });
  },
  onTaskUpdate: async () => {
    const told = heard(ann, "taskUpdate");
    ann.task("doors").name = "More doors";
    await told;
  },
  onTaskRemove: async () => {
    const told = heard(ann, "taskRemove");
    ann.task("extra").remove();
    await told;
  },
  onDependencyAdd: async () => {
    const told = heard(ann, "dependencyAdd");
    ann.project.dependencyStore.add({ id: "link", fromTask: "garden", toTask: "move" });
    await told;
  },
  onDependencyRemove: async () => {
    const told = heard(ann, "dependencyRemove");
    ann.project.dependencyStore.remove(ann.project.dependencyStore.getById("link"));
    await told;
    await rest();
  },
  pendingChanges: () => expect(Array.isArray(manager().pendingChanges)).toBe(true),
  unackedChanges: async () => {
    ann.network.cut();
    ann.task("roof").name = "Unacked";
    await manager().binding.flush();
    expect(manager().unackedChanges.at(-1)).toMatchObject({ changeset: { tasks: { updated: [{ id: "roof" }] } }, revision: manager().localRevision });
    ann.network.heal();
    manager().reconnect();
    await rest();
    expect(manager().unackedChanges).toEqual([]);
  },
  "scheduleSend()": async () => {
    ann.task("roof").name = "Scheduled";
    manager().scheduleSend();
    await rest();
    expect(ben.task("roof").name).toBe("Scheduled");
  },
  sendTimer: async () => {
    manager().scheduleSend();
    expect(manager().sendTimer).toBeDefined();
    await new Promise<void>((resolve) => {
      const { sendChanges } = manager();
      manager().sendChanges = async () => {
        Reflect.deleteProperty(manager(), "sendChanges");
        await sendChanges.call(manager());
        resolve();
      };
    });
    expect(manager().sendTimer).toBeUndefined();
  },
  "sendChanges()": async () => {
    await manager().sendChanges([{ type: "task", id: "roof", changes: { name: "Sent" } }]);
    await rest();
    expect(ben.task("roof").name).toBe("Sent");
  },
  "buildChangeset(changes)": () => {
    const empty = { added: [], updated: [], removed: [] };
    expect(manager().buildChangeset([])).toEqual({ tasks: empty, dependencies: empty, resources: empty, assignments: empty, calendars: empty });
    expect(manager().buildChangeset([{ action: "update", records: ["a"], changes: { name: { value: "x", oldValue: "y" } } }]).tasks.updated).toEqual([
      { id: "a", changes: { name: "x" } },
    ]);
  },
  "applyChangeset(changes)": async () => {
    manager().applyChangeset(rename("Applied"));
    await rest();
    expect([ann.task("garden").name, ben.task("garden").name]).toEqual(["Applied", "Applied"]);
  },
  ...serverChecks,
  ack: () => checks["handleAck(payload)"]?.(),
  "broadcast(message, excludeClientId)": () => checks["handleChanges(changes, revision, sender)"]?.(),
  "showConflictDialog(conflicts, serverState)": () => expect(manager().showConflictDialog(), "nothing to decide").toBeUndefined(),
  "new ConflictDialog({title, localChanges, serverState, onResolve})": () =>
    expect(readFileSync(join(import.meta.dirname, "browser/document.test.ts"), "utf8")).toContain("new parts.ConflictDialog"),
  "resolveConflict(taskId, {strategy, serverState, mergedState})": async () => {
    await conflictOn("garden", "resolveConflict");
    const asked = [ann, ben].find((page) => page.manager.live.conflicts.length > 0) as Page;
    asked.manager.resolveConflict("garden", { strategy: "merge", mergedState: { name: "Merged" } });
    await rest();
    expect(ann.task("garden").name).toBe("Merged");
  },
  keep_local: async () => {
    const asked = await conflictOn("garden", "keep");
    asked.manager.resolveConflict("garden", { strategy: "keep_local" });
    await rest();
    expect(ann.task("garden").name).toBe(`keep ${asked.name}`);
  },
  accept_server: async () => {
    const asked = await conflictOn("garden", "accept");
    asked.manager.resolveConflict("garden", { strategy: "accept_server" });
    await rest();
    expect(ann.task("garden").name).not.toBe(`accept ${asked.name}`);
  },
  merge: () => checks["resolveConflict(taskId, {strategy, serverState, mergedState})"]?.(),
  "forcePush(task)": async () => {
    const asked = await conflictOn("garden", "force");
    asked.manager.forcePush(asked.task("garden") as never);
    await rest();
    expect(ann.task("garden").name).toBe(`force ${asked.name}`);
  },
  ...offlineChecks,
  PresenceManager: () => expect(manager().presence.activeUsers).toBeInstanceOf(Map),
  activeUsers: () => {
    manager().presence.handlePresenceUpdate(manager().live.presence);
    expect(manager().presence.activeUsers.get(ben.manager.clientId)?.name).toBe("Ben");
  },
  "sendHeartbeat()": async () => {
    const told = heard(ben, "selection");
    manager().presence.currentSelection = { id: "roof" };
    manager().presence.sendHeartbeat();
    expect(await told).toMatchObject({ selection: { clientId: manager().clientId, taskId: "roof" } });
  },
  heartbeat: async () => {
    const told = heard(ben, "selection");
    manager().send({ type: "heartbeat", payload: { activeTask: "walls" } });
    expect(await told).toMatchObject({ selection: { taskId: "walls" } });
  },
  "send({type, payload})": async () => {
    manager().send({ type: "changes", payload: rename("Sent as a message") });
    await rest();
    expect(ben.task("garden").name).toBe("Sent as a message");
    expect(() => manager().send({ type: "no_message_of_ours" })).toThrow(/no message of a client/);
  },
  currentSelection: () => expect(manager().presence.currentSelection).toEqual({ id: "roof" }),
  "handlePresenceUpdate(users)": () => checks.activeUsers?.(),
  "updateUI()": () => manager().presence.updateUI(),
  userPresence: () => shownInBrowser("userPresence"),
  connectionStatus: () => shownInBrowser("connectionStatus"),
  "handleSelectionUpdate({clientId, taskId, userName})": async () => {
    const told = heard(ann, "selection");
    manager().handleSelectionUpdate({ clientId: "x", taskId: "roof", userName: "X" });
    expect(await told).toMatchObject({ selection: { taskId: "roof" } });
  },
  "getColorForUser(clientId)": () => expect(manager().getColorForUser(ben.manager.clientId)).toBe(ben.manager.getColorForUser(ben.manager.clientId)),
  GanttWebSocketManager: () => checks.WebSocketManager?.(),
  project: () => {
    expect(manager().project).toBe(ann.project);
    expect(() => idle(GanttWebSocketManager, { project: undefined })).toThrow(/needs `project`/);
  },
  wsUrl: () => {
    expect(() => idle(GanttWebSocketManager, { wsUrl: undefined })).toThrow(/needs `wsUrl`/);
    expect(() => idle(GanttWebSocketManager, { wsUrl: "/gantt-sync" })).toThrow(/names no project/);
    idle(GanttWebSocketManager, { wsUrl: undefined, url: "ws://127.0.0.1:1/gantt-sync?project=y" }).destroy();
  },
  clientId: () => expect(manager().clientId).toMatch(/^Ann-/),
  "userName: 'Anonymous'": () => option("userName", "Anonymous"),
  "connect()": async () => {
    manager().disconnect();
    manager().connect();
    await rest();
  },
  "on({ … })": () => {
    const owner = { times: 0 };
    const off = manager().on({
      custom(this: typeof owner) {
        this.times++;
      },
      thisObj: owner,
    });
    manager().trigger("custom");
    off();
    manager().trigger("custom");
    expect(owner.times).toBe(1);
  },
  connected: () => checks["onReconnected()"]?.(),
  disconnected: async () => {
    const told = heard(ann, "disconnected");
    ann.network.cut();
    await told;
    ann.network.heal();
    manager().reconnect();
    await rest();
  },
  presenceUpdate: async () => {
    const told = heard(ann, "presenceUpdate");
    const late = await openPage(id, "Late");
    expect(await told).toHaveProperty("users");
    closePages(late);
  },
  "loadUrl: '/api/project/123'": async () => {
    const loaded = (await (await fetch(`${inject("serverUrl")}/api/project/${id}`)).json()) as Record<string, unknown>;
    expect(loaded).toMatchObject({ success: true, revision: expect.any(Number), tasks: { rows: expect.any(Array) } });
    const late = await openPage(id, "Loader", { project: { loadUrl: `${inject("serverUrl")}/api/project/${id}` }, manager: { client: { load: "http" } } });
    expect(late.project.taskStore.allRecords.length).toBe(ann.project.taskStore.allRecords.length);
    closePages(late);
  },
  "destroy()": () => {
    const project = new ProjectModel();
    const counts = () => Object.values(project.eventListeners ?? {}).flat().length;
    const before = counts();
    const gone = idle(GanttWebSocketManager, { project });
    gone.destroy();
    expect([gone.isDestroyed, counts()]).toEqual([true, before]);
    project.destroy();
  },
  ...looks,
  "Changes niet synced": () => checks.suspendSync?.(),
  "Duplicate updates": () => checks["handleChanges(changes, revision, sender)"]?.(),
  "Out of sync": () => checks["requestFullSync()"]?.(),
  "Memory leak": () => checks["destroy()"]?.(),
  "Reconnect loop": async () => {
    const lost = idle(GanttWebSocketManager, {
      autoConnect: true,
      baseReconnectDelay: 1,
      maxReconnectDelay: 1,
      maxReconnectAttempts: 2,
      client: { load: "socket", WebSocket: ann.network.WebSocket },
    });
    await new Promise<void>((resolve) => lost.on({ offline: () => resolve(), once: true }));
    lost.destroy();
  },
  "coalesceChanges(changes)": () => {
    const changes = [
      { type: "task", id: "a", changes: { name: "x" } },
      { type: "task", id: "a", changes: { duration: 2 } },
      { type: "task", id: "b", action: "add", changes: {} },
      { type: "task", id: "b", action: "remove" },
    ];
    expect(manager().coalesceChanges(changes)).toMatchObject([{ id: "a", changes: { name: "x", duration: 2 } }]);
    expect(changes[0]?.changes).toEqual({ name: "x" });
  },
  "debounce of 150 ms": () => option("debounce", 100),
};

test("every row of the page has its check, and every check its row", () => {
  expect(rows.filter((row) => !(row in checks))).toEqual([]);
  expect(Object.keys(checks).filter((name) => !rows.includes(name))).toEqual([]);
});

describe("From the document to livegantt", () => {
  beforeEach(async () => {
    for (const { manager } of [ann, ben]) manager.live.resolveAll("accept_server");
    await settle(id, ann, ben);
  });
  for (const row of rows)
    test(row, async () => {
      await checks[row]?.();
    });
});
