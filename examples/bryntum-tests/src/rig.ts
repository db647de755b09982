import { GanttWebSocketManager, type GanttWebSocketManagerConfig } from "@livegantt/bryntum";
import { MemoryLocks, MemoryStorage } from "@livegantt/client";
import { canonicalJson, checkInvariants, projectFromJSON, type Snapshot } from "@livegantt/core";
import { expect, inject } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import { type Project, ProjectModel, type Task } from "./bryntum.ts";
import { type Network, network } from "./network.ts";
import { plan } from "./plan.ts";

export async function newProject(content: object = plan): Promise<string> {
  const response = await fetch(`${inject("serverUrl")}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Test", plan: content }),
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { id: string }).id;
}

export async function serverPlan(id: string): Promise<Snapshot> {
  return (await (await fetch(`${inject("serverUrl")}/api/projects/${id}`)).json()) as Snapshot;
}

export interface Page {
  readonly name: string;
  readonly project: Project;
  readonly manager: GanttWebSocketManager;
  readonly network: Network;
  /** Payloads captured from this chart. */
  readonly sent: { readonly intent: string; readonly payload: object }[];
  readonly refused: string[];
  task(id: string): Task;
}

export interface PageOptions {
  readonly project?: object;
  readonly delay?: () => number;
  readonly manager?: Partial<GanttWebSocketManagerConfig>;
}

let pageNumber = 0;

export async function openPage(id: string, name: string, options: PageOptions = {}): Promise<Page> {
  const project = new ProjectModel(options.project);
  const line = network(NodeSocket as never, options.delay);
  const sent: Page["sent"] = [];
  const refused: string[] = [];
  const manager = new GanttWebSocketManager({
    project: project as never,
    wsUrl: `${inject("serverUrl").replace("http", "ws")}/gantt-sync?project=${id}`,
    userName: name,
    clientId: `${name}-${++pageNumber}-${Date.now()}`,
    debounce: 0,
    baseReconnectDelay: 5,
    maxReconnectDelay: 20,
    maxReconnectAttempts: 1000,
    frames: false,
    ...options.manager,
    client: { WebSocket: line.WebSocket, storage: new MemoryStorage(), locks: new MemoryLocks(), load: "socket", ...options.manager?.client },
  });
  manager.on({
    changesSent: ({ intent, changeset }: { intent: string; changeset: object }) => sent.push({ intent, payload: changeset }),
    refused: ({ error }: { error: unknown }) => refused.push(error instanceof Error ? error.message : String(error)),
  });
  // A person who takes back what the engine cannot solve. Nobody is asked about what others did.
  const cancel = ({ continueWithResolutionResult }: { continueWithResolutionResult(result: string): void }): boolean => {
    continueWithResolutionResult("Cancel");
    return false;
  };
  project.on({ schedulingConflict: cancel, cycle: cancel, emptyCalendar: cancel });
  await new Promise<void>((resolve) => manager.on({ ready: () => resolve(), once: true }));
  return {
    name,
    project,
    manager,
    network: line,
    sent,
    refused,
    task: (taskId) => {
      const found = project.taskStore.getById(taskId);
      if (!found) throw new Error(`${name} shows no task ${taskId}`);
      return found;
    },
  };
}

export function closePages(...pages: Page[]): void {
  for (const { manager, project } of pages) {
    manager.destroy();
    project.destroy();
  }
}

const reached = (page: Page, revision: number): Promise<void> =>
  new Promise((resolve) => {
    const { live } = page.manager;
    if (live.revision >= revision && live.status === "live") return resolve();
    const check = (): void => {
      if (live.revision < revision || live.status !== "live") return;
      for (const off of offs) off();
      resolve();
    };
    const offs = [live.on("change", check), live.on("status", check), live.on("saved", check)];
  });

/** Everything that was done is on the server, and every chart shows the server's plan. */
export async function settle(id: string, ...pages: Page[]): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const before = pages.reduce((sum, page) => sum + page.sent.length, 0);
    for (const page of pages) {
      await page.manager.binding.flush();
      await page.manager.live.saved();
    }
    const { revision } = await serverPlan(id);
    for (const page of pages) {
      await reached(page, revision);
      await page.manager.binding.levelled();
      await page.project.commitAsync();
      await page.manager.binding.flush();
    }
    const after = pages.reduce((sum, page) => sum + page.sent.length, 0);
    if (after === before && (await serverPlan(id)).revision === revision && pages.every(({ manager }) => manager.live.pendingCount === 0)) return;
  }
  throw new Error("the pages do not come to rest");
}

const wall = (date: unknown): string => (date instanceof Date ? date.toISOString().slice(0, 16) : String(date));

/** The tree of a chart with its computed dates, as lines. */
export function drawn(page: Page): string[] {
  const lines: string[] = [];
  const walk = (task: Task, depth: number): void => {
    for (const child of task.orderedChildren ?? []) {
      lines.push(`${"  ".repeat(depth)}${child.id} "${child.name}" ${Math.round(child.duration * 1e6) / 1e6} ${wall(child.startDate)}–${wall(child.endDate)}`);
      walk(child, depth + 1);
    }
  };
  walk(page.project.taskStore.rootNode, 0);
  return lines;
}

/** P1 and P2 for charts: a valid plan, the same on the server and in every replica, and shown by every chart, dates included; nothing left to be captured. */
export async function expectSame(id: string, ...pages: Page[]): Promise<void> {
  const snapshot = await serverPlan(id);
  expect(checkInvariants(projectFromJSON(snapshot))).toEqual([]);
  for (const { manager, name } of pages) {
    expect(canonicalJson({ ...manager.live.snapshot(), revision: 0 }), `${name}'s replica`).toBe(canonicalJson({ ...snapshot, revision: 0 }));
    expect(manager.binding.audit(), `${name}'s chart against its shadow`).toEqual([]);
    expect(manager.binding.unlevel(), `${name}'s chart against the plan`).toEqual([]);
  }
  const [first, ...others] = pages;
  if (first) for (const other of others) expect(drawn(other), `${other.name} against ${first.name}`).toEqual(drawn(first));
}
