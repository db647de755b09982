import { samplePlan } from "@livegantt/files";
import { createProject } from "./http/createProject.ts";
import type { ProjectSyncServer } from "./projectSyncServer.ts";

const made = "sample_project";

/** Puts the sample plan into an empty database, once in the database's life. Returns the id of the sample where it was made just now. */
export async function createSample(server: ProjectSyncServer): Promise<string | undefined> {
  const { store } = server;
  if ((await store.setting(made)) !== undefined) return undefined;
  const empty = (await store.projects()).length === 0;
  const id = empty ? (await createProject(server, { plan: samplePlan() })).id : "";
  await store.setSetting(made, id);
  return empty ? id : undefined;
}
