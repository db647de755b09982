import type { WebSocket } from "ws";
import { frameParts, rawStream } from "./wsInternals.ts";

/** What one socket gets in place of the message that goes to the others (`at`), or at a place where the others get nothing. Without a text: nothing. */
export interface OwnMessage {
  readonly at: number;
  readonly text: string | undefined;
}

/**
 * The messages of one commit group, in order. They are framed once for all sockets, and each socket gets its share in one write: the cost of a broadcast is the
 * write call per socket, not its bytes.
 */
export class FrameGroup {
  /** Place by place what goes to everybody; `undefined` where only the author is answered. */
  readonly #texts: readonly (string | undefined)[];
  readonly #bytes: Buffer | undefined;
  /** `#ends[i]`: end of place `i` in `#bytes`. */
  readonly #ends: number[] = [];

  constructor(texts: readonly (string | undefined)[], frame: typeof frameParts = frameParts) {
    this.#texts = texts;
    const parts: Buffer[] = [];
    let end = 0;
    for (const text of texts) {
      if (text !== undefined) {
        const framed = frame(text);
        if (!framed) return;
        for (const part of framed) {
          parts.push(part);
          end += part.length;
        }
      }
      this.#ends.push(end);
    }
    this.#bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts, end);
  }

  send(socket: WebSocket): void {
    const stream = this.#bytes && rawStream(socket);
    if (!stream) for (const text of this.#texts) text !== undefined && socket.send(text);
    else if ((this.#bytes as Buffer).length > 0) stream.write(this.#bytes);
  }

  /** `own` in ascending order of places; more than one message may stand at a place. */
  sendWith(socket: WebSocket, own: readonly OwnMessage[], frame: typeof frameParts = frameParts): void {
    const stream = this.#bytes && rawStream(socket);
    if (!stream) {
      this.#sendEach(socket, own);
      return;
    }
    const bytes = this.#bytes as Buffer;
    const parts: Buffer[] = [];
    let from = 0;
    for (const { at, text } of own) {
      const before = at === 0 ? 0 : (this.#ends[at - 1] as number);
      if (before > from) parts.push(bytes.subarray(from, before));
      if (text !== undefined) for (const part of frame(text) ?? []) parts.push(part);
      from = this.#ends[at] as number;
    }
    if (bytes.length > from) parts.push(bytes.subarray(from));
    if (parts.length > 0) stream.write(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  }

  #sendEach(socket: WebSocket, own: readonly OwnMessage[]): void {
    let next = 0;
    for (const [at, text] of this.#texts.entries()) {
      const mine = own[next]?.at === at;
      for (; own[next]?.at === at; next++) {
        const answer = own[next]?.text;
        if (answer !== undefined) socket.send(answer);
      }
      if (!mine && text !== undefined) socket.send(text);
    }
  }
}
