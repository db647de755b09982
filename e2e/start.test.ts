import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProject, house, snapshotOf } from "./support/plan.ts";
import { within } from "./support/within.ts";

const root = resolve(import.meta.dirname, "..");
let data: string;
let npm: ChildProcess | undefined;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "livegantt-start-"));
});
afterEach(() => {
  // The whole group: what a failed story left behind.
  if (npm?.pid !== undefined)
    try {
      process.kill(-npm.pid, "SIGKILL");
    } catch {
      // Nothing is left.
    }
  rmSync(data, { recursive: true, force: true });
});

/** Runs `npm start` as a person would and gives the link that it prints. */
async function npmStart(): Promise<string> {
  const child = spawn("npm", ["start"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: "0", LIVEGANTT_DATA: data },
  });
  npm = child;
  return new Promise((link, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found !== undefined) link(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${output}`)));
  });
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
const goesDown = (url: string): Promise<number> =>
  within(
    10_000,
    () => isUp(url),
    (up) => !up,
  );

test("U1 npm start prints the link, serves page and sample plan, and what was made is there after a restart", async () => {
  const url = await npmStart();
  expect(await (await fetch(url)).text()).toContain('<div id="root">');
  const project = await createProject(url, "kept", house);
  process.kill(npm?.pid ?? 0, "SIGTERM");
  await goesDown(url);

  const again = await npmStart();
  expect((await snapshotOf(again, project)).tasks).toHaveLength(house.tasks.length);
});

test("D8 the server ends when npm is ended, even where nobody tells the server", async () => {
  const url = await npmStart();
  process.kill(npm?.pid ?? 0, "SIGKILL");
  await goesDown(url);
});
