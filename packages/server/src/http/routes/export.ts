import { computeSchedule, projectToJSON, type Schedule, type Snapshot } from "@livegantt/core";
import { exportCsv, exportICal, exportJson, exportMspdi } from "@livegantt/files";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { accessFor } from "../context.ts";
import { described } from "../openapi.ts";
import { ProjectId } from "./projects.ts";

interface Format {
  readonly type: string;
  readonly extension: string;
  write(plan: Snapshot, tasks: Schedule["tasks"], at: number): string;
}

/** Files that a project can be saved as, by the name of `format`. */
export const exportFormats = {
  json: { type: "application/json; charset=utf-8", extension: "json", write: (plan) => exportJson(plan) },
  mspdi: { type: "application/xml; charset=utf-8", extension: "xml", write: (plan, tasks) => exportMspdi(plan, tasks) },
  csv: { type: "text/csv; charset=utf-8", extension: "csv", write: (plan, tasks) => exportCsv(plan, tasks) },
  ical: { type: "text/calendar; charset=utf-8", extension: "ics", write: (plan, tasks, at) => exportICal(plan, tasks, { at }) },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof exportFormats;

const Query = Type.Object({ format: Type.Union((Object.keys(exportFormats) as ExportFormat[]).map((name) => Type.Literal(name))) });

/** `GET /api/projects/:id/export`: the project as a file to keep. */
export function exportRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Params: Static<typeof ProjectId>; Querystring: { format: ExportFormat } }>(
    "/api/projects/:id/export",
    { schema: described("projects", "The project as a file", { params: ProjectId, querystring: Query }) },
    async (request, reply) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      await room.current();
      // A full disk is when people want their plan out most.
      await server.audit
        .record(id, "exported", access, { format: request.query.format, revision: room.state.revision })
        .catch((err: unknown) => server.log.error({ err, project: id, sub: access.sub }, "an export could not be written to the audit log"));
      const { type, extension, write } = exportFormats[request.query.format];
      return reply
        .type(type)
        .header("content-disposition", disposition(room.state.project.name ?? id, extension))
        .send(write(projectToJSON(room.state), computeSchedule(room.state).tasks, server.clock()));
    },
  );
}

/** A file name is the project's, without what file systems and headers read as something else. */
function disposition(name: string, extension: string): string {
  const plain =
    name
      .replace(/[^\p{L}\p{N} ._-]/gu, "_")
      .replace(/^\.+/, "")
      .trim()
      .slice(0, 80) || "project";
  const ascii = plain.replace(/[^\x20-\x7e]/g, "_");
  return `attachment; filename="${ascii}.${extension}"; filename*=UTF-8''${encodeURIComponent(plain)}.${extension}`;
}
