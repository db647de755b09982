// `npm test`: every check of the project, from a fresh clone. Prints what is missing on this machine, and `N passed, N failed` as its last line.
import { build } from "./lib/build.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { installedPostgres, startCluster } from "./lib/postgres.mjs";
import { runNode } from "./lib/run.mjs";
import { runVitest } from "./lib/vitest.mjs";

const started = performance.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const missing = [];

async function step(name, work) {
  const from = performance.now();
  console.log(`\n== ${name}`);
  const { passed, failed, skipped = 0 } = await work();
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(`== ${name}: ${failed === 0 ? "good" : `${failed} failed`} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
}

/** A tool that ends with 0 or not counts as one test. */
const check = (name, file, ...args) =>
  step(name, async () => {
    const { code } = await runNode(file, args);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  });

async function withPostgres(work) {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return work(process.env);
  const binaries = await installedPostgres();
  if (binaries === undefined) {
    missing.push("PostgreSQL (initdb, pg_ctl): its tests were skipped. Install PostgreSQL, or set TEST_DATABASE_URL.");
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
await withPostgres((env) => step("stories, laws and guides", () => runVitest("vitest.config.ts", env)));
await step("real browsers", async () => {
  const chromium = await findChromium();
  if (chromium === undefined) {
    missing.push("Chromium: the browser tests could not run, which counts as a failure. Install it, or set CHROMIUM_PATH.");
    return { passed: 0, failed: 1 };
  }
  await build();
  return runVitest("e2e/vitest.config.ts", { ...process.env, CHROMIUM_PATH: chromium });
});

console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes; ${total.skipped} skipped`);
for (const line of missing) console.log(`Missing: ${line}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
