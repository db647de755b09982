import { Client } from "pg";
import type { Scheduler, Timer } from "../../interfaces/scheduler.ts";
import type { Hear } from "../../interfaces/store.ts";
import { fromDatabase } from "./text.ts";

export const channel = "livegantt";
/** Bytes that PostgreSQL takes with one NOTIFY. */
export const payloadBytes = 7_999;
const reconnectMs = 1_000;

/** Listens on a connection of its own for what other servers commit, `[project, revision]`, and what they tell, an object. A connection that breaks is replaced; what was said meanwhile is lost, and `hear()` says so. */
export class Hints {
  readonly #url: string;
  readonly #scheduler: Scheduler;
  readonly #hear: Hear;
  readonly #overhear: (text: string) => void;
  #client: Client | undefined;
  #wait: Timer | undefined;
  #closed = false;

  constructor(url: string, scheduler: Scheduler, hear: Hear, overhear: (text: string) => void = () => {}) {
    this.#url = url;
    this.#scheduler = scheduler;
    this.#hear = hear;
    this.#overhear = overhear;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wait?.cancel();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new Client({ connectionString: this.#url, connectionTimeoutMillis: 5_000, keepAlive: true });
    this.#client = client;
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload = "" }) => this.#heard(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch {
      this.#lost(client);
      return;
    }
    if (!this.#closed) this.#hear();
  }

  #lost(client: Client): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = undefined;
    client.end().catch(() => {});
    this.#wait = this.#scheduler.after(reconnectMs, () => void this.#connect(), { idle: true });
  }

  /** Everybody who may use the database may say anything on the channel. */
  #heard(payload: string): void {
    if (this.#closed) return;
    if (payload.startsWith("{")) {
      this.#overhear(payload);
      return;
    }
    const [, id, revision] = /^\["(.*)", ?(\d+)\]$/s.exec(payload) ?? [];
    if (id === undefined) return;
    try {
      this.#hear(fromDatabase(JSON.parse(`"${id}"`)) as string, Number(revision));
    } catch {
      // Not ours.
    }
  }
}
