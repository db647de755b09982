import { type LiveProject, type OpenProjectOptions, openProject } from "@livegantt/client";
import { canonicalJson } from "@livegantt/core";
import { expect } from "vitest";
import type { ChangeRow } from "../interfaces/store.ts";
import { openPostgresStore } from "../stores/postgres/postgresStore.ts";
import { atEnd, request } from "./harness.ts";
import { ServerProcess } from "./serverProcess.ts";

/** A server process of a cluster, started again as often as it is killed. */
export class Node {
  readonly #database: string;
  #process: ServerProcess | undefined;
  url = "";

  private constructor(database: string) {
    this.#database = database;
  }

  static async start(database: string): Promise<Node> {
    const node = new Node(database);
    await node.start();
    return node;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async start(): Promise<void> {
    this.#process = new ServerProcess({ DATABASE_URL: this.#database, LIVEGANTT_LOG_LEVEL: "fatal" });
    this.url = (await this.#process.link()).origin;
  }

  /** Resolves with the exit code: null after a kill. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    return (await this.#process?.end(signal)) ?? null;
  }
}

/** A person who adds one task after the other, always with some unanswered, and keeps the ledger of what was acknowledged. */
export class Author {
  readonly live: LiveProject;
  readonly name: string;
  /** By task, the revision of the server that acknowledged it. */
  readonly acked = new Map<string, number>();
  /** What came back: nothing of this may be lost without a word. */
  readonly refused: string[] = [];
  #made = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #stopped = false;
  readonly #waiting = new Set<{ readonly until: () => boolean; readonly done: () => void }>();

  private constructor(live: LiveProject, name: string) {
    this.live = live;
    this.name = name;
    live.on("rejected", ({ code, message }) => this.refused.push(`${code}: ${message}`));
    live.on("conflict", ({ conflicts }) => this.refused.push(`conflict: ${JSON.stringify(conflicts)}`));
  }

  static async enter(url: string, project: string, name: string, options: Partial<OpenProjectOptions> = {}): Promise<Author> {
    const live = openProject({
      url,
      project,
      user: { name },
      storage: "memory",
      batchDelayMs: 0,
      maxReconnectAttempts: 1_000,
      maxReconnectDelay: 500,
      ...options,
    });
    atEnd(() => live.destroy());
    const author = new Author(live, name);
    await live.ready();
    await author.isLive();
    return author;
  }

  get made(): number {
    return this.#made;
  }

  /** Keeps `outstanding` edits on their way until `stop`. */
  write(outstanding: number): void {
    this.#stopped = false;
    const lane = async (): Promise<void> => {
      while (!this.#stopped) {
        const id = `${this.name}-${++this.#made}`;
        const { serverRevision } = await this.live.send({ tasks: { added: [{ id, name: id, duration: 1, durationUnit: "day" }] } }, "task.add");
        this.acked.set(id, serverRevision);
        for (const wait of [...this.#waiting]) {
          if (!wait.until()) continue;
          this.#waiting.delete(wait);
          wait.done();
        }
      }
    };
    this.#writing = Promise.all(Array.from({ length: outstanding }, lane));
  }

  /** Makes nothing new; resolves when all is answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  async ackedMore(count: number): Promise<void> {
    const goal = this.acked.size + count;
    await new Promise<void>((done) => this.#waiting.add({ until: () => this.acked.size >= goal, done }));
  }

  async isLive(): Promise<void> {
    if (this.live.status === "live") return;
    await new Promise<void>((done) => {
      const stop = this.live.on("status", ({ status }) => {
        if (status !== "live") return;
        stop();
        done();
      });
    });
  }

  /** Resolves after the next loss of its server, with the milliseconds until it was live again. */
  async backAgain(): Promise<number> {
    let left = 0;
    await new Promise<void>((done) => {
      const stop = this.live.on("disconnected", () => {
        stop();
        left = performance.now();
        done();
      });
    });
    await this.isLive();
    return performance.now() - left;
  }
}

async function logOf(database: string, project: string): Promise<ChangeRow[]> {
  const store = await openPostgresStore(database);
  try {
    return await store.changes(project, { after: 0 });
  } finally {
    await store.close();
  }
}

/** P3: everything acknowledged is in the log once, at the revision that was told, and no revision is missing. Returns the log. */
export async function checkLedger(database: string, project: string, authors: readonly Author[]): Promise<ChangeRow[]> {
  const rows = await logOf(database, project);
  expect(rows.map(({ revision }) => revision)).toEqual(rows.map((_, i) => i + 1));
  const at = new Map<string, number>();
  for (const { revision, payload } of rows) {
    for (const { id } of (JSON.parse(payload) as { tasks?: { added?: { id: string }[] } }).tasks?.added ?? []) {
      expect(at.has(id), `${id} was added twice`).toBe(false);
      at.set(id, revision);
    }
  }
  for (const { acked } of authors) for (const [id, revision] of acked) expect(at.get(id), id).toBe(revision);
  return rows;
}

/** P2: all clients and all servers have the same plan at the newest revision. */
export async function checkAgreement(
  nodes: readonly Node[],
  project: string,
  authors: readonly Author[],
): Promise<{ revision: number; tasks: { id: string; name: string }[] }> {
  const plans = await Promise.all(nodes.map(async ({ url }) => (await request(`${url}/api/projects/${project}`)).body));
  const [plan] = plans;
  for (const other of plans) expect(canonicalJson(other)).toBe(canonicalJson(plan));
  for (const { live } of authors) {
    await live.saved();
    if (live.revision < plan.revision) {
      await new Promise<void>((done) => {
        const stop = live.on("change", () => {
          if (live.revision < plan.revision) return;
          stop();
          done();
        });
      });
    }
    expect(canonicalJson(live.snapshot())).toBe(canonicalJson(plan));
  }
  return plan;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
