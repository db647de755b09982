import { defineConfig } from "vitest/config";

// "@livegantt/source" makes the workspaces' imports of each other land on src/, so tests need no build.
const conditions = ["@livegantt/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.{ts,tsx}", "scripts/*.test.ts", "docs/*.test.ts", "simulation/src/*.test.ts"],
    setupFiles: ["scripts/lib/properties.mjs"],
    testTimeout: 20_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
