import { join } from "node:path";
import { expect, test } from "vitest";
import { cell, drag, edit, typeInto } from "./gestures.ts";
import { type Person, shots } from "./person.ts";
import { useScene } from "./scene.ts";

// What people see of each other: frames, ghosts, toolbars, the dialog; in both themes and two sizes of window.

const scene = useScene();
const task = (id: string): string => `project.taskStore.getById("${id}")`;
const dialog = (person: Person) => person.page.locator(".b-popup.conflict-dialog");

/** Pictures of a window as it is now. */
async function pictures(person: Person, name: string): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await person.page.evaluate(`showTheme("${theme}")`);
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
    ] as const) {
      await person.page.setViewportSize({ width, height });
      await person.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
      await person.page.screenshot({ path: join(shots, `${name}-${theme}-${width}.png`), animations: "disabled" });
    }
  }
  await person.page.evaluate(`showTheme("light")`);
  await person.page.setViewportSize({ width: 1280, height: 720 });
}

test("A3 a cell that somebody edits is framed with the name, until the editor is closed", async () => {
  await typeInto(scene.ada, "garden", "name", "Big garden");
  const frame = scene.ben.page.locator('.b-grid-row[data-id="garden"] .b-grid-cell.lg-remote-edit[data-column="name"]');
  await frame.waitFor();
  expect(await frame.getAttribute("data-client")).toBe(await scene.ada.read("manager.clientId"));
  expect(await frame.getAttribute("title")).toContain("Ada Lovelace");
  await pictures(scene.ben, "cell-edit");
  await scene.ada.page.keyboard.press("Enter");
  await scene.ben.sees(`${task("garden")}.name === "Big garden"`);
  await scene.ada.page.keyboard.press("Escape");
  await frame.waitFor({ state: "detached" });
  await scene.same(1, 0);
});

test("A3 a bar that somebody drags has a frame with the name and a live ghost", async () => {
  await drag(scene.ada, "garden", "middle", 140, async () => {
    await scene.ben.page.locator(".remote-selection.lg-mode-drag").first().waitFor();
    const ghost = scene.ben.page.locator(".lg-remote-ghost");
    await ghost.first().waitFor();
    await pictures(scene.ben, "drag");
  });
  await scene.ben.page.locator(".lg-remote-ghost").waitFor({ state: "detached" });
  await scene.same(1, 0);
});

test("A2 somebody whose row was changed meanwhile is told, and neither scroll nor caret moves", async () => {
  await typeInto(scene.ada, "garden", "name", "Half typed");
  await scene.ada.page.keyboard.press("ArrowLeft");
  const place = `JSON.stringify([gantt.scrollable.y, document.activeElement.value, document.activeElement.selectionStart])`;
  const before = await scene.ada.read(place);
  await edit(scene.ben, "garden", "fullDuration", "7 d");
  await scene.ada.page.locator(".b-toast", { hasText: "Ben" }).first().waitFor();
  expect(await scene.ada.read(place)).toBe(before);
  await scene.ada.page.keyboard.press("Enter");
  await scene.ada.sees(`${task("garden")}.duration === 7`);
  await scene.same(1, 1);
});

test("A5 the dialog shows both values, by whom and when, and the keyboard is enough to decide", async () => {
  await scene.apart(
    () => edit(scene.ada, "garden", "name", "Ada's garden"),
    () => edit(scene.ben, "garden", "name", "Ben's garden"),
  );
  await dialog(scene.ben).waitFor();
  expect(await dialog(scene.ben).locator(".local-value .lg-value").textContent()).toBe("Ben's garden");
  expect(await dialog(scene.ben).locator(".server-value .lg-value").textContent()).toBe("Ada's garden");
  expect(await dialog(scene.ben).locator(".lg-conflict-when").first().textContent()).toContain("Ada Lovelace");
  await scene.ben.page.locator("[data-choice=mine]:focus").waitFor();
  await pictures(scene.ben, "dialog");
  await scene.ben.page.locator("[data-choice=mine]").focus();
  await scene.ben.page.keyboard.press("Enter");
  await dialog(scene.ben).waitFor({ state: "detached" });
  await scene.ada.sees(`${task("garden")}.name === "Ben's garden"`);
  await scene.same();
});

