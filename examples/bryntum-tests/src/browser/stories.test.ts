import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { plan } from "../plan.ts";
import { launch, Person, shots } from "./person.ts";
import { openSite, type Site } from "./site.ts";

let site: Site;
let browser: Browser;
let id: string;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite({ page: "page/page.js" }), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const enter = async (name: string): Promise<Person> => (await Person.enter(browser, `${site.url}/?project=${id}&user=${encodeURIComponent(name)}`)).opened();

beforeEach(async () => {
  const response = await fetch(`${site.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Test", plan }),
  });
  ({ id } = (await response.json()) as { id: string });
  ada = await enter("Ada Lovelace");
  ben = await enter("Ben");
});
afterEach(async ({ task }) => {
  const people = [ada, ben];
  if (task.result?.state === "fail")
    for (const [i, person] of people.entries())
      await person.page.screenshot({ path: join(shots, `failed-${task.name.replace(/\W+/g, "-").slice(0, 50)}-${i}.png`) });
  const complaints = people.flatMap((person) => person.complaints);
  await Promise.all(people.map((person) => person.leave()));
  expect(complaints).toEqual([]);
});

const cell = (person: Person, task: string, column: string) => person.page.locator(`.b-grid-row[data-id="${task}"] .b-grid-cell[data-column="${column}"]`);
const bar = (person: Person, task: string) => person.page.locator(`.b-gantt-task-wrap[data-task-id="${task}"] .b-gantt-task`);
const name = (task: string): string => `project.taskStore.getById("${task}").name`;
const start = (task: string): string => `+project.taskStore.getById("${task}").startDate`;

async function drag(person: Person, task: string, from: "middle" | "end", by: number, midway?: () => Promise<void>): Promise<void> {
  const box = await bar(person, task).boundingBox();
  if (!box) throw new Error(`${task} has no bar`);
  const x = from === "middle" ? box.x + box.width / 2 : box.x + box.width - 2;
  const y = box.y + box.height / 2;
  await person.page.mouse.move(x - 3, y);
  await person.page.mouse.move(x, y);
  await person.page.mouse.down();
  for (let i = 1; i <= 8; i++) await person.page.mouse.move(x + (by * i) / 8, y + 1);
  await midway?.();
  await person.page.mouse.up();
}

/** Both charts at rest, and equal. */
async function same(): Promise<void> {
  for (const person of [ada, ben])
    await person.page.evaluate("manager.binding.flush().then(() => manager.live.saved()).then(() => manager.binding.levelled())");
  const drawn = `JSON.stringify(project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => [t.id, t.parent.id, t.name, t.duration, +t.startDate, +t.endDate]))`;
  const target = await ada.read<number>("manager.live.revision");
  await ben.sees(`manager.live.revision >= ${target}`);
  await ben.page.evaluate("manager.binding.levelled()");
  expect(JSON.parse(await ben.read<string>(drawn))).toEqual(JSON.parse(await ada.read<string>(drawn)));
  for (const person of [ada, ben]) expect(await person.read("[manager.binding.audit(), manager.binding.unlevel()]")).toEqual([[], []]);
}

test("A1 typing into a cell; the others see who edits it", async () => {
  await cell(ada, "garden", "name").dblclick();
  await ada.page.keyboard.type("Big garden");
  await ben.page.locator('.b-grid-row[data-id="garden"] .b-grid-cell.lg-remote-edit[data-column="name"]').waitFor();
  await ben.page.screenshot({ path: join(shots, "cell-edit-frame.png") });
  await ada.page.keyboard.press("Enter");
  await ben.sees(`${name("garden")} === "Big garden"`);
  await ada.page.keyboard.press("Escape");
  await same();
});

test("A1 A3 dragging a bar; the others see a frame with the name and a ghost", async () => {
  const before = await ada.read<number>(start("garden"));
  await drag(ada, "garden", "middle", 140, async () => {
    await ben.page.locator(".remote-selection.lg-mode-drag").first().waitFor();
    await ben.page.locator(".lg-remote-ghost").first().waitFor();
    await ben.page.screenshot({ path: join(shots, "drag-ghost.png") });
  });
  await ben.sees(`${start("garden")} > ${before}`);
  await same();
  expect(await ben.read(`project.taskStore.getById("garden").constraintType`)).toBe("startnoearlierthan");
});

test("A1 resizing a bar", async () => {
  await drag(ada, "walls", "end", 60);
  await ben.sees(`project.taskStore.getById("walls").duration > 3`);
  await same();
});

test("A1 indent and outdent by keyboard, delete and undo by button", async () => {
  await cell(ada, "party", "name").click();
  await ada.page.keyboard.press("Alt+Shift+ArrowRight");
  await ben.sees(`project.taskStore.getById("party").parent.id === "garden"`);
  await ada.page.keyboard.press("Alt+Shift+ArrowLeft");
  await ben.sees(`project.taskStore.getById("party").parent.isRoot`);
  await same();
  await ada.page.evaluate(`project.taskStore.getById("house").remove()`);
  await ben.sees(`!project.taskStore.getById("walls")`);
  await ada.sees("project.stm.canUndo");
  await ada.page.locator(".b-undoredo button, .b-undo-controls button, [data-ref=undoBtn]").first().click();
  await ben.sees(`project.taskStore.getById("walls")?.parent.id === "house" && project.dependencyStore.count === 1 && project.assignmentStore.count === 1`);
  await same();
});

test("A2 a remote change never touches what this person is typing; another field of the row merges", async () => {
  await cell(ada, "garden", "name").dblclick();
  await ada.page.keyboard.type("Half typed");
  const scroll = await ada.read("gantt.scrollable.y");
  await ben.page.evaluate(`project.taskStore.getById("garden").duration = 7`);
  await ben.page.evaluate("manager.live.saved()");
  await ada.sees(`manager.live.state.tasks.get("garden").duration === 7`);
  expect(await ada.read("document.activeElement.value")).toContain("Half typed");
  expect(await ada.read("gantt.scrollable.y")).toBe(scroll);
  await ada.page.locator(".b-toast").first().waitFor();
  await ada.page.keyboard.press("Enter");
  await ada.page.keyboard.press("Escape");
  await ada.sees(`project.taskStore.getById("garden").duration === 7`);
  await ben.sees(`${name("garden")} === "Half typed"`);
  await same();
});

test("A2 the same field: the dialog shows both values, and the keyboard is enough to decide", async () => {
  await cell(ada, "garden", "name").dblclick();
  await ada.page.keyboard.press("Control+A");
  await ada.page.keyboard.type("Ada's garden");
  await ben.page.evaluate(`${name("garden")} = "Ben's garden"`);
  await ben.page.evaluate("manager.live.saved()");
  await ada.sees(`manager.live.state.tasks.get("garden").name === "Ben's garden"`);
  await ada.page.keyboard.press("Enter");
  const dialog = ada.page.locator(".b-popup.conflict-dialog");
  await dialog.waitFor();
  expect(await dialog.locator(".local-value .lg-value").textContent()).toBe("Ada's garden");
  expect(await dialog.locator(".server-value .lg-value").textContent()).toBe("Ben's garden");
  await ada.page.screenshot({ path: join(shots, "conflict-dialog.png") });
  await ada.page.locator("[data-choice=mine]:focus").waitFor();
  await ada.page.keyboard.press("Enter");
  await ben.sees(`${name("garden")} === "Ada's garden"`);
  await dialog.waitFor({ state: "detached" });
  await same();
});

test("R2 many conflicts in one list; one is merged field by field, the rest in one go", async () => {
  await ada.page.evaluate("manager.disconnect()");
  await ada.page.evaluate(
    `(project.taskStore.getById("garden").set({ name: "Ada's", duration: 5 }), project.taskStore.getById("move").set({ name: "Ada moves" }), project.taskStore.getById("walls").set({ note: "Ada's note" }))`,
  );
  await ada.page.evaluate("manager.binding.flush()");
  await ben.page.evaluate(
    `(project.taskStore.getById("garden").set({ name: "Ben's", duration: 9 }), project.taskStore.getById("move").set({ name: "Ben moves" }), project.taskStore.getById("walls").remove())`,
  );
  await ben.page.evaluate("manager.binding.flush().then(() => manager.live.saved())");
  await ada.page.evaluate("manager.connect()");
  const dialog = ada.page.locator(".b-popup.conflict-dialog");
  await dialog.waitFor();
  await ada.sees(`document.querySelectorAll(".conflict-dialog section.lg-conflict").length >= 3`);
  await ada.sees(`getComputedStyle(document.querySelector(".b-popup.conflict-dialog")).opacity === "1"`);
  await ada.page.screenshot({ path: join(shots, "conflict-list.png") });
  const garden = dialog.locator("section.lg-conflict", { hasText: "Ada's" }).first();
  if ((await garden.locator("[data-choice=merge]").count()) > 0) {
    await garden.locator('input[value=theirs][data-field="duration"]').check();
    await garden.locator("[data-choice=merge]").click();
    await ben.sees(`${name("garden")} === "Ada's" && project.taskStore.getById("garden").duration === 9`);
  }
  await dialog.locator(".b-button", { hasText: "All of theirs" }).click();
  await dialog.waitFor({ state: "detached" });
  await same();
});

test("A5 the toolbar shows the people and the connection; names are text", async () => {
  const mallory = await enter('<img src=x onerror="document.title=1">');
  await ada.sees(`gantt.widgetMap.userPresence.element.querySelectorAll(".lg-avatar").length === 3`);
  await cell(mallory, "roof", "name").click();
  await ada.page.locator(".remote-selection").first().waitFor();
  await ada.page.screenshot({ path: join(shots, "presence.png") });
  expect(await ada.read("document.querySelectorAll('img[src=x]').length")).toBe(0);
  const frame = ada.page.locator(".remote-selection").first();
  expect(await frame.getAttribute("data-client")).toBe(await mallory.read("manager.clientId"));
  await mallory.leave();
  await ada.sees(`gantt.widgetMap.userPresence.element.querySelectorAll(".lg-avatar").length === 2 && !document.querySelector(".remote-selection")`);
  await ada.page.evaluate("manager.disconnect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.disconnected")`);
  await ada.page.screenshot({ path: join(shots, "offline.png") });
  await ada.page.evaluate("manager.connect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.connected")`);
});

test("M2 a page in another time zone shows the same wall clock, also across its own change of clocks", async () => {
  const dates = `JSON.stringify(project.taskStore.allRecords.filter((t) => !t.isRoot).map((t) => [t.id, gantt.constructor.prototype && t.startDate.getDate(), t.startDate.getHours(), t.endDate.getDate(), t.endDate.getHours()]))`;
  const far = await (await Person.enter(browser, `${site.url}/?project=${id}&user=Far`, { timezoneId: "America/Los_Angeles" })).opened();
  await far.page.evaluate(`project.taskStore.getById("garden").setStartDate(new Date(2026, 2, 9, 8))`);
  await ada.sees(`project.taskStore.getById("garden").startDate.getDate() === 9`);
  await far.page.evaluate("manager.binding.levelled()");
  expect(await far.read(dates)).toBe(await ada.read(dates));
  await far.leave();
});

test("O5 made and destroyed ten times: no listener, no timer, no widget is left", async () => {
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
  await ben.page.evaluate(`${name("garden")} = "Still here"`);
  await ada.sees(`${name("garden")} === "Still here"`);
});
