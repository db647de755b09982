import { randomUUID } from "node:crypto";
import { projectToJSON } from "@livegantt/core";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { ServerError } from "../../errors.ts";
import { difference } from "../../history/difference.ts";
import { concerns, type HistoryEntry, historyEntry } from "../../history/entries.ts";
import { revisionOf } from "../../history/revisions.ts";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import type { Room } from "../../room/room.ts";
import { accessFor } from "../context.ts";
import { described } from "../openapi.ts";
import { sendJson } from "../sendJson.ts";
import { submit } from "../submit.ts";
import { send } from "./changes.ts";
import { ProjectId } from "./projects.ts";

const Query = Type.Object({
  from: Type.Optional(Type.Integer({ minimum: 0, description: "oldest revision" })),
  to: Type.Optional(Type.Integer({ minimum: 0, description: "newest revision" })),
  task: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "only what concerns this task, its links, assignments and comments" })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
const Revision = Type.Object({ id: ProjectId.properties.id, revision: Type.Integer({ minimum: 0 }) });
const defaultPage = 100;

/** Who did what when; the plan as it was at a revision; back to it as a new revision. */
export function historyRoutes(app: FastifyInstance, server: ProjectSyncServer): void {
  app.get<{ Params: Static<typeof ProjectId>; Querystring: Static<typeof Query> }>(
    "/api/projects/:id/history",
    {
      schema: described("history", "Changes, newest first, with the values before; `next` is the `to` of the next page", {
        params: ProjectId,
        querystring: Query,
      }),
    },
    async (request, reply) => {
      const { id } = request.params;
      const { historyPage } = server.limits;
      const { from = 1, to, task, limit = Math.min(defaultPage, historyPage) } = request.query;
      if (limit > historyPage)
        throw new ServerError("limit_exceeded", "fix", `A page of history has up to ${historyPage} entries (historyPage), not ${limit}.`, { path: "limit" });
      await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      await room.current();
      const page = await readPage(server, room, Math.max(0, from - 1), Math.min(to ?? room.state.revision, room.state.revision), limit, task);
      return sendJson(request, reply, JSON.stringify(page));
    },
  );

  app.get<{ Params: Static<typeof Revision> }>(
    "/api/projects/:id/revisions/:revision",
    { schema: described("history", "The project as it was at a revision, as a Snapshot", { params: Revision }) },
    async (request, reply) => {
      const { id, revision } = request.params;
      await accessFor(server, request, id, "viewer");
      const room = await server.rooms.open(id);
      const { state } = await revisionOf(server.store, room, revision);
      return sendJson(request, reply, JSON.stringify(projectToJSON(state)));
    },
  );

  app.post<{ Params: Static<typeof Revision>; Body: { author?: unknown } | null }>(
    "/api/projects/:id/revisions/:revision/restore",
    { schema: described("history", "Make the plan of a revision the newest one again; comments stay. Answered like a change", { params: Revision }) },
    async (request, reply) => {
      const { id, revision } = request.params;
      const access = await accessFor(server, request, id, "editor");
      const room = await server.rooms.open(id);
      const { state } = await revisionOf(server.store, room, revision);
      await room.current();
      const payload = difference(room.state, state);
      const called = request.body?.author;
      const author = (access.name ?? (typeof called === "string" ? called.trim().slice(0, 255) : "")) || "Restore";
      await server.audit.record(id, "restored", access, { revision });
      const wish = {
        clientId: `restore-${randomUUID()}`,
        revision: 1,
        baseRevision: room.state.revision,
        author,
        intent: `restore:${revision}`,
        wish: { payload },
        whole: true,
      };
      return send(reply, await submit(server, id, access, wish));
    },
  );
}

async function readPage(
  server: ProjectSyncServer,
  room: Room,
  after: number,
  upTo: number,
  limit: number,
  task: string | undefined,
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly next?: number }> {
  const entries: HistoryEntry[] = [];
  const containing = task === undefined ? {} : { containing: JSON.stringify(task) };
  for (let to = upTo; to > after; ) {
    const rows = await server.store.changes(room.id, { after, upTo: to, limit: limit + 1, newestFirst: true, ...containing });
    for (const row of rows) {
      const entry = historyEntry(row, room.state);
      if (task !== undefined && !concerns(entry, task)) continue;
      if (entries.length === limit) return { entries, next: row.revision };
      entries.push(entry);
    }
    if (rows.length <= limit) break;
    to = (rows.at(-1)?.revision ?? 1) - 1;
  }
  return { entries };
}
