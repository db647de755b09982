import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { clientMessageParser, closeCodes, defaultLimits as corePlanLimits, type Limits as PlanLimits } from "@livegantt/core";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { type Logger, pino } from "pino";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { type WebSocket, WebSocketServer } from "ws";
import { AccessWatch } from "./auth/accessWatch.ts";
import { AuditLog } from "./auth/auditLog.ts";
import { withLinks } from "./auth/decide.ts";
import { LinkAccess } from "./auth/linkAccess.ts";
import { Deliveries, type OnCommitted } from "./embedding/deliveries.ts";
import { type LoadProject, Seeding } from "./embedding/seeding.ts";
import { ServerError } from "./errors.ts";
import { answerRaw, refusedHandshake, unreadableAddress } from "./http/brokenRequests.ts";
import { type Authorize, openAccess } from "./interfaces/access.ts";
import { type Scheduler, systemScheduler, type Timer } from "./interfaces/scheduler.ts";
import type { Store } from "./interfaces/store.ts";
import { type Limits, limitsWith } from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { Committer } from "./room/committer.ts";
import { Follower } from "./room/follower.ts";
import { Neighbours } from "./room/neighbours.ts";
import { Rooms } from "./room/rooms.ts";
import { Connection, type Hall } from "./socket/connection.ts";
import { Guard, type GuardOptions } from "./socket/guard.ts";

export interface SyncServerOptions extends GuardOptions {
  readonly store: Store;
  /** Who may do what. Left out: everybody is admin. */
  readonly authorize?: Authorize;
  /** Plans of projects that the store does not know yet, from somewhere else. */
  readonly loadProject?: LoadProject;
  /** Hears of every change once it is on disk. */
  readonly onCommitted?: OnCommitted;
  readonly limits?: Partial<Limits>;
  readonly logger?: Logger;
  /** Take a client's address from what the proxy in front adds to `X-Forwarded-For`. */
  readonly trustProxy?: boolean;
  /** ms since the epoch. */
  readonly clock?: () => number;
  /** Waits and timers; by default those of the machine. */
  readonly scheduler?: Scheduler;
}

export interface AttachOptions {
  /** Path of the WebSocket. */
  readonly path?: string;
  /** Another handler may take upgrades to other paths; otherwise they are refused. */
  readonly shared?: boolean;
}

const socketPath = "/gantt-sync";
const checkMs = 2_000;
/** Checks a client's message against the compiled schemas. */
export const parseMessage = clientMessageParser((schema) => {
  const compiled = TypeCompiler.Compile(schema);
  return (value) => compiled.Check(value);
});

/**
 * The live part of the server: projects in memory, sockets, and the store behind them. Stands alone in another HTTP server (`attach`), or under the HTTP API of
 * `createServer`.
 */
export class ProjectSyncServer {
  readonly store: Store;
  readonly limits: Limits;
  readonly planLimits: PlanLimits;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly rooms: Rooms;
  readonly guard: Guard;
  /** Decides about everybody: accounts by the option of this name, guests by their share links. */
  readonly authorize: Authorize;
  /** Somebody decides about accounts; otherwise everybody who reaches the server is admin. */
  readonly guarded: boolean;
  readonly links: LinkAccess;
  readonly audit: AuditLog;
  readonly seeding: Seeding | undefined;
  readonly deliveries: Deliveries | undefined;
  readonly clock: () => number;
  readonly #committer: Committer;
  readonly #sockets: WebSocketServer;
  readonly #hall: Hall;
  readonly #connections = new Set<Connection>();
  readonly #byAddress = new Map<string, number>();
  readonly #detach: (() => void)[] = [];
  readonly #check: Timer;
  readonly #watch: AccessWatch;
  readonly #follower: Follower | undefined;
  readonly #neighbours: Neighbours | undefined;
  readonly #trustProxy: boolean;
  #closing = false;

