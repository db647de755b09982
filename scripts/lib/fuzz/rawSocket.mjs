import { connect } from "node:net";

/** One WebSocket frame as bytes; anything about it may be wrong. The mask is zero, so bytes are on the wire as given. */
function frameBytes({ opcode, payload, fin = true, rsv = 0, masked = true, length = payload.length }) {
  const mask = masked ? 0x80 : 0;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const key = masked ? Buffer.alloc(4) : Buffer.alloc(0);
  if (length < 126) return Buffer.concat([Buffer.from([first, mask | length]), key, payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = mask | (length < 65_536 ? 126 : 127);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, key, payload]);
}

/** A WebSocket client that keeps no rule: it sends what it is given and reads what comes. */
export class RawSocket {
  isClosed = false;
  #socket;
  #buffer = Buffer.alloc(0);
  #greeted = false;
  #onMessage;
  #onEvent;
  #opened;

  /**
   * @param {{ port: number, project: string, onMessage: (text: string) => void, onEvent: () => void }} options `onEvent` is called when something came or it ended.
   */
  constructor({ port, project, onMessage, onEvent }) {
    this.#onMessage = onMessage;
    this.#onEvent = onEvent;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#opened = new Promise((done) => this.#socket.once("connect", done).once("close", done));
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.isClosed = true;
      this.#onEvent();
    });
    this.#socket.write(
      `GET /gantt-sync?project=${project} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n`,
    );
  }

  async opened() {
    await this.#opened;
  }

  send(...frames) {
    if (!this.isClosed) this.#socket.write(Buffer.concat(frames.map(frameBytes)));
  }

  json(message) {
    this.send({ opcode: 1, payload: Buffer.from(JSON.stringify(message)) });
  }

  destroy() {
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    if (!this.#greeted) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#greeted = true;
      this.#buffer = this.#buffer.subarray(end + 4);
    }
    for (;;) {
      const length = this.#frameLength();
      if (length === undefined) break;
      const [head, size] = length;
      const opcode = this.#buffer[0] & 15;
      const payload = this.#buffer.subarray(head, head + size);
      this.#buffer = this.#buffer.subarray(head + size);
      if (opcode === 1) this.#onMessage(payload.toString());
      else if (opcode === 8) this.#socket.end();
    }
    this.#onEvent();
  }

  /** Bytes of the head and of the payload of the next frame, once all of it is there. */
  #frameLength() {
    const buffer = this.#buffer;
    if (buffer.length < 2) return undefined;
    const short = buffer[1] & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (buffer.length < head) return undefined;
    const size = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
    return buffer.length < head + size ? undefined : [head, size];
  }
}
