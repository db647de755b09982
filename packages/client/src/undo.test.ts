import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveProject } from "./api.ts";
import { record, World } from "./testing/world.ts";

let world: World;
let ann: LiveProject;
let ben: LiveProject;
beforeEach(async () => {
  world = new World();
  ann = await world.enter("Ann");
  ben = await world.enter("Ben");
});
afterEach(() => world.end());

const server = (task: string) => world.server.state.tasks.get(task);
const converged = (): void => {
  expect(ann.snapshot()).toEqual(world.server.snapshot());
  expect(ben.snapshot()).toEqual(world.server.snapshot());
};

describe("undo and redo of one's own actions", () => {
  it("O3 takes back a value, and brings it again", async () => {
    const heard = record(ann, "undo");
    ann.update("tasks", "a", { name: "Excavate" });
    await world.calm();
    ann.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Dig");
    ann.redo();
    await world.calm();
    expect(server("a")?.name).toBe("Excavate");
    ann.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Dig");
    expect(heard.at(-1)).toEqual({ canUndo: false, canRedo: true });
    converged();
  });

  it("O3 a paste is one step", async () => {
    ann.transact("paste", (tx) => {
      const parent = tx.add("tasks", { id: "g", name: "Group" });
      tx.add("tasks", { id: "g1", name: "One", parentId: parent });
      tx.add("dependencies", { id: "ag", fromTask: "a", toTask: "g1" });
      tx.update("tasks", "b", { name: "Concrete" });
    });
    await world.calm();
    ann.undo();
    await world.calm();
    expect([server("g"), server("g1"), world.server.state.dependencies.get("ag")]).toEqual([undefined, undefined, undefined]);
    expect(server("b")?.name).toBe("Pour");
    ann.redo();
    await world.calm();
    expect(server("g1")).toMatchObject({ parentId: "g" });
    expect(world.server.state.dependencies.has("ag")).toBe(true);
    converged();
  });

  it("O3 typing and dragging are one step, however many changesets they were sent in", async () => {
    for (const name of ["E", "Ex", "Exc", "Exca", "Excav", "Excavate"]) {
      ann.update("tasks", "a", { name });
      await world.clock.advance(60);
    }
    await world.calm();
    expect(world.server.log.length).toBeGreaterThan(1);
    ann.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Dig");
    expect(ann.canUndo).toBe(false);
  });

  it("O3 undoing a removal restores children, links and assignments", async () => {
    ann.add("tasks", { id: "a1", name: "Part", parentId: "a" });
    await world.calm();
    const before = world.server.snapshot();
    ann.remove("tasks", "a");
    await world.calm();
    expect(world.server.state.dependencies.size).toBe(0);
    ann.undo();
    await world.calm();
    expect({ ...world.server.snapshot(), revision: 0 }).toEqual({ ...before, revision: 0 });
    converged();
  });

  it("K8 is built from what was really done: a child that the remover had not seen was rescued, and comes home", async () => {
    ben.disconnect();
    ann.add("tasks", { id: "new", name: "New", parentId: "s" });
    await world.calm();
    ben.remove("tasks", "s");
    ben.connect();
    await world.calm();
    expect(server("new")?.parentId ?? null).toBeNull();
    ben.undo();
    await world.calm();
    expect(server("s")?.name).toBe("Walls");
    expect(server("c")?.parentId).toBe("s");
    expect(server("new")?.parentId).toBe("s");
    converged();
  });

  it("O3 works offline and survives the reconnection", async () => {
    ann.update("tasks", "a", { name: "Excavate" });
    await world.calm();
    ann.disconnect();
    ann.update("tasks", "b", { name: "Concrete" });
    await world.clock.advance(1000);
    ann.undo();
    ann.undo();
    expect(ann.state.tasks.get("a")?.name).toBe("Dig");
    ann.connect();
    await world.calm();
    expect([server("a")?.name, server("b")?.name]).toEqual(["Dig", "Pour"]);
    ann.redo();
    await world.calm();
    expect(server("a")?.name).toBe("Excavate");
    converged();
  });

  it("O3 what another changed since is left alone and told; the rest of the step is undone", async () => {
    const notices = record(ann, "notice");
    ann.transact("paste", (tx) => {
      tx.update("tasks", "a", { name: "Excavate" });
      tx.update("tasks", "b", { name: "Concrete" });
      tx.add("tasks", { id: "n", name: "New" });
      tx.add("tasks", { id: "m", name: "More" });
    });
    await world.calm();
    ben.update("tasks", "a", { name: "Trench" });
    ben.update("tasks", "n", { duration: 4 });
    await world.calm();
    ann.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Trench");
    expect(server("b")?.name).toBe("Pour");
    expect(server("n")).toMatchObject({ name: "New", duration: 4 });
    expect(server("m")).toBeUndefined();
    expect(notices[0]).toMatchObject({ reason: "undo_skipped", notices: [{ id: "a", register: "name" }, { id: "n" }] });
    converged();
  });

  it("O3 an undo that another's change overtakes on the way is skipped and told, never put into the inbox", async () => {
    const notices = record(ann, "notice");
    ann.transact("two", (tx) => {
      tx.update("tasks", "a", { name: "Excavate" });
      tx.update("tasks", "b", { name: "Concrete" });
    });
    await world.calm();
    ann.disconnect();
    ann.undo();
    ben.update("tasks", "a", { name: "Trench" });
    await world.calm();
    ann.connect();
    await world.calm();
    expect(server("a")?.name).toBe("Trench");
    expect(server("b")?.name).toBe("Pour");
    expect(ann.conflicts).toEqual([]);
    expect(notices[0]).toMatchObject({ reason: "undo_skipped", by: "Ben" });
    converged();
  });

  it("O3 undoing a removal leaves out links whose other end another has removed since", async () => {
    ann.remove("tasks", "a");
    await world.calm();
    ben.remove("tasks", "b");
    await world.calm();
    ann.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Dig");
    expect(world.server.state.dependencies.size).toBe(0);
    expect(world.server.state.assignments.has("ra")).toBe(true);
    converged();
  });

  it("K6 the inverse of an add that merged into another's record is nothing", async () => {
    ben.disconnect();
    ann.add("dependencies", { id: "hers", fromTask: "a", toTask: "c" });
    await world.calm();
    ben.add("dependencies", { id: "his", fromTask: "a", toTask: "c" });
    ben.connect();
    await world.calm();
    ben.undo();
    await world.calm();
    expect(world.server.state.dependencies.has("hers")).toBe(true);
    converged();
  });

  it("O3 a command that the server carried out is undone like any edit", async () => {
    ann.captureBaseline(0);
    await world.calm();
    expect(ann.state.tasks.get("a")?.["baselines.0"]).toEqual({ duration: 2 });
    ann.undo();
    await world.calm();
    expect(server("a")?.["baselines.0"]).toBeUndefined();
    converged();
  });
});

