import type { Clock, FetchLike } from "./environment.ts";
import { ClientError } from "./errors.ts";
import { askServer } from "./http.ts";
import type { TabLocks } from "./locks.ts";
import type { OutboxStorage } from "./storage/storage.ts";

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

interface Kept {
  readonly link: string;
  readonly token: string;
}

interface Parts {
  /** Token of the share link. */
  readonly link: string;
  readonly storage: OutboxStorage;
  /** Names server and project in the store. */
  readonly scope: string;
  /** Where tokens are exchanged. */
  readonly url: string;
  readonly fetch: FetchLike | undefined;
  readonly clock: Clock;
  readonly locks: TabLocks;
  readonly signal: AbortSignal;
}

/**
 * The session that a share link gave, or the link itself where nothing outlives the process: a script that starts every hour must not leave a session each time. It is kept on this device, so that a later visit, and an offline one, is the same person; another link of the same project adds
 * to it. Where the server does not know it any more, the link gives a new one.
 */
export class LinkSession {
  readonly #parts: Parts;
  #token: string | undefined;
  #refused: string | undefined;

  private constructor(parts: Parts, kept: Kept | undefined) {
    this.#parts = parts;
    if (!parts.storage.durable) this.#token = parts.link;
    else if (kept?.link === parts.link) this.#token = kept.token;
  }

  static async open(parts: Parts): Promise<LinkSession> {
    return new LinkSession(parts, await keptIn(parts));
  }

  /** The session's token, from this device or for the link. @throws ClientError `retry` where the server does not answer, `reauth` where the link has ended. */
  async token(): Promise<string> {
    this.#token ??= await this.#exchange();
    return this.#token;
  }

  /** Like `token`, and waits while the server does not answer: until it is known who somebody is, nothing else can be done. */
  async patiently(): Promise<string> {
    for (let wait = firstWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
      try {
        return await this.token();
      } catch (error) {
        const passes = error instanceof ClientError && (error.action === "retry" || error.action === "backoff");
        if (!passes || this.#parts.signal.aborted) throw error;
        await this.#pause(Math.max(wait, error.data.retryAfterMs ?? 0));
      }
    }
  }

  /** The server refused the session: the next token comes from the link. False where it was the link that was refused. */
  renew(): boolean {
    if (!this.#parts.storage.durable) return false;
    this.#refused = this.#token;
    this.#token = undefined;
    return true;
  }

  /** One tab at a time: two that were opened by the same link at once must not become two people, of whom the later one's edits would be a stranger's after a reload. */
  async #exchange(): Promise<string> {
    const { link, scope, locks, signal } = this.#parts;
    const lock = await locks.acquire(`livegantt/${keyOf(scope)}`, signal);
    try {
      const kept = await keptIn(this.#parts);
      if (kept?.link === link && kept.token !== this.#refused) return kept.token;
      return await this.#ask(kept?.token);
    } finally {
      lock?.release();
    }
  }

  async #ask(session: string | undefined): Promise<string> {
    const { link, storage, scope, url, fetch, signal } = this.#parts;
    const body = { link, ...(session === undefined ? {} : { session }) };
    const { token } = await askServer<{ readonly token: string }>(fetch, { method: "POST", url, body, signal });
    try {
      const written = storage.write([[keyOf(scope), { link, token } satisfies Kept]], []);
      if (written) await written.catch(() => {});
    } catch {
      // Not kept: the next visit exchanges the link again.
    }
    return token;
  }

  #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#parts;
    return new Promise((done) => {
      const timer = clock.setTimeout(end, ms);
      function end(): void {
        signal.removeEventListener("abort", end);
        clock.clearTimeout(timer);
        done();
      }
      signal.addEventListener("abort", end);
    });
  }
}

async function keptIn({ storage, scope }: Parts): Promise<Kept | undefined> {
  const key = keyOf(scope);
  const value = (await storage.read(key)).find(([name]) => name === key)?.[1] as Partial<Kept> | undefined;
  return typeof value?.link === "string" && typeof value.token === "string" ? (value as Kept) : undefined;
}

const keyOf = (scope: string): string => `${scope}session`;
