import type { IncomingMessage } from "node:http";
import type { ProjectState } from "@livegantt/core";
import { type Limits, ProjectSyncServer, type Scheduler, type Timer } from "@livegantt/server";
import type { WebSocket } from "ws";
import type { Owner } from "./device.ts";
import type { Disk } from "./disk.ts";
import type { Door, Link } from "./network.ts";
import { Seat, type StoreFaults } from "./seat.ts";
import type { World } from "./world.ts";

export const projectId = "p";

interface Process extends Owner {
  gone: boolean;
}

/** The machine of the server: runs one process of the real server at a time, which can be killed at any of its waits and at every frame that it sends. */
export class Host implements Door {
  readonly faults: StoreFaults = { refuse: 0, unknownKept: 0, unknownLost: 0, reads: 0, slow: 4 };
  kills = 0;
  readonly #world: World;
  readonly #disk: Disk;
  readonly #limits: Partial<Limits>;
  readonly #links = new Set<Link>();
  #process: Process = { gone: true };
  #sync: ProjectSyncServer | undefined;
  /** Places that the process still passes before it is killed. */
  #fuse: number | undefined;
  #restartMs = 0;

  constructor(world: World, disk: Disk, limits: Partial<Limits>) {
    this.#world = world;
    this.#disk = disk;
    this.#limits = limits;
  }

  get isUp(): boolean {
    return this.#sync !== undefined;
  }

  /** The plan in the server's memory; may be ahead of its disk for the moment of a commit. */
  get state(): ProjectState | undefined {
    return this.#sync?.rooms.peek(projectId)?.state;
  }

  get sync(): ProjectSyncServer | undefined {
    return this.#sync;
  }

  start(): void {
    if (this.#sync) return;
    const process: Process = { gone: false };
    this.#process = process;
    this.#sync = new ProjectSyncServer({
      store: new Seat(this.#world, this.#disk, process, this.faults, (where) => this.#passing(where)),
      clock: () => this.#world.now,
      scheduler: this.#schedulerOf(process),
      limits: { framesPerSecond: 1e9, changesPerSecond: 1e9, ...this.#limits },
    });
    this.#world.tell(() => "the server starts");
  }

  /** The process will be killed at the `fuse`-th place from here where it waits or sends, and started again after a while. */
  killAt(fuse: number, restartMs: number): void {
    if (!this.#sync) return;
    this.#fuse = fuse;
    this.#restartMs = restartMs;
  }

  /** Ends the process if it was to be killed and has not come that far. */
  disarm(): void {
    this.#fuse = undefined;
  }

  open(link: Link): boolean {
    if (!this.#sync) return false;
    this.#links.add(link);
    const request = { url: "/", headers: {}, socket: { remoteAddress: "simulated" } } as unknown as IncomingMessage;
    this.#sync.accept(link.socket as unknown as WebSocket, request, projectId);
    return true;
  }

  closed(link: Link): void {
    this.#links.delete(link);
  }

  get links(): readonly Link[] {
    return [...this.#links];
  }

  sending(): void {
    this.#passing("before it sends");
  }

  /** Stops for good, politely. */
  async stop(): Promise<void> {
    const closing = this.#sync?.close();
    this.#sync = undefined;
    await closing;
    this.#process.gone = true;
  }

  #passing(where: string): void {
    if (this.#fuse === undefined || this.#fuse-- > 0) return;
    this.#kill(where);
  }

  #kill(where: string): void {
    this.#fuse = undefined;
    this.#process.gone = true;
    this.#sync = undefined;
    this.kills++;
    this.#world.tell(() => `the server is killed ${where}`);
    for (const link of [...this.#links]) {
      link.socket.removeAllListeners();
      link.cut();
    }
    this.#links.clear();
    this.#disk.crash(this.#world.random);
    this.#world.after(this.#restartMs, () => this.start());
  }

  #schedulerOf(process: Process): Scheduler {
    const world = this.#world;
    const after = (ms: number, run: () => void): Timer => {
      const handle = world.after(ms, () => {
        if (!process.gone) run();
      });
      return {
        cancel: () => {
          handle.cancelled = true;
        },
      };
    };
    return {
      elapsed: () => world.now,
      soon: (run) => {
        after(0, () => {
          this.#passing("before it decides");
          if (!process.gone) run();
        });
      },
      after,
      every: (ms, run) => {
        let timer: Timer;
        const again = (): void => {
          timer = after(ms, () => {
            again();
            run();
          });
        };
        again();
        return { cancel: () => timer.cancel() };
      },
    };
  }
}
