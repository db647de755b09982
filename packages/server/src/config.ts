import { readFileSync } from "node:fs";
import { ServerError } from "./errors.ts";
import { aboutLimit, defaultLimits, type LimitName, type Limits, limitNames } from "./limits.ts";

/** Everything a server process can be told, one line each: flag, environment variable, default, help. The file of `--config` holds the same names as JSON. */
const settings = [
  { name: "port", env: "PORT", value: "4600", hint: "N", about: "port to listen on; 0 takes a free one" },
  { name: "host", env: "HOST", value: "127.0.0.1", hint: "ADDRESS", about: "address to listen on; others than this machine's need a secret" },
  { name: "data", env: "LIVEGANTT_DATA", value: "./data", hint: "FOLDER", about: "folder of the embedded database" },
  {
    name: "database",
    env: "DATABASE_URL",
    value: "",
    hint: "URL",
    about: "PostgreSQL database in place of the folder, shared by any number of servers; better set by environment or file",
  },
  {
    name: "secret",
    env: "LIVEGANTT_SECRET",
    value: "",
    hint: "TEXT",
    about: "secret of HS256 access tokens, 32 bytes or more; better set by environment or file",
  },
  { name: "jwks", env: "LIVEGANTT_JWKS", value: "", hint: "URL|JSON", about: "key set for access tokens that somebody else signs" },
  { name: "issuer", env: "LIVEGANTT_ISSUER", value: "", hint: "TEXT", about: "issuer that access tokens must name" },
  { name: "audience", env: "LIVEGANTT_AUDIENCE", value: "", hint: "TEXT", about: "audience that access tokens must name" },
  { name: "origins", env: "LIVEGANTT_ORIGINS", value: "", hint: "A,B", about: "origins of other pages that may use this server" },
  { name: "hosts", env: "LIVEGANTT_HOSTS", value: "", hint: "A,B", about: "host names that are answered without a secret, beside localhost" },
  { name: "insecure", env: "LIVEGANTT_INSECURE", value: "false", hint: "", about: "listen beyond this machine without a secret: everybody is admin" },
  { name: "trust-proxy", env: "LIVEGANTT_TRUST_PROXY", value: "false", hint: "", about: "take the client's address from X-Forwarded-For" },
  { name: "web", env: "LIVEGANTT_WEB", value: "", hint: "FOLDER", about: "folder of the built page" },
  { name: "limits", env: "LIVEGANTT_LIMITS", value: "", hint: "NAME=N,…", about: "other limits than the defaults below" },
  { name: "log-level", env: "LIVEGANTT_LOG_LEVEL", value: "info", hint: "LEVEL", about: "trace, debug, info, warn, error or silent" },
] as const;

type Setting = (typeof settings)[number]["name"];
const flags: ReadonlySet<Setting> = new Set(["insecure", "trust-proxy"]);
const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly database: string | undefined;
  readonly secret: string | undefined;
  readonly jwks: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
  readonly insecure: boolean;
  readonly trustProxy: boolean;
  readonly web: string | undefined;
  readonly limits: Partial<Limits>;
  readonly logLevel: string;
}

export function helpText(): string {
  const row = (left: string, right: string): string => `  ${left.padEnd(34)} ${right}`;
  return [
    "Usage: livegantt [serve] [options]",
    "",
    "Starts the server and its page. Options come from flags, then environment, then the JSON file of --config, then defaults.",
    "",
    "Options:",
    ...settings.map(({ name, env, value, hint, about }) =>
      row(`--${name}${hint && ` ${hint}`}`, `${about} (${env}${value && value !== "false" ? `, default ${value}` : ""})`),
    ),
    row("--config FILE", "JSON file with these options by name (LIVEGANTT_CONFIG)"),
    row("--help", "this text"),
    "",
    "Limits:",
    ...limitNames.map((name) => row(`${name}=${defaultLimits[name]}`, aboutLimit(name))),
    "",
  ].join("\n");
}

