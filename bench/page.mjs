#!/usr/bin/env node
// What an edit costs in the page: the real page in Chromium, a duration typed into the grid, a name that somebody else changes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openProject } from "@livegantt/client";
import { createServer } from "@livegantt/server";
import { chromium } from "playwright-core";
import { findChromium } from "../scripts/lib/chromium.mjs";

const help = `Times edits in the page, in a real browser. Needs the built page (npm run build).

  npm run bench:page -- [--sizes 1000,10000] [--edits 12] [--profile FILE] [--web FOLDER]

local     a duration typed into the grid: script, style and layout from the key until the drawing after it
remote    the same, for a duration that somebody else changes
first     from the address until the first rows

--profile writes a CPU profile of the local edits, to be opened in a browser's developer tools.
`;
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    sizes: { type: "string", default: "1000,10000" },
    edits: { type: "string", default: "12" },
    profile: { type: "string" },
    web: { type: "string", default: "apps/web/dist" },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const pad = (n) => String(n).padStart(5, "0");

/** Groups of 50 tasks, each linked to the one before it: an edit of the first moves all of its group. */
function planOf(size) {
  const tasks = [];
  const dependencies = [];
  for (let i = 0; i < size; i++) {
    const group = Math.floor(i / 50);
    if (i % 50 === 0) tasks.push({ id: `g${group}`, name: `Group ${group}`, orderKey: `b${pad(group)}V` });
    tasks.push({ id: `t${i}`, name: `Task ${i}`, parentId: `g${group}`, orderKey: `b${pad(i % 50)}V`, duration: 1, durationUnit: "day" });
    if (i % 50 !== 0) dependencies.push({ id: `d${i}`, fromTask: `t${i - 1}`, toTask: `t${i}`, type: 2, lag: 0, lagUnit: "day" });
  }
  return { project: { startDate: "2026-01-05T00:00:00" }, tasks, dependencies };
}

async function metrics(cdp) {
  const { metrics: list } = await cdp.send("Performance.getMetrics");
  const of = (name) => list.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of("ScriptDuration") * 1000, layout: (of("LayoutDuration") + of("RecalcStyleDuration")) * 1000 };
}

const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))));

async function timed(cdp, page, run) {
  const before = await metrics(cdp);
  await run();
  await drawn(page);
  const after = await metrics(cdp);
  return { script: after.script - before.script, layout: after.layout - before.layout };
}

const column = (list) =>
  `${median(list.map(({ script }) => script))
    .toFixed(1)
    .padStart(7)} + ${median(list.map(({ layout }) => layout))
    .toFixed(1)
    .padStart(5)} ms`;

const data = mkdtempSync(join(tmpdir(), "livegantt-bench-"));
const server = await createServer({ port: 0, data, webRoot: values.web });
const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
try {
  console.log("tasks     first rows   local edit (script + layout)   remote edit (script + layout)");
  for (const size of values.sizes.split(",").map(Number)) {
    const { id } = await create(size);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => localStorage.setItem("livegantt.user", JSON.stringify({ name: "Ann" })));
    const from = performance.now();
    await page.goto(`${server.url}/p/${id}`);
    const name = page.getByTestId("name-input");
    await name.or(page.locator(".wx-row").first()).first().waitFor({ timeout: 120_000 });
    if (await name.isVisible()) {
      await name.fill("Ann");
      await name.press("Enter");
    }
    await page.locator(".wx-row").first().waitFor({ timeout: 120_000 });
    const first = performance.now() - from;
    await page.locator("[data-testid=connection-status][data-status=live]").waitFor();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const cell = (task, key) => page.locator(`.wx-row[data-id=":${task}"] [data-col-id=":${key}"]`);
    const type = async (text) => {
      await cell("t0", "duration").dblclick();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
      await drawn(page);
      return timed(cdp, page, () => page.keyboard.press("Enter"));
    };
    for (let n = 0; n < 3; n++) await type(`${2 + n} d`);
    if (values.profile) {
      await cdp.send("Profiler.enable");
      await cdp.send("Profiler.setSamplingInterval", { interval: 200 });
      await cdp.send("Profiler.start");
    }
    const local = [];
    for (let n = 0; n < Number(values.edits); n++) local.push(await type(`${5 + (n % 5)} d`));
    if (values.profile) {
      const { profile } = await cdp.send("Profiler.stop");
      writeFileSync(values.profile, JSON.stringify(profile));
    }
    const bob = openProject({ url: server.url, project: id, user: { name: "Bob" } });
    await bob.ready();
    const remote = [];
    for (let n = 0; n < Number(values.edits); n++) {
      remote.push(
        await timed(cdp, page, async () => {
          bob.update("tasks", "t0", { duration: 11 + (n % 5) });
          await page.waitForFunction(
            (text) => document.querySelector('.wx-row[data-id=":t0"] [data-col-id=":duration"]')?.textContent.startsWith(text),
            String(11 + (n % 5)),
          );
        }),
      );
    }
    bob.destroy();
    console.log(`${String(size).padEnd(9)} ${first.toFixed(0).padStart(7)} ms   ${column(local).padStart(22)}        ${column(remote).padStart(22)}`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(data, { recursive: true, force: true });
}

async function create(size) {
  const response = await fetch(`${server.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: `${size} tasks`, plan: planOf(size) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
