import { samplePlan } from "@livegantt/files";
import { createProject } from "./http/createProject.ts";
import type { ProjectSyncServer } from "./projectSyncServer.ts";

/**
 * Puts the sample plan into an empty database, once in the database's life: of several servers that start at once on one database, one makes it. Returns the id of
 * the sample where it was made just now.
 */
export async function createSample(server: ProjectSyncServer): Promise<string | undefined> {
  const { store } = server;
  if ((await store.setting("sample_project")) !== undefined) return undefined;
  const empty = (await store.projects()).length === 0;
  const mine = await store.claimSetting("sample_project", new Date(server.clock()).toISOString());
  return empty && mine ? (await createProject(server, { plan: samplePlan() })).id : undefined;
}
