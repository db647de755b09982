import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerMessage } from "@livegantt/core";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import { createServer, type RunningServer, type ServerOptions } from "../server.ts";

type Of<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;
export type Answer = Of<"ack"> | Of<"conflict"> | Of<"error">;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Runs when the current test has ended, last registered first. */
export const atEnd = (end: () => unknown): void => void endings.push(end);

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "livegantt-server-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server with a real SQLite file on a free port; closed after the test. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer & { readonly data: string }> {
  const data = options.data ?? temporaryFolder();
  const server = await createServer({ port: 0, data, ...options });
  atEnd(() => server.close());
  return { ...server, data };
}

export const twoTasks = {
  tasks: [
    { id: "a", name: "A", duration: 2, durationUnit: "day" },
    { id: "b", name: "B", duration: 1, durationUnit: "day" },
  ],
};

export async function request(url: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) {
  const init: RequestInit =
    body === undefined ? { method, headers } : { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked into by tests
  return { status: response.status, headers: response.headers, body: (text.startsWith("{") ? JSON.parse(text) : text) as any };
}

export async function newProject(url: string, plan: unknown = twoTasks, name = "Test"): Promise<string> {
  const { status, body } = await request(`${url}/api/projects`, "POST", { name, plan });
  if (status !== 201) throw new Error(`creating answered ${status}: ${JSON.stringify(body)}`);
  return body.id;
}

/** A raw socket that keeps everything it heard. */
export class Probe {
  readonly socket: WebSocket;
  readonly seen: ServerMessage[] = [];
  closeCode: number | undefined;
  readonly #waiting = new Set<() => void>();
  #read = 0;
  #number = 0;
  revision = 0;

  constructor(url: string, project: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/gantt-sync?project=${encodeURIComponent(project)}`, { headers });
    this.socket.on("message", (data) => {
      this.seen.push(JSON.parse(String(data)) as ServerMessage);
      this.#wake();
    });
    this.socket.on("close", (code) => {
      this.closeCode = code;
      this.#wake();
    });
    this.socket.on("error", () => this.#wake());
    atEnd(() => this.socket.terminate());
  }

  /** Connected and greeted. */
  static async join(url: string, project: string, hello: Record<string, unknown> = {}): Promise<Probe> {
    const probe = new Probe(url, project);
    await probe.open();
    await probe.hello(hello);
    return probe;
  }

  async open(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, "open");
  }

  async hello(hello: Record<string, unknown> = {}): Promise<Of<"init">> {
    this.send({ type: "hello", protocol: 1, user: { name: "Probe" }, ...hello });
    const init = await this.next("init");
    this.revision = init.payload.revision;
    this.#number = init.payload.lastClientRevision;
    return init;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message of a type that was not asked for yet; messages of other types before it are passed over. */
  async next<T extends ServerMessage["type"]>(...types: T[]): Promise<Of<T>> {
    for (;;) {
      for (; this.#read < this.seen.length; this.#read++) {
        const message = this.seen[this.#read] as ServerMessage;
        if (!(types as string[]).includes(message.type)) continue;
        this.#read++;
        return message as Of<T>;
      }
      if (this.closeCode !== undefined)
        throw new Error(`closed with ${this.closeCode} while waiting for ${types.join()}; last: ${JSON.stringify(this.seen.at(-1))}`);
      await this.#event();
    }
  }

  /** Close code and the error that came before it. */
  async closed(): Promise<{ readonly code: number; readonly error: Of<"error">["payload"] | undefined }> {
    while (this.closeCode === undefined) await this.#event();
    const errors = this.seen.filter((message) => message.type === "error");
    return { code: this.closeCode, error: errors.at(-1)?.payload };
  }

  /** Sends a numbered changeset; resolves with its answer. */
  async change(payload: unknown, more: Record<string, unknown> = {}): Promise<Answer> {
    this.post(payload, more);
    const answer = await this.next("ack", "conflict", "error");
    if (answer.type === "ack") this.revision = answer.payload.serverRevision;
    return answer;
  }

  /** Sends without waiting. */
  post(payload: unknown, more: Record<string, unknown> = {}): void {
    this.send({ type: "changes", revision: ++this.#number, baseRevision: this.revision, payload, ...more });
  }

  #event(): Promise<void> {
    return new Promise((done) => this.#waiting.add(done));
  }

  #wake(): void {
    for (const done of this.#waiting) done();
    this.#waiting.clear();
  }
}

export const rename = (id: string, name: string, was?: string) => ({
  tasks: { updated: [{ id, changes: { name }, ...(was !== undefined && { was: { name: was } }) }] },
});
