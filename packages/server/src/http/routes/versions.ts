import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { nameOf } from "../../auth/auditLog.ts";
import { ServerError } from "../../errors.ts";
import { revisionOf } from "../../history/revisions.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { encodeSnapshot } from "../../room/storedProject.ts";
import { accessFor, projectInfo } from "../context.ts";
import { described } from "../openapi.ts";
import { Called, ProjectId } from "./projects.ts";

const Create = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120, pattern: "\\S" }),
  revision: Type.Optional(Type.Integer({ minimum: 0, description: "left out: the newest" })),
  author: Type.Optional(Called),
});

/** Revisions that somebody gave a name. They stay, whatever becomes of the history around them (D3); they are seen and restored like any revision. */
export function versionRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Params: Static<typeof ProjectId> }>(
    "/api/projects/:id/versions",
    { schema: described("history", "Named versions, newest first", { params: ProjectId }) },
    async (request) => {
      const { id } = request.params;
      await accessFor(server, request, id, "viewer");
      await projectInfo(server, id);
      return { versions: await server.store.versions.list(id) };
    },
  );

  app.post<{ Params: Static<typeof ProjectId>; Body: Static<typeof Create> }>(
    "/api/projects/:id/versions",
    {
      schema: described("history", "Give a revision a name, for good. The same name at the same revision again changes nothing", {
        params: ProjectId,
        body: Create,
      }),
    },
    async (request, reply) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "editor");
      const room = await server.rooms.open(id);
      const { name, author } = request.body;
      await room.current();
      const revision = request.body.revision ?? room.state.revision;
      const { versionsPerProject } = server.limits;
      if ((await server.store.versions.list(id)).length >= versionsPerProject)
        throw new ServerError("limit_exceeded", "fix", `The project has ${versionsPerProject} named versions, its limit (versionsPerProject).`);
      const decided = await revisionOf(server.store, room, revision);
      const { made, version } = await server.store.versions.add(
        id,
        { revision, name: name.trim(), author: nameOf(access, author), sub: access.sub ?? null, at: server.clock() },
        await encodeSnapshot(decided),
        server.audit.line(id, "version.named", access, { revision }, author),
      );
      return reply.code(made ? 201 : 200).send(version);
    },
  );
}
