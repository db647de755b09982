import { type Channel, ChannelLocks } from "../channelLocks.ts";
import type { Clock, Connectivity, Environment, FetchLike, PageEvents, TabMemory, WebSocketConstructor } from "../environment.ts";
import { ClientError } from "../errors.ts";
import { makeId } from "../ids.ts";
import { MemoryLocks, type TabLocks, type WebLockManager, WebLocks } from "../locks.ts";

// The only file that touches the machine's clock, randomness and globals. Everything is looked up when used, so that importing the package needs no browser.

type Globals = {
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: WebLockManager };
  readonly addEventListener?: (type: string, listener: (event: Event) => void) => void;
  readonly removeEventListener?: (type: string, listener: (event: Event) => void) => void;
  readonly sessionStorage?: Pick<Storage, "getItem" | "setItem">;
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
  readonly BroadcastChannel?: new (name: string) => Channel;
  readonly WebSocket?: unknown;
  readonly fetch?: unknown;
};
const globals = globalThis as unknown as Globals;

const clock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>),
};

const pool = new Uint32Array(64);
let drawn = pool.length;

/** 48 random bits a call, from the system's generator: enough for ids that never meet. */
function random(): number {
  if (drawn + 2 > pool.length) {
    globalThis.crypto.getRandomValues(pool);
    drawn = 0;
  }
  const high = (pool[drawn] as number) & 0xffff;
  const low = pool[drawn + 1] as number;
  drawn += 2;
  return (high * 2 ** 32 + low) / 2 ** 48;
}

async function webSocket(): Promise<WebSocketConstructor> {
  if (typeof globals.WebSocket === "function") return globals.WebSocket as WebSocketConstructor;
  // A name that bundlers do not follow: pages have a WebSocket of their own.
  const name = "ws";
  try {
    const { WebSocket } = (await import(/* @vite-ignore */ name)) as { WebSocket: WebSocketConstructor };
    return WebSocket;
  } catch (cause) {
    throw new ClientError("no_websocket", "fix", "This runtime has no WebSocket. Install the package `ws`, or pass the option `WebSocket`.", {}, cause);
  }
}

const connectivity: Connectivity = {
  online: () => globals.navigator?.onLine !== false,
  watch: (changed) => listen({ online: () => changed(true), offline: () => changed(false) }),
};

const tab: TabMemory = {
  get: (key) => quietly(() => globals.sessionStorage?.getItem(key) ?? undefined),
  set: (key, value) => quietly(() => globals.sessionStorage?.setItem(key, value)),
};

const page: PageEvents = {
  guardLeave: (mayLeave) =>
    listen({
      beforeunload: (event) => {
        if (!mayLeave()) event.preventDefault();
      },
    }),
};

function listen(handlers: Readonly<Record<string, (event: Event) => void>>): () => void {
  const entries = Object.entries(handlers);
  for (const [type, handler] of entries) globals.addEventListener?.(type, handler);
  return () => {
    for (const [type, handler] of entries) globals.removeEventListener?.(type, handler);
  };
}

/** A sandboxed page may forbid its storage: then there is no memory, and no error. */
function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

const memoryLocks = new MemoryLocks();
let channelLocks: ChannelLocks | undefined;

/** Web Locks; in a page that has none, the tabs ask each other; elsewhere nobody else is there. */
function locks(): TabLocks {
  const manager = globals.navigator?.locks;
  if (manager) return new WebLocks(manager);
  const Channel = globals.location ? globals.BroadcastChannel : undefined;
  if (!Channel) return memoryLocks;
  channelLocks ??= new ChannelLocks(new Channel("livegantt-locks"), clock, makeId(clock, random));
  return channelLocks;
}

/** The world as the runtime has it: a browser's page or worker, or Node ≥ 20. */
export const defaultEnvironment = (): Environment => ({
  clock,
  random,
  webSocket,
  fetch: typeof globals.fetch === "function" ? ((globals.fetch as FetchLike).bind(globalThis) as FetchLike) : undefined,
  locks: locks(),
  connectivity,
  tab,
  page,
  baseUrl: globals.document?.baseURI ?? globals.location?.href,
});
