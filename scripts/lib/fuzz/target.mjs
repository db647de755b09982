import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../run.mjs";
import { arena } from "./session.mjs";

/** Rates are out of the way, so that every frame reaches what it is meant for; floods have stories of their own. */
const limits = {
  framesPerSecond: 1e9,
  changesPerSecond: 1e9,
  requestsPerSecond: 1e9,
  connectionsPerAddress: 1e6,
  idleProjectSeconds: 20,
  snapshotEvery: 500,
};

/** A server process of its own, with a database of its own. Whatever it says is a fault: it logs errors only. */
export class Target {
  /** What went wrong in it: lines of its log, and its end. */
  faults = [];
  #child;
  #folder = mkdtempSync(join(tmpdir(), "livegantt-fuzz-"));
  #isEnding = false;

  /** @param {{ main?: string }} [options] `main`: path of the server's program. */
  static async start({ main = join(root, "packages/server/dist/main.js") } = {}) {
    const target = new Target();
    await target.#start(main);
    return target;
  }

  async #start(main) {
    this.#child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
        PORT: "0",
        LIVEGANTT_DATA: this.#folder,
        LIVEGANTT_LOG_LEVEL: "error",
        LIVEGANTT_LIMITS: Object.entries(limits)
          .map(([name, value]) => `${name}=${value}`)
          .join(","),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.exited = once(this.#child, "exit").then(([code, signal]) => {
      if (!this.#isEnding) this.faults.push(`the server ended with ${signal ?? code}`);
    });
    createInterface({ input: this.#child.stderr }).on("line", (line) => this.faults.push(`the server said: ${line}`));
    for await (const line of createInterface({ input: this.#child.stdout })) {
      const [, url] = /^livegantt is running: (http:\/\/[^/]+)/.exec(line) ?? [];
      if (url === undefined) continue;
      this.url = url;
      break;
    }
    if (this.url === undefined) throw new Error(`the server did not start: ${this.faults.join("; ")}`);
    this.port = Number(new URL(this.url).port);
  }

  /** @returns {Promise<string>} id of a new project with the plan that is worked on. */
  async project() {
    const response = await this.fetch("/api/projects", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Arena", plan: arena }),
    });
    return (await response.json()).id;
  }

  fetch(path, init) {
    return fetch(`${this.url}${path}`, init);
  }

  erase(project) {
    return this.fetch(`/api/projects/${project}?purge=true`, { method: "DELETE" }).catch(() => {});
  }

  /** Paths of the HTTP interface, as the server describes them, and those beside it. */
  async paths() {
    const document = await (await this.fetch("/api/openapi.json")).json();
    return [...Object.keys(document.paths), "/", "/p/{id}", "/assets/x.js", "/gantt-sync", "/api/openapi.json", "/nothing"];
  }

  /** Bytes of memory that it has. */
  async memory() {
    const text = await (await this.fetch("/metrics")).text();
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  }

  /** Does it answer? */
  async isHealthy() {
    return this.fetch("/healthz", { signal: AbortSignal.timeout(10_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async end() {
    this.#isEnding = true;
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 8_000);
    this.#child.kill("SIGTERM");
    await this.exited;
    clearTimeout(killer);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
