import { readFileSync } from "node:fs";
import { ServerError } from "./errors.ts";
import { aboutLimit, defaultLimits, type LimitName, type Limits, limitNames } from "./limits.ts";

interface Setting {
  readonly name: string;
  readonly env: string;
  readonly value: string;
  /** What follows the flag; nothing where it stands alone. */
  readonly hint: string;
  readonly about: string;
}

/** Everything a server process can be told, one line each: flag, environment variable, default, help. The file of `--config` holds the same names as JSON. */
export const settings = [
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
  { name: "database-file", env: "DATABASE_URL_FILE", value: "", hint: "FILE", about: "file that holds that address, such as a mounted secret" },
  {
    name: "secret",
    env: "LIVEGANTT_SECRET",
    value: "",
    hint: "TEXT",
    about: "secret of HS256 access tokens, 32 bytes or more; better set by environment or file",
  },
  { name: "secret-file", env: "LIVEGANTT_SECRET_FILE", value: "", hint: "FILE", about: "file that holds that secret, such as a mounted one" },
  { name: "jwks", env: "LIVEGANTT_JWKS", value: "", hint: "URL|JSON", about: "key set for access tokens that somebody else signs" },
  { name: "issuer", env: "LIVEGANTT_ISSUER", value: "", hint: "TEXT", about: "issuer that access tokens must name" },
  { name: "audience", env: "LIVEGANTT_AUDIENCE", value: "", hint: "TEXT", about: "audience that access tokens must name" },
  { name: "origins", env: "LIVEGANTT_ORIGINS", value: "", hint: "A,B", about: "origins of other pages that may use this server" },
  { name: "hosts", env: "LIVEGANTT_HOSTS", value: "", hint: "A,B", about: "host names that are answered without a secret, beside localhost" },
  { name: "insecure", env: "LIVEGANTT_INSECURE", value: "false", hint: "", about: "listen beyond this machine without a secret: everybody is admin" },
  { name: "trust-proxy", env: "LIVEGANTT_TRUST_PROXY", value: "false", hint: "", about: "take the client's address from X-Forwarded-For" },
  { name: "web", env: "LIVEGANTT_WEB", value: "", hint: "FOLDER", about: "folder of the built page" },
  { name: "sample", env: "LIVEGANTT_SAMPLE", value: "true", hint: "", about: "put a sample plan into an empty database; --no-sample does not" },
  {
    name: "keep-revisions",
    env: "LIVEGANTT_KEEP_REVISIONS",
    value: String(defaultLimits.keepRevisions),
    hint: "N",
    about: aboutLimit("keepRevisions"),
  },
  { name: "keep-days", env: "LIVEGANTT_KEEP_DAYS", value: String(defaultLimits.keepDays), hint: "N", about: aboutLimit("keepDays") },
  { name: "tombstone-days", env: "LIVEGANTT_TOMBSTONE_DAYS", value: String(defaultLimits.tombstoneDays), hint: "N", about: aboutLimit("tombstoneDays") },
  { name: "limits", env: "LIVEGANTT_LIMITS", value: "", hint: "NAME=N,…", about: "other limits than the defaults below" },
  { name: "log-level", env: "LIVEGANTT_LOG_LEVEL", value: "info", hint: "LEVEL", about: "trace, debug, info, warn, error or silent" },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]["name"];
/** Values of flags by name; a flag that stands alone is true, or false with `--no-` before it. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Limits that have a setting of their own. */
const retention = { keepRevisions: "keep-revisions", keepDays: "keep-days", tombstoneDays: "tombstone-days" } as const;
/** What `--limits` may name. */
export const limitsByName: readonly LimitName[] = limitNames.filter((name) => !(name in retention));
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
  readonly sample: boolean;
  readonly limits: Partial<Limits>;
  readonly logLevel: string;
}

/**
 * Flags go before the environment, the environment before the file of `--config`, the file before the defaults. An empty variable counts as none.
 * @throws ServerError `bad_option` that names the option, what is wrong with it and what would be right.
 */
export function readConfig(flags: Flags, env: Environment): Config {
  const file = readFile(typeof flags.config === "string" ? flags.config : env.LIVEGANTT_CONFIG);
  const given = (name: SettingName): string | undefined => flags[name]?.toString() ?? (env[settingNamed(name).env] || file[name]);
  const text = (name: SettingName): string => given(name) ?? settingNamed(name).value;
  const optional = (name: SettingName): string | undefined => text(name) || undefined;
  const list = (name: SettingName): string[] =>
    text(name)
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
  /** A secret by itself or in a file, not both: which one counts must not be a matter of guessing. */
  const secret = (name: "secret" | "database"): string | undefined => {
    const path = optional(`${name}-file`);
    if (path === undefined) return optional(name);
    if (optional(name) !== undefined) throw bad(`${name}-file`, `is set together with ${name}. Set one of them.`);
    return contentOf(`${name}-file`, path);
  };
  const kept = Object.entries(retention).flatMap(([limit, name]) => {
    const value = given(name);
    return value === undefined ? [] : [[limit, positive(name, value)] as const];
  });
  return {
    port: port(text("port")),
    host: text("host"),
    data: text("data"),
    database: database(secret("database")),
    secret: secret("secret"),
    jwks: optional("jwks"),
    issuer: optional("issuer"),
    audience: optional("audience"),
    origins: list("origins").map(origin),
    hosts: list("hosts"),
    insecure: flag("insecure", text("insecure")),
    trustProxy: flag("trust-proxy", text("trust-proxy")),
    web: optional("web"),
    sample: flag("sample", text("sample")),
    limits: { ...limits(list("limits")), ...Object.fromEntries(kept) },
    logLevel: oneOf("log-level", text("log-level"), levels),
  };
}

export const settingNamed = (name: SettingName): Setting => settings.find((each) => each.name === name) as Setting;

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

function contentOf(name: string, path: string): string {
  let content: string;
  try {
    content = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw bad(`${name} "${path}"`, `cannot be read: ${(cause as Error).message}`);
  }
  if (content === "") throw bad(`${name} "${path}"`, "is empty.");
  return content;
}

/** A wish that cannot be fulfilled as it stands: the command line ends with 2. */
export const bad = (what: string, why: string): ServerError => new ServerError("bad_option", "fix", `${what} ${why}`);

function port(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n > 65_535) throw bad(`port "${text}"`, "is no number from 0 to 65535.");
  return n;
}

function positive(name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0) throw bad(`${name} "${text}"`, "is no positive number.");
  return Number(text);
}

function flag(name: SettingName, text: string): boolean {
  return oneOf(name, text.toLowerCase(), ["true", "false", "1", "0", "yes", "no"]).match(/^(true|1|yes)$/) !== null;
}

function oneOf(name: SettingName, text: string, allowed: readonly string[]): string {
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
      if (name in retention) throw bad(`limits: "${name}"`, `is set by --${retention[name as keyof typeof retention]}.`);
      if (!limitNames.includes(name as LimitName)) throw bad(`limits: "${name}"`, "is no limit. --help lists all.");
      return [name, positive(`limits: ${name}`, value)];
    }),
  );
}
