// `npm run test:bryntum`: the adapter on the vendor's real package, headless and in Chromium. Its packages have a licence and an install of their own.
import { build } from "./lib/build.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { install, installFolder } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { fail } from "./lib/run.mjs";
import { runVitest } from "./lib/vitest.mjs";

const folder = "examples/bryntum-tests";
checkNode();
await install({ tools: true });
if (!(await installFolder(folder))) fail("Bryntum's packages could not be installed.");
await build();
const chromium = await findChromium();
if (chromium === undefined) fail("Chromium is missing. Install it, or set CHROMIUM_PATH.");
const headless = await runVitest(`${folder}/vitest.config.ts`, process.env);
const pages = await runVitest(`${folder}/vitest.browser.config.ts`, { ...process.env, CHROMIUM_PATH: chromium });
const failed = headless.failed + pages.failed;
console.log(`${headless.passed + pages.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
