import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "./run.mjs";

/**
 * Runs a Vitest configuration and counts.
 * @param {string} config path of the configuration
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>} a file that cannot be loaded, and an error outside of any test, count as one failure each
 */
export async function runVitest(config, env) {
  const folder = mkdtempSync(join(tmpdir(), "livegantt-vitest-"));
  const report = join(folder, "report.json");
  const { code } = await runNode(
    "node_modules/vitest/vitest.mjs",
    ["run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { env },
  );
  try {
    const { numPassedTests: passed, numFailedTests, numPendingTests: skipped, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const unloadable = testResults.filter((file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed")).length;
    const failed = numFailedTests + unloadable;
    return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
  } catch (error) {
    console.error(`Vitest left no report (${error.message}).`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
