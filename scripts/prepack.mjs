// Runs before `npm pack` of a package: brings its build up to date, and takes out what is left of sources that are gone.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, buildPackage } from "./lib/build.mjs";
import { fail, root } from "./lib/run.mjs";

const [name] = process.argv.slice(2);
if (name === undefined || !existsSync(join(root, "packages", name))) fail("node scripts/prepack.mjs PACKAGE, e.g. core");
const folder = join(root, "packages", name);

if (name === "server") await build();
const sources = await buildPackage(name);

for (const entry of readdirSync(join(folder, "dist"), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name === ".tsbuildinfo") continue;
  const built = join(entry.parentPath, entry.name);
  const source = built.replace(join(folder, "dist"), join(folder, "src")).replace(/(\.d\.ts|\.js)(\.map)?$/, "");
  if (entry.name.endsWith(".map") || !sources.has(source)) rmSync(built);
}

if (name === "server") {
  // The page comes with the server, so that the program shows it wherever it is installed.
  rmSync(join(folder, "web"), { recursive: true, force: true });
  cpSync(join(root, "apps/web/dist"), join(folder, "web"), { recursive: true, filter: (path) => !path.endsWith(".map") });
  for (const name of readdirSync(join(folder, "web/assets")).filter((name) => name.endsWith(".js"))) {
    const script = join(folder, "web/assets", name);
    writeFileSync(script, readFileSync(script, "utf8").replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n"));
  }
}
