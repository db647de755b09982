import { OptimisticUpdateManager } from "@livegantt/client";
import { expect } from "vitest";
import { ann, ben, byHand, heard, manager, option, rename, rest } from "./documentScene.ts";

/** What the rows about the connection, the queue and optimistic edits promise, called. */
export const offlineChecks: Record<string, () => unknown> = {
  "reconnect()": async () => {
    manager().disconnect();
    manager().reconnect();
    await rest();
  },
  maxReconnectAttempts: () => option("maxReconnectAttempts", 12),
  baseReconnectDelay: () => option("baseReconnectDelay", 500),
  maxReconnectDelay: () => option("maxReconnectDelay", 30_000),
  reconnectAttempts: () => expect(manager().reconnectAttempts).toBe(0),
  "showOfflineMode()": async () => {
    const told = heard(ann, "offline");
    manager().showOfflineMode();
    await told;
  },
  "setupSocketListeners()": async () => {
    const told = heard(ann, "statusChange");
    manager().disconnect();
    await told;
    manager().connect();
    await rest();
  },
  "onReconnected()": async () => {
    let times = 0;
    manager().onReconnected = () => times++;
    const told = heard(ann, "connected");
    manager().disconnect();
    manager().connect();
    await told;
    Reflect.deleteProperty(manager(), "onReconnected");
    expect(times).toBe(1);
  },
  "request_delta {lastRevision}": async () => {
    const { next, socket } = await byHand();
    await next("init");
    socket.send(JSON.stringify({ type: "request_delta", payload: { lastRevision: 0 } }));
    await Promise.race([next("delta"), next("sync")]);
    socket.close();
  },
  OfflineQueue: () => expect(manager().offlineQueue).toMatchObject({ length: 0, queue: [] }),
  "enqueue(changeset)": async () => {
    manager().offlineQueue.enqueue(rename("Enqueued"));
    await rest();
    expect(ben.task("garden").name).toBe("Enqueued");
  },
  queue: () => expect(manager().offlineQueue.queue).toBe(manager().unackedChanges),
  "flush()": () => manager().offlineQueue.flush(),
  "persist()": () => expect(manager().offlineQueue.persist()).toEqual(expect.any(Boolean)),
  isOnline: async () => {
    await rest();
    expect(manager().offlineQueue.isOnline).toBe(true);
  },
  "onOnline()": async () => {
    manager().offlineQueue.onOnline();
    await rest();
  },
  "onOffline()": async () => {
    manager().offlineQueue.onOffline();
    expect(manager().offlineQueue.isOnline).toBe(false);
    manager().offlineQueue.onOnline();
    await rest();
  },
  OptimisticUpdateManager: () => expect(OptimisticUpdateManager).toBeTypeOf("function"),
  "applyOptimistic(changeset)": async () => {
    const rollback = manager().applyOptimistic(rename("Only here"));
    await manager().binding.settled();
    expect([ann.task("garden").name, ben.task("garden").name === "Only here"]).toEqual(["Only here", false]);
    rollback();
    await rest();
    expect(ann.task("garden").name).not.toBe("Only here");
  },
  "rollback(appliedChanges)": async () => {
    manager().rollback(rename("whatever"));
    await rest();
  },
  "sendAndWaitAck(changeset)": async () => expect(await manager().sendAndWaitAck(rename("Waited"))).toMatchObject({ serverRevision: expect.any(Number) }),
  "sendWithOptimistic(changeset)": async () => {
    await manager().sendWithOptimistic(rename("Optimistic"));
    await rest();
    expect(ben.task("garden").name).toBe("Optimistic");
    ann.network.cut();
    await ben.manager.sendAndWaitAck(rename("Theirs"));
    const lost = manager().sendWithOptimistic({ tasks: { updated: [{ id: "garden", changes: { name: "Mine" }, was: { name: "Optimistic" } }] } });
    const told = expect(lost).rejects.toMatchObject({ type: "conflict", conflictData: { conflicts: [{ type: "concurrent_edit" }] } });
    ann.network.heal();
    manager().reconnect();
    await told;
    manager().live.resolveAll("accept_server");
    await rest();
  },
};
