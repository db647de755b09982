import { expect, test } from "vitest";
import { plan } from "../plan.ts";
import { bar, boxOf, cell, drag, edit, indent, menu, moveRow, outdent, pull, redo, remove, undo } from "./gestures.ts";
import type { Person } from "./person.ts";
import { useScene } from "./scene.ts";

// What users of Bryntum's own live features have reported (github.com/bryntum/support/issues/N), told as it should be, in two windows with mouse and keyboard.

const scene = useScene();
const task = (id: string): string => `project.taskStore.getById("${id}")`;
const rows = `project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => t.id + " " + String(t.wbsValue).replace(/0+(?=[1-9])/g, "")).sort().join()`;
const roots = "project.taskStore.rootNode.orderedChildren.map((t) => t.id).join()";
const start = (id: string): string => `+${task(id)}.startDate`;

test("A5 #6859 everybody sees who else is here, and when somebody has left", async () => {
  const faces = (person: Person): Promise<(string | null)[]> =>
    person.page.locator(".user-avatars .lg-avatar").evaluateAll((all) => all.map((face) => face.getAttribute("title")));
  const cleo = await scene.enter("Cleo");
  await scene.ada.sees(`document.querySelectorAll(".user-avatars .lg-avatar").length === 3`);
  expect((await faces(scene.ada)).sort()).toEqual(["Ada Lovelace (you)", "Ben", "Cleo"]);
  await cleo.leave();
  await scene.ada.sees(`document.querySelectorAll(".user-avatars .lg-avatar").length === 2`);
});

test("O3 #11480 undo and redo by the buttons reach the others", async () => {
  await edit(scene.ada, "garden", "fullDuration", "6 d");
  await scene.ben.sees(`${task("garden")}.duration === 6`);
  await undo(scene.ada);
  await scene.ben.sees(`${task("garden")}.duration === 2`);
  await redo(scene.ada);
  await scene.ben.sees(`${task("garden")}.duration === 6`);
  await scene.same(3, 0);
});

test("O3 #13119 #13141 undo brings back the dates that were there, and leaves alone what somebody else did meanwhile", async () => {
  const before = await scene.ben.read<number[]>(`[${start("walls")}, ${start("roof")}]`);
  await drag(scene.ada, "walls", "middle", 140);
  await scene.ben.sees(`${start("roof")} > ${before[1]}`);
  await edit(scene.ben, "garden", "fullDuration", "3 d");
  await scene.ada.sees(`${task("garden")}.duration === 3`);
  await undo(scene.ada);
  await scene.ben.sees(`${start("walls")} === ${before[0]} && ${start("roof")} === ${before[1]}`);
  await scene.same(2, 1);
  expect(await scene.ada.read(`${task("garden")}.duration`)).toBe(3);
});

test("M6 #12469 #9181 numbers of rows are the same in both windows, whatever was done to the tree, and however each one is sorted", async () => {
  await scene.ben.page.locator(`.b-grid-header[data-column="name"]`).click();
  await indent(scene.ada, "garden");
  await scene.ben.sees(`${task("garden")}.parent.id === "house"`);
  await moveRow(scene.ada, "move", "house", "before");
  await scene.ben.sees(`${roots}.startsWith("move")`);
  await remove(scene.ada, "walls");
  await scene.ben.sees(`!${task("walls")}`);
  await scene.same(3, 0);
  expect(await scene.ben.read(rows)).toBe("doors 2.2,garden 2.3,house 2,move 1,party 3,roof 2.1");
});

test("M6 #5980 outdented tasks keep their order", async () => {
  await cell(scene.ada, "roof", "name").click();
  await cell(scene.ada, "doors", "name").click({ modifiers: ["Shift"] });
  await scene.ada.page.keyboard.press("Alt+Shift+ArrowLeft");
  await scene.ben.sees(`${task("doors")}.parent.isRoot && ${task("roof")}.parent.isRoot`);
  await scene.same(1, 0);
  expect(await scene.ben.read(roots)).toBe(await scene.ada.read(roots));
  expect(await scene.ben.read(roots)).toBe("house,roof,doors,garden,party,move");
});

test("A2 #10819 two people in edit mode make no extra task", async () => {
  for (const person of scene.people) await menu(person, "walls", "add", "addTaskBelow");
  for (const person of scene.people) await person.sees(`${task("house")}.children.length === 5`);
  for (const [i, person] of scene.people.entries()) {
    const own = await person.read<string>(`${task("house")}.children.find((t) => !["walls", "roof", "doors"].includes(t.id) && t.id.length > 6).id`);
    expect(own, `row of person ${i}`).toBeTruthy();
    await person.page.keyboard.press("Escape");
  }
  await scene.same();
  expect(await scene.ada.read(`${task("house")}.children.length`)).toBe(5);
});

