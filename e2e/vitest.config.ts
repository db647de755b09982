import { defineConfig } from "vitest/config";

// One file at a time: a browser, a server and two pages already use both cores of a small machine.
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ["**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, pool: "forks", maxWorkers: 1, fileParallelism: false },
});
