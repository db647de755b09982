import { archived, noSuchProject, ServerError } from "../errors.ts";
import type { Timer } from "../interfaces/scheduler.ts";
import type { House } from "./house.ts";
import { Room } from "./room.ts";
import { SteadyClock } from "./steadyClock.ts";

const sweepMs = 15_000;
const compactMs = 3_600_000;

/** The projects in memory. A project is opened when somebody needs it and leaves memory when nobody has for a while. */
export class Rooms {
  readonly #house: House;
  readonly #open = new Map<string, Promise<Room>>();
  readonly #ready = new Map<string, Room>();
  readonly #timers: readonly Timer[];
  readonly #clock: SteadyClock;

  constructor(house: House) {
    this.#house = house;
    this.#clock = new SteadyClock(house.clock, house.scheduler);
    this.#timers = [house.scheduler.every(sweepMs, () => void this.unloadIdle()), house.scheduler.every(compactMs, () => void this.compactInTime())];
  }

  get size(): number {
    return this.#ready.size;
  }

  /** @throws ServerError where there is no such project, it is archived or damaged, or memory is full. */
  async open(id: string): Promise<Room> {
    const ready = this.#ready.get(id);
    if (ready) {
      ready.usedAt = this.#house.clock();
      return ready;
    }
    let opening = this.#open.get(id);
    if (!opening) {
      opening = this.#load(id).finally(() => this.#open.delete(id));
      this.#open.set(id, opening);
    }
    return opening;
  }

  /** Everything in memory. */
  all(): Room[] {
    return [...this.#ready.values()];
  }

  /** The room where it is in memory. */
  peek(id: string): Room | undefined {
    return this.#ready.get(id);
  }

  /** Sends everybody of a project away and drops it from memory. */
  drop(id: string, error: ServerError, closeCode: number): void {
    const room = this.#ready.get(id);
    this.#ready.delete(id);
    room?.dismiss(error, closeCode);
    room?.close();
  }

  /** Stores snapshots of projects that nobody uses and forgets them. */
  async unloadIdle(idleMs = this.#house.limits.idleProjectSeconds * 1000): Promise<void> {
    const before = this.#house.clock() - idleMs;
    for (const [id, room] of this.#ready) {
      if (room.busy || room.usedAt > before) continue;
      await this.#keep(room, this.#clock.jump() === 0);
      if (room.busy || room.usedAt > before || this.#ready.get(id) !== room) continue;
      this.#ready.delete(id);
      room.close();
    }
  }

  /** Folds the old history of every project in memory. */
  async compact(): Promise<void> {
    for (const room of this.#ready.values()) await this.#keep(room);
  }

  /** The same, but not by a clock that has just jumped. */
  async compactInTime(): Promise<void> {
    const jumpMs = this.#clock.jump();
    if (jumpMs === 0) await this.compact();
    else this.#house.log.warn({ jumpMs }, "the clock jumped, so no history is folded by it until it has come back, or stood so for a day");
  }

  async #keep(room: Room, folds = true): Promise<void> {
    try {
      await room.save();
      if (folds) await room.compact();
    } catch (err) {
      this.#house.log.warn({ err, project: room.id, revision: room.state.revision }, "old history could not be folded; it stays as it is");
    }
  }

  /** Sends everybody away. */
  dismissAll(error: ServerError, closeCode: number): void {
    for (const room of this.#ready.values()) room.dismiss(error, closeCode);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    for (const room of this.#ready.values()) {
      await room.save();
      room.close();
    }
    this.#ready.clear();
  }

  async #load(id: string): Promise<Room> {
    const info = (await this.#house.store.project(id)) ?? (await this.#house.seeding?.make(id));
    if (!info) throw noSuchProject(id);
    if (info.archivedAt !== null) throw archived(info);
    await this.#makePlace();
    const room = await Room.open(this.#house, info, () => this.#forget(room));
    this.#ready.set(id, room);
    return room;
  }

  #forget(room: Room): void {
    if (this.#ready.get(room.id) === room) this.#ready.delete(room.id);
    room.close();
  }

  async #makePlace(): Promise<void> {
    const limit = this.#house.limits.projectsInMemory;
    if (this.#ready.size < limit) return;
    await this.unloadIdle(0);
    if (this.#ready.size < limit) return;
    throw new ServerError(
      "too_many_projects",
      "backoff",
      `The server has ${limit} projects open, its limit (projectsInMemory). Try again when others have left.`,
      {
        status: 503,
        retryAfterMs: 10_000,
      },
    );
  }
}
