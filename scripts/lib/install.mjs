import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail, root, run } from "./run.mjs";

/**
 * Installs a folder that has a lockfile of its own, where that is missing or out of date.
 * @param {string} folder path in the project
 * @returns {Promise<boolean>} false where npm could not; what it said is printed
 */
export async function installFolder(folder) {
  const own = `${folder}/${marker}`;
  if (has(own) && changedAt(own) >= changedAt(`${folder}/package-lock.json`)) return true;
  const { code, output } = await run("npm", ["ci", "--no-audit", "--no-fund"], { quiet: true, cwd: join(root, folder) });
  if (code !== 0) console.error(`${output.trim()}\nnpm ci in ${folder} ended with ${code}.`);
  return code === 0;
}

const has = (path) => existsSync(join(root, path));
const changedAt = (path) => statSync(join(root, path)).mtimeMs;

/** npm writes this file at the end of every install, so a missing or older one means: never installed, interrupted, or out of date. */
const marker = "node_modules/.package-lock.json";
const isCurrent = () => has(marker) && changedAt(marker) >= changedAt("package-lock.json");

/** Present only where development tools were installed. */
const hasTools = () => has("node_modules/vitest") && has("node_modules/dependency-cruiser");

/**
 * Installs what is missing or out of date.
 * @param {{ tools: boolean }} need `tools`: also what testing needs. Without it, tools that are already there stay.
 * @returns {Promise<boolean>} whether something was installed
 */
export async function install({ tools }) {
  if (isCurrent() && (hasTools() || !tools)) return false;
  const args = ["ci", "--no-audit", "--no-fund", ...(tools || hasTools() ? [] : ["--omit=dev"])];
  console.log(`Installing (npm ${args.join(" ")}). Where no ready-made SQLite binary can be downloaded it is compiled, which takes about a minute.`);
  const first = await run("npm", args, { quiet: true });
  if (first.code === 0) return true;
  if (first.code === 127) fail("npm was not found on the PATH. It comes with Node: https://nodejs.org");

  // better-sqlite3 is the one package with an install script. Without its binary the server takes another SQLite.
  console.log("The install failed; trying again without install scripts, so that a missing compiler does not stand in the way.");
  const second = await run("npm", [...args, "--ignore-scripts"], { quiet: true });
  if (second.code !== 0)
    fail(`${second.output.trim()}\n\nThe packages could not be installed (npm ended with ${second.code}). Is the registry reachable? \`npm ping\` tells.`);
  console.log(
    "Installed without compiling better-sqlite3: the server uses its other SQLite driver. With python3, make and g++ present, `npm rebuild better-sqlite3` brings the first choice back.",
  );
  return true;
}
