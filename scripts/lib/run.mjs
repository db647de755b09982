// Child processes of the scripts. A signal that ends the script ends them too; between children the process has Node's own signal behaviour.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const running = new Set();
const endings = { SIGINT: 130, SIGTERM: 143 };

function endWithChildren(signal) {
  for (const child of running) child.kill(signal);
  process.exit(endings[signal]);
}

function track(child) {
  if (running.size === 0) for (const signal of Object.keys(endings)) process.on(signal, endWithChildren);
  running.add(child);
}

function untrack(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of Object.keys(endings)) process.off(signal, endWithChildren);
}

/**
 * Runs a command in the project's root and waits for its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options] `quiet` collects the output instead of showing it.
 * @returns {Promise<{ code: number, output: string }>} `code` is 127 where the command does not exist.
 */
export function run(command, args, { quiet = false, cwd = root, env = process.env, shell = process.platform === "win32" } = {}) {
  return new Promise((resolve) => {
    const output = quiet ? "pipe" : "inherit";
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", output, output] });
    track(child);
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const end = (code, message = "") => {
      untrack(child);
      resolve({ code, output: Buffer.concat(chunks).toString() + message });
    };
    child.on("error", (error) => end(127, error.message));
    child.on("close", (code) => end(code ?? 1));
  });
}

/** Runs a JavaScript file of the project, or of a package in its `node_modules`, with this Node. */
export const runNode = (file, args, options) => run(process.execPath, [join(root, file), ...args], { ...options, shell: false });

/** Prints why the script cannot go on and ends it. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
