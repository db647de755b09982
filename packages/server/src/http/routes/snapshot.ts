import type { Static } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import type { View } from "../../room/submission.ts";
import { bryntumLoad } from "../bryntumLoad.ts";
import { accessFor } from "../context.ts";
import { described } from "../openapi.ts";
import { type Compressed, sendJson } from "../sendJson.ts";
import { ProjectId } from "./projects.ts";

/** W7: the whole project over HTTP, compressed once per revision; the socket then only needs a delta. */
export function snapshotRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  const compressed = new WeakMap<View, Compressed>();

  app.get<{ Params: Static<typeof ProjectId> }>(
    "/api/projects/:id",
    { schema: described("projects", "The project as a Snapshot; the ETag is its epoch and revision", { params: ProjectId }) },
    async (request, reply) => {
      const { id } = request.params;
      await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      await room.current();
      const etag = `"${room.epoch}-${room.state.revision}"`;
      reply.headers({ etag, "cache-control": "private, no-cache" });
      if (request.headers["if-none-match"]?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)) return reply.code(304).send();
      const view = room.view();
      const kept = compressed.get(view) ?? new Map();
      compressed.set(view, kept);
      return sendJson(request, reply, view.text, kept);
    },
  );

  app.get<{ Params: Static<typeof ProjectId> }>(
    "/api/project/:id",
    { schema: described("projects", "The project in the load format of Bryntum's CrudManager, for loadUrl", { params: ProjectId }) },
    async (request, reply) => {
      const { id } = request.params;
      await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      await room.current();
      reply.header("cache-control", "private, no-cache");
      return sendJson(request, reply, JSON.stringify(bryntumLoad(room.state, room.epoch)));
    },
  );
}
