import { minutesToDuration } from "../calendars/durations.ts";
import type { Touched } from "../changes/changeset.ts";
import type { ProjectRecord, TaskRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { formatWallClock } from "../model/wallClock.ts";
import { drivers } from "./drivers.ts";
import { DatesHash } from "./hash.ts";
import { effortOf, inactive } from "./inputs.ts";
import { Outline } from "./outline.ts";
import { Passes } from "./passes.ts";
import { percentOf, Rollups } from "./rollups.ts";
import { freeSlack, totalSlack } from "./slack.ts";
import type { PlacedDates, Schedule, ScheduleChange, TaskSchedule } from "./types.ts";
import { Violations } from "./violations.ts";

/** Changes whenever the same inputs may give other dates than before. */
export const engineVersion = "1";

/**
 * The schedule of a project, kept right while the project changes. Apply a change to the state, then hand `update` what it touched.
 * Where tasks stand is computed at once; late dates, roll-ups and violations when they are read.
 */
export class ScheduleEngine {
  readonly #state: ProjectState;
  readonly #passes: Passes;
  readonly #rollups: Rollups;
  readonly #outline: Outline;
  readonly #violations: Violations;
  #project: ProjectRecord;
  /** What was read of a task last, at which version, and the figures it shows: it stays the same object until one of them changes. */
  readonly #views = new Map<string, { version: number; readonly figures: readonly (number | string | boolean)[]; readonly view: TaskSchedule }>();
  #version = 0;
  /** Tasks whose late dates moved and that no change has told yet; `undefined`: any. */
  #lateMoved: string[] | undefined;
  readonly schedule: Schedule;

  constructor(state: ProjectState) {
    this.#state = state;
    this.#project = state.project;
    this.#passes = new Passes(state);
    this.#passes.placedMoved.all = false;
    this.#rollups = new Rollups(state);
    this.#outline = new Outline(state);
    this.#violations = new Violations(state, this.#passes);
    this.schedule = this.#window();
  }

  /** Takes over a change of the state: any mix of added, changed and removed records, all of which are named. */
  update(touched: Touched): ScheduleChange {
    const passes = this.#passes;
    passes.update(touched, this.#project);
    this.#project = this.#state.project;
    const moved = passes.placedMoved.all ? undefined : passes.placedMoved.ids.splice(0);
    passes.placedMoved.all = false;
    const edited = [...passes.edited];
    const reordered = [...passes.reorderedParents];
    passes.edited.clear();
    passes.reorderedParents.clear();

    this.#version++;
    this.#violations.stale(moved === undefined || touched.has("resources") || touched.has("assignments") ? undefined : [...moved, ...edited]);
    for (const id of edited) this.#rollups.drop(id);
    for (const parent of reordered) {
      this.#outline.drop(parent);
      if (parent !== null) this.#rollups.drop(parent);
    }
    if (touched.has("project") || touched.has("calendars")) this.#rollups.clear();
    for (const id of touched.get("tasks") ?? []) if (!this.#state.tasks.has(id)) this.#views.delete(id);
    return new Change(this.#state, moved, edited, reordered, () => this.#tellLate());
  }

  /** Runs every pass again over the graph and inputs as they were last read: what a change of a calendar costs. */
  recompute(): void {
    this.#version++;
    this.#passes.recompute();
    this.#violations.stale(undefined);
    this.#settle();
  }

  #settle(): void {
    const passes = this.#passes;
    passes.settleAll();
    const { otherMoved } = passes;
    if (otherMoved.all) this.#lateMoved = undefined;
    else this.#lateMoved?.push(...otherMoved.ids);
    otherMoved.all = false;
    otherMoved.ids.length = 0;
  }

  #tellLate(): ReadonlySet<string> {
    this.#settle();
    const moved = this.#lateMoved ?? this.#passes.plan.graph.slotOf.keys();
    this.#lateMoved = [];
    return new Set(moved);
  }

  #window(): Schedule {
    const passes = this.#passes;
    const violations = this.#violations;
    const { slotOf } = passes.plan.graph;
    const read = <T>(value: () => T): T => {
      this.#settle();
      return value();
    };
    return {
      engineVersion,
      tasks: {
        get: (id) => {
          const slot = slotOf.get(id);
          return slot === undefined ? undefined : read(() => this.#view(id, slot));
        },
        dates: (id) => {
          const slot = slotOf.get(id);
          return slot === undefined ? undefined : this.#dates(slot);
        },
        isCritical: (id) => {
          const slot = slotOf.get(id);
          return slot !== undefined && read(() => this.#isCritical(slot, totalSlack(passes, slot)));
        },
        has: (id) => slotOf.has(id),
        keys: () => slotOf.keys(),
        get size() {
          return slotOf.size;
        },
      },
      get projectStart() {
        return read(() => formatWallClock(passes.plan.start));
      },
      get projectEnd() {
        return read(() => formatWallClock(passes.plan.end));
      },
      get violations() {
        return read(() => violations.all());
      },
      drivenBy: (id) => {
        const slot = slotOf.get(id);
        return slot === undefined ? [] : read(() => drivers(passes, slot));
      },
      hash: () => read(() => this.#hash()),
    };
  }

  #dates(slot: number): PlacedDates {
    const { placed } = this.#passes;
    return { startDate: formatWallClock(placed.startAt(slot)), endDate: formatWallClock(placed.finishAt(slot)) };
  }

  #view(id: string, slot: number): TaskSchedule {
    const known = this.#views.get(id);
    if (known?.version === this.#version) return known.view;
    const passes = this.#passes;
    const { graph, columns } = passes.plan;
    const { placed, slackStart: early, slackEnd: late } = passes;
    const task = this.#state.tasks.get(id) as TaskRecord;
    const summary = graph.summary[slot] === 1;
    const dates = [placed, early, late].flatMap((pass) => [pass.startAt(slot), pass.finishAt(slot)]);
    const slack = totalSlack(passes, slot);
    const rest = {
      totalSlack: slack / 60,
      freeSlack: freeSlack(passes, slot) / 60,
      critical: this.#isCritical(slot, slack),
      ...(summary ? this.#summaryFigures(id, slot) : this.#leafFigures(task, slot)),
      milestone: !summary && columns.span[slot] === 0,
      summary,
      wbs: this.#outline.wbs(id),
    };
    const figures = [...dates, ...Object.values(rest)];
    if (known?.figures.every((figure, i) => figure === figures[i])) {
      known.version = this.#version;
      return known.view;
    }
    const [startDate, endDate, earlyStart, earlyEnd, lateStart, lateEnd] = dates.map(formatWallClock) as [string, string, string, string, string, string];
    const view: TaskSchedule = Object.freeze({ startDate, endDate, earlyStart, earlyEnd, lateStart, lateEnd, ...rest });
    this.#views.set(id, { version: this.#version, figures, view });
    return view;
  }

  #isCritical(slot: number, slack: number): boolean {
    return slack <= 0 && ((this.#passes.plan.columns.flags[slot] as number) & inactive) === 0;
  }

  #leafFigures(task: TaskRecord, slot: number): Pick<TaskSchedule, "duration" | "durationUnit" | "percentDone" | "effort"> {
    const work = this.#passes.plan.columns.work[slot] as number;
    return {
      duration: minutesToDuration(work, task.durationUnit, this.#state.project),
      durationUnit: task.durationUnit ?? "day",
      percentDone: task.percentDone ?? 0,
      effort: effortOf(this.#state, task, work) / 60,
    };
  }

  #summaryFigures(id: string, slot: number): Pick<TaskSchedule, "duration" | "durationUnit" | "percentDone" | "effort"> {
    const { placed, plan } = this.#passes;
    const calendar = plan.calendarAt(plan.columns.calendar[slot] as number);
    const rollup = this.#rollups.of(id);
    return {
      duration: minutesToDuration(calendar.workAt(placed.finishAt(slot)) - calendar.workAt(placed.startAt(slot)), "day", this.#state.project),
      durationUnit: "day",
      percentDone: percentOf(rollup),
      effort: rollup.effort / 60,
    };
  }

  #hash(): string {
    const passes = this.#passes;
    const { placed, slackStart: early, slackEnd: late } = passes;
    const hash = new DatesHash();
    for (const [id, slot] of passes.plan.graph.slotOf)
      hash.add(id, [
        placed.startAt(slot),
        placed.finishAt(slot),
        early.startAt(slot),
        early.finishAt(slot),
        late.startAt(slot),
        late.finishAt(slot),
        totalSlack(passes, slot),
      ]);
    return hash.toString();
  }
}

class Change implements ScheduleChange {
  readonly #state: ProjectState;
  readonly #moved: readonly string[] | undefined;
  readonly #edited: readonly string[];
  readonly #reordered: readonly (string | null)[];
  readonly #late: () => ReadonlySet<string>;
  #changed: ReadonlySet<string> | undefined;

  constructor(
    state: ProjectState,
    moved: readonly string[] | undefined,
    edited: readonly string[],
    reordered: readonly (string | null)[],
    late: () => ReadonlySet<string>,
  ) {
    this.#state = state;
    this.#moved = moved;
    this.#edited = edited;
    this.#reordered = reordered;
    this.#late = late;
  }

  get changed(): ReadonlySet<string> {
    this.#changed ??= this.#collect();
    return this.#changed;
  }

  late(): ReadonlySet<string> {
    return this.#late();
  }

  #collect(): ReadonlySet<string> {
    const state = this.#state;
    const changed = new Set<string>(this.#moved ?? state.tasks.keys());
    const upwards = (id: string): void => {
      changed.add(id);
      for (const above of state.ancestors(id)) changed.add(above);
    };
    for (const id of this.#edited) upwards(id);
    for (const parent of this.#reordered) {
      if (parent !== null) upwards(parent);
      const below = parent === null ? state.tasks.keys() : state.descendants(parent);
      for (const id of below) changed.add(id);
    }
    return changed;
  }
}

/** The schedule of a project as it stands: a full pass. Reads the state when it is read itself, so read it before the state changes. */
export const computeSchedule = (state: ProjectState): Schedule => new ScheduleEngine(state).schedule;
