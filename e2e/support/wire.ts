import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The network between one person and the server: a relay that can be cut and mended, for everything or for the live connection alone. */
export class Wire {
  readonly #relay: Server;
  readonly #open = new Map<Socket, { readonly isLive: boolean }>();
  #state: "whole" | "no live connection" | "cut" = "whole";

  private constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#relay = createServer((near) => {
      near.on("error", () => near.destroy());
      near.once("data", (head) => {
        const isLive = head.toString("latin1").startsWith("GET /gantt-sync");
        if (this.#state === "cut" || (isLive && this.#state !== "whole")) return near.destroy();
        const far = connect(Number(port), hostname, () => far.write(head));
        this.#open.set(near, { isLive });
        const end = () => {
          near.destroy();
          far.destroy();
          this.#open.delete(near);
        };
        for (const socket of [near, far]) socket.on("error", end).on("close", end);
        near.pipe(far).pipe(near);
      });
    });
  }

  static async to(target: string): Promise<Wire> {
    const wire = new Wire(target);
    await new Promise<void>((listening) => wire.#relay.listen(0, "127.0.0.1", listening));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#relay.address() as AddressInfo).port}`;
  }

  /** Nothing goes through any more. */
  cut(): void {
    this.#state = "cut";
    for (const near of this.#open.keys()) near.destroy();
  }

  /** Pages still load, but the live connection is gone and does not come back. */
  cutLiveConnection(): void {
    this.#state = "no live connection";
    for (const [near, { isLive }] of this.#open) if (isLive) near.destroy();
  }

  mend(): void {
    this.#state = "whole";
  }

  async dispose(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.#relay.close(closed));
  }
}
