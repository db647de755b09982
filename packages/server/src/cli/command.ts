import { parseArgs } from "node:util";
import { bad, type Config, type Environment, type Flags, readConfig, type SettingName, settingNamed } from "../config.ts";

/** A flag of one command. */
export interface Option {
  readonly name: string;
  /** What follows the flag; left out: it stands alone. */
  readonly hint?: string;
  readonly about: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
}

export interface Command {
  /** Names of what must follow the command, in order; one in square brackets may be left out. */
  readonly operands: readonly string[];
  /** Settings of the server that matter here. */
  readonly settings: readonly SettingName[];
  readonly options: readonly Option[];
  /** Paragraphs below the options. */
  readonly notes?: readonly string[];
  /** @returns the exit code: 0, or 1 where a fault was found. */
  run(call: Call): Promise<number>;
}

/** A command in the list of all, loaded when it is asked for: most of them need little of the server. */
export interface Listed {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** One use of a command. */
export interface Call {
  readonly operands: readonly string[];
  readonly config: Config;
  readonly env: Environment;
  readonly json: boolean;
  option(name: string): string | undefined;
  list(name: string): readonly string[];
  has(name: string): boolean;
  /** Writes the result: the object with `--json`, otherwise the lines for people. */
  print(result: object, lines: readonly string[]): void;
}

const common: readonly Option[] = [
  { name: "config", hint: "FILE", about: "JSON file with these options by name (LIVEGANTT_CONFIG)" },
  { name: "json", about: "the result as JSON" },
  { name: "help", about: "this text" },
];

type Given = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** @throws ServerError `bad_option` for what the command does not know, or lacks. */
export function parseCall(name: string, command: Command, args: readonly string[], env: Environment): Call | "help" {
  const { values, positionals } = parsed(name, command, args);
  if (values.help === true) return "help";
  const needed = command.operands.filter((operand) => !operand.startsWith("["));
  if (positionals.length < needed.length) throw bad(`livegantt ${name}`, `needs ${needed[positionals.length]}. See livegantt ${name} --help.`);
  const extra = positionals[command.operands.length];
  if (extra !== undefined) throw bad(`"${extra}"`, `is one word too many for livegantt ${name}.`);
  const json = values.json === true;
  return {
    operands: positionals,
    config: readConfig(values as Flags, env),
    env,
    json,
    option: (option) => (typeof values[option] === "string" ? values[option] : undefined),
    list: (option) => [values[option] ?? []].flat().map(String),
    has: (option) => values[option] === true,
    print: (result, lines) => console.log(json ? JSON.stringify(result, null, 2) : lines.join("\n")),
  };
}

function parsed(name: string, command: Command, args: readonly string[]): { readonly values: Given; readonly positionals: readonly string[] } {
  const options = Object.fromEntries([
    ...command.settings.map((name) => [name, { type: settingNamed(name).hint === "" ? ("boolean" as const) : ("string" as const) }]),
    ...[...command.options, ...common].map(({ name, hint, multiple = false }) => [
      name,
      { type: hint === undefined ? ("boolean" as const) : ("string" as const), multiple, ...(name === "help" && { short: "h" }) },
    ]),
  ]);
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const { code = "", message } = error as Error & { code?: string };
    const option = /'(-[^' =]*)/.exec(message)?.[1] ?? "an option";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw bad(option, `is no option of livegantt ${name}. --help lists all.`);
    if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE")
      throw bad(option, /not take an argument/.test(message) ? "stands alone, without a value." : "needs a value.");
    throw error;
  }
}

const row = (left: string, right: string): string => `  ${left.padEnd(26)} ${right}`;
const flag = ({ name, hint }: { readonly name: string; readonly hint?: string }): string => `--${name}${hint ? ` ${hint}` : ""}`;

export function helpOf({ name, summary }: Listed, { operands, settings, options, notes = [] }: Command): string {
  return [
    `Usage: livegantt ${[name, ...operands].join(" ")} [options]`,
    "",
    `${summary}.`,
    "",
    "Options:",
    ...options.map((option) => row(flag(option), option.about)),
    ...settings.map(settingNamed).map((setting) => {
      const { env, value } = setting;
      return row(flag(setting), `${setting.about} (${env}${value && value !== "false" ? `, default ${value}` : ""})`);
    }),
    ...common.map((option) => row(flag(option), option.about)),
    ...notes.flatMap((note) => ["", note]),
  ].join("\n");
}
