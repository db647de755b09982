import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { ServerError } from "../../errors.ts";
import { importFormats } from "../../imports/foundProject.ts";
import { Imports } from "../../imports/imports.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { accessFor } from "../context.ts";
import { addProject } from "../createProject.ts";
import { described } from "../openapi.ts";

const Query = Type.Object({
  format: Type.Optional(Type.Union(importFormats.map((format) => Type.Literal(format)))),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: "\\S" })),
  filename: Type.Optional(Type.String({ maxLength: 1024, description: "names the project where neither the file nor `name` does" })),
});

/** `POST /api/projects`: a new project, of nothing, of a plan, or of a file. */
export function creatingRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  const imports = new Imports(server.limits);
  app.addHook("preClose", () => imports.close());
  void app.register(async (scope) => {
    // A plan in JSON may be as large as a file: it is not read on this thread either.
    scope.removeContentTypeParser("application/json");
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post<{ Querystring: Static<typeof Query>; Body: unknown }>(
      "/api/projects",
      {
        schema: described(
          "projects",
          `Create from nothing, from a plan (Snapshot or Bryntum JSON), or from a file as body: format=${importFormats.join(", ")}, where auto looks at the content`,
          { querystring: Query },
        ),
        bodyLimit: server.limits.importBytes,
      },
      async (request, reply) => {
        await accessFor(server, request, null, "editor");
        const { format, name, filename } = request.query;
        const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        checkType(request.headers["content-type"], format);
        const started = performance.now();
        const order = { bytes, planLimits: server.planLimits, now: server.clock() };
        const { info, snapshot, report } = await imports.fill({
          ...order,
          ...(format !== undefined && { format }),
          ...(name !== undefined && { name }),
          ...(filename !== undefined && { filename }),
        });
        if (report) server.metrics.importSeconds.observe((performance.now() - started) / 1000);
        await addProject(server, { info, snapshot });
        return reply.code(201).send({ id: info.id, name: info.name, revision: info.revision, ...(report && { report }) });
      },
    );
  });
}

/** JSON says what it is, and so does a file: one that comes as the other is a mistake of the caller. */
function checkType(contentType: string | undefined, format: string | undefined): void {
  const json = /^application\/json\b/i.test(contentType ?? "");
  if (format === undefined && !json && contentType !== undefined)
    throw new ServerError("invalid_request", "fix", "The body is a JSON object { name, plan? } with content-type application/json.");
  if (json && format !== undefined && format !== "json" && format !== "auto")
    throw new ServerError("unsupported_media_type", "fix", "Send the file itself as body, with content-type application/xml.", { status: 415 });
}
