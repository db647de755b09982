import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GanttWebSocketManager } from "@livegantt/bryntum";
import { applyChangeset, type Changeset, Ledger, projectFromJSON } from "@livegantt/core";
import { expect, inject } from "vitest";
import { WebSocket } from "ws";
import { ProjectModel } from "./bryntum.ts";
import { plan } from "./plan.ts";
import { expectSame, newProject, openPage, type Page, settle } from "./rig.ts";

export let id: string;
export let ann: Page;
export let ben: Page;

/** Opens the two pages that every check is about. */
export async function openScene(): Promise<void> {
  id = await newProject();
  [ann, ben] = await Promise.all([openPage(id, "Ann"), openPage(id, "Ben")]);
}

export const heard = (page: Page, event: string): Promise<Record<string, unknown>> =>
  new Promise((resolve) => page.manager.on({ [event]: (told: never) => resolve(told), once: true }));
export const rename = (name: string): Changeset => ({ tasks: { updated: [{ id: "garden", changes: { name } }] } });
export const rest = async (): Promise<void> => {
  await settle(id, ann, ben);
  await expectSame(id, ann, ben);
};

interface Message {
  readonly type: string;
  readonly payload: unknown;
}

/** A client of the protocol, by hand: says hello and tells what it hears. */
export async function byHand(
  hello: object | undefined = { type: "hello", protocol: 1 },
): Promise<{ socket: WebSocket; next(type: string): Promise<Message>; code: Promise<number> }> {
  const socket = new WebSocket(`${inject("serverUrl").replace("http", "ws")}/gantt-sync?project=${id}`);
  const seen: Message[] = [];
  const waiting: [string, (message: Message) => void][] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    const at = waiting.findIndex(([type]) => type === message.type);
    if (at < 0) seen.push(message);
    else waiting.splice(at, 1)[0]?.[1](message);
  });
  const code = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve) => socket.on("open", resolve));
  if (hello) socket.send(JSON.stringify(hello));
  return {
    socket,
    code,
    next: (type) => {
      const at = seen.findIndex((message) => message.type === type);
      return at >= 0 ? Promise.resolve(seen.splice(at, 1)[0] as Message) : new Promise((resolve) => waiting.push([type, resolve]));
    },
  };
}

export const decide = (payload: Changeset, before?: Changeset) => {
  const state = projectFromJSON(plan);
  const ledger = new Ledger();
  const submit = (clientId: string, changes: Changeset, baseRevision: number) =>
    applyChangeset(state, { clientId, revision: 1, baseRevision, payload: changes, author: { name: clientId }, at: 1 }, { ledger });
  if (before) submit("other", before, 0);
  return { outcome: submit("me", payload, 0), state };
};

const configured = { project: undefined as never, wsUrl: "ws://127.0.0.1:1/gantt-sync?project=x", autoConnect: false, client: { load: "socket" as const } };
export function idle<T extends typeof GanttWebSocketManager>(Class: T, options: object = {}): InstanceType<T> {
  const manager = new Class({ ...configured, project: new ProjectModel() as never, ...options }) as InstanceType<T>;
  return manager;
}
export const called: string[] = [];
export class Watching extends GanttWebSocketManager {
  static override readonly configurable = { userName: "Watcher", extra: 7 };
  override construct(config: ConstructorParameters<typeof GanttWebSocketManager>[0]): void {
    super.construct(config);
    called.push("construct");
  }
}

export const manager = (): GanttWebSocketManager => ann.manager;

export function option(name: string, value: unknown): void {
  const made = idle(GanttWebSocketManager);
  expect((made as unknown as Record<string, unknown>)[name]).toBe(value);
  made.destroy();
}

/** Rows about what is seen are called in real pages. */
export const shownInBrowser = (name: string): void => expect(readFileSync(join(import.meta.dirname, "browser/document.test.ts"), "utf8")).toContain(name);

export async function conflictOn(task: string, word: string): Promise<Page> {
  await rest();
  ann.network.cut();
  ben.task(task).name = `${word} Ben`;
  await settle(id, ben);
  ann.task(task).name = `${word} Ann`;
  await ann.manager.binding.flush();
  ann.network.heal();
  ann.manager.reconnect();
  await settle(id, ann, ben);
  expect(ann.manager.live.conflicts).toHaveLength(1);
  return ann;
}
