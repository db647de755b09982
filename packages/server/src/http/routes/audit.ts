import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { ServerError } from "../../errors.ts";
import { type AuditEntry, auditActions } from "../../interfaces/audit.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { accessFor, projectInfo } from "../context.ts";
import { described } from "../openapi.ts";
import { ProjectId } from "./projects.ts";

const Query = Type.Object({
  before: Type.Optional(Type.Integer({ minimum: 1, description: "only lines with a lower id: `next` of the page before" })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  action: Type.Optional(Type.Union(auditActions.map((action) => Type.Literal(action)))),
});
const defaultPage = 100;

const shown = ({ project: _, detail, ...entry }: AuditEntry) => ({ ...entry, detail: detail === null ? null : (JSON.parse(detail) as unknown) });

/** Who shared, revoked, restored, exported, archived, erased, and who was refused. It stays when the project is erased. */
export function auditRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Params: Static<typeof ProjectId>; Querystring: Static<typeof Query> }>(
    "/api/projects/:id/audit",
    {
      schema: described("access", "The project's audit log, newest first; `next` is the `before` of the next page", { params: ProjectId, querystring: Query }),
    },
    async (request) => {
      const { id } = request.params;
      const { historyPage } = server.limits;
      const { before, limit = Math.min(defaultPage, historyPage), action } = request.query;
      if (limit > historyPage)
        throw new ServerError("limit_exceeded", "fix", `A page of the audit log has up to ${historyPage} lines (historyPage), not ${limit}.`, {
          path: "limit",
        });
      await accessFor(server, request, id, "admin");
      const query = { limit: limit + 1, ...(before !== undefined && { before }), ...(action !== undefined && { action }) };
      const rows = await server.store.audit.page(id, query);
      // A project that was erased still has its log; one that never was has none.
      if (rows.length === 0) await projectInfo(server, id, true);
      const page = rows.slice(0, limit);
      return { entries: page.map(shown), ...(rows.length > limit && { next: page.at(-1)?.id }) };
    },
  );
}
