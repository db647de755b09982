import type { Server as HttpServer, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics } from "prom-client";
import { type TokenOptions, tokenAccess } from "./auth/tokens.ts";
import { type Authenticate, sessionAccess } from "./embedding/session.ts";
import { ServerError } from "./errors.ts";
import { type AppOptions, buildApp } from "./http/app.ts";
import type { Store } from "./interfaces/store.ts";
import { type AttachOptions, ProjectSyncServer, type SyncServerOptions } from "./projectSyncServer.ts";
import { loopbackHosts } from "./socket/guard.ts";
import { openPostgresStore } from "./stores/postgres/postgresStore.ts";
import { openSqliteStore } from "./stores/sqlite/sqliteStore.ts";

export interface ServerOptions extends Omit<SyncServerOptions, "store">, AppOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** false: no port of its own; the product around it calls `handler` and `attach`. */
  readonly listen?: boolean;
  readonly host?: string;
  /** Left out: the PostgreSQL `database`, or else the embedded one in the folder `data`. A store that is handed in is closed by whoever opened it. */
  readonly store?: Store;
  readonly data?: string;
  /** `postgres://…`: a database that any number of servers share. */
  readonly database?: string;
  /** Sessions of the product around it. Beside `auth`, requests without an access token are left to it. */
  readonly authenticate?: Authenticate;
  /** Access tokens; `authorize` decides instead where both are given. Without any of the three everybody is admin. */
  readonly auth?: TokenOptions;
  /** Listen beyond this machine although everybody who reaches the port is admin. */
  readonly insecure?: boolean;
}

export interface RunningServer {
  /** Empty without a port of its own. */
  readonly url: string;
  readonly sync: ProjectSyncServer;
  /** The HTTP interface for somebody else's HTTP server: `app.use("/plans", plans.handler)` in Express, before anything that reads bodies. */
  readonly handler: RequestListener;
  /** Takes the live connections of somebody else's HTTP server, by default those to `/gantt-sync`. Returns the function that lets go of it. */
  attach(server: HttpServer, options?: AttachOptions): () => void;
  /** Gives `onCommitted` everything of a project after a change again; without its `cursor` everything, from the whole plan. @throws ServerError */
  replay(project: string, cursor?: string): Promise<void>;
  /** Graceful: running changes are committed and answered, sockets close with 4503. */
  close(): Promise<void>;
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** The whole product in one process: page, HTTP API, sockets, database. @throws ServerError, StoreError, RangeError for options that cannot work. */
export async function createServer({
  port = 4600,
  host = "127.0.0.1",
  listen = true,
  store: given,
  data = "./data",
  database,
  insecure = false,
  auth,
  authenticate,
  ...options
}: ServerOptions): Promise<RunningServer> {
  if (authenticate && options.authorize) throw new ServerError("two_deciders", "fix", "Give authenticate or authorize, not both: each of them decides alone.");
  const tokens = auth && tokenAccess(auth);
  const authorize = options.authorize ?? (authenticate ? sessionAccess(authenticate, tokens) : tokens);
  const open = authorize === undefined;
  if (open && !isLoopback(host) && !insecure) {
    const message = `Without a secret everybody is admin, so the server listens on this machine only, not on ${host}. Set LIVEGANTT_SECRET (or LIVEGANTT_JWKS), or say --insecure.`;
    throw new ServerError("insecure_address", "fix", message);
  }
  const store = given ?? (database === undefined ? openSqliteStore(data) : await openPostgresStore(database, options.scheduler));
  const allowedHosts = options.allowedHosts ?? (open && isLoopback(host) ? loopbackHosts : undefined);
  const sync = new ProjectSyncServer({ ...options, store, allowedHosts, ...(authorize && { authorize }) });
  collectDefaultMetrics({ register: sync.metrics.registry });
  const app = await buildApp(sync, options);
  sync.attach(app.server, { shared: false });
  // Sockets must be closed before the HTTP server stops listening, or it waits for them.
  app.addHook("preClose", () => sync.close());
  try {
    if (listen) await app.listen({ port, host });
    else await app.ready();
  } catch (cause) {
    await app.close();
    if (!given) await store.close();
    throw (cause as { code?: string }).code === "EADDRINUSE"
      ? new ServerError("port_in_use", "fix", `Port ${port} on ${host} is taken. Stop the other program, or choose another with PORT or --port.`, { cause })
      : cause;
  }
  const address = app.server.address() as AddressInfo | null;
  let closing: Promise<void> | undefined;
  return {
    url: address ? `http://${host.includes(":") ? `[${host}]` : host}:${address.port}` : "",
    sync,
    handler: (request, response) => app.routing(request, response),
    attach: (http, attaching) => sync.attach(http, attaching),
    async replay(project, cursor) {
      if (!sync.deliveries) throw new ServerError("nobody_listens", "fix", "There is no onCommitted that could hear it again.");
      await sync.deliveries.replay(project, cursor);
    },
    close() {
      closing ??= app.close().then(() => (given ? undefined : store.close()));
      return closing;
    },
  };
}
