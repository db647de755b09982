import type { FastifyInstance } from "fastify";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { described } from "../openapi.ts";

/** Health, readiness, metrics. Open to everybody who reaches the port: they name no project and no person. */
export function operationRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get("/healthz", { schema: described("operations", "The process answers") }, async () => ({ status: "ok" }));

  app.get(
    "/readyz",
    { schema: described("operations", "It can take work: the store answers, the last write succeeded, it is not stopping") },
    async (_request, reply) => {
      const reason = server.closing ? "stopping" : await storeProblem(server);
      return reply.code(reason === undefined ? 200 : 503).send(reason === undefined ? { status: "ready" } : { status: "not ready", reason });
    },
  );

  app.get("/metrics", { schema: described("operations", "Prometheus metrics") }, async (_request, reply) => {
    const { registry } = server.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function storeProblem(server: ProjectSyncServer): Promise<string | undefined> {
  // A database that servers share fails for all of them or answers again: sending work to another server would not help.
  if (!server.canWrite && !server.store.shared) return "the store did not take the last write";
  try {
    await server.store.ping();
    return undefined;
  } catch {
    return "the store does not answer";
  }
}
