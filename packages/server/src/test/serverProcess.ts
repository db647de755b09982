import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { atEnd } from "./harness.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const main = join(root, "packages/server/dist/main.js");

/** Brings the built program up to date. */
export function buildServer(): void {
  execFileSync(process.execPath, [join(root, "node_modules/typescript7/bin/tsc"), "-b", join(root, "packages/server")], { stdio: "pipe" });
}

/** The process as a person starts it; killed after the test. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  output = "";

  constructor(env: Record<string, string>, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH ?? "", PORT: "0", LIVEGANTT_LOG_LEVEL: "warn", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stderr?.on("data", (chunk) => {
      this.output += chunk;
    });
    this.#lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    atEnd(() => this.child.kill("SIGKILL"));
  }

  /** The printed link. */
  async link(): Promise<URL> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the process ended: ${this.output}`);
      const link = /^livegantt is running: (\S+)$/.exec(value)?.[1];
      if (link) return new URL(link);
    }
  }

  async end(signal?: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      if (signal) child.kill(signal);
      await exit;
    }
    return child.exitCode;
  }
}