test("A2 #11833 #11834 edits after a cancelled dialog and after gestures that were given up are sent; what was given up is not", async () => {
  const { ada, ben } = scene;
  const giveUp = (): Promise<void> => ada.page.keyboard.press("Escape");
  await bar(ada, "garden").dblclick();
  const editor = ada.page.locator(".b-task-editor:visible");
  await editor.locator("[data-ref=name] input").fill("Never mind");
  await editor.locator("button", { hasText: "Cancel" }).click();
  await editor.waitFor({ state: "hidden" });
  await drag(ada, "garden", "middle", 140, giveUp);
  await drag(ada, "garden", "end", 100, giveUp);
  const name = await boxOf(cell(ada, "party", "name"));
  await pull(ada, { x: name.x + 60, y: name.y + 20 }, { x: name.x + 60, y: name.y - 80 }, giveUp);
  await bar(ada, "garden").hover();
  const terminal = await boxOf(bar(ada, "garden").locator(".b-sch-terminal-end"));
  await pull(ada, { x: terminal.x + 4, y: terminal.y + 4 }, { x: terminal.x + 100, y: terminal.y + 200 }, giveUp);
  await scene.same(0, 0);
  await edit(ada, "garden", "fullDuration", "5 d");
  await ben.sees(`${task("garden")}.duration === 5`);
  await edit(ben, "garden", "name", "Park");
  await ada.sees(`${task("garden")}.name === "Park"`);
  await scene.same(1, 1);
});

test("C3 #13823 #7366 #9826 an edit that is impossible by now is kept for a choice, and the chart goes on", async () => {
  await scene.apart(
    () => remove(scene.ada, "house"),
    async () => {
      await edit(scene.ben, "walls", "fullDuration", "9 d");
      await edit(scene.ben, "garden", "name", "Park");
    },
  );
  const dialog = scene.ben.page.locator(".b-popup.conflict-dialog");
  await dialog.locator("[data-choice=theirs]").first().click();
  await dialog.waitFor({ state: "detached" });
  await scene.ada.sees(`${task("garden")}.name === "Park"`);
  await edit(scene.ben, "garden", "fullDuration", "4 d");
  await scene.ada.sees(`${task("garden")}.duration === 4`);
  await scene.same();
});

test("K1 #7801 one moves a task, another resizes it", async () => {
  await scene.apart(
    () => moveRow(scene.ada, "garden", "roof", "before"),
    () => drag(scene.ben, "garden", "end", 60),
  );
  await scene.same(1, 1);
  expect(await scene.ada.read(`[${task("garden")}.parent.id, ${task("garden")}.duration > 2]`)).toEqual(["house", true]);
});

test("O3 #5083 the chart's undo button holds own changes only", async () => {
  await edit(scene.ben, "garden", "fullDuration", "6 d");
  await scene.ada.sees(`${task("garden")}.duration === 6`);
  await scene.rest();
  expect(await scene.ada.page.locator("[data-ref=undoBtn]").isDisabled()).toBe(true);
  await edit(scene.ada, "walls", "name", "Thick walls");
  await scene.ben.sees(`${task("walls")}.name === "Thick walls"`);
  await undo(scene.ada);
  await scene.ben.sees(`${task("walls")}.name === "Walls"`);
  await scene.same(2, 1);
  expect(await scene.ada.read(`${task("garden")}.duration`)).toBe(6);
});

test("M6 #4181 moving one row in a long list sends one row", async () => {
  await scene.open({
    ...plan,
    tasks: Array.from({ length: 200 }, (_, i) => ({ id: `t${i}`, name: `Task ${i}`, duration: 1 })),
    dependencies: [],
    assignments: [],
  });
  await scene.ada.page.evaluate("manager.on({ changesSent: ({ changeset }) => { globalThis.told = changeset; } })");
  await moveRow(scene.ada, "t9", "t3", "before");
  await scene.ben.sees(`${roots}.startsWith("t0,t1,t2,t9,t3")`);
  await scene.same(1, 0);
  expect(await scene.ada.read("told")).toMatchObject({ tasks: { updated: [{ id: "t9" }] } });
  expect(await scene.ada.read("told.tasks.updated.length")).toBe(1);
});

test("A1 outdent takes the rows below along as children, in both windows", async () => {
  await outdent(scene.ada, "roof");
  await scene.ben.sees(`${task("doors")}.parent.id === "roof" && ${task("roof")}.parent.isRoot`);
  await scene.same(1, 0);
});
