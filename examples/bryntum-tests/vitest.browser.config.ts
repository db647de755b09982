import { defineConfig } from "vitest/config";
import { conditions } from "./src/conditions.ts";

// Real pages in Chromium: two people, real mouse and keyboard.
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["src/browser/**/*.test.ts"], testTimeout: 90_000, hookTimeout: 120_000, pool: "forks", maxWorkers: 1, fileParallelism: false },
});
