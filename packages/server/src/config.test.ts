import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig, settings } from "./config.ts";

const read = (flags: Record<string, string | boolean> = {}, env: Record<string, string> = {}) => readConfig(flags, env);

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "livegantt-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "c"), content);
  return join(folder, "c");
}

describe("configuration", () => {
  it("has defaults for this machine alone", () => {
    expect(read()).toMatchObject({
      port: 4600,
      host: "127.0.0.1",
      data: "./data",
      insecure: false,
      secret: undefined,
      origins: [],
      limits: {},
      logLevel: "info",
    });
  });

  it("flags go before environment, environment before the file, and an empty variable counts as none", () => {
    const config = fileWith(
      JSON.stringify({ port: 1, host: "::1", data: "/file", origins: ["https://a.example"], limits: { tasks: 5 }, sample: false, "keep-days": 7 }),
    );
    expect(read({ port: "3", config }, { PORT: "2", HOST: "127.0.0.2", LIVEGANTT_DATA: "" })).toMatchObject({
      port: 3,
      host: "127.0.0.2",
      data: "/file",
      origins: ["https://a.example"],
      limits: { tasks: 5, keepDays: 7 },
      sample: false,
    });
    expect(read({ sample: true, config }).sample).toBe(true);
  });

  it("D3 retention: revisions, days, and days for removed records", () => {
    const env = { LIVEGANTT_KEEP_REVISIONS: "100", LIVEGANTT_KEEP_DAYS: "30", LIVEGANTT_TOMBSTONE_DAYS: "10" };
    expect(read({}, env).limits).toEqual({ keepRevisions: 100, keepDays: 30, tombstoneDays: 10 });
  });

  it("D6 a secret and the address of the database may be in files of their own", () => {
    const [secret, database] = [fileWith("s".repeat(40)), fileWith("postgres://u:p@db/x\n")];
    expect(read({}, { LIVEGANTT_SECRET_FILE: secret, DATABASE_URL_FILE: database })).toMatchObject({ secret: "s".repeat(40), database: "postgres://u:p@db/x" });
  });

  it("every setting has a flag and a variable of its own", () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length);
  });

  it.each([
    [{ port: "99999" }, {}, /0 to 65535/],
    [{}, { PORT: "80a" }, /port "80a"/],
    [{}, { LIVEGANTT_INSECURE: "maybe" }, /true, false/],
    [{}, { LIVEGANTT_ORIGINS: "plans" }, /no origin/],
    [{}, { LIVEGANTT_LIMITS: "task=5" }, /"task" is no limit/],
    [{}, { LIVEGANTT_LIMITS: "tasks=-5" }, /tasks "-5" is no positive number/],
    [{}, { LIVEGANTT_LIMITS: "keepDays=5" }, /"keepDays" is set by --keep-days/],
    [{}, { LIVEGANTT_KEEP_DAYS: "never" }, /keep-days "never" is no positive number/],
    [{}, { LIVEGANTT_LOG_LEVEL: "loud" }, /log-level "loud"/],
    [{ config: "/nowhere.json" }, {}, /cannot be read/],
    [{}, { LIVEGANTT_SECRET_FILE: "/nowhere" }, /secret-file "\/nowhere" cannot be read/],
    [{}, { LIVEGANTT_SECRET_FILE: "/nowhere", LIVEGANTT_SECRET: "x" }, /together with secret/],
    [{}, { DATABASE_URL: "mysql://x" }, /DATABASE_URL is no address/],
  ])("%o %o is refused by name", (flags, env, said) => {
    expect(() => readConfig(flags as Record<string, string>, env as Record<string, string>)).toThrowError(
      expect.objectContaining({ code: "bad_option", action: "fix", message: expect.stringMatching(said) }),
    );
  });

  it("several limits and origins are lists", () => {
    expect(read({}, { LIVEGANTT_LIMITS: "tasks=5, helloSeconds=0.5", LIVEGANTT_ORIGINS: "https://a.example/, http://b:8080" })).toMatchObject({
      limits: { tasks: 5, helloSeconds: 0.5 },
      origins: ["https://a.example", "http://b:8080"],
    });
  });
});
