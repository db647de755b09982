import {
  type AckMessage,
  type Broadcast,
  type Changeset,
  type ConflictMessage,
  type DeltaMessage,
  type InitMessage,
  type Notice,
  type ProjectState,
  projectFromSnapshot,
  protocolVersion,
  type ServerMessage,
  type Snapshot,
} from "@livegantt/core";
import type { LiveEvents, LiveProject } from "./api.ts";
import type { Connection } from "./connection.ts";
import type { Delivery } from "./delivery.ts";
import type { Editor } from "./editor.ts";
import type { Emitter } from "./emitter.ts";
import type { Clock, TimerHandle } from "./environment.ts";
import { ClientError } from "./errors.ts";
import type { PresenceManager } from "./presence.ts";
import type { Replica, RevisionStep } from "./replica.ts";

/** How long a missing revision may be on its way behind a later one before it is asked for. */
const gapMs = 50;

/** A revision that came before the ones below it. */
type Early = { readonly broadcast: Broadcast } | { readonly seq: number; readonly normalised: Changeset | undefined };

export interface SessionParts {
  readonly clientId: string;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly replica: Replica;
  readonly editor: Editor;
  readonly delivery: Delivery;
  readonly presence: PresenceManager;
  readonly events: Emitter<LiveEvents>;
  /** A plan of the server is in the replica. */
  readonly loaded: () => void;
  readonly inStep: () => void;
}

