import type { ConnectionStatus, LiveEvents } from "./api.ts";
import type { Environment, PageEvents, TabMemory } from "./environment.ts";
import type { HeldLock } from "./locks.ts";
import { listOutboxes, OfflineQueue, type StoredOutbox } from "./offlineQueue.ts";
import type { OpenProjectOptions } from "./options.ts";
import type { OutboxStorage } from "./storage/storage.ts";
import { lockName } from "./tabIdentity.ts";

/** What an adopter needs of a second, short-lived client. */
export interface HelperClient {
  saved(): Promise<void>;
  on(event: "status", listener: (payload: { readonly status: ConnectionStatus }) => void): () => void;
  on(event: "notice", listener: (payload: LiveEvents["notice"]) => void): () => void;
  destroy(): void;
}

export type OpenHelper = (options: OpenProjectOptions, env: Environment) => HelperClient;

interface OrphansParts {
  readonly options: OpenProjectOptions;
  readonly env: Environment;
  readonly storage: OutboxStorage;
  readonly outboxScope: string;
  readonly lockScope: string;
  readonly owner: string;
  readonly own: OfflineQueue;
  readonly openHelper: OpenHelper;
  /** Conflicts or refused edits of a tab that is gone are now in the own inbox. */
  readonly inherited: () => void;
  /** What the rules tell the author of those edits, who now works here (K11). */
  readonly told: (notice: LiveEvents["notice"]) => void;
}

const noTab: TabMemory = { get: () => undefined, set: () => {} };
const noPage: PageEvents = { guardLeave: () => () => {} };

/**
 * Outboxes whose tab is gone (O1). Their unsent edits go out under their own client id and numbers, over a second connection, so that none is sent twice;
 * what is still to be decided moves into this tab's inbox. A lock says that exactly one tab does it.
 */
export class Orphans {
  readonly #parts: OrphansParts;
  readonly #watched = new Set<string>();
  readonly #abort = new AbortController();
  readonly #helpers = new Set<HelperClient>();

  constructor(parts: OrphansParts) {
    this.#parts = parts;
  }

  /** Looks for outboxes of this person on this device, and waits for each until its tab is gone. */
  async scan(): Promise<void> {
    const { storage, outboxScope, lockScope, owner, own, env } = this.#parts;
    if (this.#abort.signal.aborted) return;
    const outboxes = listOutboxes(await storage.read(outboxScope), outboxScope);
    for (const outbox of outboxes) {
      if (outbox.owner !== owner || outbox.clientId === own.clientId || this.#watched.has(outbox.clientId)) continue;
      this.#watched.add(outbox.clientId);
      env.locks
        .acquire(lockName(lockScope, outbox.clientId), this.#abort.signal)
        .then((lock) => lock && this.#adopt(outbox, lock))
        .catch(() => {})
        .finally(() => this.#watched.delete(outbox.clientId));
    }
  }

  destroy(): void {
    this.#abort.abort();
    for (const helper of this.#helpers) helper.destroy();
    this.#helpers.clear();
  }

  async #adopt({ clientId }: StoredOutbox, lock: HeldLock): Promise<void> {
    const { storage, outboxScope } = this.#parts;
    try {
      const mine = (outbox: StoredOutbox): boolean => outbox.clientId === clientId;
      const left = listOutboxes(await storage.read(outboxScope), outboxScope).find(mine);
      if (!left || this.#abort.signal.aborted) return;
      if (left.edits > 0 && !(await this.#sendAs(clientId))) return;
      await this.#inherit(clientId);
    } finally {
      lock.release();
    }
  }

  /** Runs a client under the orphan's id until everything is answered. False where it had to be given up. */
  #sendAs(clientId: string): Promise<boolean> {
    const { options, env, storage, openHelper } = this.#parts;
    return new Promise((resolve) => {
      let done = false;
      // The lock that the helper believes to take is the one held here; its release says that the last write is done.
      const held: HeldLock = { release: () => resolve(done) };
      const locks = { tryAcquire: async () => held, acquire: async () => undefined };
      const helper = openHelper({ ...options, storage, clientId, leaveGuard: false, autoConnect: true }, { ...env, locks, tab: noTab, page: noPage });
      this.#helpers.add(helper);
      const end = (finished: boolean): void => {
        done = finished;
        this.#helpers.delete(helper);
        helper.destroy();
      };
      helper.on("notice", this.#parts.told);
      helper.on("status", ({ status }) => {
        // A helper that gave up is let go; the next look finds the outbox again.
        if (status === "denied" || status === "outdated" || status === "offline") end(false);
      });
      helper.saved().then(
        () => end(true),
        () => end(false),
      );
    });
  }

  /** What the orphan could not settle becomes this tab's; then nothing of it is left. */
  async #inherit(clientId: string): Promise<void> {
    const { storage, outboxScope, owner, own, env, inherited } = this.#parts;
    const entries = await storage.read(outboxScope);
    if (this.#abort.signal.aborted) return;
    const orphan = new OfflineQueue(storage, outboxScope, clientId, owner, () => {});
    orphan.load(entries, new Date(env.clock.now()).toISOString());
    if (orphan.edits.length > 0) return;
    own.inherit(orphan);
    const wiped = own.commitSurely();
    if (orphan.conflicts.size + orphan.rejections.size > 0) inherited();
    // As long as the old entries are still to be wiped nobody may work with that outbox again: new ones would be wiped with them.
    const { signal } = this.#abort;
    await Promise.race([wiped, new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))]);
  }
}
