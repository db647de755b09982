import { computeSchedule } from "@livegantt/core";
import type { Static } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import type { Room } from "../../room/room.ts";
import { accessFor } from "../context.ts";
import { described } from "../openapi.ts";
import { type Compressed, sendJson } from "../sendJson.ts";
import { ProjectId } from "./projects.ts";

/** Computed dates. They are no part of an edit's way through the server: a pass is made when somebody asks, once for each revision. */
export function scheduleRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  const computed = new WeakMap<Room, { readonly revision: number; readonly text: string; readonly compressed: Compressed }>();

  app.get<{ Params: Static<typeof ProjectId> }>(
    "/api/projects/:id/schedule",
    { schema: described("projects", "Computed dates, slack and critical path of every task, and what cannot be met", { params: ProjectId }) },
    async (request, reply) => {
      const { id } = request.params;
      await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      await room.current();
      let known = computed.get(room);
      if (known?.revision !== room.state.revision) {
        known = { revision: room.state.revision, text: scheduleText(room), compressed: new Map() };
        computed.set(room, known);
      }
      return sendJson(request, reply, known.text, known.compressed);
    },
  );
}

function scheduleText({ state }: Room): string {
  const { engineVersion, tasks, projectStart, projectEnd, violations } = computeSchedule(state);
  const dates = Object.fromEntries([...tasks.keys()].map((id) => [id, tasks.get(id)]));
  return JSON.stringify({ revision: state.revision, engineVersion, projectStart, projectEnd, tasks: dates, violations });
}
