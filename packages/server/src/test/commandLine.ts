import { spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../dist/main.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What `--json` printed. */
  // biome-ignore lint/suspicious/noExplicitAny: results of many shapes, looked into by tests
  readonly json: any;
}

/** Runs the built command line as an operator does, and waits for its end. */
export function livegantt(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((ended, failed) => {
    const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH ?? "", ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    child.on("error", failed);
    child.on("close", (code) => {
      const stdout = Buffer.concat(out);
      ended({ code, stdout, stderr: String(Buffer.concat(err)), json: args.includes("--json") && stdout.length > 0 ? JSON.parse(String(stdout)) : undefined });
    });
  });
}
