import { closeCodes } from "@livegantt/core";
import type { Logger } from "pino";
import type { Deliveries } from "../embedding/deliveries.ts";
import { archived, noSuchProject, rewritten } from "../errors.ts";
import type { Scheduler, Timer } from "../interfaces/scheduler.ts";
import type { SharedStore } from "../interfaces/store.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Rooms } from "./rooms.ts";

const pollMs = 1_500;

/** Keeps the rooms of one server of a cluster up with what the others write. A hint makes it fast, the poll makes it certain (D4). */
export class Follower {
  readonly #shared: SharedStore;
  readonly #rooms: Rooms;
  readonly #log: Logger;
  readonly #poll: Timer;
  readonly #unwatch: () => void;
  #polling = false;

  constructor(shared: SharedStore, rooms: Rooms, neighbours: Neighbours, deliveries: Deliveries | undefined, scheduler: Scheduler, log: Logger) {
    this.#shared = shared;
    this.#rooms = rooms;
    this.#log = log;
    this.#poll = scheduler.every(pollMs, () => void this.poll());
    this.#unwatch = shared.watch(
      (project, revision) => {
        if (project !== undefined) {
          this.#heard(project, revision ?? 0);
          deliveries?.heard(project);
          return;
        }
        void this.poll();
        void deliveries?.poll();
        neighbours.missed();
      },
      (text) => neighbours.heard(text),
    );
  }

  /** Asks how every project in memory stands. */
  async poll(): Promise<void> {
    const rooms = this.#rooms.all();
    if (this.#polling || rooms.length === 0) return;
    this.#polling = true;
    try {
      const heads = new Map((await this.#shared.heads(rooms.map(({ id }) => id))).map((info) => [info.id, info]));
      for (const { id, epoch } of rooms) {
        const info = heads.get(id);
        if (!info) this.#rooms.drop(id, noSuchProject(id), closeCodes.noSuchProject);
        else if (info.archivedAt !== null) this.#rooms.drop(id, archived(info), closeCodes.noSuchProject);
        else if (info.epoch !== epoch) this.#rooms.drop(id, rewritten(), closeCodes.goingAway);
        else this.#heard(id, info.revision);
      }
    } catch (err) {
      this.#log.warn({ err }, "the store does not say what other servers wrote; asked again shortly");
    } finally {
      this.#polling = false;
    }
  }

  close(): void {
    this.#poll.cancel();
    this.#unwatch();
  }

  /** In the middle of a turn memory is ahead of the store by that turn; where it fails, it finds out what it missed by itself. */
  #heard(id: string, revision: number): void {
    const room = this.#rooms.peek(id);
    if (!room || revision <= room.state.revision) return;
    room.catchUp().catch((err) => this.#log.warn({ err, project: id, revision }, "other servers' changes could not be read; tried again shortly"));
  }
}