  /** @throws RangeError for a limit that does not exist or is no positive number. */
  constructor({
    store,
    authorize,
    loadProject,
    onCommitted,
    limits,
    logger,
    trustProxy = false,
    clock = Date.now,
    scheduler = systemScheduler,
    ...guard
  }: SyncServerOptions) {
    this.store = store;
    this.limits = limitsWith(limits);
    const { tasks, dependencies, operations } = this.limits;
    this.planLimits = { ...corePlanLimits, tasks, dependencies, operations };
    this.log = logger ?? pino({ level: "silent" });
    this.clock = clock;
    this.#trustProxy = trustProxy;
    this.guarded = authorize !== undefined;
    this.links = new LinkAccess(store, clock, this.limits.sessionsPerLink);
    this.authorize = withLinks(authorize ?? openAccess, this.links);
    this.audit = new AuditLog(store, clock, this.log);
    const againMs = authorize && this.limits.recheckSeconds * 1000;
    this.#watch = new AccessWatch({ store, clock, log: this.log, scheduler, againMs });
    this.guard = new Guard(guard);
    this.metrics = new Metrics({
      store: store.kind,
      connections: () => this.#connections.size,
      rooms: () => this.rooms.size,
      storeBytes: () => store.size().catch(() => Number.NaN),
      projectsToDeliver: () => this.deliveries?.behind ?? 0,
    });
    this.#committer = new Committer(store, this.metrics, scheduler, (err) => this.log.error({ err }, "the store did not take a commit"));
    const { metrics, log, planLimits } = this;
    const deliveries = onCommitted && new Deliveries(onCommitted, { store, scheduler, metrics, log });
    this.deliveries = deliveries;
    const seeding = loadProject && new Seeding(loadProject, { store, planLimits, clock, log, limits: this.limits, scheduler, deliveries });
    this.seeding = seeding;
    const peers = store.shared && new Neighbours(store.shared, scheduler, log, (project, client) => this.rooms.peek(project)?.presence.noticed(client));
    this.#neighbours = peers;
    this.rooms = new Rooms({ store, committer: this.#committer, limits: this.limits, planLimits, metrics, log, clock, scheduler, seeding, deliveries, peers });
    this.#follower = store.shared && peers && new Follower(store.shared, this.rooms, peers, deliveries, scheduler, log);
    this.#hall = {
      rooms: this.rooms,
      limits: this.limits,
      metrics,
      log,
      authorize: this.authorize,
      audit: this.audit,
      parse: parseMessage,
      frameRate: new RateLimiterMemory({ points: this.limits.framesPerSecond, duration: 1 }),
      changeRate: new RateLimiterMemory({ points: this.limits.changesPerSecond, duration: 1 }),
      clock,
      scheduler,
    };
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.limits.messageBytes,
      handleProtocols: (offered) => (offered.has("livegantt.1.json") ? "livegantt.1.json" : false),
    });
    this.#sockets.on("wsClientError", refusedHandshake);
    this.#check = scheduler.every(checkMs, () => {
      this.checkConnections();
      void this.checkAccess();
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** False from a failed write until the next one that succeeds. */
  get canWrite(): boolean {
    return this.#committer.healthy;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Ends connections whose token has expired or from which nothing is heard any more. Runs by itself every few seconds. */
  checkConnections(): void {
    const now = this.clock();
    for (const connection of this.#connections) connection.check(now);
  }

  /** Ends connections whose rights were taken away. Runs by itself every few seconds; call it where that was done just now. */
  checkAccess(): Promise<void> {
    return this.#watch.look(this.#connections);
  }

  /** Takes WebSocket upgrades of an HTTP server. Returns the function that lets go of it. */
  attach(server: HttpServer, { path = socketPath, shared = true }: AttachOptions = {}): () => void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      // Node leaves an upgraded socket without a listener, and one reset by its caller would end the process.
      socket.on("error", () => socket.destroy());
      const url = parseTarget(request.url);
      if (url?.pathname === path) this.#upgrade(request, socket, head, url.searchParams.get("project") ?? "");
      else if (!url) answerRaw(socket, unreadableAddress());
      else if (!shared) answerRaw(socket, new ServerError("not_found", "fix", `WebSockets connect to ${path}?project=ID.`, { status: 404 }));
    };
    server.on("upgrade", upgrade);
    const detach = (): void => void server.off("upgrade", upgrade);
    this.#detach.push(detach);
    return detach;
  }

  /** D8: takes no new connections, lets running commits end, tells everybody to go elsewhere, stores snapshots. The store stays open: whoever opened it closes it. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    for (const detach of this.#detach) detach();
    this.#check.cancel();
    this.#follower?.close();
    await this.#committer.idle();
    this.rooms.dismissAll(goingAway(), closeCodes.goingAway);
    for (const connection of [...this.#connections]) connection.refuse(goingAway(), closeCodes.goingAway);
    await this.#committer.idle();
    await this.rooms.close();
    await this.deliveries?.close();
    await this.#neighbours?.close();
    this.#sockets.close();
    this.metrics.registry.clear();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, project: string): void {
    const address = this.#addressOf(request);
    const refusal = this.guard.refusalOf(request) ?? this.#full(address);
    if (refusal) {
      this.metrics.refusals.inc({ code: refusal.code });
      answerRaw(socket, refusal);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.accept(webSocket, request, project));
  }

  #addressOf(request: IncomingMessage): string {
    return (this.#trustProxy && forwardedFor(request)) || (request.socket.remoteAddress ?? "");
  }

  #full(address: string): ServerError | undefined {
    if (this.#closing) return goingAway();
    const { connections, connectionsPerAddress } = this.limits;
    const full = (limit: string, value: number): ServerError =>
      new ServerError("too_many_connections", "backoff", `The limit of ${value} (${limit}) is reached. Try again later.`, {
        status: 503,
        retryAfterMs: 10_000,
      });
    if (this.#connections.size >= connections) return full("connections", connections);
    if ((this.#byAddress.get(address) ?? 0) >= connectionsPerAddress) return full("connectionsPerAddress", connectionsPerAddress);
    return undefined;
  }

  /** Takes a socket that is open already, from a WebSocket server of one's own. Origin, address and number are that server's business. */
  accept(socket: WebSocket, request: IncomingMessage, project: string): void {
    const address = this.#addressOf(request);
    const connection = new Connection(this.#hall, socket, request, project, address);
    this.#connections.add(connection);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    socket.on("close", () => {
      this.#connections.delete(connection);
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    });
  }
}

const goingAway = (): ServerError => new ServerError("going_away", "retry", "The server is stopping. Connect again; nothing you were told is saved is lost.");

/** The address that the nearest proxy saw: the last one in the list; those before it are whatever the client wrote. */
const forwardedFor = ({ headers }: IncomingMessage): string | undefined =>
  String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .at(-1)
    ?.trim();

/** The address a request asks for; undefined where it is none, such as `//`. */
const parseTarget = (target = "/"): URL | undefined => (URL.canParse(target, "http://localhost") ? new URL(target, "http://localhost") : undefined);
