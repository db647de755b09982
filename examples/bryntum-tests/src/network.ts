import type { SocketLike, WebSocketConstructor } from "@livegantt/client";

/** A way to the server that can be slow and that can be cut. Frames keep their order. */
export interface Network {
  readonly WebSocket: WebSocketConstructor;
  /** Messages that went out, as text. */
  readonly sent: readonly string[];
  /** Milliseconds that a frame is on its way, in each direction. */
  delay: () => number;
  /** Cuts what is open, and every new connection until `heal()`. */
  cut(): void;
  heal(): void;
}

/** What a page's WebSocket and Node's have in common. */
interface RealSocket {
  readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
}

const openState = 1;

export function network(Real: new (url: string) => RealSocket, delay: () => number = () => 0): Network {
  const open = new Set<Line>();
  const sent: string[] = [];
  let broken = false;

  class Line implements SocketLike {
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;
    readonly #socket: RealSocket | undefined;
    readonly #listeners: ((event: { readonly data: unknown }) => void)[] = [];
    #out = Promise.resolve();
    #in = Promise.resolve();

    constructor(url: string) {
      if (broken) {
        queueMicrotask(() => this.onclose?.({ code: 1006, reason: "" }));
        return;
      }
      open.add(this);
      const socket = new Real(url);
      this.#socket = socket;
      socket.onopen = () => this.#arrive(() => this.onopen?.({} as never));
      socket.onmessage = ({ data }: { readonly data: unknown }) =>
        this.#arrive(() => {
          const event = { data: String(data) };
          for (const listener of this.#listeners) listener(event);
          this.onmessage?.(event);
        });
      socket.onerror = () => {};
      socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: unknown }) => this.#closed(code, String(reason));
    }

    addEventListener(_type: "message", listener: (event: { readonly data: unknown }) => void): void {
      this.#listeners.push(listener);
    }

    send(text: string): void {
      this.#out = later(this.#out, () => {
        if (!open.has(this) || this.#socket?.readyState !== openState) return;
        sent.push(text);
        this.#socket.send(text);
      });
    }

    close(code?: number, reason?: string): void {
      this.#socket?.close(code, reason);
    }

    /** As a cable that is pulled: what is on its way is gone, both ends learn of it later. */
    drop(): void {
      if (this.#socket?.terminate) this.#socket.terminate();
      else this.#socket?.close();
      this.#closed(1006, "");
    }

    #arrive(work: () => void): void {
      this.#in = later(this.#in, () => {
        if (open.has(this)) work();
      });
    }

    #closed(code: number, reason: string): void {
      if (open.delete(this)) this.onclose?.({ code, reason });
    }
  }

  const later = (before: Promise<void>, work: () => void): Promise<void> => {
    const ms = way.delay();
    return before.then(() => (ms > 0 ? new Promise<void>((resolve) => setTimeout(resolve, ms)) : undefined)).then(work);
  };
  const way: Network = {
    WebSocket: Line,
    sent,
    delay,
    cut() {
      broken = true;
      for (const line of [...open]) line.drop();
    },
    heal() {
      broken = false;
    },
  };
  return way;
}
