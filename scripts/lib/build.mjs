import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root, runNode } from "./run.mjs";

const stampFile = join(root, "node_modules/.build-stamp");
const outputs = ["packages/server/dist/main.js", "apps/web/dist/index.html"];
const skipped = /^(node_modules|dist|dist-types|\..*)$|\.test\.tsx?$/;

function* filesUnder(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (skipped.test(entry.name)) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

/** A hash of path, size and time of every file that the build reads: it differs when a build is due. */
function stampOfInputs() {
  const hash = createHash("sha256").update(process.version);
  for (const path of ["package-lock.json", "tsconfig.base.json", ...filesUnder("packages"), ...filesUnder("apps")]) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/**
 * Compiles the server and bundles the page, unless nothing changed since the last time.
 * @returns {Promise<boolean>} whether something was built
 */
export async function build() {
  const stamp = stampOfInputs();
  const isFresh = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp && outputs.every((path) => existsSync(join(root, path)));
  if (isFresh) return false;
  console.log("Building server and page.");
  const [server, page] = await Promise.all([
    runNode("node_modules/typescript7/bin/tsc", ["-b", "packages/server"], { quiet: true }),
    runNode("node_modules/vite/bin/vite.js", ["build", "apps/web", "--logLevel", "warn"], { quiet: true }),
  ]);
  if (server.code !== 0) fail(`${server.output}\nThe server does not compile.`);
  if (page.code !== 0) fail(`${page.output}\nThe page cannot be bundled.`);
  writeFileSync(stampFile, stamp);
  return true;
}

/**
 * Compiles one package and those it stands on.
 * @param {string} name
 * @returns {Promise<Set<string>>} absolute paths of its sources that are compiled, without their endings
 */
export async function buildPackage(name) {
  const tsc = "node_modules/typescript7/bin/tsc";
  const { code, output } = await runNode(tsc, ["-b", `packages/${name}`], { quiet: true });
  if (code !== 0) fail(`${output}\npackages/${name} does not compile.`);
  const listed = await runNode(tsc, ["-p", `packages/${name}`, "--listFilesOnly"], { quiet: true });
  const src = join(root, "packages", name, "src/");
  return new Set(
    listed.output
      .split("\n")
      .filter((path) => path.startsWith(src))
      .map((path) => path.trim().replace(/\.tsx?$/, "")),
  );
}
