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
});
