import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TaskModel } from "./bryntum.ts";
import { closePages, drawn, expectSame, newProject, openPage, type Page, settle } from "./rig.ts";

let id: string;
let ann: Page;
let ben: Page;

beforeEach(async () => {
  id = await newProject();
  [ann, ben] = await Promise.all([openPage(id, "Ann", { delay: () => 2 }), openPage(id, "Ben", { delay: () => 3 })]);
});
afterEach(() => closePages(ann, ben));

/** After everything has arrived both charts, both replicas and the server are equal, and nobody sent back what he got. */
async function rest(sentByAnn: number, sentByBen: number): Promise<void> {
  await settle(id, ann, ben);
  await expectSame(id, ann, ben);
  expect([ann.sent.length, ben.sent.length], JSON.stringify([ann.sent, ben.sent])).toEqual([sentByAnn, sentByBen]);
}

const order = (page: Page, parent?: string): string[] => (parent ? page.task(parent) : page.project.taskStore.rootNode).orderedChildren.map((task) => task.id);

describe("one person edits", () => {
  test("A1 an edit of several fields is one changeset", async () => {
    ann.task("garden").set({ name: "Big garden", duration: 5 });
    await rest(1, 0);
    expect([ben.task("garden").name, ben.task("garden").duration]).toEqual(["Big garden", 5]);
  });

  test("A1 a drag is a constraint and nothing computed", async () => {
    await ann.task("garden").setStartDate(new Date(2026, 2, 10, 8));
    await rest(1, 0);
    expect(ann.sent[0]?.payload).toEqual({
      tasks: {
        updated: [
          {
            id: "garden",
            changes: { constraintType: "startnoearlierthan", constraintDate: "2026-03-10T08:00:00" },
            was: { constraintType: null, constraintDate: null },
          },
        ],
      },
    });
  });

  test("A1 a resize is a duration; successors are not sent", async () => {
    ann.task("walls").duration = 6;
    await rest(1, 0);
    expect(ann.sent[0]?.payload).toEqual({
      tasks: { updated: [{ id: "walls", changes: { duration: 6, durationUnit: "day" }, was: { duration: 3, durationUnit: null } }] },
    });
    expect(ben.task("roof").startDate).toEqual(ann.task("roof").startDate);
  });

  test("A1 added tasks stand where they were added, with the ids the chart gave them", async () => {
    ann
      .task("house")
      .insertChild([{ name: "Windows", duration: 2 }, { name: "Stairs" }, { name: "Attic", children: [{ name: "Ladder", duration: 1 }] }], ann.task("roof"));
    await rest(1, 0);
    expect(ben.task("house").orderedChildren.map((task) => task.name)).toEqual(["Walls", "Windows", "Stairs", "Attic", "Roof", "Doors"]);
    expect(order(ben, "house")).toEqual(order(ann, "house"));
  });

  test("A1 indent and outdent", async () => {
    await ann.project.taskStore.indent([ann.task("party")]);
    await rest(1, 0);
    expect(order(ben, "garden")).toEqual(["party"]);
    await ann.project.taskStore.outdent([ann.task("party")]);
    await rest(2, 0);
    expect(order(ben)).toEqual(["house", "garden", "party", "move"]);
    expect(ben.task("garden").duration, "a task that lost its last child has its own duration again").toBe(2);
  });

  test("A1 a move to another parent, and within one", async () => {
    ann.task("house").insertChild(ann.task("move"), ann.task("walls"));
    await rest(1, 0);
    expect(order(ben, "house")).toEqual(["move", "walls", "roof", "doors"]);
    ann.task("house").insertChild(ann.task("move"), ann.task("doors"));
    await rest(2, 0);
    expect(order(ben, "house")).toEqual(["walls", "roof", "move", "doors"]);
    expect(ann.sent[1]?.payload, "one row moved, whatever its siblings' numbers are now").toMatchObject({ tasks: { updated: [{ id: "move" }] } });
  });

  test("A1 links: added, edited, given another end, removed", async () => {
    const [link] = ann.project.dependencyStore.add({ fromTask: "garden", toTask: "move", type: 2, lag: 1 });
    await rest(1, 0);
    expect(ben.task("move").startDate).toEqual(ann.task("move").startDate);
    Object.assign(link as object, { lag: 3 });
    await rest(2, 0);
    link?.fromTask === undefined || Object.assign(link, { fromTask: ann.task("doors") });
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ben.project.dependencyStore.records.map((d) => `${d.fromEvent.id}-${d.toEvent.id}`).sort()).toEqual(["doors-move", "walls-roof"]);
    ann.project.dependencyStore.remove(ann.project.dependencyStore.records.filter((d) => d.toEvent.id === "move"));
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ben.project.dependencyStore.count).toBe(1);
  });

  test("A1 resources and assignments", async () => {
    const [eva] = ann.project.resourceStore.add({ name: "Eva" });
    const [assignment] = ann.project.assignmentStore.add({ event: "garden", resource: eva?.id, units: 50 });
    await rest(1, 0);
    Object.assign(assignment as object, { units: 80 });
    await rest(2, 0);
    expect(ben.project.assignmentStore.getById(assignment?.id as string)?.units).toBe(80);
    ann.project.resourceStore.remove(eva);
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect([ben.project.resourceStore.count, ben.project.assignmentStore.count]).toEqual([2, 1]);
  });

  test("A1 calendars with their intervals, and who uses them", async () => {
    const office = ann.project.calendarManagerStore.getById("cal");
    office?.addInterval({ name: "Holiday", startDate: new Date(2026, 2, 3), endDate: new Date(2026, 2, 4), isWorking: false });
    await rest(1, 0);
    expect(drawn(ben)).toEqual(drawn(ann));
    const holiday = office?.intervalStore.records.at(-1);
    holiday?.set({ endDate: new Date(2026, 2, 5) });
    office?.intervalStore.remove(office.intervalStore.records[0]?.id === "x" ? [] : []);
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    ann.project.calendarManagerStore.add({
      id: "nights",
      name: "Nights",
      unspecifiedTimeIsWorking: false,
      intervals: [{ recurrentStartDate: "every weekday at 20:00", recurrentEndDate: "every weekday at 23:00", isWorking: true }],
    });
    ann.task("garden").calendar = "nights";
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ben.task("garden").startDate.getHours()).toBe(20);
  });

  test("A1 manual scheduling on and off", async () => {
    ann.task("garden").manuallyScheduled = true;
    await rest(1, 0);
    await ann.task("garden").setStartDate(new Date(2026, 2, 11, 8));
    await rest(2, 0);
    expect(ben.task("garden").startDate).toEqual(new Date(2026, 2, 11, 8));
    ann.task("garden").manuallyScheduled = false;
    await rest(3, 0);
  });

  test("A1 segments, baselines, looks and fields of the product's own", async () => {
    await ann.task("move").splitToSegments(new Date(2026, 2, 3, 8));
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ben.task("move").segments?.length).toBe(2);
    ann.task("walls").setBaseline(1);
    ann.task("walls").cls = "urgent";
    ann.task("walls").set("risk", "high");
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ben.task("walls").baselines.records.length).toBe(1);
    expect([String(ben.task("walls").cls).trim(), ben.task("walls").get("risk")]).toEqual(["urgent", "high"]);
  });

  for (const mode of ["FixedDuration", "FixedUnits", "FixedEffort"])
    test(`A1 effort, units and duration of a task with ${mode}`, async () => {
      ann.task("walls").schedulingMode = mode;
      await settle(id, ann, ben);
      ann.task("walls").effort = 48;
      await settle(id, ann, ben);
      Object.assign(ann.project.assignmentStore.getById("ada-walls") as object, { units: 50 });
      await settle(id, ann, ben);
      ann.project.assignmentStore.add({ event: "walls", resource: "bob", units: 100 });
      await settle(id, ann, ben);
      ben.task("walls").duration = 4;
      await settle(id, ann, ben);
      await expectSame(id, ann, ben);
      expect(ben.task("walls").effort).toBe(ann.task("walls").effort);
    });

  test("A1 the project's own start and calendar", async () => {
    await ann.project.setStartDate(new Date(2026, 2, 9));
    await rest(1, 0);
    expect(ben.task("garden").startDate).toEqual(new Date(2026, 2, 9, 8));
  });

  test("K8 a deleted summary takes its children, links and assignments along; undo brings all of them back", async () => {
    ann.project.stm.enable();
    ann.project.stm.startTransaction();
    ann.task("house").remove();
    await ann.project.commitAsync();
    ann.project.stm.stopTransaction();
    await rest(1, 0);
    expect([ben.project.taskStore.count, ben.project.dependencyStore.count, ben.project.assignmentStore.count]).toEqual([3, 0, 0]);
    expect(ann.sent[0]?.payload).toMatchObject({
      tasks: {
        removed: [
          { id: "house", seen: { tasks: expect.arrayContaining(["walls", "roof", "doors"]), dependencies: ["walls-roof"], assignments: ["ada-walls"] } },
        ],
      },
    });
    ann.project.stm.undo();
    await rest(2, 0);
    expect(order(ben, "house")).toEqual(["walls", "roof", "doors"]);
    expect([ben.project.dependencyStore.count, ben.project.assignmentStore.count]).toEqual([1, 1]);
  });

  test("A1 a sorted and filtered view stays this person's own", async () => {
    ann.project.taskStore.sort("name");
    ann.project.taskStore.filter((task) => task.name !== "Roof");
    ben.task("house").insertChild(new TaskModel({ id: "cellar", name: "Cellar", duration: 1 }), ben.task("walls"));
    await rest(0, 1);
    ann.task("garden").name = "A garden";
    await rest(1, 1);
    ann.project.taskStore.clearFilters();
    ann.project.taskStore.clearSorters();
    await rest(1, 1);
    expect(order(ann, "house")).toEqual(["cellar", "walls", "roof", "doors"]);
  });
});

