import { bad, type Environment } from "../config.ts";
import { ServerError } from "../errors.ts";
import { StoreError } from "../interfaces/store.ts";
import { version } from "../version.ts";
import { helpOf, type Listed, parseCall } from "./command.ts";

/** The first one is what runs without a name. */
const commands: readonly Listed[] = [
  { name: "serve", summary: "Start the server and its page", load: async () => (await import("./serve.ts")).serve },
  { name: "plans", summary: "List the projects", load: async () => (await import("./plans.ts")).plans },
  {
    name: "import",
    summary: "Make a project of a file: MS Project XML, Primavera XER, CSV or JSON",
    load: async () => (await import("./import.ts")).importCommand,
  },
  { name: "export", summary: "Write a project, or all of them, as files", load: async () => (await import("./export.ts")).exportCommand },
  { name: "history", summary: "Show who changed what and when in a project, newest first", load: async () => (await import("./history.ts")).history },
  { name: "check", summary: "Prove that everything in a database, or in a backup, is sound", load: async () => (await import("./check.ts")).check },
  { name: "backup", summary: "Write everything into one file, while servers go on working", load: async () => (await import("./backup.ts")).backup },
  { name: "restore", summary: "Put a backup into an empty folder or database", load: async () => (await import("./restore.ts")).restore },
  { name: "compact", summary: "Fold history that is older than the limits into snapshots", load: async () => (await import("./compact.ts")).compact },
  { name: "token", summary: "Make an access token, signed with the server's secret", load: async () => (await import("./token.ts")).token },
  { name: "forget-user", summary: "Take a person out of history, comments and the audit log", load: async () => (await import("./forgetUser.ts")).forgetUser },
  { name: "purge", summary: "Erase a project for good, with all its history", load: async () => (await import("./purge.ts")).purge },
];

const faultFound = 1;
const badUsage = 2;

const overview = (): string =>
  [
    "Usage: livegantt [command] [options]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`),
    "",
    "Without a command it serves. livegantt COMMAND --help lists the options of one, --version tells the version.",
    "",
    "Exit codes: 0 done, 1 a fault was found or it could not be done, 2 the command was not understood.",
  ].join("\n");

/** Runs the command line. @returns the exit code. */
export async function run(args: readonly string[], env: Environment): Promise<number> {
  try {
    return await dispatch(args, env);
  } catch (error) {
    if (!isExpected(error)) throw error;
    report(error, args.includes("--json"));
    return isUsage(error) ? badUsage : faultFound;
  }
}

async function dispatch(args: readonly string[], env: Environment): Promise<number> {
  const [first] = args;
  if (first === "help" || first === "--help" || first === "-h") {
    console.log(overview());
    return 0;
  }
  if (first === "--version") {
    console.log(version);
    return 0;
  }
  const named = first !== undefined && !first.startsWith("-");
  const listed = named ? commands.find(({ name }) => name === first) : commands[0];
  if (!listed) throw bad(`"${first}"`, "is no command. livegantt --help lists all.");
  const command = await listed.load();
  const call = parseCall(listed.name, command, named ? args.slice(1) : args, env);
  if (call === "help") {
    console.log(helpOf(listed, command));
    return 0;
  }
  return command.run(call);
}

type Expected = Error & { readonly code?: string };

/** Refusals by this package, or by a part that says what the person can do about it (FileError, PlanError): everything else is a fault of the program. */
const isExpected = (error: unknown): error is Expected =>
  error instanceof ServerError || error instanceof StoreError || error instanceof RangeError || (error instanceof Error && "action" in error);

const usage = new Set(["bad_option", "insecure_address", "weak_secret", "bad_key_set", "no_secret"]);
const isUsage = (error: Expected): boolean => error instanceof RangeError || (error instanceof ServerError && usage.has(error.code));

function report(error: Expected, json: boolean): void {
  const { message } = error;
  console.error(`livegantt: ${message}`);
  if (!json) return;
  const body = error instanceof ServerError ? error.body() : { code: error.code ?? "bad_option", message };
  console.log(JSON.stringify({ error: body }, null, 2));
}
