// `npm run screenshots`: lets the browser tests take their pictures and puts the one of the live page into the docs.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./lib/chromium.mjs";
import { fail, root, runNode } from "./lib/run.mjs";

const chromium = await findChromium();
if (chromium === undefined) fail("No Chromium was found. Install one, or set CHROMIUM_PATH.");
const env = { ...process.env, CHROMIUM_PATH: chromium };
const { code } = await runNode("node_modules/vitest/vitest.mjs", ["run", "--config", "e2e/vitest.config.ts", "looks"], { env });
if (code !== 0) fail("The pages do not look as they should: no picture was taken over.");
mkdirSync(join(root, "docs/images"), { recursive: true });
copyFileSync(join(root, "e2e/shots/live-1440-light.png"), join(root, "docs/images/live.png"));
console.log("docs/images/live.png is new.");
