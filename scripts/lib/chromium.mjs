import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { root, runNode } from "./run.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const places = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onThisMachine() {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/bin");
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(isExecutable);
}

async function ofPlaywright() {
  const { chromium } = createRequire(join(root, "e2e/package.json"))("playwright-core");
  if (!existsSync(chromium.executablePath())) await runNode("node_modules/playwright-core/cli.js", ["install", "chromium"]);
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/**
 * Path of a Chromium for the browser tests: `CHROMIUM_PATH`, one on this machine, Debian's package, or Playwright's own download.
 * @returns {Promise<string | undefined>}
 */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isExecutable(given)) return given;
    console.log(`CHROMIUM_PATH is ${given}, which cannot be run; looking elsewhere.`);
  }
  const there = onThisMachine();
  if (there) return there;
  if (await aptInstall("chromium")) return onThisMachine();
  return ofPlaywright();
}
