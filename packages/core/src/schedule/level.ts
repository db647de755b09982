import type { Changeset, UpdatedRecord } from "../changes/changeset.ts";
import { NodeHeap } from "../graph/heap.ts";
import { compareText } from "../model/json.ts";
import type { ProjectState } from "../model/state.ts";
import { defaultUnits, isLevelled, maxUnitsOf, stretches } from "./allocations.ts";
import type { ForwardPass } from "./forwardPass.ts";
import { contrary, inactive, manual, mustFinish, mustStart } from "./inputs.ts";
import { Passes } from "./passes.ts";

/** What one resource has given away: stretches of wall-clock time with units. */
class Profile {
  readonly #max: number;
  readonly #taken: { readonly start: number; readonly end: number; readonly units: number }[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  take(start: number, end: number, units: number): void {
    this.#taken.push({ start, end, units });
  }

  /** When something ends that is in the way of so many units between two moments; `undefined` where they fit. */
  conflict(start: number, end: number, units: number): number | undefined {
    const inside = this.#taken.filter((t) => t.start < end && t.end > start);
    const begins = [start, ...inside.map((t) => t.start).filter((t) => t > start)].sort((a, b) => a - b);
    for (const at of begins) {
      const here = inside.filter((t) => t.start <= at && t.end > at);
      if (here.reduce((sum, t) => sum + t.units, units) > this.#max) return Math.min(...here.map((t) => t.end));
    }
    return undefined;
  }
}

/** Leaves that stand where they stand: set by hand, by a constraint, or at the end of their slack. */
const isFixed = (flags: number, constraint: number, honour: boolean): boolean =>
  (flags & (manual | contrary)) !== 0 || (honour && (constraint === mustStart || constraint === mustFinish));

/**
 * S7: delays tasks until no resource is asked for more than it has. Serial schedule generation: of the tasks whose predecessors are placed, the one with the earliest late start comes next
 * (ties: less total slack, then id) and takes the first gap in which all its resources are free. A stretch is reserved from start to finish, pauses of the night included.
 * The result sets `levelingDelay` (working minutes); tasks that need none lose the one they had. Tasks with dates of their own keep them; a task that alone asks for more than
 * its resource has cannot be helped. A project planned from its end is not levelled: the changeset is empty.
 */
