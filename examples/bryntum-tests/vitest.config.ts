import { defineConfig } from "vitest/config";

// The adapter on the real package. "@livegantt/source" lets the workspaces' imports land on their sources, so nothing needs a build.
const conditions = ["@livegantt/source", "module", "node", "development|production"];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    server: { deps: { external: [/@bryntum/] } },
    include: ["src/**/*.test.ts"], setupFiles: ["src/setup.ts"], testTimeout: 60_000, hookTimeout: 60_000, pool: "forks", maxWorkers: 1, fileParallelism: false },
});
