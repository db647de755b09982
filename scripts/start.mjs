// `npm start`: installs what is missing, builds what is stale, and runs the server in this process. No dependency of its own.
import { build } from "./lib/build.mjs";
import { endWithNpm } from "./lib/endWithNpm.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";

checkNode();
endWithNpm();
await install({ tools: false });
await build();

await import("../packages/server/dist/main.js");
