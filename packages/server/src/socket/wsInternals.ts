import type { Duplex } from "node:stream";
import * as ws from "ws";

/**
 * The one place that reaches below what `ws` documents: frames that are built once for many sockets, several frames in one write, and close codes of its own
 * protocol errors. Where a release of `ws` lacks one of these, the functions say so and callers use `send` and `close`.
 */
interface Sender {
  frame(data: Buffer, options: { fin: boolean; rsv1: boolean; opcode: number; mask: boolean; readOnly: boolean }): (Buffer | string)[];
}

const sender = (ws as { Sender?: Sender }).Sender;
const text = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };

/** One text message as WebSocket frames to a client: header, payload. `undefined` where `ws` does not offer it. */
export function frameParts(message: string): readonly Buffer[] | undefined {
  if (typeof sender?.frame !== "function") return undefined;
  return sender.frame(Buffer.from(message), text) as Buffer[];
}

/** The stream under a socket, when bytes may be written to it beside `send`: open, nothing compressing or queued inside `ws`. */
export function rawStream(socket: ws.WebSocket): Duplex | undefined {
  const inner = socket as unknown as { _socket?: Duplex | null; _sender?: { _state?: number } | null };
  const idle = 0;
  return socket.readyState === socket.OPEN && inner._sender?._state === idle ? (inner._socket ?? undefined) : undefined;
}

/** Lets `refuse` answer a broken or oversize frame instead of the code that `ws` would close with (1002, 1007, 1009). */
export function onProtocolError(socket: ws.WebSocket, refuse: (code: number) => void): void {
  const close = socket.close.bind(socket);
  socket.close = (code, reason) => {
    if (code === 1002 || code === 1003 || code === 1007 || code === 1009) {
      socket.close = close;
      refuse(code);
    } else close(code, reason);
  };
}