test("O5 a chart that is destroyed before its manager does not empty the plan", async () => {
  const late = await openPage(id, "Late");
  late.project.destroy();
  late.manager.destroy();
  await settle(id, ann, ben);
  await expectSame(id, ann, ben);
  expect(ann.project.taskStore.allRecords.length).toBe(7);
});

describe("two people at once", () => {
  test("K1 duration against start of one task: both stand", async () => {
    ann.task("garden").duration = 4;
    await ben.task("garden").setStartDate(new Date(2026, 2, 16, 8));
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect([ann.task("garden").duration, ann.task("garden").startDate]).toEqual([4, new Date(2026, 2, 16, 8)]);
  });

  test("K1 the same field: the second is asked, both values are kept until then", async () => {
    ann.task("garden").name = "Ann's garden";
    ben.task("garden").name = "Ben's garden";
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    const asked = [ann, ben].filter(({ manager }) => manager.live.conflicts.length > 0);
    expect(asked).toHaveLength(1);
    const [loser] = asked as [Page];
    expect(loser.manager.live.conflicts[0]?.conflicts[0]).toMatchObject({
      type: "concurrent_edit",
      id: "garden",
      fields: { name: { base: "Garden", local: `${loser.name}'s garden` } },
    });
    loser.manager.resolveConflict("garden", { strategy: "keep_local" });
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ann.task("garden").name).toBe(`${loser.name}'s garden`);
  });

  test("M6 both add at one place: both stand, in one order", async () => {
    ann.task("house").insertChild(
      [
        { id: "a1", name: "a1" },
        { id: "a2", name: "a2" },
      ],
      ann.task("roof"),
    );
    ben.task("house").insertChild(
      [
        { id: "b1", name: "b1" },
        { id: "b2", name: "b2" },
      ],
      ben.task("roof"),
    );
    await rest(1, 1);
    const between = order(ann, "house").slice(1, 5).join();
    expect(["a1,a2,b1,b2", "b1,b2,a1,a2"]).toContain(between);
  });

  test("K4 crossing moves: one stands, the other is asked, nothing vanishes", async () => {
    ann.task("garden").appendChild(ann.task("move"));
    ben.task("move").appendChild(ben.task("garden"));
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ann.project.taskStore.allRecords.length).toBe(7);
    expect(ann.manager.live.conflicts.length + ben.manager.live.conflicts.length).toBe(1);
  });

  test("K2 an edit of a deleted task can restore it", async () => {
    ann.task("garden").remove();
    ben.task("garden").duration = 9;
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    const [asked] = [ann, ben].filter(({ manager }) => manager.live.conflicts.length > 0) as [Page];
    asked.manager.resolveConflict("garden", { strategy: "keep_local" });
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    if (asked === ben) expect(ann.task("garden").duration).toBe(9);
    else expect(ann.project.taskStore.getById("garden")).toBeFalsy();
  });

  test("K7 a child added under a deleted summary is rescued", async () => {
    ann.task("house").remove();
    ben.task("house").appendChild({ id: "tower", name: "Tower", duration: 1 });
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ann.task("tower").name).toBe("Tower");
  });

  test("K4 links that close a loop: the second is asked", async () => {
    ann.project.dependencyStore.add({ id: "x", fromTask: "garden", toTask: "move" });
    ben.project.dependencyStore.add({ id: "y", fromTask: "move", toTask: "garden" });
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect(ann.project.dependencyStore.count).toBe(2);
    expect(ann.manager.live.conflicts.length + ben.manager.live.conflicts.length).toBe(1);
  });

  test("O1 edits made without a connection arrive when it is back", async () => {
    ann.network.cut();
    ann.task("garden").duration = 7;
    ann.task("house").appendChild({ id: "tower", name: "Tower", duration: 1 });
    ben.task("walls").name = "Strong walls";
    await settle(id, ben);
    ann.network.heal();
    ann.manager.reconnect();
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect([ben.task("garden").duration, ben.task("tower").name, ann.task("walls").name]).toEqual([7, "Tower", "Strong walls"]);
  });

  test("A2 an edit that the chart has not committed yet survives a remote change of the same row", async () => {
    const release = ann.manager.binding.hold();
    ann.task("garden").duration = 8;
    ben.task("garden").name = "Ben's garden";
    await settle(id, ben);
    expect(ann.task("garden").name, "not touched while it is edited").toBe("Garden");
    release();
    await settle(id, ann, ben);
    await expectSame(id, ann, ben);
    expect([ben.task("garden").duration, ann.task("garden").name]).toEqual([8, "Ben's garden"]);
  });
});