describe("what users of other products reported", () => {
  it("Bryntum #11480: undo and redo do not leave the others behind", async () => {
    for (let i = 0; i < 5; i++) {
      ann.transact("edit", (tx) => {
        tx.update("tasks", "a", { name: `name ${i}`, duration: i });
        tx.update("tasks", "c", { parentId: i % 2 ? "s" : null });
      });
      await world.calm();
    }
    for (const step of ["undo", "undo", "redo", "undo", "undo", "redo"] as const) {
      ann[step]();
      ben.update("tasks", "b", { percentDone: ((server("b")?.percentDone as number) ?? 0) + 1 });
      await world.clock.advance(30);
    }
    await world.calm();
    converged();
  });

  it("Bryntum #13119: undo restores the dates that stood there, not those of an earlier state", async () => {
    const start = () => ann.schedule.tasks.get("b")?.startDate;
    ann.update("tasks", "b", { constraintType: "startnoearlierthan", constraintDate: "2026-02-02T08:00:00" });
    await world.calm();
    const first = start();
    ann.update("tasks", "b", { constraintType: "startnoearlierthan", constraintDate: "2026-03-02T08:00:00" });
    await world.calm();
    ann.undo();
    await world.calm();
    expect(server("b")).toMatchObject({ constraintType: "startnoearlierthan", constraintDate: "2026-02-02T08:00:00" });
    expect(start()).toBe(first);
    expect(ben.schedule.hash()).toBe(ann.schedule.hash());
  });

  it("Bryntum #13141: undoing a new link gives the successor its own date back", async () => {
    const before = ann.schedule.tasks.get("c")?.startDate;
    ann.add("dependencies", { id: "bc", fromTask: "b", toTask: "c" });
    await world.calm();
    expect(ann.schedule.tasks.get("c")?.startDate).not.toBe(before);
    ann.undo();
    await world.calm();
    expect(ann.schedule.tasks.get("c")?.startDate).toBe(before);
    expect(ben.schedule.tasks.get("c")?.startDate).toBe(before);
  });

  it("Bryntum #5083: the undo queue holds only one's own changes", async () => {
    ann.update("tasks", "a", { name: "Excavate" });
    await world.calm();
    ben.update("tasks", "b", { name: "Concrete" });
    await world.calm();
    ann.undo();
    await world.calm();
    expect([server("a")?.name, server("b")?.name]).toEqual(["Dig", "Concrete"]);
    expect(ann.canUndo).toBe(false);
    expect(ben.canUndo).toBe(true);
  });

  it("yjs #390: two people drag one bar in turn; whoever was last can undo, the other is told why not", async () => {
    const told = record(ann, "notice");
    for (const [who, duration] of [
      [ann, 10],
      [ben, 11],
      [ann, 20],
      [ben, 30],
    ] as const) {
      who.update("tasks", "a", { duration });
      await world.calm();
    }
    ann.undo();
    await world.calm();
    expect(server("a")?.duration).toBe(30);
    expect(told.at(-1)).toMatchObject({ reason: "undo_skipped", notices: [{ id: "a", register: "duration" }] });
    ben.undo();
    await world.calm();
    expect(server("a")?.duration).toBe(20);
    converged();
  });

  it("yjs #514: undoing a value that won a conflict gives the value before it, never none", async () => {
    ben.disconnect();
    ann.update("tasks", "a", { name: "Hers" });
    await world.calm();
    ben.update("tasks", "a", { name: "His" });
    ben.connect();
    await world.calm();
    ben.resolve(ben.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    expect(server("a")?.name).toBe("His");
    ben.undo();
    await world.calm();
    expect(server("a")?.name).toBe("Hers");
    converged();
  });
});
