import { type ProjectState, type Schedule, type ScheduleChange, ScheduleEngine, type Touched } from "@livegantt/core";
import type { ScheduleMoves, ScheduleWatch } from "./api.ts";
import { TouchedSet } from "./touched.ts";

/** The computed dates of the view, brought up to date when somebody looks: edits and remote changes cost nothing for it (O2). */
export class LazySchedule {
  readonly #view: () => ProjectState;
  #engine: ScheduleEngine | undefined;
  #state: ProjectState | undefined;
  readonly #touched = new TouchedSet();
  readonly #watches = new Set<Watch>();
  #last: ScheduleChange | undefined;

  constructor(view: () => ProjectState) {
    this.#view = view;
  }

  note(touched: Touched): void {
    if (this.#engine) this.#touched.add(touched);
  }

  get current(): Schedule {
    return this.#fresh().schedule;
  }

  /** What the dates of the view amount to, as a heartbeat says it. Undefined while nobody has asked for dates: whoever does without them need not compute any. */
  get fingerprint(): string | undefined {
    if (!this.#engine) return undefined;
    const { schedule } = this.#fresh();
    return `${schedule.engineVersion}:${schedule.hash()}`;
  }

  watch(): ScheduleWatch {
    const watch = new Watch();
    this.#watches.add(watch);
    return {
      take: () => {
        this.#fresh();
        if (!watch.all) this.#shareLate();
        return watch.take();
      },
      stop: () => {
        this.#watches.delete(watch);
      },
    };
  }

  #fresh(): ScheduleEngine {
    const state = this.#view();
    if (!this.#engine || this.#state !== state) {
      this.#engine = new ScheduleEngine(state);
      this.#state = state;
      this.#touched.take();
      this.#last = undefined;
      for (const watch of this.#watches) watch.all = true;
    } else if (!this.#touched.isEmpty) {
      this.#last = this.#engine.update(this.#touched.take());
      if (this.#watches.size > 0) for (const id of this.#last.changed) for (const watch of this.#watches) watch.changed.add(id);
    }
    return this.#engine;
  }

  /** The engine tells late dates once; every watch is to hear of them. */
  #shareLate(): void {
    for (const id of this.#last?.late() ?? []) for (const watch of this.#watches) watch.late.add(id);
  }
}

class Watch {
  all = true;
  changed = new Set<string>();
  late = new Set<string>();

  take(): ScheduleMoves {
    const moves: ScheduleMoves = this.all ? { all: true, changed: new Set(), late: new Set() } : { all: false, changed: this.changed, late: this.late };
    this.all = false;
    this.changed = new Set();
    this.late = new Set();
    return moves;
  }
}
