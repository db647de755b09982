// `npm run build`: what `npm start` does before it starts.
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";

checkNode();
await install({ tools: false });
console.log((await build()) ? "Built." : "Nothing changed since the last build.");
