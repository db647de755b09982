import { spawnSync } from "node:child_process";

const checkMs = 500;

/** `ps` tells the parent and the name of a process; undefined where there is no `ps`. */
function look(pid) {
  const { status, stdout } = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], { encoding: "utf8" });
  const [, parent, name] = /^\s*(\d+)\s+(.*\S)/.exec(status === 0 ? stdout : "") ?? [];
  return parent === undefined ? undefined : { parent: Number(parent), name };
}

function isGone(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/**
 * npm passes a signal from the keyboard on, but one that is sent to npm itself ends npm alone and would leave this process behind: it ends as soon as npm is gone.
 * Between the two there may be a shell.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = look(process.ppid);
  if (parent === undefined) return;
  const npm = /sh$/.test(parent.name) ? parent.parent : process.ppid;
  const watch = setInterval(() => {
    if (!isGone(npm)) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, checkMs);
  watch.unref();
}
