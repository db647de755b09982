import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** The real server process with a data folder of its own. It can be killed and brought back on the same port and data. */
export class ServerProcess {
  readonly #data = mkdtempSync(join(tmpdir(), "livegantt-e2e-"));
  #child: ChildProcess | undefined;
  #port = 0;

  readonly #settings: Readonly<Record<string, string>>;

  private constructor(settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
  }

  /** @param settings variables of its environment, beside port, host and data. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const env = { ...process.env, PORT: String(this.#port), HOST: "127.0.0.1", LIVEGANTT_DATA: this.#data, ...this.#settings };
    const child = spawn(process.execPath, [join(root, "packages/server/dist/main.js")], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.#port = await new Promise<number>((listening, reject) => {
      let output = "";
      const read = (chunk: Buffer) => {
        output += chunk;
        const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (port !== undefined) listening(Number(port));
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    });
  }

  /** Ends the process. SIGKILL leaves it no time for anything, as a crash would. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop("SIGTERM");
    rmSync(this.#data, { recursive: true, force: true });
  }
}
