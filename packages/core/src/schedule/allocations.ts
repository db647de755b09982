import type { ResourceRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import type { Fixes } from "./fixes.ts";
import { inactive } from "./inputs.ts";
import type { Passes } from "./passes.ts";
import type { Fix, ScheduleViolation } from "./types.ts";

/** One stretch in which an assignment uses its resource. */
interface Use {
  readonly slot: number;
  readonly task: string;
  readonly assignment: string;
  readonly units: number;
  readonly start: number;
  readonly end: number;
}

export const defaultUnits = 100;
export const maxUnitsOf = (resource: ResourceRecord): number => resource.maxUnits ?? defaultUnits;
/** Material and cost have no time to give. */
export const isLevelled = (resource: ResourceRecord): boolean => resource.type !== "material" && resource.type !== "cost";

/** Stretches of work of a task, wall clock: the whole of it, or its segments. */
export function stretches(state: ProjectState, { plan, placed }: Passes, slot: number): [number, number][] {
  const { graph, columns, calendars } = plan;
  const task = state.tasks.get(graph.ids[slot] as string);
  const calendar = calendars[columns.calendar[slot] as number];
  const start = placed.start[slot] as number;
  if (!calendar || (columns.span[slot] as number) === 0) return [];
  const segments = task?.segments;
  if (segments == null || segments.length === 0) return [[placed.startAt(slot), placed.finishAt(slot)]];
  return segments.map(({ offset, duration }) => [calendar.startOf(start + offset), calendar.finishOf(start + offset + duration)]);
}

/** Resources that are asked for more than they have. Computed per resource and kept until a task of it moves. */
export class Allocations {
  readonly #state: ProjectState;
  readonly #passes: Passes;
  readonly #fixes: Fixes;
  readonly #known = new Map<string, readonly ScheduleViolation[]>();

  constructor(state: ProjectState, passes: Passes, fixes: Fixes) {
    this.#state = state;
    this.#passes = passes;
    this.#fixes = fixes;
  }

  /** `tasks`: those whose dates or inputs changed; `undefined` where any may have, or where resources or assignments did. */
  stale(tasks: readonly string[] | undefined): void {
    if (tasks === undefined) this.#known.clear();
    else if (this.#known.size > 0)
      for (const task of tasks) for (const id of this.#state.assignmentsOfTask.of(task)) this.#known.delete(this.#state.assignments.get(id)?.resource ?? "");
  }

  all(): ScheduleViolation[] {
    const found: ScheduleViolation[] = [];
    for (const [id, resource] of this.#state.resources) {
      if (!this.#state.assignmentsOfResource.has(id) || !isLevelled(resource)) continue;
      let known = this.#known.get(id);
      if (!known) {
        known = this.#check(resource);
        this.#known.set(id, known);
      }
      found.push(...known);
    }
    return found;
  }

  #uses(resource: string): Use[] {
    const { graph, columns } = this.#passes.plan;
    const uses: Use[] = [];
    for (const assignment of this.#state.assignmentsOfResource.of(resource)) {
      const record = this.#state.assignments.get(assignment);
      const slot = record && graph.slotOf.get(record.event);
      if (slot === undefined || graph.summary[slot] === 1 || ((columns.flags[slot] as number) & inactive) !== 0) continue;
      for (const [start, end] of stretches(this.#state, this.#passes, slot))
        uses.push({ slot, task: record?.event ?? "", assignment, units: record?.units ?? defaultUnits, start, end });
    }
    return uses.sort((a, b) => a.start - b.start || b.end - a.end || (a.task < b.task ? -1 : 1));
  }

  /** Goes through the moments at which anything begins or ends; the task that began last (of those the shortest) is the one too many. */
  #check(resource: ResourceRecord): ScheduleViolation[] {
    const { columns, calendars } = this.#passes.plan;
    const max = maxUnitsOf(resource);
    const uses = this.#uses(resource.id);
    const moments = [...new Set(uses.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
    const over = new Map<string, { use: Use; minutes: number; free: number }>();
    let next = 0;
    let open: Use[] = [];
    for (let m = 0; m + 1 < moments.length; m++) {
      const [from, to] = [moments[m] as number, moments[m + 1] as number];
      open = open.filter(({ end }) => end > from);
      while (next < uses.length && (uses[next] as Use).start <= from) open.push(uses[next++] as Use);
      if (open.reduce((sum, use) => sum + use.units, 0) <= max) continue;
      const at = open.map((use) => {
        const calendar = calendars[columns.calendar[use.slot] as number];
        return { use, minutes: calendar ? calendar.workAt(to) - calendar.workAt(from) : 0 };
      });
      const working = at.filter(({ minutes }) => minutes > 0);
      if (working.reduce((sum, { use }) => sum + use.units, 0) <= max) continue;
      const last = working.at(-1)?.use as Use;
      const others = working.filter(({ use }) => use !== last).map(({ use }) => use.end);
      const known = over.get(last.task) ?? { use: last, minutes: 0, free: from };
      known.minutes += Math.min(...working.map(({ minutes }) => minutes));
      known.free = Math.max(known.free, others.length > 0 ? Math.min(...others) : from);
      over.set(last.task, known);
    }
    return [...over.values()].map(({ use, minutes, free }) => ({
      kind: "over-allocated" as const,
      task: use.task,
      resource: resource.id,
      by: minutes / 60,
      fixes: this.#fixesFor(use, max, free),
    }));
  }

  #fixesFor(use: Use, max: number, free: number): Fix[] {
    if (use.units > max) return [this.#fixes.update(`Assign ${max} %`, "assignments", use.assignment, { units: max })];
    const { columns, calendars, backward } = this.#passes.plan;
    const calendar = calendars[columns.calendar[use.slot] as number];
    if (!calendar || backward || free <= use.start) return [];
    const delay = (columns.delay[use.slot] as number) + calendar.workAt(free) - calendar.workAt(use.start);
    return [this.#fixes.update("Delay the task until the resource is free", "tasks", use.task, { levelingDelay: delay })];
  }
}