/** @throws ServerError that names the option, what is wrong with it and what would be right. */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config | "help" {
  const given = readFlags(args);
  if (given === "help") return "help";
  const file = readFile(given.get("config") ?? env.LIVEGANTT_CONFIG);
  const text = (name: Setting): string => {
    const setting = settings.find((each) => each.name === name) as (typeof settings)[number];
    return given.get(name) ?? env[setting.env] ?? file[name] ?? setting.value;
  };
  const optional = (name: Setting): string | undefined => text(name) || undefined;
  const list = (name: Setting): string[] =>
    text(name)
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
  return {
    port: port(text("port")),
    host: text("host"),
    data: text("data"),
    database: database(optional("database")),
    secret: optional("secret"),
    jwks: optional("jwks"),
    issuer: optional("issuer"),
    audience: optional("audience"),
    origins: list("origins").map(origin),
    hosts: list("hosts"),
    insecure: flag("insecure", text("insecure")),
    trustProxy: flag("trust-proxy", text("trust-proxy")),
    web: optional("web"),
    limits: limits(list("limits")),
    logLevel: oneOf("log-level", text("log-level"), levels),
  };
}

function readFlags(args: readonly string[]): Map<string, string> | "help" {
  const given = new Map<string, string>();
  const rest = args[0] === "serve" ? args.slice(1) : [...args];
  while (rest.length > 0) {
    const arg = rest.shift() as string;
    const [, name = "", inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === "help" || arg === "-h") return "help";
    if (name !== "config" && !settings.some((setting) => setting.name === name)) throw bad(arg, "is no option. --help lists all.");
    const value = inline ?? (flags.has(name as Setting) ? "true" : rest.shift());
    if (value === undefined) throw bad(`--${name}`, "needs a value.");
    given.set(name, value);
  }
  return given;
}

function readFile(path: string | undefined): Readonly<Record<string, string>> {
  if (path === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw bad(`--config ${path}`, `cannot be read: ${(cause as Error).message}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(`--config ${path}`, "must hold one JSON object.");
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      if (!settings.some((setting) => setting.name === name)) throw bad(`--config ${path}: ${name}`, "is no option. --help lists all.");
      const text =
        typeof value === "object" && value !== null
          ? (Array.isArray(value) ? value : Object.entries(value).map(([key, n]) => `${key}=${n}`)).join(",")
          : String(value);
      return [name, text];
    }),
  );
}

const bad = (what: string, why: string): ServerError => new ServerError("bad_option", "fix", `${what} ${why}`);

function port(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n > 65_535) throw bad(`port "${text}"`, "is no number from 0 to 65535.");
  return n;
}

function flag(name: Setting, text: string): boolean {
  return oneOf(name, text.toLowerCase(), ["true", "false", "1", "0", "yes", "no"]).match(/^(true|1|yes)$/) !== null;
}

function oneOf(name: Setting, text: string, allowed: readonly string[]): string {
  if (!allowed.includes(text)) throw bad(`${name} "${text}"`, `is none of ${allowed.join(", ")}.`);
  return text;
}

/** Not repeated in the message: it holds a password. */
function database(text: string | undefined): string | undefined {
  const good = text === undefined || (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol));
  if (!good) throw bad("DATABASE_URL", "is no address of a PostgreSQL database such as postgres://user:password@host:5432/livegantt.");
  return text;
}

function origin(text: string): string {
  try {
    return new URL(text).origin;
  } catch {
    throw bad(`origins: "${text}"`, "is no origin such as https://plans.example.com.");
  }
}

function limits(pairs: readonly string[]): Partial<Limits> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      if (!limitNames.includes(name as LimitName)) throw bad(`limits: "${name}"`, "is no limit. --help lists all.");
      if (!/^\d+(\.\d+)?$/.test(value) || Number(value) <= 0) throw bad(`limits: ${name}="${value}"`, "is no positive number.");
      return [name, Number(value)];
    }),
  );
}
