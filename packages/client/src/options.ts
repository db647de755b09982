import type { Clock, Connectivity, FetchLike, PageEvents, RandomSource, TabMemory, WebSocketConstructor } from "./environment.ts";
import type { TabLocks } from "./locks.ts";
import type { ClientPolicies } from "./policies.ts";
import type { StorageChoice } from "./storage/choose.ts";

/** A token, or how to get one: called before each connection, so that an expired one is replaced. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

export interface OpenProjectOptions {
  /** The server: `https://host`, `wss://host/gantt-sync`, or a path relative to the page. */
  readonly url: string;
  /** Id of the project. */
  readonly project: string;
  readonly token?: TokenSource;
  /** Token of a share link, in place of `token`: exchanged for a session where there is a store to keep it in, used as it is where there is none. */
  readonly link?: string;
  /** How this person is shown to the others. `id` keeps people apart who share a device; without it the token's subject does, then the name. */
  readonly user?: { readonly name: string; readonly avatar?: string; readonly id?: string };
  /** Where unsent edits are kept: IndexedDB in browsers (then `localStorage`), memory in Node, or a store of your own. */
  readonly storage?: StorageChoice;
  /** Fixes the client id, for a headless client that comes back. By default each tab has its own. */
  readonly clientId?: string;
  /** Who decides about conflicts, by register. Default: the person, through the inbox. */
  readonly policies?: ClientPolicies;
  /** Milliseconds in which further edits of a record become one. Default 100; 150 for slow links; 0 sends every edit. */
  readonly batchDelayMs?: number;
  /** Milliseconds: bound of the first wait between attempts (default 500), of every wait (30,000), and attempts before `offline` (12). */
  readonly baseReconnectDelay?: number;
  readonly maxReconnectDelay?: number;
  readonly maxReconnectAttempts?: number;
  /** `http` (default): a first plan comes over HTTP, compressed and cached, then changes over the socket. `socket`: all of it over the socket. */
  readonly load?: "http" | "socket";
  /** Bytes of one message that the server takes. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** Asks before leaving the page while something is not on the server and would not survive. Default true in a page. */
  readonly leaveGuard?: boolean;
  /** False: nothing happens until `connect()`. Default true. */
  readonly autoConnect?: boolean;
  // The world, for tests, simulations and unusual runtimes.
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly WebSocket?: WebSocketConstructor;
  readonly fetch?: FetchLike;
  readonly locks?: TabLocks;
  readonly connectivity?: Connectivity;
  readonly tab?: TabMemory;
  readonly page?: PageEvents;
}

export const defaults = {
  batchDelayMs: 100,
  baseReconnectDelay: 500,
  maxReconnectDelay: 30_000,
  maxReconnectAttempts: 12,
  maxMessageBytes: 1024 * 1024,
} as const;
