import type { ClientMessage, ServerMessage } from "@livegantt/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveProject } from "./api.ts";
import { record, World } from "./testing/world.ts";

let world: World;
let ann: LiveProject;
beforeEach(async () => {
  world = new World();
  ann = await world.enter("Ann");
});
afterEach(() => world.end());

const changes = (): (ClientMessage & { type: "changes" })[] => world.server.received.filter((message) => message.type === "changes");
const numbers = (): number[] => changes().map(({ revision }) => revision);
const addMany = (count: number, live = ann): void => {
  for (let i = 0; i < count; i++) live.add("tasks", { id: `n${i}`, name: `New ${i}` });
};

describe("W2 batching and the window", () => {
  it("W2 the first edit goes out at once, with the values that its author saw", async () => {
    ann.update("tasks", "a", { duration: 4 });
    await world.clock.advance(0);
    expect(changes()).toEqual([
      {
        type: "changes",
        revision: 1,
        baseRevision: 0,
        intent: "tasks.update",
        payload: { tasks: { updated: [{ id: "a", changes: { duration: 4, durationUnit: "day" }, was: { duration: 2, durationUnit: "day" } }] } },
      },
    ]);
  });

  it("C4 W2 further edits of the same register wait for the batch delay and become one", async () => {
    for (const name of ["E", "Ex", "Exc", "Exca"]) {
      ann.update("tasks", "a", { name });
      await world.clock.advance(20);
    }
    expect(changes()).toHaveLength(1);
    await world.calm();
    expect(changes().map(({ payload }) => payload.tasks?.updated?.[0])).toEqual([
      { id: "a", changes: { name: "E" }, was: { name: "Dig" } },
      { id: "a", changes: { name: "Exca" }, was: { name: "E" } },
    ]);
    expect(world.server.state.tasks.get("a")?.name).toBe("Exca");
  });

  it("W2 an edit of something else lets a waiting one go, and keeps the order", async () => {
    ann.update("tasks", "a", { name: "E" });
    ann.update("tasks", "a", { name: "Ex" });
    ann.update("tasks", "b", { name: "Concrete" });
    await world.clock.advance(0);
    expect(changes().map(({ payload }) => payload.tasks?.updated?.[0]?.changes.name)).toEqual(["E", "Ex", "Concrete"]);
  });

  it("C4 an edit that is taken back within the delay is never sent", async () => {
    ann.update("tasks", "a", { name: "E" });
    await world.clock.advance(10);
    ann.update("tasks", "a", { name: "Ex" });
    ann.update("tasks", "a", { name: "E" });
    await world.calm();
    expect(changes()).toHaveLength(1);
    expect(ann.pendingCount).toBe(0);
    await ann.saved();
  });

  it("C4 what changes nothing is not sent", async () => {
    ann.update("tasks", "a", { name: "Dig", duration: 2 });
    ann.transact("nothing", () => {});
    await world.calm();
    expect(changes()).toEqual([]);
    expect(ann.canUndo).toBe(false);
  });

  it("W2 at most 32 are on their way at one time", async () => {
    world.server.held = true;
    addMany(50);
    await world.clock.advance(0);
    expect(numbers()).toEqual(Array.from({ length: 32 }, (_, i) => i + 1));
    world.server.release();
    await world.calm();
    expect(numbers()).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(ann.pendingCount).toBe(0);
  });
});

