import { expect, test } from "vitest";
import { plan } from "../plan.ts";
import { assign, bar, boxOf, cell, choose, drag, edit, indent, link, menu, moveRow, outdent, undo } from "./gestures.ts";
import { useScene } from "./scene.ts";

// One person edits with mouse and keyboard, the other's window follows: both windows and the server end equal, and only the one who edited has sent anything.

const mornings = {
  id: "mornings",
  name: "Mornings",
  unspecifiedTimeIsWorking: false,
  intervals: [{ id: "m", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 12:00", isWorking: true }],
};
const scene = useScene({ ...plan, calendars: [...plan.calendars, mornings] });
const task = (id: string): string => `project.taskStore.getById("${id}")`;
const children = (id: string): string => `${task(id)}.orderedChildren?.map((child) => child.id).join()`;
const roots = `project.taskStore.rootNode.orderedChildren.map((child) => child.id).join()`;

test("A1 1 edit: a cell is typed into", async () => {
  await edit(scene.ada, "garden", "name", "Big garden");
  await scene.ben.sees(`${task("garden")}.name === "Big garden"`);
  await scene.same(1, 0);
});

test("A1 2 drag: a bar goes to another day, its successors follow in both windows", async () => {
  const before = await scene.ben.read<number>(`+${task("roof")}.startDate`);
  await drag(scene.ada, "walls", "middle", 140);
  await scene.ben.sees(`+${task("roof")}.startDate > ${before}`);
  await scene.same(1, 0);
  expect(await scene.ben.read(`[${task("walls")}.constraintType, ${task("roof")}.constraintType ?? null]`)).toEqual(["startnoearlierthan", null]);
});

test("A1 3 resize: a bar's end is pulled", async () => {
  await drag(scene.ada, "walls", "end", 60);
  await scene.ben.sees(`${task("walls")}.duration > 3`);
  await scene.same(1, 0);
});

test("A1 4 add: a task below another, through the menu", async () => {
  await menu(scene.ada, "walls", "add", "addTaskBelow");
  await scene.ben.sees(`${task("house")}.children.length === 4`);
  await scene.ada.page.keyboard.press("Escape");
  await scene.rest();
  const order = await scene.ada.read<string>(children("house"));
  expect(order).toMatch(/^walls,[^,]+,roof,doors$/);
  expect(await scene.ben.read(children("house"))).toBe(order);
  await scene.same();
});

test("A1 5 indent by keyboard", async () => {
  await indent(scene.ada, "party");
  await scene.ben.sees(`${task("party")}.parent.id === "garden"`);
  await scene.same(1, 0);
});

test("A1 6 outdent by keyboard", async () => {
  await outdent(scene.ada, "doors");
  await scene.ben.sees(`${task("doors")}.parent.isRoot`);
  expect(await scene.ben.read(roots)).toBe(await scene.ada.read(roots));
  await scene.same(1, 0);
});

test("A1 7 move: a row is pulled into a summary, before one of its children, and into a task", async () => {
  await moveRow(scene.ada, "garden", "roof", "before");
  await scene.ben.sees(`${children("house")} === "walls,garden,roof,doors"`);
  await moveRow(scene.ada, "party", "move", "into");
  await scene.ben.sees(`${children("move")} === "party"`);
  await scene.same(2, 0);
});

test("A1 8 link: pulled from bar to bar", async () => {
  await link(scene.ada, "garden", "move");
  await scene.ben.sees("project.dependencyStore.count === 2");
  await scene.ben.sees(`+${task("move")}.startDate > +${task("garden")}.startDate`);
  await scene.same(1, 0);
});

test("A1 9 assignment: somebody is put on a task", async () => {
  await assign(scene.ada, "garden", "Bob");
  await scene.ben.sees(`project.assignmentStore.records.some((a) => a.event.id === "garden" && a.resource.id === "bob")`);
  await cell(scene.ben, "garden", "assignments").locator("text=Bob").waitFor();
  await scene.same(1, 0);
});

test("A1 10 calendar: a task gets another one", async () => {
  const end = await scene.ben.read<number>(`+${task("garden")}.endDate`);
  await choose(scene.ada, "garden", "calendar", "Mornings");
  await scene.ben.sees(`${task("garden")}.calendar?.id === "mornings" && +${task("garden")}.endDate > ${end}`);
  await scene.same(1, 0);
});

test("A1 11 manual mode: ticked, dragged, and back", async () => {
  await cell(scene.ada, "garden", "manuallyScheduled").locator(".b-checkbox").click();
  await scene.ben.sees(`${task("garden")}.manuallyScheduled`);
  await scene.same(1, 0);
  await drag(scene.ada, "garden", "middle", 40);
  await scene.ben.sees(`${task("garden")}.startDate.getDate() === 4`);
  expect((await boxOf(bar(scene.ben, "garden"))).x).toBeGreaterThan((await boxOf(bar(scene.ben, "move"))).x);
  await scene.same(2, 0);
  await cell(scene.ada, "garden", "manuallyScheduled").locator(".b-checkbox").click();
  await scene.ben.sees(`!${task("garden")}.manuallyScheduled`);
  await scene.same(3, 0);
});

test("A1 17 undo: by the chart's own button, after an edit and after a drag", async () => {
  await edit(scene.ada, "garden", "fullDuration", "6 d");
  await scene.ben.sees(`${task("garden")}.duration === 6`);
  await drag(scene.ada, "walls", "middle", 140);
  await scene.ben.sees(`${task("walls")}.constraintType === "startnoearlierthan"`);
  await scene.same(2, 0);
  await undo(scene.ada);
  await scene.ben.sees(`!${task("walls")}.constraintType`);
  await undo(scene.ada);
  await scene.ben.sees(`${task("garden")}.duration === 2`);
  await scene.same(4, 0);
});
