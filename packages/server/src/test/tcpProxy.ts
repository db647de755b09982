import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { atEnd } from "./harness.ts";

/** A TCP balancer in front of ports of this machine, and a wire that can be cut: each connection goes to the next target that accepts it. */
export class TcpProxy {
  targets: number[];
  #next = 0;
  #state: "open" | "cut" | "frozen" = "open";
  readonly #server: Server;
  readonly #pairs = new Map<Socket, Socket>();

  private constructor(targets: readonly number[]) {
    this.targets = [...targets];
    this.#server = createServer((near) => this.#accept(near));
    atEnd(() => this.close());
  }

  static async start(...targets: number[]): Promise<TcpProxy> {
    const proxy = new TcpProxy(targets);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends what is open and takes nothing new. */
  cut(): void {
    this.#state = "cut";
    for (const near of [...this.#pairs.keys()]) near.destroy();
  }

  /** As a network that drops everything: nobody is told. */
  freeze(): void {
    this.#state = "frozen";
    for (const [near, far] of this.#pairs) for (const socket of [near, far]) socket.pause();
  }

  heal(): void {
    this.#state = "open";
    for (const [near, far] of this.#pairs) for (const socket of [near, far]) socket.resume();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #accept(near: Socket): void {
    near.on("error", () => {});
    if (this.#state !== "open") near.destroy();
    else this.#connect(near, this.targets.length);
  }

  #connect(near: Socket, tries: number): void {
    const target = this.targets[this.#next++ % Math.max(1, this.targets.length)];
    if (tries === 0 || target === undefined || near.destroyed) {
      near.destroy();
      return;
    }
    const far = connect({ port: target, host: "127.0.0.1" });
    const refused = (): void => this.#connect(near, tries - 1);
    far.once("error", refused);
    far.once("connect", () => {
      far.off("error", refused);
      far.on("error", () => {});
      this.#pairs.set(near, far);
      const end = (): void => {
        this.#pairs.delete(near);
        near.destroy();
        far.destroy();
      };
      near.on("close", end);
      far.on("close", end);
      near.pipe(far);
      far.pipe(near);
    });
  }
}
