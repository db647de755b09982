// `npm run test:packages`: packs every package, installs them in an empty folder outside of this project, runs them there, and compiles a program that uses them.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { checkNode } from "./lib/node.mjs";
import { fail, root, run } from "./lib/run.mjs";

const names = ["core", "files", "server", "client", "styles", "react", "svar", "bryntum"];
const required = ["description", "license", "type", "engines", "sideEffects", "files", "exports"];
const allowed = /^(dist\/|web\/|[\w-]+\.css$|README\.md$|LICENSE$|package\.json$)/;
const unwanted = /\.map$|\.test\.|(^|\/)(test|testing|src)\/|tsbuildinfo/;

/** Settings of this project, which `npm run` hands on, are none of a consumer's. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));

checkNode();
await install({ tools: true });
await build();
const problems = [];
const folder = mkdtempSync(join(tmpdir(), "livegantt-packages-"));
const tarballs = join(folder, "tarballs");
const consumer = join(folder, "consumer");
mkdirSync(tarballs);
mkdirSync(consumer);
try {
  const packed = [];
  for (const name of names) packed.push(await pack(name));
  await installAndRun(packed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${names.length} packages install and run.` : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function npm(args, cwd) {
  const { code, output } = await run("npm", args, { quiet: true, cwd, env });
  if (code !== 0) fail(`${output}\nnpm ${args.join(" ")} in ${cwd} ended with ${code}.`);
  return output;
}

/** Packs, and looks at what is in it. */
async function pack(name) {
  const output = await npm(["pack", "--json", "--pack-destination", tarballs], join(root, "packages", name));
  const [{ filename, files }] = JSON.parse(output.slice(output.indexOf("[\n")));
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const paths = new Set(files.map(({ path }) => path));
  const complain = (what) => problems.push(`@livegantt/${name}: ${what}`);
  for (const field of required) if (manifest[field] === undefined) complain(`package.json says no ${field}`);
  for (const path of ["README.md", "LICENSE"]) if (!paths.has(path)) complain(`${path} is missing`);
  for (const path of paths) if (!allowed.test(path) || unwanted.test(path)) complain(`${path} does not belong into it`);
  for (const [path, target] of Object.entries(manifest.exports)) {
    const { "@livegantt/source": _, ...files } = typeof target === "string" ? { default: target } : target;
    for (const [condition, file] of Object.entries(files))
      if (!paths.has(file.slice(2))) complain(`"${path}" (${condition}) leads to ${file}, which is not packed`);
  }
  for (const file of Object.values(manifest.bin ?? {})) if (!paths.has(file.slice(2))) complain(`the program ${file} is not packed`);
  return { name, file: join(tarballs, filename) };
}

async function installAndRun(packed) {
  const versions = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const asHere = ["react", "react-dom", "@types/react", "@types/node", "@svar-ui/react-gantt", "ws"];
  const dependencies = {
    ...Object.fromEntries(packed.map(({ name, file }) => [`@livegantt/${name}`, `file:${file}`])),
    ...Object.fromEntries(asHere.map((name) => [name, versions[`node_modules/${name}`].version])),
  };
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module", dependencies }));
  // No scripts: nothing is compiled, so the server takes its SQLite that comes ready-made.
  await npm(["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], consumer);
  for (const { name } of packed) pointsNowhere(name);

  copyFileSync(join(root, "scripts/lib/packages/consumer.mjs"), join(consumer, "consumer.mjs"));
  const ran = await run(process.execPath, ["consumer.mjs", ...names], { quiet: true, cwd: consumer, shell: false });
  if (ran.code !== 0) problems.push(`What was packed does not run:\n${ran.output}`);

  copyFileSync(join(root, "scripts/lib/packages/consumer.ts"), join(consumer, "consumer.ts"));
  const strict = { strict: true, skipLibCheck: false, noEmit: true, target: "es2023", lib: ["es2023", "dom", "dom.iterable"], types: ["node"] };
  await compiles("nodenext", "node_modules/typescript7/bin/tsc", { ...strict, module: "nodenext" });
  await compiles("bundler", "node_modules/typescript/bin/tsc", {
    ...strict,
    module: "esnext",
    moduleResolution: "bundler",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  });
}

async function compiles(title, compiler, compilerOptions) {
  const config = join(consumer, `tsconfig.${title}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const { code, output } = await run(process.execPath, [join(root, compiler), "-p", config], { quiet: true, cwd: consumer, shell: false });
  if (code !== 0) problems.push(`The typings do not compile (${title}):\n${output}`);
}

/** Source maps are not packed, so no file may name one. */
function pointsNowhere(name) {
  const at = join(consumer, "node_modules/@livegantt", name);
  for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|ts)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    if (/^\/[/*]# sourceMappingURL=(?!data:)/m.test(readFileSync(file, "utf8")))
      problems.push(`@livegantt/${name}: ${file.slice(at.length + 1)} names a source map that is not there`);
  }
}
