// The guides are run: each block of TypeScript in them compiles, and each one marked `run` prints what its `// prints:` comments say.
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const root = resolve(import.meta.dirname, "..");
const workshop = join(import.meta.dirname, ".run");

interface Block {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly runs: boolean;
}

function blocksOf(page: string): Block[] {
  const fences = readFileSync(join(root, page), "utf8").matchAll(/^```(tsx?)( run)?\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, extension, mark, code = ""], index) => {
    const name = `${page.replace(/\W+/g, "-")}-${index + 1}`;
    return { title: `${page}, block ${index + 1}`, file: join(workshop, `${name}.${extension}`), code, runs: mark !== undefined };
  });
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "ARCHITECTURE.md",
  ...readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join("docs", path)),
];
const blocks = pages.flatMap(blocksOf);

beforeAll(() => {
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop);
  for (const { file, code } of blocks) writeFileSync(file, `${code}\nexport {};\n`);
  writeFileSync(join(workshop, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.tests.json", include: ["*.ts", "*.tsx"] }));
});
afterAll(() => rmSync(workshop, { recursive: true, force: true }));

test("guides: every block of code compiles", async () => {
  const compiler = join(root, "node_modules/typescript7/bin/tsc");
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, [compiler, "-p", workshop], { cwd: root }, (_error, stdout, stderr) => done(stdout + stderr));
  });
  // What does not compile elsewhere is told by the check of types.
  expect(output.split("\n").filter((line) => line.startsWith("docs/.run"))).toEqual([]);
}, 90_000);

describe("guides: every block marked run prints what it says", () => {
  for (const { title, file, code } of blocks.filter((block) => block.runs)) {
    test(title, async () => {
      const printed: string[] = [];
      const log = vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
        printed.push(values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" "));
      });
      await import(pathToFileURL(file).href).finally(() => log.mockRestore());
      expect(printed).toEqual([...code.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line]) => line));
    });
  }
});
