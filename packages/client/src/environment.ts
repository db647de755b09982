import type { TabLocks } from "./locks.ts";

export type TimerHandle = unknown;

/** Time as the client knows it. Every timer and every time stamp goes through here, so that a test or a simulation can hold the hands. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
}

/** Uniform in [0, 1). */
export type RandomSource = () => number;

/** The part of a WebSocket that is used: what browsers, Node ≥ 22 and the `ws` package have in common. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string) => SocketLike;

/** The part of `fetch` that is used. */
export type FetchLike = (
  url: string,
  init: {
    readonly method?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly credentials: "same-origin";
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly ok: boolean; readonly status: number; readonly headers: { get(name: string): string | null }; json(): Promise<unknown> }>;

/** Whether the device believes that it has a network. */
export interface Connectivity {
  online(): boolean;
  /** Calls back on each change; returns the function that stops it. */
  watch(changed: (online: boolean) => void): () => void;
}

/** What outlives a reload of one tab but is its own: `sessionStorage` in a browser. */
export interface TabMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** The page around the client, where there is one. */
export interface PageEvents {
  /** `mayLeave` answers false while leaving would lose something; the browser then asks the person. */
  guardLeave(mayLeave: () => boolean): () => void;
}

/** Everything the client takes from the outside world. */
export interface Environment {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Resolves the WebSocket class; asynchronous, because Node 20 has to load one. */
  readonly webSocket: () => WebSocketConstructor | Promise<WebSocketConstructor>;
  readonly fetch: FetchLike | undefined;
  readonly locks: TabLocks;
  readonly connectivity: Connectivity;
  readonly tab: TabMemory;
  readonly page: PageEvents;
  /** What relative addresses start from. */
  readonly baseUrl: string | undefined;
}