/**
 * Understands the server: brings the plan in step after each greeting, then takes revisions in their order, own answers among them.
 * Invariant: the replica stands on a revision r only after every revision up to r went into it, in order.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #early = new Map<number, Early>();
  readonly #names = new Map<string, string>();
  #epoch: string | undefined;
  #role: LiveProject["role"] = "viewer";
  #knowsRole = false;
  #hasPlan = false;
  /** Numbers up to here were judged before this connection: their effect is part of what it was brought in step with. */
  #judgedBefore = 0;
  #awaiting: "init" | "delta" | "sync" | undefined = "init";
  #gapTimer: TimerHandle;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get role(): LiveProject["role"] {
    return this.#role;
  }

  /** False until the server has said it once; then edits made meanwhile are judged by it. */
  get knowsRole(): boolean {
    return this.#knowsRole;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  get hasPlan(): boolean {
    return this.#hasPlan;
  }

  nameOf(clientId: string): string | undefined {
    return this.#parts.presence.nameOf(clientId) ?? this.#names.get(clientId);
  }

  /** A plan from this device or over HTTP, before the socket speaks. */
  adopt(state: ProjectState, epoch: string | undefined, role?: LiveProject["role"]): void {
    this.#epoch = epoch;
    if (role !== undefined) this.#setRole(role);
    this.#load(state);
  }

  /** First words on a new socket. */
  hello(token: string | undefined, user: { readonly name: string; readonly avatar?: string }): object {
    const { clientId, replica } = this.#parts;
    return {
      type: "hello",
      protocol: protocolVersion,
      clientId,
      ...(token === undefined ? {} : { token }),
      user: { name: user.name, ...(user.avatar === undefined ? {} : { avatar: user.avatar }) },
      ...(this.#hasPlan ? { lastRevision: replica.revision } : {}),
    };
  }

  down(): void {
    this.#awaiting = "init";
    this.#early.clear();
    this.#stopGap();
    this.#parts.delivery.closed();
    this.#parts.presence.stop();
  }

  receive(raw: { readonly type: string }): void {
    const message = raw as ServerMessage;
    const { presence } = this.#parts;
    switch (message.type) {
      case "init":
        this.#init(message.payload);
        break;
      case "sync":
        this.#sync(message.payload);
        break;
      case "delta":
        this.#delta(message.payload);
        break;
      case "changes":
        this.#broadcast(message);
        break;
      case "ack":
        this.#ack(message.payload);
        break;
      case "conflict":
        this.#conflict(message.payload);
        break;
      case "presence":
        presence.setUsers(message.payload.users);
        break;
      case "user_joined":
        presence.joined({ ...message.payload.user, clientId: message.payload.clientId });
        break;
      case "user_left":
        presence.left(message.payload.clientId);
        break;
      case "selection":
        presence.selected(message.payload);
        break;
      case "error":
        this.#error(message.payload);
        break;
      case "heartbeat": // that it came is all it says
        break;
    }
  }

  destroy(): void {
    this.#stopGap();
  }

  #init(payload: InitMessage["payload"]): void {
    const { connection, presence, events, clientId } = this.#parts;
    if (payload.clientId !== clientId) {
      connection.halt(
        "denied",
        new ClientError("client_id_changed", "fatal", `The server gave this client another id ("${payload.clientId}") than it asked for.`),
      );
      return;
    }
    this.#setRole(payload.role);
    this.#judgedBefore = payload.lastClientRevision;
    connection.markSyncing();
    presence.start(payload.users);
    events.emit("connected", {});
    const restored = this.#hasPlan && this.#epoch !== undefined && this.#epoch !== payload.epoch;
    this.#epoch = payload.epoch;
    if (restored) this.#parts.editor.rebaseAll();
    if (payload.project) {
      this.#load(projectFromSnapshot(payload.project));
      this.#inStep();
    } else if (restored) {
      // W0: a restored server has another history; what the device has is replaced as a whole.
      this.#awaiting = "sync";
      connection.send({ type: "request_sync" });
    } else this.#awaiting = "delta";
  }

  #setRole(role: LiveProject["role"]): void {
    this.#role = role;
    this.#knowsRole = true;
  }

  #sync(snapshot: Snapshot): void {
    this.#load(projectFromSnapshot(snapshot));
    this.#inStep();
  }

  #delta({ from, to, changesets, authors }: DeltaMessage["payload"]): void {
    const { replica, editor, connection } = this.#parts;
    if (this.#awaiting === "sync" || this.#awaiting === "init") return;
    for (const [id, name] of Object.entries(authors)) this.#names.set(id, name);
    if (from > replica.revision) {
      this.#awaiting = "sync";
      connection.send({ type: "request_sync" });
      return;
    }
    const fresh = changesets.filter((broadcast) => broadcast.revision > replica.revision);
    const steps: RevisionStep[] = fresh.map((broadcast) => {
      const own = this.#ownSeq(broadcast);
      return { revision: broadcast.revision, payload: broadcast.payload, ...(own === undefined ? {} : { own }) };
    });
    const settled = steps.length > 0 ? replica.steps(steps) : new Map();
    for (const [i, broadcast] of fresh.entries()) {
      const seq = steps[i]?.own;
      if (seq === undefined) continue;
      this.#parts.delivery.answered(broadcast.clientRevision);
      editor.settled(seq, broadcast.revision, settled.get(seq));
    }
    if (to > replica.revision) replica.state.revision = to;
    const last = fresh.at(-1);
    const by = last && this.nameOf(last.sender);
    editor.announce("remote", by === undefined ? {} : { by });
    for (const { notices, sender } of fresh) this.#notice(notices, sender);
    this.#inStep();
  }

  #broadcast(broadcast: Broadcast): void {
    if (this.#awaiting) return; // the delta or sync on its way holds it
    this.#arrive(broadcast.revision, { broadcast });
  }

  #ack({ clientRevision, serverRevision, normalised, notices }: AckMessage["payload"]): void {
    const { delivery, editor, replica } = this.#parts;
    const seq = delivery.seqOf(clientRevision);
    if (seq === undefined) return; // answered already, by a delta
    delivery.answered(clientRevision);
    // A change without effect is acked with the current revision, which is somebody else's and came before (C4).
    const without = clientRevision <= this.#judgedBefore || serverRevision <= replica.revision || this.#early.has(serverRevision);
    if (without) editor.appliedEarlier(seq, serverRevision);
    else this.#arrive(serverRevision, { seq, normalised });
    this.#notice(notices, this.#parts.clientId);
  }

  #conflict({ clientRevision, conflicts, currentState }: ConflictMessage["payload"]): void {
    const { delivery, editor } = this.#parts;
    const seq = delivery.seqOf(clientRevision);
    if (seq === undefined) return;
    delivery.answered(clientRevision);
    for (const { by } of conflicts) if (by) this.#names.set(by.clientId, by.name);
    editor.inConflict(seq, { conflicts, currentState });
  }

  #error(error: (ServerMessage & { type: "error" })["payload"]): void {
    const { connection, delivery, editor, events } = this.#parts;
    const { clientRevision: number, code, action, message, retryAfterMs } = error;
    connection.noteError(error);
    if (code === "revision_gap") {
      // After a refused number the ones behind it cannot be taken; they go out again by themselves. Else the greeting puts the counter right.
      if (!delivery.isPaused) connection.drop("the numbers of edits are out of step");
      return;
    }
    if (number === undefined) {
      events.emit(
        "error",
        new ClientError(code, action, message, {
          ...(error.path === undefined ? {} : { path: error.path }),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        }),
      );
      return;
    }
    const seq = delivery.seqOf(number);
    if (seq === undefined || !delivery.isFlying(number)) return; // an echo of a number that is to be sent again
    if (code === "revision_gap")
      connection.drop("the numbers of edits are out of step"); // the greeting puts them right
    else if (action === "retry" || action === "backoff" || action === "reauth") delivery.rewind(number, retryAfterMs ?? 1000);
    else {
      delivery.answered(number);
      editor.refused(seq, error);
    }
  }

  /** Puts a revision in, or keeps it until the ones before it are there. */
  #arrive(revision: number, arrival: Early): void {
    const { replica } = this.#parts;
    if (revision <= replica.revision) return;
    if (revision > replica.revision + 1) {
      this.#early.set(revision, arrival);
      this.#gapTimer ??= this.#parts.clock.setTimeout(() => this.#askForGap(), gapMs);
      return;
    }
    this.#enter(revision, arrival);
    if (this.#early.size > 0) this.#enterEarly();
  }

  #enterEarly(): void {
    const { replica, editor } = this.#parts;
    for (const [revision, arrival] of [...this.#early].sort(([a], [b]) => a - b)) {
      if (revision > replica.revision + 1) break;
      this.#early.delete(revision);
      if (revision === replica.revision + 1) this.#enter(revision, arrival);
      else if ("seq" in arrival) editor.appliedEarlier(arrival.seq, revision);
    }
    if (this.#early.size === 0) this.#stopGap();
  }

  #enter(revision: number, arrival: Early): void {
    const { replica, editor, delivery } = this.#parts;
    if ("seq" in arrival) {
      editor.applied(arrival.seq, revision, arrival.normalised);
      return;
    }
    const { broadcast } = arrival;
    const own = this.#ownSeq(broadcast);
    if (own !== undefined) {
      delivery.answered(broadcast.clientRevision);
      editor.applied(own, revision, broadcast.payload);
      return;
    }
    replica.remote(revision, broadcast.payload);
    const by = this.nameOf(broadcast.sender);
    editor.announce("remote", { ...(by === undefined ? {} : { by }), ...(broadcast.intent === undefined ? {} : { intent: broadcast.intent }) });
    this.#notice(broadcast.notices, broadcast.sender);
  }

  /** The own pending edit that a revision answers: its ack was lost with an earlier socket. */
  #ownSeq({ sender, clientRevision }: Broadcast): number | undefined {
    return sender === this.#parts.clientId ? this.#parts.delivery.seqOf(clientRevision) : undefined;
  }

  #askForGap(): void {
    this.#gapTimer = undefined;
    if (this.#early.size === 0 || this.#awaiting) return;
    this.#awaiting = "delta";
    this.#parts.connection.send({ type: "request_delta", payload: { lastRevision: this.#parts.replica.revision } });
  }

  #load(state: ProjectState): void {
    this.#parts.replica.load(state);
    this.#hasPlan = true;
    this.#parts.editor.announceLoad();
    this.#parts.loaded();
  }

  #inStep(): void {
    const { connection, delivery } = this.#parts;
    const wasGreeting = connection.status !== "live";
    this.#awaiting = undefined;
    this.#enterEarly();
    if (!wasGreeting) return;
    connection.markLive();
    delivery.opened(this.#judgedBefore);
    this.#parts.inStep();
  }

  #notice(notices: readonly Notice[] | undefined, sender: string): void {
    if (!notices || notices.length === 0) return;
    const by = this.nameOf(sender);
    this.#parts.events.emit("notice", { notices, ...(by === undefined ? {} : { by }) });
  }

  #stopGap(): void {
    if (this.#gapTimer !== undefined) this.#parts.clock.clearTimeout(this.#gapTimer);
    this.#gapTimer = undefined;
  }
}
