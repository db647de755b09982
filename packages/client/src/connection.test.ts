import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionStatus, LiveProject } from "./api.ts";
import { record, World } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const statuses = (live: LiveProject): (ConnectionStatus | number)[] => {
  const heard: ConnectionStatus[] = [];
  live.on("status", ({ status }) => heard.push(status));
  return heard;
};

describe("the way to the server", () => {
  it("connecting → syncing → live, and the plan is ready", async () => {
    const live = world.open("Ann");
    const heard = statuses(live);
    expect(live.status).toBe("connecting");
    const ready = live.ready();
    await world.calm();
    await ready;
    expect(heard).toEqual(["syncing", "live"]);
    expect(live.role).toBe("editor");
  });

  it("O6 reconnecting carries the delay with full jitter, counts down, and reconnectNow ends the wait", async () => {
    const live = await world.enter("Ann", { baseReconnectDelay: 4000, maxReconnectDelay: 4000 });
    const heard = record(live, "status");
    const gone = record(live, "disconnected");
    world.server.cut();
    await world.clock.advance(0);
    expect(gone).toEqual([{ code: 1006, reason: "" }]);
    expect(live.status).toBe("reconnecting");
    const wait = heard[0]?.retryInMs ?? 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(4000);
    await world.clock.advance(100);
    expect(live.retryInMs).toBe(wait - 100);
    live.reconnectNow();
    await world.clock.advance(0);
    expect(live.status).toBe("live");
    expect(live.retryInMs).toBeUndefined();
  });

  it("gives up after so many attempts, and comes back with the network or by call", async () => {
    const live = await world.enter("Ann", { maxReconnectAttempts: 3, baseReconnectDelay: 100 });
    world.server.refuseWith = 1011;
    world.server.cut();
    await world.calm(10_000);
    expect(live.status).toBe("offline");
    const attempts = world.server.sockets.length;
    expect(attempts).toBe(1 + 3);
    world.server.refuseWith = undefined;
    await world.calm(60_000);
    expect(world.server.sockets).toHaveLength(attempts);
    world.network.set(true);
    await world.calm();
    expect(live.status).toBe("live");
  });

  it("offline with the device, live again with it", async () => {
    const live = await world.enter("Ann");
    world.network.set(false);
    expect(live.status).toBe("offline");
    live.update("tasks", "a", { name: "Excavate" });
    world.network.set(true);
    await world.calm();
    expect(live.status).toBe("live");
    expect(world.server.state.tasks.get("a")?.name).toBe("Excavate");
  });

  it("offline by call stays so, whatever the network does, until connect()", async () => {
    const live = await world.enter("Ann");
    live.disconnect();
    world.network.set(false);
    world.network.set(true);
    await world.calm(60_000);
    expect(live.status).toBe("offline");
    live.connect();
    await world.calm();
    expect(live.status).toBe("live");
  });

  it("autoConnect: false waits for connect()", async () => {
    const live = world.open("Ann", { autoConnect: false });
    await world.calm();
    expect(live.status).toBe("offline");
    expect(world.server.sockets).toEqual([]);
    live.connect();
    await live.ready();
    expect(live.status).toBe("live");
  });

  it("D8 4503: connects again at once, without jitter", async () => {
    const live = await world.enter("Ann", { baseReconnectDelay: 60_000 });
    world.server.cut(undefined, 4503);
    await world.clock.advance(1);
    expect(live.status).toBe("live");
  });

  it.each([
    [4403, "denied", "forbidden", "fatal"],
    [4404, "denied", "project_not_found", "fix"],
    [4426, "outdated", "protocol_version", "upgrade"],
    [4409, "offline", "replaced", "fix"],
    [4401, "denied", "unauthenticated", "reauth"],
  ] as const)("%i ends as %s with a coded error that says what to do", async (code, status, error, action) => {
    const live = await world.enter("Ann");
    const errors = record(live, "error");
    const heard = record(live, "status");
    world.server.cut(undefined, code);
    await world.calm(120_000);
    expect(live.status).toBe(status);
    expect(errors).toMatchObject([{ code: error, action, data: { closeCode: code } }]);
    expect(heard.at(-1)?.error?.code).toBe(error);
    expect(world.server.sockets).toHaveLength(1);
  });

  it("D6 4401 with a token function: a fresh token is asked for once; a second refusal is the end", async () => {
    let asked = 0;
    const live = await world.enter("Ann", { token: () => `token ${++asked}` });
    const before = asked;
    world.server.cut(undefined, 4401);
    await world.calm();
    expect(live.status).toBe("live");
    expect(asked).toBe(before + 1);
    expect(world.server.received.filter(({ type }) => type === "hello").at(-1)).toMatchObject({ token: `token ${asked}` });
    world.server.refuseWith = 4401;
    world.server.cut(undefined, 4401);
    await world.calm(60_000);
    expect(live.status).toBe("denied");
  });

  it("a token that cannot be had just now is tried again later", async () => {
    let broken = true;
    const token = (): string => {
      if (broken) throw new Error("login server down");
      return "t";
    };
    const live = await world.enter("Ann", { token, baseReconnectDelay: 100 });
    expect(live.status).toBe("reconnecting");
    broken = false;
    await world.calm(5000);
    expect(live.status).toBe("live");
  });

  it("D6 a viewer may look and not change; a commenter may comment", async () => {
    world.server.role = "viewer";
    const viewer = await world.enter("Vera");
    expect(() => viewer.update("tasks", "a", { name: "x" })).toThrow(expect.objectContaining({ code: "forbidden" }));
    world.server.role = "commenter";
    const commenter = await world.enter("Cora");
    expect(() => commenter.update("tasks", "a", { name: "x" })).toThrow(expect.objectContaining({ code: "forbidden" }));
    commenter.add("comments", { task: "a", text: "Why so long?" });
    await world.calm();
    expect([...world.server.state.comments.values()]).toMatchObject([{ text: "Why so long?", author: "Cora" }]);
  });

  it("a project that is not there yet is no place to edit", () => {
    const live = world.open("Ann");
    expect(() => live.update("tasks", "a", { name: "x" })).toThrow(expect.objectContaining({ code: "not_ready", action: "retry" }));
    expect(live.snapshot().tasks).toEqual([]);
  });

  it.each(["ftp://x", "::"])("a url that cannot be (%s) is refused with a code", async (url) => {
    const live = world.open("Ann", { url });
    await expect(live.ready()).rejects.toMatchObject({ code: "invalid_url", action: "fix" });
    expect(live.status).toBe("denied");
  });
});

