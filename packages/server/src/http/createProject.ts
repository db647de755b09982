import type { Limits as PlanLimits } from "@livegantt/core";
import type { Logger } from "pino";
import type { Deliveries } from "../embedding/deliveries.ts";
import { type Founded, foundProject, type NewProject } from "../imports/foundProject.ts";
import type { ProjectInfo, Store } from "../interfaces/store.ts";

export type { NewProject };

/** What making a project needs of the server. */
export interface Foundation {
  readonly store: Store;
  readonly planLimits: PlanLimits;
  readonly clock: () => number;
  readonly log: Logger;
  readonly deliveries: Deliveries | undefined;
}

/**
 * Makes a project of a plan.
 * @throws PlanError with every reason where the plan breaks a law; nothing is created then.
 */
export const createProject = async (server: Foundation, wanted: NewProject & { readonly id?: string }): Promise<ProjectInfo> =>
  addProject(server, await foundProject(wanted, server.planLimits, server.clock()));

export async function addProject(server: Foundation, { info, snapshot }: Founded): Promise<ProjectInfo> {
  await server.store.create(info, snapshot);
  server.deliveries?.heard(info.id);
  server.log.info({ project: info.id, revision: info.revision, tasks: info.tasks }, "project created");
  return info;
}
