import { installFolder } from "./install.mjs";
import { runNode } from "./run.mjs";
import { runVitest } from "./vitest.mjs";

const folder = "examples/bryntum-tests";

/**
 * The adapter on Bryntum's real package. Its packages have a licence and an install of their own; without them nothing is checked, which counts as one failure.
 * @param {string | undefined} chromium path of a Chromium; without one the pages count as one failure
 * @param {(name: string, work: () => Promise<{ passed: number, failed: number, skipped?: number }>) => Promise<void>} step runs and counts one part
 * @returns {Promise<string | undefined>} what is missing on this machine
 */
export async function testBryntum(chromium, step) {
  let installed = false;
  await step("Bryntum's packages", async () => {
    installed = await installFolder(folder);
    return installed ? { passed: 0, failed: 0 } : { passed: 0, failed: 1 };
  });
  if (!installed)
    return `Bryntum's packages (npm ci in ${folder}): nothing of the adapter was tested, which counts as a failure. \`npm ping\` tells whether npm's registry is reachable.`;
  await step("types of Bryntum's tests", async () => {
    const { code } = await runNode("node_modules/typescript7/bin/tsc", ["-p", folder]);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  });
  await step("Bryntum's real package", () => runVitest(`${folder}/vitest.config.ts`, process.env));
  await step("Bryntum in real browsers", async () =>
    chromium === undefined ? { passed: 0, failed: 1 } : runVitest(`${folder}/vitest.browser.config.ts`, { ...process.env, CHROMIUM_PATH: chromium }),
  );
  return undefined;
}
