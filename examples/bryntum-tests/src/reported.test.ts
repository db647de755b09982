import { afterEach, beforeEach, expect, test } from "vitest";
import { plan } from "./plan.ts";
import { closePages, drawn, expectSame, newProject, openPage, type Page, serverPlan, settle } from "./rig.ts";

// What users of Bryntum's own live features have reported (github.com/bryntum/support/issues/N), told as it should be.

let id: string;
let ann: Page;
let ben: Page;

beforeEach(async () => {
  id = await newProject();
  [ann, ben] = await Promise.all([openPage(id, "Ann"), openPage(id, "Ben")]);
});
afterEach(() => closePages(ann, ben));

async function recorded(page: Page, work: () => unknown): Promise<void> {
  page.project.stm.enable();
  page.project.stm.startTransaction();
  await work();
  await page.project.commitAsync();
  page.project.stm.stopTransaction();
}

const rest = async (): Promise<void> => {
  await settle(id, ann, ben);
  await expectSame(id, ann, ben);
};
const order = (page: Page, parent?: string): string[] => (parent ? page.task(parent) : page.project.taskStore.rootNode).orderedChildren.map((task) => task.id);

test("A5 #6859 everybody sees who else is here", async () => {
  const names = (page: Page): string[] => page.manager.live.presence.map(({ name }) => name).sort();
  if (names(ann).length < 2) await new Promise<void>((resolve) => ann.manager.on({ presenceUpdate: () => names(ann).length === 2 && resolve() }));
  expect(names(ann)).toEqual(["Ann", "Ben"]);
  expect([...ann.manager.presence.activeUsers.values()].map(({ name }) => name).sort()).toEqual(["Ann", "Ben"]);
  const gone = new Promise<void>((resolve) => ann.manager.on({ presenceUpdate: ({ users }: { users: unknown[] }) => users.length === 1 && resolve() }));
  ben.manager.disconnect();
  await gone;
});

test("O3 #11480 undo and redo reach the others", async () => {
  await recorded(ann, () => ann.task("garden").set({ name: "Park", duration: 6 }));
  await rest();
  ann.project.stm.undo();
  await rest();
  expect([ben.task("garden").name, ben.task("garden").duration]).toEqual(["Garden", 2]);
  ann.project.stm.redo();
  await rest();
  expect([ben.task("garden").name, ben.task("garden").duration]).toEqual(["Park", 6]);
  expect(ann.sent.map(({ intent }) => intent)).toEqual(["task.edit", "undo", "redo"]);
});

test("O3 #13119 #13141 undo brings the dates back that were there", async () => {
  const before = drawn(ben);
  await recorded(ann, () => ann.task("walls").setStartDate(new Date(2026, 2, 12, 8)));
  await rest();
  ben.task("garden").duration = 3;
  await rest();
  ann.project.stm.undo();
  await rest();
  expect(drawn(ben).filter((line) => !line.includes("garden"))).toEqual(before.filter((line) => !line.includes("garden")));
  expect(ben.task("garden").duration, "what another person did meanwhile stays").toBe(3);
});

test("O3 an undo leaves alone what somebody else has changed since, and says so", async () => {
  await recorded(ann, () => ann.task("garden").set({ name: "Park", duration: 6 }));
  await rest();
  ben.task("garden").name = "Forest";
  await rest();
  ann.project.stm.undo();
  await rest();
  expect([ann.task("garden").name, ann.task("garden").duration]).toEqual(["Forest", 2]);
});

test("M6 #12469 #9181 numbers of rows are the same on every page", async () => {
  const wbs = (page: Page): string[] => page.project.taskStore.allRecords.map((task) => `${task.id} ${task.get("wbsValue")}`).sort();
  ann.task("house").insertChild({ id: "cellar", name: "Cellar", duration: 1 }, ann.task("walls"));
  ben.project.taskStore.rootNode.insertChild(ben.task("move"), ben.task("house"));
  await rest();
  expect(wbs(ben)).toEqual(wbs(ann));
});

test("M6 #5980 outdented tasks keep their order", async () => {
  await ann.project.taskStore.outdent([ann.task("walls"), ann.task("roof"), ann.task("doors")]);
  await rest();
  expect(order(ben)).toEqual(order(ann));
});

test("A2 #10819 two people with an open editor make no extra task", async () => {
  const annsEditor = ann.manager.binding.hold();
  const bensEditor = ben.manager.binding.hold();
  ann.task("house").appendChild({ id: "new-a", name: "New task", duration: 1 });
  ben.task("house").appendChild({ id: "new-b", name: "New task", duration: 1 });
  ann.task("new-a").name = "Ann's";
  ben.task("new-b").name = "Ben's";
  annsEditor();
  bensEditor();
  await rest();
  expect(ann.project.taskStore.allRecords.length).toBe(9);
  expect(ann.sent.length + ben.sent.length).toBe(2);
});

