import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { nameOf } from "../../auth/auditLog.ts";
import { holds } from "../../auth/linkAccess.ts";
import { hashOf, newLinkId, newLinkToken } from "../../auth/secrets.ts";
import { ServerError } from "../../errors.ts";
import { roles } from "../../interfaces/access.ts";
import type { LinkRow } from "../../interfaces/links.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { accessFor, projectInfo } from "../context.ts";
import { described } from "../openapi.ts";
import { Called, ProjectId } from "./projects.ts";

const LinkId = Type.Object({ id: ProjectId.properties.id, link: Type.String({ minLength: 1, maxLength: 64 }) });
const Create = Type.Object({
  role: Type.Union(roles.map((role) => Type.Literal(role))),
  label: Type.Optional(Type.String({ maxLength: 120, description: "what it is called in the list of links" })),
  expiresAt: Type.Optional(Type.Integer({ description: "ms since the epoch; left out: it holds until it is revoked" })),
  author: Type.Optional(Called),
});
const longestMs = 10 * 366 * 86_400_000;

const shown = ({ project: _, ...link }: LinkRow) => link;

/** Share links: who has one comes in with its role. Its token is told once, when it is made. */
export function linkRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Params: Static<typeof ProjectId> }>(
    "/api/projects/:id/links",
    {
      schema: described("access", "Share links of the project, newest first, ended ones included; `guarded` is false where everybody is admin anyway", {
        params: ProjectId,
      }),
    },
    async (request) => {
      const { id } = request.params;
      await accessFor(server, request, id, "admin");
      await projectInfo(server, id, true);
      return { links: (await server.store.links.list(id)).map(shown), guarded: server.guarded };
    },
  );

  app.post<{ Params: Static<typeof ProjectId>; Body: Static<typeof Create> }>(
    "/api/projects/:id/links",
    {
      schema: described("access", "Make a share link. `path` is its address on this server; its token stands behind the # and is told this once", {
        params: ProjectId,
        body: Create,
      }),
    },
    async (request, reply) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "admin");
      await projectInfo(server, id);
      const { role, label, expiresAt = null, author } = request.body;
      const now = server.clock();
      if (expiresAt !== null && (expiresAt <= now || expiresAt > now + longestMs))
        throw new ServerError(
          "invalid_value",
          "fix",
          "A share link expires in the future, within ten years. Leave expiresAt out for one that does not expire.",
          {
            path: "expiresAt",
          },
        );
      const { linksPerProject } = server.limits;
      if ((await server.store.links.list(id)).filter((link) => holds(link, now)).length >= linksPerProject)
        throw new ServerError("limit_exceeded", "fix", `The project has ${linksPerProject} share links, its limit (linksPerProject). Revoke some first.`);
      const token = newLinkToken();
      const link: LinkRow = {
        id: newLinkId(),
        project: id,
        role,
        label: label?.trim() || null,
        createdBy: nameOf(access, author),
        createdAt: now,
        expiresAt,
        revokedAt: null,
      };
      const line = server.audit.line(id, "link.created", access, { link: link.id, role, expiresAt }, author);
      await server.store.links.add(link, hashOf(token), line);
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ ...shown(link), token, path: `/p/${encodeURIComponent(id)}#link=${token}` });
    },
  );

  app.delete<{ Params: Static<typeof LinkId> }>(
    "/api/projects/:id/links/:link",
    { schema: described("access", "Revoke a share link: whoever came by it is sent away within seconds, on every server", { params: LinkId }) },
    async (request, reply) => {
      const { id, link } = request.params;
      const access = await accessFor(server, request, id, "admin");
      const now = server.clock();
      const ended = await server.store.links.revoke(id, link, now, server.audit.line(id, "link.revoked", access, { link }));
      if (!ended && !(await server.store.links.byIds([link])).some(({ project }) => project === id))
        throw new ServerError("link_not_found", "fix", `The project has no share link "${link}".`, { status: 404, path: "link" });
      await server.checkAccess();
      return reply.code(204).send();
    },
  );
}
