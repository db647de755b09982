import type { Static } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { ServerError } from "../../errors.ts";
import { type ProjectSyncServer, parseMessage } from "../../projectSyncServer.ts";
import { refusalOf } from "../../room/permission.ts";
import { accessFor } from "../context.ts";
import { described } from "../openapi.ts";
import { type Answer, submit } from "../submit.ts";
import { ProjectId } from "./projects.ts";

const statusOf: Record<string, number> = { retry: 503, backoff: 429, fix: 422, reauth: 401, fatal: 403 };

/** A change without a socket, under a clientId of its own. */
export function changeRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.post<{ Params: Static<typeof ProjectId>; Body: unknown }>(
    "/api/projects/:id/changes",
    {
      schema: described("changes", "One numbered changeset { clientId, revision, baseRevision, intent?, payload }; repeating it gives the same answer", {
        params: ProjectId,
      }),
      bodyLimit: server.limits.messageBytes,
    },
    async (request, reply) => {
      const { id } = request.params;
      const access = await accessFor(server, request, id, "viewer");
      const body = (typeof request.body === "object" && request.body !== null ? request.body : {}) as { clientId?: unknown; author?: unknown };
      const { clientId } = body;
      if (typeof clientId !== "string" || clientId === "" || clientId.length > 64) {
        throw new ServerError("invalid_value", "fix", "clientId is a text of 1 to 64 characters that only this client uses.", { path: "clientId" });
      }
      const author = access.name ?? (typeof body.author === "string" ? body.author.slice(0, 255) : clientId);
      const parsed = parseMessage({ ...body, type: "changes" });
      if (!parsed.ok) {
        const { code, message, path, clientRevision } = parsed.error;
        const error = new ServerError(code, "fix", message, path === undefined ? {} : { path });
        if (clientRevision === undefined) throw error;
        return send(reply, await submit(server, id, access, { clientId, revision: clientRevision, baseRevision: 0, author, wish: { invalid: error } }));
      }
      const { message } = parsed;
      if (message.type !== "changes") throw new ServerError("invalid_request", "fix", "Only changes can be sent here.");
      const { revision, baseRevision, intent, madeAt, payload } = message;
      if (refusalOf(access.role, payload) !== undefined) server.audit.refused(id, access, { what: "change", role: access.role });
      const more = { ...(intent !== undefined && { intent }), ...(madeAt !== undefined && { madeAt }) };
      return send(reply, await submit(server, id, access, { clientId, revision, baseRevision, author, wish: { payload }, ...more }));
    },
  );
}

export function send(reply: { code(status: number): { send(body: unknown): unknown } }, { type, payload }: Answer): unknown {
  if (type === "ack") return reply.code(200).send(payload);
  if (type === "conflict") return reply.code(409).send(payload);
  const status = payload.code === "revision_gap" ? 409 : (statusOf[String(payload.action)] ?? 400);
  return reply.code(status).send({ error: payload });
}
