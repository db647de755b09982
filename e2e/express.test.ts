// The example in examples/express as two people see it in their browsers.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Chart } from "./support/chart.ts";
import { within } from "./support/within.ts";

const example = resolve(import.meta.dirname, "../examples/express");
const data = mkdtempSync(join(tmpdir(), "livegantt-express-"));
let product: ChildProcess;
let browser: Browser;
let url = "";

beforeAll(async () => {
  product = spawn(process.execPath, [join(example, "start.mjs")], {
    env: { ...process.env, PORT: "0", PRODUCT_DATA: data },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: product.stdout as NodeJS.ReadableStream })) {
    url = /^The product is running: (\S+)$/.exec(line)?.[1] ?? "";
    if (url !== "") break;
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  const ended = once(product, "exit");
  product.kill("SIGTERM");
  await ended;
  rmSync(data, { recursive: true, force: true });
});

async function enter(name: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 700 } })).newPage();
  await page.goto(url);
  await page.fill("input[name=name]", name);
  await page.fill("input[name=password]", "plan");
  await page.click("button");
  await page.click("text=A house");
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

test("D11 two people who are logged in to the product work on its plan, and the product knows what they did", async () => {
  const [ann, ben] = [await enter("ann"), await enter("ben")];
  const [mine, theirs] = [new Chart(ann), new Chart(ben)];
  expect(await mine.order()).toEqual(["shell", "dig", "pour", "walls", "roof", "inside", "wires", "paint", "move"]);
  expect(await theirs.seen()).toEqual(await mine.seen());
  expect((await theirs.seen())[1]?.cells.start).toBe("02-03-2026");
  await mine.moveBar("dig", 200);
  await ann.getByText("All changes saved").waitFor();
  await within(
    5_000,
    () => theirs.seen(),
    (rows) => rows[1]?.cells.start === "04-03-2026",
  );
  expect(await theirs.seen()).toEqual(await mine.seen());
  const report = (): Promise<{ revision: number }> => ann.evaluate(async () => (await fetch("/projects/house/report")).json());
  await within(5_000, report, ({ revision }) => revision === 1);
});