describe("O5 destroy", () => {
  it("O5 leaves no timer, listener, socket or lock", async () => {
    const live = await world.enter("Ann");
    const ben = await world.enter("Ben");
    live.select({ taskId: "a", mode: "drag" });
    live.select({ taskId: "b", mode: "drag" });
    for (const one of [live, ben]) one.update("tasks", "a", { name: one.user.name });
    live.update("tasks", "a", { name: "waits" });
    const id = live.clientId;
    live.destroy();
    ben.destroy();
    await world.clock.advance(0);
    expect(world.clock.pending).toBe(0);
    expect(world.network.watchers).toBe(0);
    expect(world.server.live).toEqual([]);
    expect(await world.locks.tryAcquire(`livegantt/server/p/${id}`)).toBeDefined();
    live.destroy();
  });

  it("O5 in any moment of being opened, reconnected or refused", async () => {
    for (const turns of [0, 1, 2, 3, 5, 8, 13]) {
      const live = world.open("Ann");
      for (let i = 0; i < turns; i++) await Promise.resolve();
      live.destroy();
    }
    const waiting = await world.enter("Ann");
    world.server.cut();
    await world.clock.advance(0);
    waiting.destroy();
    await world.calm(100_000);
    expect(world.clock.pending).toBe(0);
    expect(world.network.watchers).toBe(0);
    expect(world.server.live).toEqual([]);
  });

  it("O5 says nothing more, and refuses to be used", async () => {
    const live = await world.enter("Ann");
    const ready = world
      .open("Ben")
      .ready()
      .catch((error) => error.code);
    const heard = record(live, "status");
    live.destroy();
    expect(heard).toEqual([]);
    expect(() => live.update("tasks", "a", { name: "x" })).toThrow(expect.objectContaining({ code: "destroyed" }));
    world.end();
    expect(await ready).toBe("destroyed");
  });

  it("O5 a listener taken off hears nothing; one that throws does not keep the others from hearing", async () => {
    const live = await world.enter("Ann");
    let heard = 0;
    const off = live.on("change", () => heard++);
    live.update("tasks", "a", { name: "x" });
    off();
    live.update("tasks", "b", { name: "y" });
    expect(heard).toBe(1);
  });
});
