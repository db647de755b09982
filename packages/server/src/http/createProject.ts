import { randomUUID } from "node:crypto";
import { Ledger, type Limits as PlanLimits, projectFromJSON } from "@livegantt/core";
import type { Logger } from "pino";
import type { Deliveries } from "../embedding/deliveries.ts";
import type { ProjectInfo, Store } from "../interfaces/store.ts";
import { encodeSnapshot } from "../room/storedProject.ts";

/** What making a project needs of the server. */
export interface Foundation {
  readonly store: Store;
  readonly planLimits: PlanLimits;
  readonly clock: () => number;
  readonly log: Logger;
  readonly deliveries: Deliveries | undefined;
}

export interface NewProject {
  /** Left out: the plan's own. */
  readonly name?: string;
  /** Snapshot or Bryntum JSON; left out: an empty plan. */
  readonly plan?: unknown;
}

const newId = (): string => randomUUID().replaceAll("-", "").slice(0, 20);
/** Monday of the current week at 08:00: where a plan without a start begins. */
function startOf(now: number): string {
  const day = new Date(now);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return `${day.toISOString().slice(0, 10)}T08:00:00`;
}

/**
 * Makes a project of a plan; it starts at revision 0 with the plan as its first snapshot.
 * @throws PlanError with every reason where the plan breaks a law; nothing is created then.
 */
export async function createProject(server: Foundation, { id = newId(), name, plan }: NewProject & { readonly id?: string }): Promise<ProjectInfo> {
  const state = projectFromJSON(plan ?? { tasks: [] }, { id, limits: server.planLimits });
  const now = server.clock();
  const { project } = state;
  state.put("project", { ...project, id, name: name ?? project.name ?? "Untitled project", startDate: project.startDate ?? startOf(now) });
  state.revision = 0;
  const info: ProjectInfo = {
    id,
    name: state.project.name ?? "",
    epoch: randomUUID().slice(0, 8),
    revision: 0,
    tasks: state.tasks.size,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  };
  await server.store.create(info, await encodeSnapshot({ state, ledger: new Ledger() }));
  server.deliveries?.heard(id);
  server.log.info({ project: id, tasks: info.tasks }, "project created");
  return info;
}
