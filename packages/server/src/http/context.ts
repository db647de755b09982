import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { archived, noSuchProject, ServerError } from "../errors.ts";
import { type Access, atLeast, type Role } from "../interfaces/access.ts";
import type { ProjectInfo } from "../interfaces/store.ts";
import type { ProjectSyncServer } from "../projectSyncServer.ts";

const sessionCookie = "livegantt_session";

/** The token of a request: `Authorization: Bearer`, or the same-site session cookie. */
export function tokenOf({ headers }: IncomingMessage): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  for (const pair of headers.cookie?.split(";") ?? []) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === sessionCookie && value) return decodeURIComponent(value);
  }
  return undefined;
}

/** @throws ServerError where the request may not do what needs `needed`. `project` null: the server itself. */
export async function accessFor(server: ProjectSyncServer, request: FastifyRequest, project: string | null, needed: Role): Promise<Access> {
  const access = await server.authorize(tokenOf(request.raw), project, request.raw);
  if (atLeast(access.role, needed)) return access;
  throw new ServerError("not_allowed", "fatal", `This needs the role ${needed}; you are ${access.role}.`);
}

/** @throws ServerError where there is no such project, or it is archived and `evenArchived` is not said. */
export async function projectInfo(server: ProjectSyncServer, id: string, evenArchived = false): Promise<ProjectInfo> {
  const info = (await server.store.project(id)) ?? (await server.seeding?.make(id));
  if (!info) throw noSuchProject(id);
  if (info.archivedAt !== null && !evenArchived) throw archived(info);
  return info;
}
