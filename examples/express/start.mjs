// `npm start`: installs Express, builds the packages and the chart page where they are not up to date, and starts the product.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../scripts/lib/build.mjs";
import { endWithNpm } from "../../scripts/lib/endWithNpm.mjs";
import { install, installFolder } from "../../scripts/lib/install.mjs";
import { checkNode } from "../../scripts/lib/node.mjs";
import { fail } from "../../scripts/lib/run.mjs";

const here = import.meta.dirname;
const bundle = join(here, "dist/assets/page.js");

checkNode();
endWithNpm();
await install({ tools: false });
if (!(await installFolder("examples/express"))) fail("Express could not be installed.");
const isNew = await build();

const pageChanged = readdirSync(join(here, "page")).map((name) => statSync(join(here, "page", name)).mtimeMs);
if (isNew || !existsSync(bundle) || statSync(bundle).mtimeMs < Math.max(...pageChanged)) {
  console.log("Building the chart page.");
  const [{ build: bundlePage }, { default: react }] = await Promise.all([import("vite"), import("@vitejs/plugin-react")]);
  await bundlePage({
    root: here,
    configFile: false,
    logLevel: "warn",
    plugins: [react()],
    resolve: { conditions: ["@livegantt/source", "module", "browser", "development|production"] },
    build: {
      target: "es2023",
      chunkSizeWarningLimit: 1200,
      rolldownOptions: {
        input: { page: join(here, "page/main.jsx"), product: join(here, "page/product.css") },
        output: { entryFileNames: "assets/[name].js", assetFileNames: "assets/[name][extname]" },
      },
    },
  });
}

await import("./server.mjs");
