import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "./run.ts";

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const way of ["log", "error"] as const) vi.spyOn(console, way).mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

const commands = ["serve", "plans", "import", "export", "history", "check", "backup", "restore", "compact", "token", "forget-user", "purge"];

it("U7 the overview names every command, and each has a help that names its options", async () => {
  for (const help of ["help", "--help", "-h"]) expect(await run([help], {})).toBe(0);
  for (const command of commands) expect(printed[0]).toContain(`  ${command} `);
  for (const command of commands) {
    printed.length = 0;
    expect(await run([command, "--help"], {})).toBe(0);
    expect(printed.join("\n")).toMatch(new RegExp(`^Usage: livegantt ${command}\\b[\\s\\S]*--json[\\s\\S]*--help`));
  }
});

it.each([
  [["prune"], /"prune" is no command/],
  [["plans", "--prot", "1"], /--prot is no option of livegantt plans/],
  [["--port"], /--port needs a value/],
  [["serve", "--port", "http"], /port "http" is no number/],
  [["plans", "--archived=yes"], /--archived stands alone/],
  [["export"], /needs a PROJECT, or --all/],
  [["history"], /needs PROJECT/],
  [["history", "a", "b"], /"b" is one word too many/],
  [["history", "a", "--limit", "many"], /--limit needs a whole number/],
  [["export", "a", "--format", "mpp"], /--format "mpp" is none of json/],
  [["restore", "a", "--in-place"], /needs a FILE, or --in-place/],
  [["purge", "a"], /Say --yes/],
  [["forget-user", "--yes"], /needs --sub or --name/],
  [["forget-user", "--sub", "ada"], /Say --yes/],
  [["plans", "--url", "plans.example.com"], /is no address/],
  [["token", "--sub", "ada"], /needs the server's secret/],
])("U7 %o is a matter of usage: exit code 2 and one line", async (args, said) => {
  expect(await run(args, {})).toBe(2);
  expect(printed).toEqual([expect.stringMatching(said)]);
});

it.each([
  [["--sub", "ada", "--project", "x=boss"], /"x=boss" is no project and role/],
  [["--sub", "ada"], /needs at least one --project/],
  [["--project", "x=viewer"], /needs --sub/],
  [["--sub", "ada", "--project", "x=viewer", "--expires", "soon"], /"soon" is no duration/],
])("U7 token %o is refused", async (args, said) => {
  expect(await run(["token", ...args], { LIVEGANTT_SECRET: "s".repeat(40) })).toBe(2);
  expect(printed).toEqual([expect.stringMatching(said)]);
});

it("U7 a weak secret makes no token", async () => {
  expect(await run(["token", "--sub", "ada", "--project", "x=viewer"], { LIVEGANTT_SECRET: "short" })).toBe(2);
  expect(printed).toEqual([expect.stringMatching(/at least 32/)]);
});