describe("W3 each edit counts once", () => {
  it("W3 answers lost with the connection: repeats carry the same numbers and nothing happens twice", async () => {
    world.server.held = true;
    addMany(5);
    await world.clock.advance(0);
    world.server.cut();
    world.server.held = false;
    await world.calm(3000);
    expect(world.server.log.map(({ clientRevision }) => clientRevision)).toEqual([1, 2, 3, 4, 5]);
    expect(ann.pendingCount).toBe(0);
    expect(ann.snapshot()).toEqual(world.server.snapshot());
  });

  it("W3 W7 the same where history is gone and a whole project comes instead of a delta", async () => {
    world.server.held = true;
    addMany(3);
    ann.update("tasks", "a", { name: "Excavate" });
    await world.clock.advance(0);
    world.server.cut();
    world.server.held = false;
    world.server.logFrom = world.server.state.revision;
    const loads = record(ann, "change");
    await world.calm(3000);
    expect(loads.some(({ origin }) => origin === "load")).toBe(true);
    expect(world.server.log).toHaveLength(4);
    expect(ann.pendingCount).toBe(0);
    expect(ann.snapshot()).toEqual(world.server.snapshot());
  });

  it("W4 a number that the server could not store is sent again, with those behind it, in order", async () => {
    world.server.refuseNext = { times: 1, error: { code: "storage_unavailable", message: "disk full", action: "retry", retryAfterMs: 2000 } };
    addMany(3);
    await world.calm(1000);
    expect(ann.pendingCount).toBe(3);
    expect(ann.status).toBe("live");
    await world.calm(2000);
    expect(world.server.log.map(({ clientRevision }) => clientRevision)).toEqual([1, 2, 3]);
    expect(ann.pendingCount).toBe(0);
  });

  it("W0 a restored backup: the plan is replaced, and unsent edits are judged by what their author saw", async () => {
    const backup = world.server.snapshot();
    ann.update("tasks", "a", { name: "Excavate" });
    await world.calm();
    ann.disconnect();
    ann.update("tasks", "b", { name: "Concrete" });
    ann.update("tasks", "a", { name: "Trench" });
    world.server.restore(backup, "epoch-2");
    ann.connect();
    await world.calm();
    expect(world.server.state.tasks.get("b")?.name).toBe("Concrete");
    expect(ann.pendingCount).toBe(0);
    expect({ ...ann.snapshot() }).toEqual(world.server.snapshot());
  });

  it("W1 a revision that is missing is asked for", async () => {
    const ben = await world.enter("Ben");
    const socket = world.server.live.find(({ clientId }) => clientId === ben.clientId);
    if (socket) socket.deaf = true;
    ann.update("tasks", "a", { name: "Excavate" });
    await world.clock.advance(0);
    if (socket) socket.deaf = false;
    ann.update("tasks", "b", { name: "Concrete" });
    await world.calm();
    expect(world.server.received.filter(({ type }) => type === "request_delta")).toEqual([{ type: "request_delta", payload: { lastRevision: 0 } }]);
    expect(ben.snapshot()).toEqual(world.server.snapshot());
  });

  it("C4 an ack without effect takes no revision of its own", async () => {
    const ben = await world.enter("Ben");
    ben.disconnect();
    ann.update("tasks", "a", { name: "Same" });
    await world.calm();
    ben.update("tasks", "a", { name: "Same" });
    ben.connect();
    await world.calm();
    expect(ben.conflicts).toEqual([]);
    expect(ben.revision).toBe(1);
    ann.update("tasks", "b", { name: "Next" });
    await world.calm();
    expect(ben.snapshot()).toEqual(world.server.snapshot());
  });
});

describe("W8 half-open sockets", () => {
  it("W8 no answer to an edit in 10 s: another connection is made, and the edit arrives once", async () => {
    for (const socket of world.server.live) socket.deaf = true;
    ann.update("tasks", "a", { name: "Excavate" });
    await world.clock.advance(9_900);
    expect(world.server.sockets).toHaveLength(1);
    await world.clock.advance(2_000);
    expect(world.server.sockets).toHaveLength(2);
    expect(ann.status).toBe("live");
    expect(ann.pendingCount).toBe(0);
    expect(world.server.log).toHaveLength(1);
  });

  it("W8 no frame for 45 s: another connection is made; heartbeats keep a quiet one alive", async () => {
    await world.clock.advance(300_000);
    expect(world.server.sockets).toHaveLength(1);
    for (const socket of world.server.live) socket.deaf = true;
    await world.clock.advance(50_000);
    expect(world.server.sockets).toHaveLength(2);
    expect(ann.status).toBe("live");
  });

  it("a message that makes no sense is ignored", async () => {
    const socket = world.server.live[0];
    socket?.deliver({ type: "news", payload: {} } as unknown as ServerMessage);
    socket?.deliver({ type: "ack", payload: { clientRevision: 99, serverRevision: 3, outcome: "applied" } });
    await world.calm();
    expect(ann.status).toBe("live");
    expect(ann.revision).toBe(0);
  });
});
