import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plan } from "../plan.ts";
import { launch, Person, shots } from "./person.ts";
import { openSite, type Site } from "./site.ts";

const here = join(import.meta.dirname, "../..");
const page = readFileSync(join(here, "../../docs/from-the-document.md"), "utf8");
const setUp = /```js set-up\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
/** Only the address of the server and the number of the project are this test's. */
const entry = `
import { Gantt, ProjectModel } from "@bryntum/gantt";
import { ConflictDialog, GanttWebSocketManager } from "@livegantt/bryntum";
import "@livegantt/bryntum/styles.css";
const currentUser = { name: new URLSearchParams(location.search).get("user") };
${setUp.replace("/api/project/123", "/api/project/' + new URLSearchParams(location.search).get('project') + '").replace("wss://api.example.com/gantt-sync?project=123", "/gantt-sync?project=' + new URLSearchParams(location.search).get('project') + '")}
Object.assign(globalThis, { project, manager: wsManager, gantt, parts: { ConflictDialog } });
globalThis.opened = new Promise((resolve) => wsManager.on({ ready: () => resolve(true), once: true }));
`;

let site: Site;
let browser: Browser;
let folder: string;
let id: string;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(here, "page/.document-"));
  await writeFile(join(folder, "page.js"), entry);
  [site, browser] = await Promise.all([openSite({ page: join(folder, "page.js") }), launch()]);
  const response = await fetch(`${site.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Test", plan }),
  });
  ({ id } = (await response.json()) as { id: string });
  [ada, ben] = await Promise.all(
    ["Ada", "Ben"].map(async (user) => (await Person.enter(browser, `${site.url}/?project=${id}&user=${user}`)).opened()) as [Promise<Person>, Promise<Person>],
  );
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test("A5 the set-up code of the document runs, with its imports alone changed", async () => {
  await ada.page.evaluate(`project.taskStore.getById("garden").name = "Live"`);
  await ben.sees(`project.taskStore.getById("garden").name === "Live"`);
  for (const person of [ada, ben]) {
    await person.sees(`gantt.widgetMap.userPresence.element.querySelectorAll(".lg-avatar").length === 2`);
    await person.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.connected")`);
    expect(person.complaints).toEqual([]);
  }
  await ada.page.evaluate("manager.disconnect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.disconnected")`);
  await ada.page.evaluate("manager.connect()");
  await ada.sees(`gantt.widgetMap.connectionStatus.element.querySelector(".status-dot.connected")`);
});

test("A5 the document's own dialog: keep mine, take theirs, merge", async () => {
  for (const [choice, expected] of [
    ["mine", { strategy: "keep_local", serverState: { name: "theirs", duration: 9 } }],
    ["theirs", { strategy: "accept_server", serverState: { name: "theirs", duration: 9 } }],
    ["merge", { strategy: "merge", serverState: { name: "theirs", duration: 9 }, mergedState: { name: "mine", duration: 9 } }],
  ] as const) {
    await ada.page.evaluate(`globalThis.chosen = undefined; globalThis.dialog = new parts.ConflictDialog({
      title: "Conflict: Garden",
      localChanges: { name: "mine", duration: 5 },
      serverState: { id: "garden", name: "theirs", duration: 9 },
      onResolve: (resolution) => { globalThis.chosen = resolution; },
    })`);
    const dialog = ada.page.locator(".b-popup.conflict-dialog");
    await dialog.waitFor();
    if (choice === "mine") await ada.page.screenshot({ path: join(shots, "document-dialog.png") });
    expect(await ada.read("dialog instanceof parts.ConflictDialog")).toBe(true);
    if (choice === "merge") await dialog.locator('input[value=theirs][data-field="duration"]').check();
    await dialog.locator(`[data-choice=${choice}]`).click();
    await dialog.waitFor({ state: "detached" });
    expect(await ada.read("chosen")).toEqual(expected);
  }
});
