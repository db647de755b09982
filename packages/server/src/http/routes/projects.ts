import { closeCodes, projectToJSON } from "@livegantt/core";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { bearerOf } from "../../auth/decide.ts";
import { archived, noSuchProject, ServerError } from "../../errors.ts";
import { checkedCreate } from "../../imports/foundProject.ts";
import { atLeast } from "../../interfaces/access.ts";
import type { ProjectInfo } from "../../interfaces/store.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { loadProject } from "../../room/storedProject.ts";
import { accessFor, projectInfo } from "../context.ts";
import { createProject } from "../createProject.ts";
import { described } from "../openapi.ts";

export const ProjectId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
/** How somebody wants to be called whose token vouches for no name. */
export const Called = Type.String({ maxLength: 255, description: "name to show, where no token gives one" });
const ListQuery = Type.Object({ archived: Type.Optional(Type.Boolean()) });
const DeleteQuery = Type.Object({ purge: Type.Optional(Type.Boolean()) });

const listed = ({ id, name, revision, tasks, createdAt, updatedAt, archivedAt }: ProjectInfo) => ({
  id,
  name,
  revision,
  tasks,
  createdAt,
  updatedAt,
  archived: archivedAt !== null,
});

/** `/api/projects`: list, copy, archive, bring back, erase. */
export function projectRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Querystring: Static<typeof ListQuery> }>(
    "/api/projects",
    { schema: described("projects", "Projects that you may see, last changed first; archived ones with archived=true", { querystring: ListQuery }) },
    async (request) => {
      const token = bearerOf(request.raw);
      await server.authorize(token, null, request.raw).catch((error: unknown) => {
        if (!(error instanceof ServerError) || error.action !== "fatal") throw error;
      });
      const all = (await server.store.projects()).filter(({ archivedAt }) => (archivedAt !== null) === (request.query.archived ?? false));
      const seen = await Promise.all(all.map((info) => mayRead(server, token, info.id, request.raw)));
      return { projects: all.filter((_, i) => seen[i]).map(listed) };
    },
  );

  app.post<{ Params: Static<typeof ProjectId>; Body: { name?: string } | null }>(
    "/api/projects/:id/duplicate",
    { schema: described("projects", "A copy as a project of its own, without history", { params: ProjectId }) },
    async (request, reply) => {
      const { id } = request.params;
      await accessFor(server, request, id, "viewer");
      await accessFor(server, request, null, "editor");
      const info = await projectInfo(server, id, true);
      const { name } = checkedCreate(request.body ?? {});
      const { state } = await loadProject(server.store, info);
      const copy = await createProject(server, { name: name ?? `Copy of ${info.name}`.slice(0, 255), plan: projectToJSON(state) });
      return reply.code(201).send({ id: copy.id, name: copy.name, revision: copy.revision });
    },
  );

  app.delete<{ Params: Static<typeof ProjectId>; Querystring: Static<typeof DeleteQuery> }>(
    "/api/projects/:id",
    { schema: described("projects", "Archive; with purge=true erase for good, with all history", { params: ProjectId, querystring: DeleteQuery }) },
    async (request, reply) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "admin");
      const info = await projectInfo(server, id, true);
      await server.audit.record(id, request.query.purge ? "purged" : "archived", access);
      if (request.query.purge) {
        await server.store.purge(id);
        server.rooms.drop(id, noSuchProject(id), closeCodes.noSuchProject);
        server.log.info({ project: id, revision: info.revision }, "project erased");
      } else {
        await server.store.archive(id, server.clock());
        server.rooms.drop(id, archived(info), closeCodes.noSuchProject);
        server.log.info({ project: id, revision: info.revision }, "project archived");
      }
      return reply.code(204).send();
    },
  );

  app.post<{ Params: Static<typeof ProjectId> }>(
    "/api/projects/:id/unarchive",
    { schema: described("projects", "Bring an archived project back", { params: ProjectId }) },
    async (request) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "admin");
      await projectInfo(server, id, true);
      await server.audit.record(id, "unarchived", access);
      await server.store.archive(id, null);
      return listed(await projectInfo(server, id));
    },
  );
}

async function mayRead(
  server: ProjectSyncServer,
  token: string | undefined,
  id: string,
  request: Parameters<ProjectSyncServer["authorize"]>[2],
): Promise<boolean> {
  try {
    return atLeast((await server.authorize(token, id, request)).role, "viewer");
  } catch (error) {
    if (error instanceof ServerError && (error.action === "fatal" || error.action === "reauth")) return false;
    throw error;
  }
}
