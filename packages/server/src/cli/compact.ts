import { ServerError } from "../errors.ts";
import { ProjectSyncServer } from "../projectSyncServer.ts";
import type { Command } from "./command.ts";
import { openStore } from "./openStore.ts";
import { plain, size, table } from "./table.ts";

export const compact: Command = {
  operands: [],
  settings: ["data", "database", "database-file", "keep-revisions", "keep-days", "tombstone-days"],
  options: [{ name: "shrink", about: "give the space back to the disk; an embedded database must not be open in a server then" }],
  notes: [
    "A revision stays if it is among the last --keep-revisions or younger than --keep-days; revisions with a name stay in any case. Servers do the same once an\nhour for the projects they have in memory; this does it for all, and is safe beside them.",
  ],
  async run(call) {
    const shrink = call.has("shrink");
    const { store } = await openStore(call.config, shrink ? "alone" : "write");
    const sync = new ProjectSyncServer({ store, limits: call.config.limits });
    try {
      const before = await store.size();
      const projects = [];
      for (const { id, name, archivedAt } of await store.projects()) {
        const from = await store.oldestChange(id);
        const fault = archivedAt === null ? await fold(sync, id) : "archived";
        const oldest = await store.oldestChange(id);
        projects.push({ id, name, folded: (oldest?.revision ?? 0) - (from?.revision ?? 0), ...(fault !== undefined && { skipped: fault }) });
      }
      if (shrink) await store.maintenance.shrink();
      const after = await store.size();
      const rows = projects.map(({ id, name, folded, skipped }) => [id, folded, plain(name), skipped ?? ""]);
      call.print({ projects, bytesBefore: before, bytesAfter: after }, [
        ...table(["PROJECT", "FOLDED", "NAME", ""], rows),
        `${size(before)} before, ${size(after)} after.`,
      ]);
      return projects.some(({ skipped }) => skipped !== undefined && skipped !== "archived") ? 1 : 0;
    } finally {
      await sync.close();
      await store.close();
    }
  },
};

/** @returns why it could not be done, or nothing. */
async function fold(sync: ProjectSyncServer, id: string): Promise<string | undefined> {
  try {
    const room = await sync.rooms.open(id);
    await room.save();
    await room.compact();
    await sync.rooms.unloadIdle(0);
    return undefined;
  } catch (error) {
    if (error instanceof ServerError) return error.message;
    throw error;
  }
}
