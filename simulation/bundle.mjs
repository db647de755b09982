import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * One file with the simulation and the product's own sources, as they are now; packages from elsewhere are loaded when it runs.
 * @param {string} name of the file under `dist`
 * @param {(path: string, source: string) => string} [change] changes a source on its way into the file
 * @returns {Promise<string>} its path
 */
export async function bundle(name, change) {
  const file = join(here, "dist", `${name}.mjs`);
  mkdirSync(join(here, "dist"), { recursive: true });
  const built = await rolldown({
    input: join(here, "src/main.ts"),
    platform: "node",
    external: (id) => !/^(\.|\/|@livegantt\/|[A-Za-z]:)/.test(id),
    resolve: { conditionNames: ["@livegantt/source", "import", "node", "default"] },
    plugins: change ? [{ name: "change", transform: (source, path) => ({ code: change(path, source) }) }] : [],
    logLevel: "warn",
  });
  await built.write({ file, format: "esm", sourcemap: false });
  await built.close();
  return file;
}
