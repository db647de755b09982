import { canonicalJson, projectToJSON } from "@livegantt/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { record, World } from "./testing/world.ts";

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const same = (a: object, b: object): void => expect(canonicalJson(a)).toBe(canonicalJson(b));

describe("two people on one project", () => {
  it("O2 an edit shows at once here, and on the other side when the server has it", async () => {
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    expect(ann.status).toBe("live");
    ann.update("tasks", "a", { name: "Excavate" });
    expect(ann.state.tasks.get("a")?.name).toBe("Excavate");
    expect(ann.pendingCount).toBe(1);
    await world.calm();
    expect(ben.state.tasks.get("a")?.name).toBe("Excavate");
    expect(ann.pendingCount).toBe(0);
    same(ann.snapshot(), projectToJSON(world.server.state));
    same(ben.snapshot(), projectToJSON(world.server.state));
  });

  it("K1 two names for one task: the second lands in its author's inbox with both values", async () => {
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    const opened = record(ben, "conflict");
    ann.update("tasks", "a", { name: "Excavate" });
    ben.update("tasks", "a", { name: "Trench" });
    await world.calm();
    expect(opened).toHaveLength(1);
    expect(ben.conflicts[0]?.conflicts[0]?.fields?.name).toEqual({ base: "Dig", local: "Trench", server: "Excavate" });
    expect(ben.state.tasks.get("a")?.name).toBe("Excavate");
    ben.resolve(ben.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    expect(ann.state.tasks.get("a")?.name).toBe("Trench");
    expect(ben.conflicts).toHaveLength(0);
  });
});
