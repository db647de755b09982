import type { LiveProject, PresentUser } from "@livegantt/client";
import type { Changeset } from "@livegantt/core";

export interface UnackedChange {
  readonly changeset: Changeset;
  /** The client's own counter. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** The document's `offlineQueue`: a view on the client's outbox, which keeps every unanswered edit on this device and sends it when there is a connection. */
export class ManagerOfflineQueue {
  readonly #live: LiveProject;
  readonly #unacked: () => readonly UnackedChange[];

  constructor(live: LiveProject, unacked: () => readonly UnackedChange[]) {
    this.#live = live;
    this.#unacked = unacked;
  }

  get isOnline(): boolean {
    return this.#live.status === "live";
  }

  /** What this page has sent or will send and has no answer for yet. */
  get queue(): readonly UnackedChange[] {
    return this.#unacked();
  }

  get length(): number {
    return this.#live.pendingCount;
  }

  /** Applies a changeset here at once and sends it when there is a connection. @throws ClientError where a law forbids it. */
  enqueue(changeset: Changeset): void {
    this.#live.apply(changeset, "plan.edit");
  }

  /** Connects now if need be; resolves when everything is on the server. */
  flush(): Promise<void> {
    if (!this.isOnline) this.#live.reconnectNow();
    return this.#live.saved();
  }

  onOnline(): void {
    this.#live.connect();
  }

  onOffline(): void {
    this.#live.disconnect();
  }

  /** True where every unsent edit would survive a crash of this page: the client writes each of them down by itself. */
  persist(): boolean {
    return this.#live.pendingKept;
  }
}

export interface PresenceHost {
  readonly live: LiveProject;
  updatePresence(): void;
}

/** The document's `presence`: who is here, by client id. The heartbeat is the client's own, every 30 seconds. */
export class ManagerPresence {
  readonly #host: PresenceHost;
  activeUsers: ReadonlyMap<string, PresentUser> = new Map();
  currentSelection: { readonly id: string } | null = null;

  constructor(host: PresenceHost) {
    this.#host = host;
  }

  /** Tells the others now where this person is. */
  sendHeartbeat(): void {
    this.#host.live.select({ taskId: this.currentSelection?.id ?? null });
  }

  handlePresenceUpdate(users: readonly PresentUser[]): void {
    this.activeUsers = new Map(users.map((user) => [user.clientId, user]));
    this.updateUI();
  }

  updateUI(): void {
    this.#host.updatePresence();
  }
}
