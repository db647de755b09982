import { closeCodes, type ErrorMessage } from "@livegantt/core";
import type { ConnectionStatus } from "./api.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { Environment, SocketLike, TimerHandle } from "./environment.ts";
import { ClientError } from "./errors.ts";

/** W8: a socket that is silent for longer than this is taken for half-open. The server echoes a heartbeat every 30 s. */
const silenceMs = 45_000;
/** From the first byte to `init`; a server that takes longer is as good as away. */
const openingMs = 15_000;

export type ServerError = ErrorMessage["payload"];

export interface ConnectionHandlers {
  /** The greeting for a new socket: token, what the device already has. May take its time; a `ClientError` ends or delays the attempt. */
  hello(): Promise<{ readonly url: string; readonly hello: object }>;
  message(message: { readonly type: string }): void;
  /** `error`: why it is an end, or waits for a person. */
  status(status: ConnectionStatus, retryInMs: number | undefined, error: ClientError | undefined): void;
  /** The socket is gone; `wasLive` where the plan was in step. */
  down(code: number, reason: string): void;
  error(error: ClientError): void;
  /** The token was refused. True where another one can be had. */
  readonly renewToken: () => boolean;
}

/**
 * One socket at a time, and what happens between sockets: back-off, countdown, giving up, coming back.
 * Invariant: callbacks of any but the newest socket do nothing.
 */
export class Connection {
  readonly #env: Environment;
  readonly #handlers: ConnectionHandlers;
  readonly #backoff: Backoff;
  #status: ConnectionStatus = "connecting";
  #retryAt: number | undefined;
  #socket: SocketLike | undefined;
  /** Counts attempts; whatever belongs to an older one is ignored. */
  #generation = 0;
  #retryTimer: TimerHandle;
  #watchTimer: TimerHandle;
  #lastFrameAt = 0;
  #greeted = false;
  #renewed = false;
  #lastError: ServerError | undefined;
  #unwatch: (() => void) | undefined;
  /** By `disconnect()`: no event of the network brings it back. */
  #held = false;
  #destroyed = false;

  constructor(env: Environment, backoff: BackoffOptions, handlers: ConnectionHandlers) {
    this.#env = env;
    this.#handlers = handlers;
    this.#backoff = new Backoff(backoff, env.random);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get retryInMs(): number | undefined {
    return this.#retryAt === undefined ? undefined : Math.max(0, this.#retryAt - this.#env.clock.now());
  }

  connect(): void {
    if (this.#destroyed) return;
    this.#held = false;
    this.#unwatch ??= this.#env.connectivity.watch((online) => this.#networkChanged(online));
    if (this.#socket || this.#status === "syncing") return;
    this.#backoff.reset();
    this.#renewed = false;
    this.#attempt("connecting");
  }

  /** Ends the wait: the next attempt starts now. */
  reconnectNow(): void {
    if (this.#destroyed || this.#status === "live" || this.#status === "syncing" || this.#status === "connecting") return;
    this.connect();
  }

  disconnect(): void {
    if (this.#destroyed) return;
    this.#held = true;
    this.#leave("offline", 1000, "closed by the client");
  }

  /** Stops for good with a status that a person must act on, or until `connect()` where it is `offline`. */
  halt(status: "denied" | "outdated" | "offline", error: ClientError): void {
    this.#held = true;
    this.#leave(status, 1000, error.code, error);
    this.#handlers.error(error);
  }

  /** The plan is in step with the server. */
  markLive(): void {
    this.#backoff.reset();
    this.#renewed = false;
    this.#setStatus("live");
  }

  markSyncing(): void {
    this.#setStatus("syncing");
  }

  /** False where there is no open socket; what is unsent waits in the outbox. */
  send(message: object): boolean {
    return this.sendText(JSON.stringify(message));
  }

  sendText(text: string): boolean {
    if (!this.#socket || !this.#greeted) return false;
    this.#socket.send(text);
    return true;
  }

  /** Gives a socket up that does not answer, and tries again. */
  drop(reason: string): void {
    if (this.#socket) this.#closed(this.#generation, 4000, reason);
  }

  /** The server refused with an error frame; a close frame follows and is judged by it. */
  noteError(error: ServerError): void {
    this.#lastError = error;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#abandon(1000, "destroyed");
    this.#stopRetry();
    this.#status = "offline";
  }

  #attempt(status: "connecting" | "reconnecting"): void {
    this.#stopRetry();
    if (!this.#env.connectivity.online()) {
      this.#setStatus("offline");
      return;
    }
    this.#setStatus(status);
    const generation = ++this.#generation;
    const stale = (): boolean => this.#destroyed || generation !== this.#generation;
    this.#open(generation, stale).catch((error: unknown) => {
      if (!stale()) this.#failed(error);
    });
  }

  async #open(generation: number, stale: () => boolean): Promise<void> {
    const WebSocket = await this.#env.webSocket();
    if (stale()) return;
    const { url, hello } = await this.#handlers.hello();
    if (stale()) return;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#greeted = false;
    this.#lastError = undefined;
    this.#watch(generation, openingMs);
    socket.onopen = () => {
      if (stale()) return;
      socket.send(JSON.stringify(hello));
      this.#greeted = true;
    };
    socket.onmessage = ({ data }) => {
      if (!stale()) this.#received(data);
    };
    socket.onclose = ({ code, reason }) => this.#closed(generation, code, reason);
    socket.onerror = () => {}; // a close event follows
  }

  #received(data: unknown): void {
    this.#lastFrameAt = this.#env.clock.now();
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      this.drop("unreadable frame");
      return;
    }
    if (typeof message === "object" && message !== null && typeof (message as { type?: unknown }).type === "string")
      this.#handlers.message(message as { readonly type: string });
  }

