// `npm test`: every check of the project, from a fresh clone. Prints what is missing on this machine, and `N passed, N failed` as its last line.
import { build } from "./lib/build.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { installedPostgres, startCluster } from "./lib/postgres.mjs";
import { runNode } from "./lib/run.mjs";
import { Steps } from "./lib/steps.mjs";
import { runVitest } from "./lib/vitest.mjs";

const steps = new Steps();

/** A tool that ends with 0 or not counts as one test. */
const check = (name, file, ...args) =>
  steps.run(name, async () => {
    const { code } = await runNode(file, args);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  });

async function withPostgres(work) {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return work(process.env);
  const binaries = await installedPostgres();
  if (binaries === undefined) {
    steps.missing.push("PostgreSQL (initdb, pg_ctl): its tests were skipped. Install PostgreSQL, or set TEST_DATABASE_URL.");
    return work(process.env);
  }
  const cluster = await startCluster(binaries);
  try {
    return await work({ ...process.env, TEST_DATABASE_URL: cluster.url });
  } finally {
    await cluster.destroy();
  }
}

checkNode();
await install({ tools: true });
const tsc = "node_modules/typescript7/bin/tsc";
await check("types", tsc, "-b");
await check("types of tests", tsc, "-p", "tsconfig.tests.json");
await check("format and lint", "node_modules/@biomejs/biome/bin/biome", "ci", ".");
await check("one-way imports", "node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "packages", "apps", "--config", ".dependency-cruiser.cjs");
await check("dead code", "node_modules/knip/bin/knip.js");
await check("licences", "scripts/licences.mjs", "--check");
await check("packages", "scripts/test-packages.mjs");
await withPostgres((env) => steps.run("stories, laws and guides", () => runVitest("vitest.config.ts", env)));
const chromium = await findChromium();
if (chromium === undefined) steps.missing.push("Chromium: the browser tests could not run, which counts as a failure. Install it, or set CHROMIUM_PATH.");
await steps.run("real browsers", async () => {
  if (chromium === undefined) return { passed: 0, failed: 1 };
  await build();
  return runVitest("e2e/vitest.config.ts", { ...process.env, CHROMIUM_PATH: chromium });
});
steps.finish();
