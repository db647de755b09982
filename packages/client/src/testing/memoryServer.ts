import {
  applyChangeset,
  type Broadcast,
  type Changeset,
  type ClientMessage,
  clientMessageParser,
  Ledger,
  type Policy,
  type ProjectState,
  projectFromJSON,
  projectToJSON,
  type ServerMessage,
  type Snapshot,
} from "@livegantt/core";
import type { SocketLike, WebSocketConstructor } from "../environment.ts";
import type { FakeClock } from "./fakeClock.ts";

const parse = clientMessageParser();

interface Counter {
  last: number;
  readonly answers: Map<number, ServerMessage>;
}

/** A server in one object: decides with the core's own rules and ledger, keeps counters and a log; its network can be held, cut and made to lose answers. */
export class MemoryServer {
  state: ProjectState;
  readonly ledger = new Ledger();
  readonly log: Broadcast[] = [];
  epoch = "epoch-1";
  role: "viewer" | "commenter" | "editor" | "admin" = "editor";
  /** Deltas reach back to here. */
  logFrom = 0;
  /** Answers the next greeting by closing with this code. */
  refuseWith: number | undefined;
  /** Answers numbered messages with this error instead of judging them, as often as it says. */
  refuseNext: { times: number; readonly error: object } | undefined;
  /** Numbered messages are taken in but nothing goes out, until `release`. */
  held = false;
  policies: Readonly<Record<string, Policy>> = {};
  readonly received: ClientMessage[] = [];
  readonly sockets: MemorySocket[] = [];
  readonly #clock: FakeClock;
  readonly #counters = new Map<string, Counter>();
  readonly #names = new Map<string, string>();

  constructor(clock: FakeClock, plan: object) {
    this.#clock = clock;
    this.state = projectFromJSON(plan);
  }

  /** The WebSocket class that a client gets. */
  get WebSocket(): WebSocketConstructor {
    const server = this;
    return class extends MemorySocket {
      constructor(url: string) {
        super(server, url);
      }
    };
  }

  get live(): MemorySocket[] {
    return this.sockets.filter((socket) => socket.open);
  }

  snapshot(): Snapshot {
    return projectToJSON(this.state);
  }

  /** Cuts every connection, or that of one client. */
  cut(clientId?: string, code = 1006): void {
    for (const socket of this.live) if (clientId === undefined || socket.clientId === clientId) socket.shut(code);
  }

  /** Lets go of everything held back. */
  release(): void {
    this.held = false;
    for (const socket of this.sockets) socket.flush();
  }

  receive(socket: MemorySocket, json: unknown): void {
    const parsed = parse(json);
    if (!parsed.ok) throw new Error(`the client sent what no server understands: ${parsed.error.message}`);
    const { message } = parsed;
    this.received.push(message);
    switch (message.type) {
      case "hello":
        this.#hello(socket, message);
        break;
      case "changes":
        this.#judge(socket, message.revision, message.baseRevision, message.payload, message.intent, message.madeAt);
        break;
      case "command":
        this.#judge(socket, message.revision, this.state.revision, commandPayload(this.state, message.args), message.name, undefined, true);
        break;
      case "request_sync":
        socket.deliver({ type: "sync", payload: this.snapshot() });
        break;
      case "request_delta":
        this.#catchUp(socket, message.payload.lastRevision);
        break;
      case "heartbeat":
        socket.deliver({ type: "heartbeat" });
        break;
      case "selection":
        for (const other of this.live)
          if (other !== socket)
            other.deliver({ type: "selection", payload: { clientId: socket.clientId, userName: socket.name, color: "#123456", ...message.payload } });
    }
  }

  /** A restored backup: the plan as given, nothing of what came after it, another epoch. */
  restore(plan: Snapshot, epoch: string): void {
    this.state = projectFromJSON(plan);
    this.epoch = epoch;
    this.log.length = 0;
    this.logFrom = plan.revision;
    this.#counters.clear();
  }