test("A2 #11833 #11834 edits after a cancelled editor are sent, the cancelled ones are not", async () => {
  const editor = ann.manager.binding.hold();
  ann.task("garden").name = "Never mind";
  ann.task("house").appendChild({ id: "draft", name: "Draft", duration: 1 });
  ann.task("draft").remove();
  ann.task("garden").name = "Garden";
  editor();
  await rest();
  expect(ann.sent).toEqual([]);
  ann.task("garden").duration = 5;
  await rest();
  expect(ben.task("garden").duration).toBe(5);
});

test("C3 #13823 #7366 #9826 a change of which one part is impossible is taken back whole, and the chart goes on", async () => {
  ann.network.cut();
  ben.task("house").remove();
  await settle(id, ben);
  ann.task("garden").set({ name: "Park" });
  await ann.manager.binding.flush();
  ann.task("walls").duration = 9;
  await ann.manager.binding.flush();
  ann.network.heal();
  ann.manager.reconnect();
  await rest();
  expect(ben.task("garden").name).toBe("Park");
  for (const { id: conflict } of ann.manager.live.conflicts) ann.manager.live.resolve(conflict, "accept_server");
  ann.task("garden").duration = 4;
  await rest();
  expect(ben.task("garden").duration).toBe(4);
});

test("K1 #7801 one moves a task, another resizes it", async () => {
  ann.task("house").appendChild(ann.task("garden"));
  ben.task("garden").duration = 6;
  await rest();
  expect([ann.task("garden").duration, ben.task("garden").parent.id]).toEqual([6, "house"]);
});

test("O3 #5083 the chart's undo holds own changes only", async () => {
  await rest();
  ann.project.stm.enable();
  ann.project.stm.autoRecord = true;
  ben.task("garden").duration = 6;
  await rest();
  expect(ann.project.stm.canUndo).toBe(false);
  expect(ann.project.stm.enabled, "recording goes on afterwards").toBe(true);
  ann.project.stm.disable();
});

test("M6 #4181 moving one row in a long list sends one row", async () => {
  closePages(ann, ben);
  const rows = Array.from({ length: 200 }, (_, i) => ({ id: `t${i}`, name: `Task ${i}`, duration: 1 }));
  id = await newProject({ ...plan, tasks: rows, dependencies: [], assignments: [] });
  [ann, ben] = await Promise.all([openPage(id, "Ann"), openPage(id, "Ben")]);
  ann.project.taskStore.rootNode.insertChild(ann.task("t150"), ann.task("t3"));
  await rest();
  expect(ann.sent).toHaveLength(1);
  expect(ann.sent[0]?.payload).toMatchObject({ tasks: { updated: [{ id: "t150" }] } });
  expect(ben.sent).toEqual([]);
  expect(order(ben).slice(2, 5)).toEqual(["t2", "t150", "t3"]);
});

test("A1 an unsolvable constraint loads, shows and asks nobody but the person who made it", async () => {
  const asked = new Promise<void>((resolve) => ann.project.on({ schedulingConflict: () => resolve(), prio: 1000 }));
  ann.task("roof").set({ constraintType: "muststarton", constraintDate: new Date(2026, 2, 2, 8) });
  await asked;
  await rest();
  expect(ann.sent, "taken back by the person who was asked").toEqual([]);
  // A client that knows no such question writes it; every chart takes it.
  ben.manager.live.update("tasks", "roof", { constraintType: "muststarton", constraintDate: "2026-03-02T08:00:00" });
  await settle(id, ann, ben);
  expect([ann.task("roof").constraintType, ben.task("roof").constraintType]).toEqual(["muststarton", "muststarton"]);
  const late = await openPage(id, "Cem");
  expect(late.project.taskStore.allRecords.length).toBe(7);
  expect(drawn(late)).toEqual(drawn(ann));
  closePages(late);
});

test("A4 nobody sends back what he got: fifty remote edits make no changeset", async () => {
  for (let i = 0; i < 50; i++) {
    ben.task("garden").set({ duration: i + 1, cls: `step-${i}`, note: `note ${i}` });
    await ben.manager.binding.flush();
  }
  await rest();
  expect(ann.sent).toEqual([]);
  expect((await serverPlan(id)).tasks.find((task) => task.id === "garden")?.duration).toBe(50);
});
