import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
let house: string;

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), "livegantt-boundaries-"));
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  const file = join(house, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A package as the workspace has it: importable by its name, through the condition that points at its source. */
function plantPackage(name: string, source: string): void {
  plant(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@livegantt/${name}`, type: "module", exports: { ".": { "@livegantt/source": "./src/index.ts" } } }),
  );
  plant(`packages/${name}/src/index.ts`, source);
  mkdirSync(join(house, "node_modules/@livegantt"), { recursive: true });
  symlinkSync(join(house, "packages", name), join(house, "node_modules/@livegantt", name));
}

function brokenRules(): Promise<string[]> {
  const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [cruiser, "packages", "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json"];
  return new Promise((done, reject) => {
    execFile(process.execPath, args, { cwd: house, maxBuffer: 1 << 26 }, (error, stdout) => {
      if (stdout === "") return reject(error);
      const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
      done([...new Set(summary.violations.map((violation) => violation.rule.name))].sort());
    });
  });
}

test("one-way imports: a house that keeps the rules breaks none", async () => {
  plantPackage("core", "export const plan = 1;");
  plantPackage("server", 'import { plan } from "@livegantt/core";\nimport { join } from "node:path";\nexport const room = [plan, join];');
  expect(await brokenRules()).toEqual([]);
});

test("one-way imports: core that reaches for the server or for Node is reported", async () => {
  plantPackage("server", "export const room = 1;");
  plantPackage("core", 'import { readFileSync } from "node:fs";\nimport { room } from "@livegantt/server";\nexport const plan = [room, readFileSync];');
  expect(await brokenRules()).toEqual(["no-node-in-browser-code", "packages/core may import no other package"]);
});

test("one-way imports: a server that reaches for the client is reported", async () => {
  plantPackage("client", "export const replica = 1;");
  plantPackage("server", 'import { replica } from "@livegantt/client";\nexport const room = replica;');
  expect(await brokenRules()).toEqual(["packages/server may import core, files"]);
});

test("one-way imports: a circle and a missing file are reported", async () => {
  plantPackage("core", 'import { b } from "./b.ts";\nexport const a = b;');
  plant("packages/core/src/b.ts", 'import { a } from "./index.ts";\nimport { c } from "./missing.ts";\nexport const b = [a, c];');
  expect(await brokenRules()).toEqual(["no-circular", "resolvable"]);
});