  #hello(socket: MemorySocket, hello: ClientMessage & { type: "hello" }): void {
    if (this.refuseWith !== undefined) {
      socket.shut(this.refuseWith);
      return;
    }
    const clientId = hello.clientId ?? "unnamed";
    for (const other of this.live) if (other !== socket && other.clientId === clientId) other.shut(4409);
    socket.clientId = clientId;
    socket.name = hello.user?.name ?? clientId;
    socket.joined = true;
    this.#names.set(clientId, socket.name);
    const users = this.live.filter(({ joined }) => joined).map((one) => one.user);
    const inline = hello.lastRevision === undefined;
    socket.deliver({
      type: "init",
      payload: {
        protocol: 1,
        clientId,
        epoch: this.epoch,
        revision: this.state.revision,
        role: this.role,
        lastClientRevision: this.#counter(clientId).last,
        project: inline ? this.snapshot() : null,
        users,
      },
    });
    if (hello.lastRevision !== undefined) this.#catchUp(socket, hello.lastRevision);
    for (const other of this.live) if (other !== socket && other.joined) other.deliver({ type: "user_joined", payload: { clientId, user: socket.user } });
  }

  #catchUp(socket: MemorySocket, from: number): void {
    if (from < this.logFrom || from > this.state.revision) {
      socket.deliver({ type: "sync", payload: this.snapshot() });
      return;
    }
    const changesets = this.log.filter(({ revision }) => revision > from);
    const authors = Object.fromEntries(changesets.map(({ sender }) => [sender, this.#names.get(sender) ?? sender]));
    socket.deliver({ type: "delta", payload: { from, to: this.state.revision, changesets, authors } });
  }

  #counter(clientId: string): Counter {
    let counter = this.#counters.get(clientId);
    if (!counter) {
      counter = { last: 0, answers: new Map() };
      this.#counters.set(clientId, counter);
    }
    return counter;
  }

  #judge(socket: MemorySocket, number: number, baseRevision: number, payload: Changeset, intent?: string, madeAt?: string, command = false): void {
    const { clientId } = socket;
    const counter = this.#counter(clientId);
    const repeated = counter.answers.get(number);
    if (repeated) {
      socket.deliver(repeated);
      return;
    }
    if (number !== counter.last + 1) {
      socket.deliver({ type: "error", payload: { code: "revision_gap", message: `${counter.last + 1} is expected`, action: "fix" } });
      return;
    }
    if (this.refuseNext && this.refuseNext.times > 0) {
      this.refuseNext.times--;
      const error = {
        type: "error",
        payload: { code: "refused", message: "refused", action: "retry", clientRevision: number, ...this.refuseNext.error },
      } as ServerMessage & { type: "error" };
      if (error.payload.action === "fix" || error.payload.action === "fatal") this.#answer(socket, number, error);
      else socket.deliver(error);
      return;
    }
    const at = this.#clock.now();
    const outcome = applyChangeset(
      this.state,
      {
        clientId,
        revision: number,
        baseRevision,
        payload,
        author: { name: socket.name },
        at,
        ...(intent === undefined ? {} : { intent }),
        ...(madeAt === undefined ? {} : { madeAt }),
      },
      { ledger: this.ledger, policies: this.policies },
    );
    const serverRevision = this.state.revision;
    if (outcome.outcome === "conflict") {
      const { conflicts, currentState } = outcome;
      this.#answer(socket, number, { type: "conflict", payload: { clientRevision: number, serverRevision, conflicts, currentState } });
    } else if (outcome.outcome === "rejected") {
      this.#answer(socket, number, { type: "error", payload: { ...outcome.error, action: "fix", clientRevision: number } });
    } else {
      const { normalised, differs, empty, notices } = outcome;
      const told = notices.length > 0 ? { notices } : {};
      this.#answer(socket, number, {
        type: "ack",
        payload: { clientRevision: number, serverRevision, outcome: outcome.outcome, ...((differs || command) && !empty ? { normalised } : {}), ...told },
      });
      if (empty) return;
      const broadcast: Broadcast = {
        type: "changes",
        payload: normalised,
        revision: serverRevision,
        sender: clientId,
        clientRevision: number,
        at,
        ...(intent === undefined ? {} : { intent }),
        ...told,
      };
      this.log.push(broadcast);
      for (const other of this.live) if (other !== socket && other.joined) other.deliver(broadcast);
    }
  }

  #answer(socket: MemorySocket, number: number, answer: ServerMessage): void {
    const counter = this.#counter(socket.clientId);
    counter.last = number;
    counter.answers.set(number, answer);
    socket.deliver(answer);
  }
}

/** Baseline 0 of every task, as far as this stand-in goes: only that the server decides and spells it out. */
function commandPayload(state: ProjectState, args: Record<string, unknown> | undefined): Changeset {
  const index = Number(args?.index ?? 0);
  return {
    tasks: { updated: [...state.tasks.values()].map((task) => ({ id: task.id, changes: { [`baselines.${index}`]: { duration: task.duration ?? 1 } } })) },
  };
}

/** One end of a connection: frames arrive in order, each on a turn of its own. */
export class MemorySocket implements SocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  open = true;
  joined = false;
  clientId = "";
  name = "";
  /** Frames to the client vanish, as if the line were dead. */
  deaf = false;
  readonly url: string;
  readonly #server: MemoryServer;
  readonly #waiting: string[] = [];

  constructor(server: MemoryServer, url: string) {
    this.#server = server;
    this.url = url;
    server.sockets.push(this);
    queueMicrotask(() => this.open && this.onopen?.(undefined as never));
  }

  get user(): { clientId: string; name: string; color: string; joinedAt: string } {
    return { clientId: this.clientId, name: this.name, color: "#123456", joinedAt: "2026-01-05T09:00:00.000Z" };
  }

  send(text: string): void {
    if (this.open) queueMicrotask(() => this.open && this.#server.receive(this, JSON.parse(text)));
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    for (const other of this.#server.live) if (other.joined) other.deliver({ type: "user_left", payload: { clientId: this.clientId, user: this.user } });
  }

  /** Ends the connection from the server's side. */
  shut(code: number): void {
    if (!this.open) return;
    this.close();
    queueMicrotask(() => this.onclose?.({ code, reason: "" }));
  }

  deliver(message: ServerMessage): void {
    if (this.deaf) return;
    this.#waiting.push(JSON.stringify(message));
    if (!this.#server.held) this.flush();
  }

  flush(): void {
    for (const data of this.#waiting.splice(0)) queueMicrotask(() => this.open && this.onmessage?.({ data }));
  }
}
