import type { FastifyRequest } from "fastify";
import { refusedCodes } from "../auth/auditLog.ts";
import { bearerOf } from "../auth/decide.ts";
import { archived, noSuchProject, ServerError } from "../errors.ts";
import { type Access, atLeast, type Role } from "../interfaces/access.ts";
import type { ProjectInfo } from "../interfaces/store.ts";
import type { ProjectSyncServer } from "../projectSyncServer.ts";

/** @throws ServerError where the request may not do what needs `needed`. `project` null: the server itself. Refusals go to the project's audit log. */
export async function accessFor(server: ProjectSyncServer, request: FastifyRequest, project: string | null, needed: Role): Promise<Access> {
  const what = `${request.method} ${request.routeOptions.url ?? ""}`;
  let access: Access;
  try {
    access = await server.authorize(bearerOf(request.raw), project, request.raw);
  } catch (error) {
    if (project !== null && error instanceof ServerError && refusedCodes.has(error.code)) server.audit.refused(project, undefined, { what, code: error.code });
    throw error;
  }
  if (atLeast(access.role, needed)) return access;
  if (project !== null) server.audit.refused(project, access, { what, role: access.role });
  throw new ServerError("not_allowed", "fatal", `This needs the role ${needed}; you are ${access.role}.`);
}

/** @throws ServerError where there is no such project, or it is archived and `evenArchived` is not said. */
export async function projectInfo(server: ProjectSyncServer, id: string, evenArchived = false): Promise<ProjectInfo> {
  const info = (await server.store.project(id)) ?? (await server.seeding?.make(id));
  if (!info) throw noSuchProject(id);
  if (info.archivedAt !== null && !evenArchived) throw archived(info);
  return info;
}
