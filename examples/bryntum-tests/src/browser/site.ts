import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, runnerImport } from "vite";
import { conditions } from "../conditions.ts";

const here = join(import.meta.dirname, "../..");

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds one script for the page; Bryntum stays a module of its own, as its vendor ships it. */
export async function bundle(entry: string, outDir: string, fileName: string): Promise<void> {
  await build({
    configFile: false,
    root: here,
    logLevel: "warn",
    resolve: { conditions: ["@livegantt/source", "module", "browser", "development|production"] },
    oxc: { jsx: { runtime: "automatic", development: false } },
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: { entry, formats: ["es"], fileName: () => `${fileName}.js`, cssFileName: fileName },
      rollupOptions: { onwarn: () => {}, external: ["@bryntum/gantt"], output: { paths: { "@bryntum/gantt": "/bryntum/gantt.module.js" } } },
    },
  });
}

/** The real server, serving a page with the real Bryntum. */
export async function openSite(entries: Readonly<Record<string, string>>): Promise<Site> {
  const root = await mkdtemp(join(tmpdir(), "livegantt-bryntum-site-"));
  const web = join(root, "web");
  await mkdir(web);
  for (const name of ["index.html", "svar.html"]) await cp(join(here, "page", name), join(web, name));
  await symlink(join(here, "node_modules/@bryntum/gantt"), join(web, "bryntum"));
  for (const [name, entry] of Object.entries(entries)) await bundle(entry, web, name);
  const environment = { resolve: { conditions, externalConditions: conditions, noExternal: [/^@livegantt\//] } };
  const { module } = await runnerImport<typeof import("../serverModule.ts")>(join(here, "src/serverModule.ts"), {
    configFile: false,
    root: here,
    ...environment,
    ssr: environment,
  });
  const server = await module.createServer({ port: 0, data: join(root, "data"), webRoot: web });
  return {
    url: server.url,
    async close() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
