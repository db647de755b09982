import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runnerImport } from "vite";
import type { TestProject } from "vitest/node";
import { conditions } from "./conditions.ts";

declare module "vitest" {
  export interface ProvidedContext {
    serverUrl: string;
  }
}

/** One real server for all tests, in a process without a document. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), "livegantt-bryntum-"));
  const environment = { resolve: { conditions, externalConditions: conditions, noExternal: [/^@livegantt\//] } };
  const { module } = await runnerImport<typeof import("./serverModule.ts")>(join(import.meta.dirname, "serverModule.ts"), {
    configFile: false,
    root: import.meta.dirname,
    ...environment,
    ssr: environment,
  });
  const server = await module.createServer({ port: 0, data });
  project.provide("serverUrl", server.url);
  return async () => {
    await server.close();
    await rm(data, { recursive: true, force: true });
  };
}
