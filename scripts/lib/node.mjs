import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./run.mjs";

/** Ends the script with a clear sentence where Node is older than `engines.node` in package.json. */
export function checkNode() {
  const needed = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node.replace(">=", "");
  const [major, minor = 0] = needed.split(".").map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  fail(
    `livegantt needs Node ${needed} or newer; this is Node ${process.versions.node} (${process.execPath}). Install a newer one from https://nodejs.org and try again.`,
  );
}
