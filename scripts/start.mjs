// `npm start`: installs what is missing, builds what is stale, and runs the server in this process. No dependency of its own.
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";

checkNode();
await install({ tools: false });
await build();

// npm passes a signal from the keyboard on, but not one sent to npm itself: without this the server would outlive `npm start`.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  watch.unref();
}

await import("../packages/server/dist/main.js");
