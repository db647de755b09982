import type { OpenProjectOptions, TokenSource, WebSocketConstructor } from "@livegantt/client";
import { type TapHooks, tapped } from "./socketTap.ts";
import type { BryntumTexts } from "./texts.ts";
import type { GanttLike, ProjectLike } from "./types.ts";

export interface GanttWebSocketManagerConfig {
  /** A Bryntum ProjectModel, or the Gantt that has one. */
  readonly project: ProjectLike | GanttLike;
  /** Where the socket connects: `wss://host/gantt-sync?project=ID`, or a path of the page's server. `url` is the same. */
  readonly wsUrl?: string;
  readonly url?: string;
  /** Id of the project, where the address does not name it. */
  readonly projectId?: string;
  /** Fixes the client id. Left out: a UUID of this tab's own, which it keeps when it is reloaded. */
  readonly clientId?: string | null;
  readonly userName?: string;
  readonly avatar?: string | null;
  readonly token?: TokenSource | null;
  /** Milliseconds in which further edits of a record become one. Default 100. */
  readonly debounce?: number;
  readonly baseReconnectDelay?: number;
  readonly maxReconnectDelay?: number;
  readonly maxReconnectAttempts?: number;
  /** False: nothing happens until `connect()`. */
  readonly autoConnect?: boolean;
  /** Frames and name badges where others work. */
  readonly frames?: boolean;
  /** Opens the dialog by itself when an edit conflicts. */
  readonly conflictDialog?: boolean;
  readonly locale?: string;
  readonly texts?: Partial<BryntumTexts>;
  /** Further options of the client: storage, policies, the world of a test. */
  readonly client?: Partial<OpenProjectOptions>;
  readonly [option: string]: unknown;
}

export const managerDefaults: Readonly<Record<string, unknown>> = {
  project: null,
  wsUrl: null,
  url: null,
  projectId: null,
  clientId: null,
  userName: "Anonymous",
  avatar: null,
  token: null,
  debounce: 100,
  baseReconnectDelay: 500,
  maxReconnectDelay: 30_000,
  maxReconnectAttempts: 12,
  autoConnect: true,
  frames: true,
  conflictDialog: true,
};

/** The manager's options as its properties hold them. */
export interface ConnectionSettings {
  readonly wsUrl: string | null;
  readonly url: string | null;
  readonly projectId: string | null;
  readonly userName: string;
  readonly avatar: string | null;
  readonly token: TokenSource | null;
  readonly debounce: number;
  readonly baseReconnectDelay: number;
  readonly maxReconnectDelay: number;
  readonly maxReconnectAttempts: number;
  readonly autoConnect: boolean;
  readonly client: Partial<OpenProjectOptions> | undefined;
}

/** The client's options from the manager's. @throws where the address or the project is missing. */
export function clientOptions(settings: ConnectionSettings, clientId: string | null, fetch: OpenProjectOptions["fetch"], tap: TapHooks): OpenProjectOptions {
  const given = settings.wsUrl ?? settings.url;
  if (!given) throw new Error("GanttWebSocketManager needs `wsUrl`: wss://host/gantt-sync?project=ID, or a path of the page's server.");
  const [address = "", query = ""] = given.split("?");
  const params = new URLSearchParams(query);
  const project = settings.projectId ?? params.get("project");
  if (!project) throw new Error(`"${given}" names no project. Write …/gantt-sync?project=ID, or give \`projectId\`.`);
  params.delete("project");
  const { userName, avatar, token, debounce, baseReconnectDelay, maxReconnectDelay, maxReconnectAttempts, autoConnect, client = {} } = settings;
  const Socket = client.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
  return {
    ...client,
    url: params.size > 0 ? `${address}?${params}` : address,
    project,
    user: { name: userName || "Anonymous", ...(avatar ? { avatar } : {}) },
    batchDelayMs: debounce,
    baseReconnectDelay,
    maxReconnectDelay,
    maxReconnectAttempts,
    autoConnect,
    ...(token ? { token } : {}),
    ...(clientId ? { clientId } : {}),
    ...(Socket ? { WebSocket: tapped(Socket, tap) } : {}),
    ...(fetch ? { fetch } : {}),
  };
}
