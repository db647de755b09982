// `npm run licences` writes docs/licences.md from package-lock.json; with --check it only says whether the page is current.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./lib/run.mjs";

const page = join(root, "docs/licences.md");
/** Licences whose code a product under any terms can use unchanged (MPL-2.0: Vite's CSS tool). Another one in what runs needs a decision by a person. */
const accepted = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
  "MPL-2.0",
]);
const isAccepted = (licence) =>
  licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((part) => accepted.has(part.trim())));

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const rows = Object.entries(packages)
  .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
  .map(([path, entry]) => {
    const name = entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return { name, version: entry.version, licence: entry.license ?? "not stated", isTool: entry.dev === true };
  });

function table(isTool) {
  const lines = rows.filter((row) => row.isTool === isTool).map((row) => `| ${row.name} | ${row.version} | ${row.licence} |`);
  return ["| package | version | licence |", "| --- | --- | --- |", ...[...new Set(lines)].sort()].join("\n");
}

const text = `# Licences of what livegantt uses

livegantt itself is under the MIT licence (\`LICENSE\`). This page is made from \`package-lock.json\` by \`npm run licences\`.

## In what runs

${table(false)}

## Tools for building and testing

${table(true)}
`;

const unusual = rows.filter((row) => !row.isTool && !isAccepted(row.licence));
for (const { name, version, licence } of unusual)
  console.error(`${name}@${version} is under ${licence}, which is not on the list of accepted licences in scripts/licences.mjs.`);
if (process.argv.includes("--check")) {
  if (readFileSync(page, "utf8") !== text) fail("docs/licences.md is not current: run `npm run licences`.");
} else {
  writeFileSync(page, text);
}
process.exitCode = unusual.length === 0 ? 0 : 1;
