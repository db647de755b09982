import { EventEmitter } from "node:events";
import type { SocketLike } from "@livegantt/client";
import type { Owner } from "./device.ts";
import type { World } from "./world.ts";

/** Hears every frame as it leaves and as it arrives. */
export interface Witness {
  /** The server reads a message of a client. */
  read(clientId: string, text: string): void;
  /** The server lets go of a message to a client. */
  sent(clientId: string, text: string): void;
}

/** Where new connections go. */
export interface Door {
  /** False: nobody listens. */
  open(link: Link): boolean;
  closed(link: Link): void;
  /** The server is about to send. */
  sending(): void;
}

/** The server's end, with what the server uses of a `ws` socket. */
class ServerSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly #link: Link;

  constructor(link: Link) {
    super();
    this.#link = link;
  }

  get bufferedAmount(): number {
    return this.#link.waitingBytes;
  }

  send(text: string): void {
    if (this.readyState === this.OPEN) this.#link.down(text);
  }

  pause(): void {
    this.#link.setPaused(true);
  }

  resume(): void {
    this.#link.setPaused(false);
  }

  close(code: number, reason = ""): void {
    this.#link.closedByServer(code, reason);
  }

  terminate(): void {
    this.#link.cut();
  }

  /** The connection is gone. */
  ended(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit("close");
  }
}

/**
 * One connection. Frames of a direction arrive in their order, late; some arrive twice. It can be cut, which loses what is under way, or go silent in one
 * direction without anybody noticing.
 */
export class Link implements SocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly socket = new ServerSocket(this);
  /** Milliseconds that each frame takes on top. */
  lag = 0;
  deafUp = false;
  deafDown = false;
  clientId = "";
  waitingBytes = 0;
  readonly #world: World;
  readonly #witness: Witness;
  readonly #owner: Owner;
  readonly #door: Door;
  #state: "opening" | "open" | "closed" = "opening";
  #upAt = 0;
  #downAt = 0;
  #paused = false;
  readonly #held: string[] = [];
  /** What set out before a polite end still arrives. */
  #upAlive = true;

  constructor(world: World, witness: Witness, door: Door, owner: Owner) {
    this.#world = world;
    this.#witness = witness;
    this.#owner = owner;
    this.#door = door;
    world.after(1 + world.random.int(15), () => {
      if (this.#state !== "opening") return;
      if (owner.gone || !door.open(this)) {
        this.cut();
        return;
      }
      this.#state = "open";
      if (!owner.gone) this.onopen?.(undefined as never);
    });
  }

  get isOpen(): boolean {
    return this.#state !== "closed";
  }

  /** A frame of the client sets out. */
  send(text: string): void {
    if (this.#state !== "open" || this.#owner.gone) return;
    const arrive = (): void => {
      if (this.#upAlive && !this.deafUp) this.#reachServer(text);
    };
    this.#upAt = this.#arrival(this.#upAt);
    this.#world.after(this.#upAt - this.#world.now, arrive);
    // The network may bring a numbered message again; greetings and requests belong to one connection and are its business.
    if (this.#world.random.chance(0.03) && text.startsWith('{"type":"changes"'))
      this.#world.after(this.#upAt - this.#world.now + this.#world.random.int(200), arrive);
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#shut();
    this.#upAlive = this.#world.random.chance(0.7);
    this.#world.after(Math.max(this.#upAt, this.#downAt) - this.#world.now + this.#world.random.int(10), () => {
      this.#upAlive = false;
      this.socket.ended();
    });
  }

  /** A frame of the server sets out. */
  down(text: string): void {
    if (this.#state !== "closed") this.#door.sending();
    if (this.#state === "closed") return;
    this.#witness.sent(this.clientId, text);
    const arrive = (): void => {
      if (this.#state === "open" && !this.deafDown && !this.#owner.gone) this.onmessage?.({ data: text });
    };
    this.#downAt = this.#arrival(this.#downAt);
    this.waitingBytes += text.length;
    this.#world.after(this.#downAt - this.#world.now, () => {
      this.waitingBytes -= text.length;
      arrive();
    });
    if (this.#world.random.chance(0.03) && /^\{"type":"(changes|ack|conflict)"/.test(text))
      this.#world.after(this.#downAt - this.#world.now + this.#world.random.int(200), arrive);
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    while (!this.#paused && this.#held.length > 0 && this.#upAlive) this.#reachServer(this.#held.shift() as string);
  }

  closedByServer(code: number, reason: string): void {
    if (this.#state === "closed" || this.socket.readyState !== 1) return;
    this.socket.readyState = 2;
    this.#downAt = this.#arrival(this.#downAt);
    this.#world.after(this.#downAt - this.#world.now, () => {
      if (this.#state === "closed") return;
      this.#upAlive = false;
      this.#shut();
      this.socket.ended();
      if (!this.#owner.gone && !this.deafDown) this.onclose?.({ code, reason });
      else if (!this.#owner.gone) this.onclose?.({ code: 1006, reason: "" });
    });
  }

  /** Ends without a word; what is under way is lost. */
  cut(): void {
    this.#upAlive = false;
    if (this.#state === "closed") return;
    this.#shut();
    this.#world.after(this.#world.random.int(30), () => this.socket.ended());
    this.#world.after(this.#world.random.int(30), () => !this.#owner.gone && this.onclose?.({ code: 1006, reason: "" }));
  }

  #reachServer(text: string): void {
    if (this.#paused) this.#held.push(text);
    else {
      if (this.clientId === "") this.clientId = (JSON.parse(text) as { clientId?: string }).clientId ?? "";
      this.#witness.read(this.clientId, text);
      this.socket.emit("message", Buffer.from(text), false);
    }
  }

  #shut(): void {
    this.#state = "closed";
    this.#door.closed(this);
  }

  #arrival(last: number): number {
    const { random, now } = this.#world;
    return Math.max(last, now + this.lag + (random.chance(0.05) ? random.int(300) : random.int(8)));
  }
}
