import type { SocketLike, WebSocketConstructor } from "@livegantt/client";
import { WebSocket as NodeSocket } from "ws";

/** A way to the server that can be slow and that can be cut. Frames keep their order. */
export interface Network {
  readonly WebSocket: WebSocketConstructor;
  /** Milliseconds that a frame is on its way, in each direction. */
  delay(): number;
  /** Cuts what is open, and every new connection until `heal()`. */
  cut(): void;
  heal(): void;
}

export function network(delay: () => number = () => 0): Network {
  const open = new Set<Line>();
  let broken = false;
  class Line implements SocketLike {
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;
    readonly #socket: NodeSocket;
    readonly #listeners: ((event: { readonly data: unknown }) => void)[] = [];
    #out = Promise.resolve();
    #in = Promise.resolve();

    constructor(url: string) {
      open.add(this);
      this.#socket = new NodeSocket(broken ? "ws://127.0.0.1:1" : url);
      const later = (work: () => void): void => {
        const ms = delay();
        this.#in = this.#in.then(() => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined)).then(work);
      };
      this.#socket.on("open", () => later(() => this.onopen?.({} as never)));
      this.#socket.on("message", (data) =>
        later(() => {
          if (!open.has(this)) return;
          const event = { data: String(data) };
          for (const listener of this.#listeners) listener(event);
          this.onmessage?.(event);
        }),
      );
      this.#socket.on("error", () => {});
      this.#socket.on("close", (code, reason) => {
        open.delete(this);
        this.onclose?.({ code, reason: String(reason) });
      });
    }

    addEventListener(_type: "message", listener: (event: { readonly data: unknown }) => void): void {
      this.#listeners.push(listener);
    }

    send(text: string): void {
      const ms = delay();
      this.#out = this.#out
        .then(() => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined))
        .then(() => {
          if (open.has(this) && this.#socket.readyState === NodeSocket.OPEN) this.#socket.send(text);
        });
    }

    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason);
    }

    drop(): void {
      open.delete(this);
      this.#socket.terminate();
    }
  }
  return {
    WebSocket: Line,
    delay,
    cut() {
      broken = true;
      for (const line of [...open]) line.drop();
    },
    heal() {
      broken = false;
    },
  };
}
