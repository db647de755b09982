import { defineConfig } from "vitest/config";
import { conditions } from "./src/conditions.ts";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["src/*.test.ts"],
    globalSetup: ["src/server.ts"],
    setupFiles: ["src/setup.ts"],
    server: { deps: { external: [/@bryntum/] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
