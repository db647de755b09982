import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { ServerError } from "../errors.ts";
import type { ProjectSyncServer } from "../projectSyncServer.ts";
import { refusedByParser, refusedByRouter } from "./brokenRequests.ts";
import { handleErrors } from "./errors.ts";
import { describeRoutes } from "./openapi.ts";
import { auditRoutes } from "./routes/audit.ts";
import { changeRoutes } from "./routes/changes.ts";
import { creatingRoutes } from "./routes/creating.ts";
import { exportRoutes } from "./routes/export.ts";
import { historyRoutes } from "./routes/history.ts";
import { linkRoutes } from "./routes/links.ts";
import { operationRoutes } from "./routes/operations.ts";
import { projectRoutes } from "./routes/projects.ts";
import { scheduleRoutes } from "./routes/schedule.ts";
import { sessionRoutes } from "./routes/session.ts";
import { snapshotRoutes } from "./routes/snapshot.ts";
import { versionRoutes } from "./routes/versions.ts";
import { secure } from "./security.ts";

export interface AppOptions {
  /** Folder of the built page; left out or absent: the API alone. */
  readonly webRoot?: string | undefined;
  /** Take a client's address from what the proxy in front adds to `X-Forwarded-For`. */
  readonly trustProxy?: boolean;
}

/** The HTTP side: API, operations, and the page. One file for each resource under `routes/`. */
export async function buildApp(server: ProjectSyncServer, { webRoot, trustProxy = false }: AppOptions): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = server.log;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy && ((_address: string, hop: number) => hop === 0),
    forceCloseConnections: true,
    bodyLimit: server.limits.messageBytes,
    frameworkErrors: refusedByRouter,
    clientErrorHandler: refusedByParser,
  });
  app.addContentTypeParser(["application/xml", "text/xml", "application/octet-stream", "text/plain"], { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  handleErrors(app);
  describeRoutes(app);
  secure(app, server);
  operationRoutes(app, server);
  projectRoutes(app, server);
  creatingRoutes(app, server);
  snapshotRoutes(app, server);
  changeRoutes(app, server);
  historyRoutes(app, server);
  scheduleRoutes(app, server);
  exportRoutes(app, server);
  linkRoutes(app, server);
  sessionRoutes(app, server);
  versionRoutes(app, server);
  auditRoutes(app, server);
  await servePage(app, webRoot);
  return app;
}

async function servePage(app: FastifyInstance, webRoot: string | undefined): Promise<void> {
  const page = webRoot !== undefined && existsSync(join(webRoot, "index.html"));
  if (page) {
    await app.register(fastifyStatic, {
      root: webRoot,
      // Built assets carry a hash in their names; everything else is asked for anew.
      setHeaders: (reply, path) => reply.header("cache-control", /[\\/]assets[\\/]/.test(path) ? "public, max-age=31536000, immutable" : "no-cache"),
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const wantsPage = request.method === "GET" && !request.url.startsWith("/api/") && request.headers.accept?.includes("text/html");
    if (page && wantsPage) return reply.sendFile("index.html");
    const error = new ServerError("not_found", "fix", `There is no ${request.method} ${request.url.split("?")[0]?.slice(0, 200)}.`, { status: 404 });
    return reply.code(404).send({ error: error.body() });
  });
}
