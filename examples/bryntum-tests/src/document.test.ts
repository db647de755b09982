import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GanttWebSocketManager } from "@livegantt/bryntum";
import { applyChangeset, type Changeset, Ledger, projectFromJSON } from "@livegantt/core";
import { afterAll, beforeAll, inject } from "vitest";
import { WebSocket } from "ws";
import { ProjectModel } from "./bryntum.ts";
import { plan } from "./plan.ts";
import { closePages, expectSame, newProject, openPage, type Page, settle } from "./rig.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/from-the-document.md"), "utf8");
/** First column of every table, without the ticks. */
const _rows = [...page.matchAll(/^\| (?!document|---)(.+?) \|/gm)].map(([, name = ""]) => name.replaceAll("`", ""));

let id: string;
let ann: Page;
let ben: Page;

beforeAll(async () => {
  id = await newProject();
  [ann, ben] = await Promise.all([openPage(id, "Ann"), openPage(id, "Ben")]);
});
afterAll(() => closePages(ann, ben));

const _heard = (page: Page, event: string): Promise<Record<string, unknown>> =>
  new Promise((resolve) => page.manager.on({ [event]: (told: never) => resolve(told), once: true }));
const _rename = (name: string): Changeset => ({ tasks: { updated: [{ id: "garden", changes: { name } }] } });
const _rest = async (): Promise<void> => {
  await settle(id, ann, ben);
  await expectSame(id, ann, ben);
};

/** A client of the protocol, by hand: says hello and tells what it hears. */
async function _byHand(
  hello: object | undefined = { type: "hello", protocol: 1 },
): Promise<{ socket: WebSocket; next(type: string): Promise<Record<string, never>>; code: Promise<number> }> {
  const socket = new WebSocket(`${inject("serverUrl").replace("http", "ws")}/gantt-sync?project=${id}`);
  const seen: Record<string, never>[] = [];
  const waiting: [string, (message: Record<string, never>) => void][] = [];
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
      const at = seen.findIndex((message) => (message as { type: string }).type === type);
      return at >= 0 ? Promise.resolve(seen.splice(at, 1)[0] as Record<string, never>) : new Promise((resolve) => waiting.push([type, resolve]));
    },
  };
}

const _decide = (payload: Changeset, before?: Changeset) => {
  const state = projectFromJSON(plan);
  const ledger = new Ledger();
  const submit = (clientId: string, changes: Changeset, baseRevision: number) =>
    applyChangeset(state, { clientId, revision: 1, baseRevision, payload: changes, author: { name: clientId }, at: 1 }, { ledger });
  if (before) submit("other", before, 0);
  return { outcome: submit("me", payload, 0), state };
};

const configured = { project: undefined as never, wsUrl: "ws://127.0.0.1:1/gantt-sync?project=x", autoConnect: false, client: { load: "socket" as const } };
function _idle<T extends typeof GanttWebSocketManager>(Class: T, options: object = {}): InstanceType<T> {
  const manager = new Class({ ...configured, project: new ProjectModel() as never, ...options }) as InstanceType<T>;
  return manager;
}
const called: string[] = [];
class Watching extends GanttWebSocketManager {
  static override readonly configurable = { userName: "Watcher", extra: 7 };
  override construct(config: ConstructorParameters<typeof GanttWebSocketManager>[0]): void {
    super.construct(config);
    called.push("construct");
  }
}
