import { computeSchedule } from "@livegantt/core";
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

const selections = () => world.server.received.filter(({ type }) => type === "selection");

describe("who is here and where", () => {
  it("joins and leaves are heard, and all knowledge ends with the connection", async () => {
    const heard = record(ann, "presenceUpdate");
    const ben = await world.enter("Ben");
    await world.calm();
    expect(ann.presence.map(({ name }) => name)).toEqual(["Ann", "Ben"]);
    expect(ann.nameOf(ben.clientId)).toBe("Ben");
    ben.destroy();
    await world.calm();
    expect(ann.presence.map(({ name }) => name)).toEqual(["Ann"]);
    expect(heard.map(({ users }) => users.length)).toEqual([2, 1]);
    ann.disconnect();
    expect(ann.presence).toEqual([]);
  });

  it("a selection shows at the others and goes with its person", async () => {
    const ben = await world.enter("Ben");
    const heard = record(ann, "selection");
    ben.select({ taskId: "a", field: "name", mode: "edit" });
    await world.calm();
    expect(ann.selections.get(ben.clientId)).toMatchObject({ userName: "Ben", taskId: "a", field: "name", mode: "edit" });
    ben.destroy();
    await world.calm();
    expect(ann.selections.size).toBe(0);
    expect(heard.map(({ taskId }) => taskId)).toEqual(["a", null]);
  });

  it("a drag is thinned out to about 15 a second, and its last place always arrives", async () => {
    for (let i = 0; i < 100; i++) {
      ann.select({ taskId: "a", mode: "drag", ghost: { startDate: `2026-01-05T08:00:${String(i % 60).padStart(2, "0")}`, endDate: "2026-01-07T17:00:00" } });
      await world.clock.advance(10);
    }
    await world.calm();
    expect(selections().length).toBeGreaterThan(10);
    expect(selections().length).toBeLessThanOrEqual(20);
    expect(selections().at(-1)).toMatchObject({ payload: { ghost: { startDate: "2026-01-05T08:00:39" } } });
  });

  it("the same selection is told once, and again to a new connection", async () => {
    ann.select({ taskId: "a" });
    ann.select({ taskId: "a" });
    await world.calm();
    expect(selections()).toHaveLength(1);
    world.server.cut();
    await world.calm(3000);
    expect(selections()).toHaveLength(2);
  });

  it("a heartbeat every 30 s carries the active task", async () => {
    ann.select({ taskId: "b" });
    await world.clock.advance(61_000);
    expect(world.server.received.filter(({ type }) => type === "heartbeat")).toEqual([
      { type: "heartbeat", payload: { activeTask: "b" } },
      { type: "heartbeat", payload: { activeTask: "b" } },
    ]);
  });

  it("P5 a heartbeat says what the dates amount to, where somebody looks at them and nothing is pending", async () => {
    const beats = () =>
      world.server.received.flatMap((message) =>
        message.type === "heartbeat" ? [(message.payload ?? {}) as { revision?: number; scheduleHash?: string }] : [],
      );
    const server = () => {
      const schedule = computeSchedule(world.server.state);
      return `${schedule.engineVersion}:${schedule.hash()}`;
    };
    await world.clock.advance(30_000);
    expect(beats()).toEqual([{}]); // nobody has asked for dates
    expect(ann.schedule.tasks.get("b")?.startDate).toBeDefined();
    await world.clock.advance(30_000);
    expect(beats()[1]).toEqual({ revision: 0, scheduleHash: server() });
    ann.update("tasks", "a", { duration: 7 });
    await world.clock.advance(30_000);
    expect(beats()[2]).toEqual({ revision: 1, scheduleHash: server() });
    expect(beats()[2]?.scheduleHash).not.toBe(beats()[1]?.scheduleHash);
    // Unanswered edits show in the view, not on the server: nothing is said until they are settled.
    await world.clock.advance(29_900);
    world.server.held = true;
    ann.update("tasks", "a", { duration: 9 });
    await world.clock.advance(100);
    expect(beats()[3]).toEqual({});
    world.server.release();
    await world.clock.advance(30_000);
    expect(beats()[4]).toEqual({ revision: 2, scheduleHash: server() });
  });

  it("P5 a whole project that comes unasked replaces the dates with newly computed ones", async () => {
    const watch = ann.watchSchedule();
    watch.take();
    expect(watch.take().all).toBe(false);
    world.server.live[0]?.deliver({ type: "sync", payload: world.server.snapshot() });
    await world.calm();
    expect(watch.take().all).toBe(true);
    expect(ann.status).toBe("live");
    ann.update("tasks", "a", { duration: 4 });
    await ann.saved();
    expect(world.server.state.tasks.get("a")?.duration).toBe(4);
  });
});