test("R2 many conflicts in one list; one is merged field by field, the rest in one go", async () => {
  const set = (who: string, duration: number): string =>
    `(${task("garden")}.set({ name: "${who}'s", duration: ${duration} }), ${task("move")}.set({ name: "${who} moves" }), ${task("walls")}.set({ note: "${who}'s note" }))`;
  await scene.apart(
    () => scene.ada.page.evaluate(set("Ada", 9)),
    () => scene.ben.page.evaluate(set("Ben", 5)),
  );
  const sections = dialog(scene.ben).locator("section.lg-conflict");
  await sections.first().waitFor();
  await pictures(scene.ben, "dialog-list");
  const garden = sections.filter({ hasText: "Ben's" }).first();
  await garden.locator('input[value=theirs][data-field="duration"]').check();
  await garden.locator("[data-choice=merge]").click();
  await scene.ada.sees(`${task("garden")}.name === "Ben's" && ${task("garden")}.duration === 9`);
  if (await dialog(scene.ben).isVisible()) await dialog(scene.ben).locator(".b-button", { hasText: "All of theirs" }).click();
  await dialog(scene.ben).waitFor({ state: "detached" });
  await scene.same();
});

test("A5 the toolbar shows the people and the connection; names are text", async () => {
  const { ada } = scene;
  const mallory = await scene.enter('<img src=x onerror="document.title=1">');
  await ada.sees(`gantt.widgetMap.userPresence.element.querySelectorAll(".lg-avatar").length === 3`);
  await cell(mallory, "roof", "name").click();
  const frame = ada.page.locator(".remote-selection").first();
  await frame.waitFor();
  await cell(scene.ben, "garden", "name").click();
  await ada.sees(`document.querySelectorAll(".remote-selection").length === 2`);
  await pictures(ada, "presence");
  expect(await ada.read("document.querySelectorAll('img[src=x]').length")).toBe(0);
  expect(await frame.getAttribute("data-client")).toBe(await mallory.read("manager.clientId"));
  await mallory.leave();
  await ada.sees(`gantt.widgetMap.userPresence.element.querySelectorAll(".lg-avatar").length === 2`);
  await ada.page.evaluate("manager.disconnect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.disconnected")`);
  await edit(ada, "garden", "name", "Kept here");
  await ada.sees(`/1/.test(gantt.widgetMap.connectionStatus.element.textContent)`);
  await pictures(ada, "offline");
  await ada.page.evaluate("manager.connect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.connected")`);
  await scene.ben.sees(`${task("garden")}.name === "Kept here"`);
});

test("M2 a page in another time zone shows the same wall clock, also across its own change of clocks", async () => {
  const dates = `JSON.stringify(project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => [t.id, t.startDate.getDate(), t.startDate.getHours(), t.endDate.getDate(), t.endDate.getHours()]))`;
  const far = await scene.enter("Far", { timezoneId: "America/Los_Angeles" });
  await far.page.evaluate(`${task("garden")}.setStartDate(new Date(2026, 2, 9, 8))`);
  await scene.ada.sees(`${task("garden")}.startDate.getDate() === 9`);
  await far.page.evaluate("manager.binding.levelled()");
  expect(await far.read(dates)).toBe(await scene.ada.read(dates));
  await far.leave();
});

test("O5 made and destroyed ten times: no listener, no timer, no widget is left", async () => {
  const { ada, ben, id } = scene;
  const counts = `JSON.stringify([Object.values(project.eventListeners).flat().length, Object.values(project.taskStore.eventListeners).flat().length, Object.values(gantt.eventListeners).flat().length, bryntum.queryAll((w) => w.isPopup && w.element?.classList.contains("conflict-dialog")).length])`;
  const again = `(manager.destroy(), new Promise((resolve) => { globalThis.manager = new parts.GanttWebSocketManager({ project, wsUrl: "/gantt-sync?project=${id}", userName: "Again", client: { leaveGuard: false, load: "socket" } }); manager.on({ ready: () => resolve(1), once: true }); }))`;
  await ada.page.evaluate(again);
  await ada.sees("manager.gantts.length === 1");
  const first = await ada.read<string>(counts);
  for (let i = 0; i < 10; i++) {
    await ada.page.evaluate(again);
    await ada.sees("manager.gantts.length === 1");
  }
  expect(await ada.read(counts)).toBe(first);
  await edit(ben, "garden", "name", "Still here");
  await ada.sees(`${task("garden")}.name === "Still here"`);
  await ada.page.evaluate("manager.destroy()");
});