export function level(state: ProjectState): Changeset {
  const passes = new Passes(state);
  const { plan } = passes;
  if (plan.backward) return {};
  const { graph, columns, order, honour } = plan;
  const delays = columns.delay.slice();
  columns.delay.fill(0);
  passes.recompute();
  // A project that runs forward places its tasks in a forward pass.
  const pass = passes.placed as ForwardPass;
  const lateStart = (slot: number): number => (graph.summary[slot] === 1 ? (passes.late.gate[slot] as number) : passes.late.startAt(slot));

  const profiles = new Map<string, Profile>();
  for (const [id, resource] of state.resources) if (isLevelled(resource)) profiles.set(id, new Profile(maxUnitsOf(resource)));
  const demands = (slot: number): { profile: Profile; units: number }[] => {
    const sum = new Map<Profile, number>();
    for (const id of state.assignmentsOfTask.of(graph.ids[slot] as string)) {
      const assignment = state.assignments.get(id);
      const profile = profiles.get(assignment?.resource ?? "");
      const units = assignment?.units ?? defaultUnits;
      if (!profile || units > maxUnitsOf(state.resources.get(assignment?.resource ?? "") ?? { id: "" })) continue;
      sum.set(profile, (sum.get(profile) ?? 0) + units);
    }
    return [...sum].map(([profile, units]) => ({ profile, units }));
  };
  const reserve = (slot: number, needs: readonly { profile: Profile; units: number }[]): void => {
    for (const [start, end] of stretches(state, passes, slot)) for (const { profile, units } of needs) profile.take(start, end, units);
  };
  const fixed = (slot: number): boolean => isFixed(columns.flags[slot] as number, columns.constraint[slot] as number, honour);
  const idle = (slot: number): boolean => graph.summary[slot] === 1 || ((columns.flags[slot] as number) & inactive) !== 0;

  const nodes = order.sorted();
  for (const node of nodes) if (!idle(node >> 2) && fixed(node >> 2)) reserve(node >> 2, demands(node >> 2));

  // Rank of each node among all: late start, slack, id.
  const slots = [...new Set(Array.from(nodes, (node) => node >> 2))];
  const late = new Map(slots.map((slot) => [slot, lateStart(slot)]));
  const slack = (slot: number): number => (graph.summary[slot] === 1 ? 0 : (passes.late.start[slot] as number) - (pass.start[slot] as number));
  slots.sort((a, b) => (late.get(a) as number) - (late.get(b) as number) || slack(a) - slack(b) || compareText(graph.ids[a] as string, graph.ids[b] as string));
  const rank = new Map(slots.map((slot, i) => [slot, i]));

  const waiting = new Int32Array(4 * graph.slots);
  const next: number[] = [];
  for (const node of nodes) {
    next.length = 0;
    graph.successors(node, next);
    for (const s of next) waiting[s] = (waiting[s] as number) + 1;
  }
  const ready = new NodeHeap(4 * graph.slots);
  for (const node of nodes) if (waiting[node] === 0) ready.push(node, rank.get(node >> 2) as number);
  for (let node = ready.pop(); node >= 0; node = ready.pop()) {
    const slot = node >> 2;
    pass.evaluate(node);
    if (!idle(slot) && !fixed(slot)) {
      const needs = demands(slot);
      if (needs.length > 0) {
        place(passes, pass, state, slot, needs);
        reserve(slot, needs);
      }
    }
    next.length = 0;
    graph.successors(node, next);
    for (const s of next) {
      waiting[s] = (waiting[s] as number) - 1;
      if (waiting[s] === 0) ready.push(s, rank.get(s >> 2) as number);
    }
  }
  return delayChanges(state, passes, delays);
}

/** Delays one task to the first gap in which all that it needs is free. Ends: every step passes the end of a reserved stretch. */
function place(
  passes: Passes,
  pass: ForwardPass,
  state: ProjectState,
  slot: number,
  needs: readonly { readonly profile: Profile; readonly units: number }[],
): void {
  const { columns, calendars } = passes.plan;
  const calendar = calendars[columns.calendar[slot] as number];
  if (!calendar) return;
  const needed = (pass.start[slot] as number) - (columns.delay[slot] as number);
  for (;;) {
    const work = stretches(state, passes, slot);
    let blocked: { readonly from: number; readonly until: number } | undefined;
    for (const [from, to] of work) {
      for (const { profile, units } of needs) {
        const until = profile.conflict(from, to, units);
        if (until !== undefined && (!blocked || until - from > blocked.until - blocked.from)) blocked = { from, until };
      }
      if (blocked) break;
    }
    if (!blocked) return;
    const step = Math.max(1, calendar.workAt(blocked.until) - calendar.workAt(blocked.from));
    const start = (pass.start[slot] as number) + step;
    if (!calendar.reaches(start + (columns.span[slot] as number))) return;
    columns.delay[slot] = start - needed;
    pass.evaluate(4 * slot);
    // A constraint that holds it back cannot be levelled past.
    if (pass.start[slot] !== start) return;
  }
}

function delayChanges(state: ProjectState, passes: Passes, before: Float64Array): Changeset {
  const { graph, columns } = passes.plan;
  const updated: UpdatedRecord[] = [];
  for (const id of state.tasks.keys()) {
    const slot = graph.slotOf.get(id) as number;
    const delay = columns.delay[slot] as number;
    if (delay === before[slot]) continue;
    const was = state.tasks.get(id)?.levelingDelay ?? null;
    updated.push({ id, changes: { levelingDelay: delay === 0 ? null : delay }, was: { levelingDelay: was } });
  }
  return updated.length === 0 ? {} : { tasks: { updated } };
}
