import { expect, test } from "vitest";
import { boxOf, cell, drag, edit, menu, moveRow, pull, remove, typeInto, undo } from "./gestures.ts";
import type { Person } from "./person.ts";
import { useScene } from "./scene.ts";

// Two people do something without having seen each other: Ben's connection is cut while Ada works, then he works, and it comes back. Nothing vanishes, nobody is
// overruled unasked, and both windows and the server end equal.

const scene = useScene();
const task = (id: string): string => `project.taskStore.getById("${id}")`;
const count = "project.taskStore.allRecords.filter((t) => !t.isRoot).length";
const conflicts = (person: Person): Promise<number> => person.read("manager.live.conflicts.length");
const dialog = (person: Person) => person.page.locator(".b-popup.conflict-dialog");

async function decide(person: Person, choice: "mine" | "theirs"): Promise<void> {
  await dialog(person).locator(`[data-choice=${choice}]`).first().click();
  await dialog(person).waitFor({ state: "detached" });
}

test("K1 12 duration against start: both stand", async () => {
  await scene.apart(
    () => edit(scene.ada, "garden", "fullDuration", "6 d"),
    () => drag(scene.ben, "garden", "middle", 140),
  );
  await scene.same(1, 1);
  expect(await scene.ada.read(`[${task("garden")}.duration, ${task("garden")}.startDate.getDate()]`)).toEqual([6, 9]);
});

for (const choice of ["mine", "theirs"] as const)
  test(`R1 13 the same field: the second is asked, and takes ${choice}`, async () => {
    await scene.apart(
      () => edit(scene.ada, "garden", "name", "Ada's garden"),
      () => edit(scene.ben, "garden", "name", "Ben's garden"),
    );
    await dialog(scene.ben).waitFor();
    expect(await conflicts(scene.ada)).toBe(0);
    await decide(scene.ben, choice);
    const kept = choice === "mine" ? "Ben's garden" : "Ada's garden";
    for (const person of scene.people) await person.sees(`${task("garden")}.name === "${kept}"`);
    await scene.same();
  });

test("M6 14 both add at one place: both stand, in one order", async () => {
  await scene.apart(
    () => menu(scene.ada, "walls", "add", "addTaskBelow"),
    () => menu(scene.ben, "walls", "add", "addTaskBelow"),
  );
  for (const person of scene.people) {
    await person.page.keyboard.press("Escape");
    await person.sees(`${task("house")}.children.length === 5`);
  }
  await scene.same();
});

test("K4 15 crossing moves: one stands, the other is asked, nothing vanishes", async () => {
  await scene.apart(
    () => moveRow(scene.ada, "party", "garden", "into"),
    () => moveRow(scene.ben, "garden", "party", "into"),
  );
  await dialog(scene.ben).waitFor();
  await decide(scene.ben, "theirs");
  await scene.same(1, 1);
  expect(await scene.ben.read(`[${count}, ${task("party")}.parent.id]`)).toEqual([7, "garden"]);
});

test("K4 15 a row in hand, while its target goes under it: refused and told, nothing vanishes", async () => {
  const name = await boxOf(cell(scene.ben, "garden", "name"));
  const party = await boxOf(cell(scene.ben, "party", "name"));
  const into = { x: party.x + 60, y: party.y + party.height / 2 };
  await pull(scene.ben, { x: name.x + 60, y: name.y + name.height / 2 }, into, async () => {
    await scene.ben.sees(`gantt.features.rowReorder.dragHelper.context?.parent?.id === "party"`);
    await moveRow(scene.ada, "party", "garden", "into");
    await scene.ben.sees(`manager.live.state.tasks.get("party").parentId === "garden"`);
  });
  await scene.ben.page.locator(".b-toast").first().waitFor();
  await scene.ben.sees(`${task("party")}.parent.id === "garden"`);
  await scene.same(1, 0);
  expect(await scene.ben.read(count)).toBe(7);
});

test("K2 16 delete against edit: the editor is asked and brings the task back with the edit", async () => {
  await scene.apart(
    () => remove(scene.ada, "garden"),
    () => edit(scene.ben, "garden", "fullDuration", "9 d"),
  );
  await dialog(scene.ben).waitFor();
  await decide(scene.ben, "mine");
  await scene.ada.sees(`${task("garden")}?.duration === 9`);
  await scene.same();
});

test("K3 16 edit against delete: the one who deletes what he has not seen is asked", async () => {
  await scene.apart(
    () => edit(scene.ada, "garden", "name", "Park"),
    () => remove(scene.ben, "garden"),
  );
  await dialog(scene.ben).waitFor();
  await decide(scene.ben, "theirs");
  await scene.ben.sees(`${task("garden")}?.name === "Park"`);
  await scene.same(1, 1);
});

test("K7 18 delete parent against a new child: the child is rescued", async () => {
  await scene.apart(
    () => remove(scene.ada, "house"),
    () => menu(scene.ben, "roof", "add", "addTaskBelow"),
  );
  await scene.ben.page.keyboard.press("Escape");
  await scene.ada.sees(`!${task("house")} && ${count} === 4`);
  await scene.same();
});

test("K8 18 delete parent: its children, their links and assignments go along, in one changeset", async () => {
  await remove(scene.ada, "house");
  await scene.ben.sees(`!${task("house")} && !${task("walls")} && project.dependencyStore.count === 0 && project.assignmentStore.count === 0`);
  await scene.same(1, 0);
});

test("K8 19 undo delete: all of it is back, also what somebody else has added elsewhere stays", async () => {
  await remove(scene.ada, "house");
  await scene.ben.sees(`!${task("house")}`);
  await edit(scene.ben, "garden", "name", "Park");
  await scene.ada.sees(`${task("garden")}.name === "Park"`);
  await undo(scene.ada);
  await scene.ben.sees(`${task("walls")}?.parent.id === "house" && project.dependencyStore.count === 1 && project.assignmentStore.count === 1`);
  await scene.same(2, 1);
  expect(await scene.ada.read(`${task("garden")}.name`)).toBe("Park");
});

test("A2 20 uncommitted against remote: what is being typed stays, another field of the row comes in afterwards", async () => {
  await typeInto(scene.ada, "garden", "name", "Half typed");
  await edit(scene.ben, "garden", "fullDuration", "7 d");
  await scene.ada.sees(`manager.live.state.tasks.get("garden").duration === 7`);
  expect(await scene.ada.read("document.activeElement.value")).toBe("Half typed");
  expect(await scene.ada.read(`${task("garden")}.duration`), "nothing is written under the editor").toBe(2);
  await scene.ada.page.keyboard.press("Enter");
  for (const person of scene.people) await person.sees(`${task("garden")}.name === "Half typed" && ${task("garden")}.duration === 7`);
  await scene.same(1, 1);
});

test("A2 20 uncommitted against remote: a bar in hand is not moved by anybody else", async () => {
  await drag(scene.ada, "garden", "middle", 140, async () => {
    await edit(scene.ben, "garden", "fullDuration", "7 d");
    await scene.ada.sees(`manager.live.state.tasks.get("garden").duration === 7`);
    expect(await scene.ada.read(`${task("garden")}.duration`)).toBe(2);
  });
  for (const person of scene.people) await person.sees(`${task("garden")}.startDate.getDate() === 9 && ${task("garden")}.duration === 7`);
  await scene.same(1, 1);
});