  #closed(generation: number, code: number, reason: string): void {
    if (this.#destroyed || generation !== this.#generation) return;
    const error = this.#lastError;
    this.#abandon(4000, reason);
    this.#handlers.down(code, reason);
    this.#afterClose(code, error);
  }

  #afterClose(code: number, error: ServerError | undefined): void {
    const text = (fallback: string): string => error?.message ?? fallback;
    const data = { closeCode: code };
    switch (code) {
      case closeCodes.unauthenticated:
        if (!this.#renewed && this.#handlers.renewToken()) {
          this.#renewed = true;
          this.#retryIn(0);
        } else
          this.#end(
            "denied",
            new ClientError(error?.code ?? "unauthenticated", "reauth", text("Your sign-in is missing or has expired. Sign in again."), data),
          );
        return;
      case closeCodes.forbidden:
        this.#end("denied", new ClientError(error?.code ?? "forbidden", "fatal", text("You are not allowed to open this project."), data));
        return;
      case closeCodes.noSuchProject:
        this.#end(
          "denied",
          new ClientError(
            error?.code ?? "project_not_found",
            "fix",
            text("There is no such project. It may have been erased, or the link is incomplete."),
            data,
          ),
        );
        return;
      case closeCodes.protocol:
        this.#end(
          "outdated",
          new ClientError(error?.code ?? "protocol_version", "upgrade", text("This page is older or newer than the server. Reload it."), data),
        );
        return;
      case closeCodes.replaced:
        this.#end(
          "offline",
          new ClientError(error?.code ?? "replaced", "fix", text("Another connection took over this client id. Connect again to take it back."), data),
        );
        return;
      case closeCodes.goingAway:
        this.#retryIn(0);
        return;
      case closeCodes.tooSlowOrFast:
        this.#retry(error?.retryAfterMs ?? 1000);
        return;
      default:
        this.#retry(error?.retryAfterMs ?? 0);
    }
  }

  /** An attempt failed before there was a socket. */
  #failed(error: unknown): void {
    if (!(error instanceof ClientError)) {
      this.#handlers.error(new ClientError("connect_failed", "retry", error instanceof Error ? error.message : String(error), {}, error));
      this.#retry(0);
    } else if (error.action === "reauth" || error.action === "fatal" || error.action === "fix") this.halt("denied", error);
    else {
      this.#handlers.error(error);
      this.#retry(error.data.retryAfterMs ?? 0);
    }
  }

  #end(status: "denied" | "outdated" | "offline", error: ClientError): void {
    this.#held = true;
    this.#setStatus(status, error);
    this.#handlers.error(error);
  }

  #retry(atLeastMs: number): void {
    const wait = this.#backoff.next();
    if (wait === undefined) this.#setStatus("offline");
    else this.#retryIn(Math.max(atLeastMs, wait));
  }

  #retryIn(ms: number): void {
    if (!this.#env.connectivity.online()) {
      this.#setStatus("offline");
      return;
    }
    this.#retryAt = this.#env.clock.now() + ms;
    this.#retryTimer = this.#env.clock.setTimeout(() => this.#attempt("reconnecting"), ms);
    this.#setStatus("reconnecting");
  }

  #stopRetry(): void {
    if (this.#retryTimer !== undefined) this.#env.clock.clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#retryAt = undefined;
  }

  /** One timer for all silence: it looks again when the last frame is as old as it may get. */
  #watch(generation: number, ms: number): void {
    this.#lastFrameAt = this.#env.clock.now();
    const look = (limit: number): void => {
      if (generation !== this.#generation || this.#destroyed) return;
      const left = this.#lastFrameAt + limit - this.#env.clock.now();
      if (left <= 0) this.drop("silent");
      else this.#watchTimer = this.#env.clock.setTimeout(() => look(silenceMs), left);
    };
    this.#watchTimer = this.#env.clock.setTimeout(() => look(this.#status === "live" ? silenceMs : ms), ms);
  }

  #networkChanged(online: boolean): void {
    if (this.#held || this.#destroyed) return;
    if (online) this.reconnectNow();
    else this.#leave("offline", 4000, "offline");
  }

  #leave(status: "offline" | "denied" | "outdated", code: number, reason: string, error?: ClientError): void {
    const had = this.#socket !== undefined;
    this.#abandon(code, reason);
    this.#stopRetry();
    if (had) this.#handlers.down(code, reason);
    this.#setStatus(status, error);
  }

  /** Lets go of the socket: from here on nothing of it is heard. */
  #abandon(code: number, reason: string): void {
    this.#generation++;
    if (this.#watchTimer !== undefined) this.#env.clock.clearTimeout(this.#watchTimer);
    this.#watchTimer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#greeted = false;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = () => {}; // `ws` throws an error event that nobody hears
    try {
      socket.close(code, reason);
    } catch {
      // a socket that never opened may refuse; it is let go all the same
    }
  }

  #setStatus(status: ConnectionStatus, error?: ClientError): void {
    if (this.#status === status && status !== "reconnecting") return;
    this.#status = status;
    if (status !== "reconnecting") this.#stopRetry();
    this.#handlers.status(status, this.retryInMs, error);
  }
}
