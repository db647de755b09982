// What somebody writes who has installed the packages: compiled strictly, library types included.
import { createServer as createHttpServer } from "node:http";
import { GanttWebSocketManager } from "@livegantt/bryntum";
import { RealtimeGantt as BryntumGantt } from "@livegantt/bryntum/react";
import { type LiveProject, openProject } from "@livegantt/client";
import { applyChangeset, computeSchedule, Ledger, projectFromJSON } from "@livegantt/core";
import { exportCsv, importFile, samplePlan } from "@livegantt/files";
import { ConnectionStatus, RealtimeGantt, useTask } from "@livegantt/react";
import { type Authorize, type Committed, createServer, type Person, ServerError } from "@livegantt/server";
import { bindSvar, chartData } from "@livegantt/svar";

export const plan = projectFromJSON(samplePlan());
export const ends: (string | null | undefined)[] = [...plan.tasks.keys()].map((id) => computeSchedule(plan).tasks.get(id)?.endDate);
export const outcome = applyChangeset(
  plan,
  { clientId: "c", author: { name: "C" }, revision: 1, baseRevision: 0, payload: { tasks: { added: [{ id: "n", name: "N" }] } }, at: 0 },
  { ledger: new Ledger() },
).outcome;

export const authorize: Authorize = async (token) => {
  if (token === undefined) throw new ServerError("not_logged_in", "reauth", "Log in.");
  return { role: "editor", sub: token };
};
export async function serve(sessions: ReadonlyMap<string, Person>): Promise<() => Promise<void>> {
  const revisions = new Map<string, number>();
  const server = await createServer({
    listen: false,
    data: "./data",
    authenticate: ({ headers }) => sessions.get(headers.cookie ?? ""),
    loadProject: async (id) => (id === "house" ? { name: "House", plan: samplePlan() } : undefined),
    onCommitted: ({ project, revision, changeset, author }: Committed) => {
      if (changeset.tasks?.added && author?.name !== "robot") revisions.set(project, revision);
    },
  });
  const http = createHttpServer(server.handler);
  server.attach(http, { path: "/plans/gantt-sync" });
  return () => server.close();
}

export function edit(live: LiveProject): string {
  live.on("conflict", ({ id }) => live.resolve(id, "keep_local"));
  return live.transact("task.add", (tx) => tx.add("tasks", { name: "New", duration: 1 }));
}
export const open = (url: string): LiveProject => openProject({ url, project: "house", user: { name: "Ann" } });

export const table = exportCsv(samplePlan());
export const read = (bytes: Uint8Array) => importFile(bytes, "plan.xml");
export const parts = [ConnectionStatus, RealtimeGantt, useTask, BryntumGantt, GanttWebSocketManager, bindSvar, chartData];
