import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Config, helpText, readConfig } from "./config.ts";
import { limitNames } from "./limits.ts";

const read = (args: string[], env: Record<string, string> = {}) => readConfig(args, env) as Config;

describe("configuration", () => {
  it("has defaults for this machine alone", () => {
    expect(read([])).toMatchObject({
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

  it("flags go before environment, environment before the file", () => {
    const folder = mkdtempSync(join(tmpdir(), "livegantt-config-"));
    const file = join(folder, "c.json");
    writeFileSync(file, JSON.stringify({ port: 1, host: "::1", data: "/file", origins: ["https://a.example"], limits: { tasks: 5 } }));
    const config = read(["serve", "--port=3", `--config`, file], { PORT: "2", HOST: "127.0.0.2" });
    rmSync(folder, { recursive: true });
    expect(config).toMatchObject({ port: 3, host: "127.0.0.2", data: "/file", origins: ["https://a.example"], limits: { tasks: 5 } });
  });

  it("--help names every option, variable and limit", () => {
    expect(readConfig(["--help"], {})).toBe("help");
    expect(readConfig(["serve", "-h"], {})).toBe("help");
    const text = helpText();
    for (const name of ["--port", "PORT", "LIVEGANTT_DATA", "LIVEGANTT_SECRET", "LIVEGANTT_JWKS", "--insecure", "--config", ...limitNames])
      expect(text).toContain(name);
  });

  it.each([
    [["--prot", "1"], {}, /--prot is no option/],
    [["now"], {}, /now is no option/],
    [["--port"], {}, /--port needs a value/],
    [["--port", "99999"], {}, /0 to 65535/],
    [[], { PORT: "80a" }, /port "80a"/],
    [[], { LIVEGANTT_INSECURE: "maybe" }, /true, false/],
    [[], { LIVEGANTT_ORIGINS: "plans" }, /no origin/],
    [[], { LIVEGANTT_LIMITS: "task=5" }, /"task" is no limit/],
    [[], { LIVEGANTT_LIMITS: "tasks=-5" }, /no positive number/],
    [[], { LIVEGANTT_LOG_LEVEL: "loud" }, /log-level "loud"/],
    [["--config", "/nowhere.json"], {}, /cannot be read/],
    [[], { DATABASE_URL: "mysql://x" }, /DATABASE_URL is no address/],
  ])("%o %o is refused by name", (args, env, said) => {
    expect(() => readConfig(args, env as Record<string, string>)).toThrowError(
      expect.objectContaining({ code: "bad_option", action: "fix", message: expect.stringMatching(said) }),
    );
  });

  it("several limits and origins are lists", () => {
    expect(read([], { LIVEGANTT_LIMITS: "tasks=5, helloSeconds=0.5", LIVEGANTT_ORIGINS: "https://a.example/, http://b:8080" })).toMatchObject({
      limits: { tasks: 5, helloSeconds: 0.5 },
      origins: ["https://a.example", "http://b:8080"],
    });
  });
});
