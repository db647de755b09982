// `npm run test:bryntum`: the adapter on the vendor's real package, headless and in Chromium. Its packages have a licence and an install of their own.
import { testBryntum } from "./lib/bryntum.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { Steps } from "./lib/steps.mjs";

const steps = new Steps();
checkNode();
await install({ tools: true });
const chromium = await findChromium();
if (chromium === undefined) steps.missing.push("Chromium: the pages could not be tested, which counts as a failure. Install it, or set CHROMIUM_PATH.");
const missing = await testBryntum(chromium, steps.run);
if (missing) steps.missing.push(missing);
steps.finish();
