import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, Person, shots } from "./person.ts";
import { openSite, type Site } from "./site.ts";

const examples = join(import.meta.dirname, "../../..");
let site: Site;
let browser: Browser;
const running: ChildProcess[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite({}), launch()]);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** `npm start` of an example, on a free port, on the Bryntum that these tests have. */
function start(name: string): Promise<string> {
  const env = { ...process.env, LIVEGANTT_URL: site.url, PORT: "0", BRYNTUM_MODULES: join(examples, "bryntum-tests/node_modules") };
  const child = spawn(process.execPath, [join(examples, "start.mjs"), name], { env, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      out += String(chunk);
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(out)?.[0];
      if (url) resolve(url);
    });
    child.on("exit", (code) => reject(new Error(`the example ended with ${code}: ${out}`)));
  });
}

describe.each(["realtime-updates", "realtime-updates-react"])("%s", (name) => {
  test("A5 starts with one command, and two people see each other and each other's edits", async () => {
    const url = await start(name);
    const ada = await Person.enter(browser, `${url}?user=Ada`);
    await ada.page.locator(".b-gantt-task").first().waitFor({ timeout: 60_000 });
    await ada.sees(`new URLSearchParams(location.search).get("project")`);
    const project = await ada.read<string>(`new URLSearchParams(location.search).get("project")`);
    const ben = await Person.enter(browser, `${url}?user=Ben&project=${project}`);
    await ben.page.locator(".b-gantt-task").first().waitFor({ timeout: 60_000 });
    for (const person of [ada, ben]) {
      await person.sees(`document.querySelectorAll(".lg-avatar").length === 2`);
      await person.sees(`document.querySelector(".status-dot.connected")`);
    }
    await ada.page.locator('.b-grid-row[data-id="garden"] .b-grid-cell[data-column="name"]').dblclick();
    await ada.page.keyboard.press("Control+A");
    await ada.page.keyboard.type("Big garden");
    await ada.page.keyboard.press("Enter");
    await ben.page.locator('.b-grid-row[data-id="garden"]', { hasText: "Big garden" }).waitFor();
    await ben.page.screenshot({ path: join(shots, `${name}.png`) });
    expect([...ada.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([ada.leave(), ben.leave()]);
  });
});
