import { ProjectState } from "../../index.ts";

/** What ProGen calls the problem: after Kolisch, Sprecher and Drexl (1995), whose generator made the instances of PSPLIB. */
export interface ProblemShape {
  readonly activities: number;
  /** NC: arcs for each node, those of the two ends included. */
  readonly complexity: number;
  /** RF: the share of the resources that an activity uses, on average. 1: every activity uses all. */
  readonly factor: number;
  /** RS: 0: no two of the largest requests fit side by side; 1: everything fits at its earliest start. */
  readonly strength: number;
}

export interface Problem {
  /** Hours, each activity under its index. */
  readonly durations: readonly number[];
  /** Arcs from a lower index to a higher one; none says what others say together. */
  readonly arcs: readonly (readonly [number, number])[];
  /** Units of each resource that an activity uses from its start to its finish. */
  readonly requests: readonly (readonly number[])[];
  readonly capacities: readonly number[];
}

const ends = 3;
const most = 3;
const resources = 4;

function randomSource(seed: number): (below: number) => number {
  let s = seed >>> 0;
  return (below) => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** A network without redundant arcs, in which everything but the first and the last three activities has a predecessor and a successor, and nothing more than three of either. */
class Network {
  readonly arcs: (readonly [number, number])[] = [];
  readonly before: number[][];
  readonly after: number[][];
  readonly #reach: boolean[][];

  constructor(size: number) {
    this.before = Array.from({ length: size }, () => []);
    this.after = Array.from({ length: size }, () => []);
    this.#reach = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => i === j));
  }

  takes(from: number, to: number): boolean {
    if ((this.after[from]?.length ?? most) >= most || (this.before[to]?.length ?? most) >= most || this.#reaches(from, to)) return false;
    // An arc around the new one would say nothing any more.
    return !this.arcs.some(([a, b]) => this.#reaches(a, from) && this.#reaches(to, b));
  }

  add(from: number, to: number): void {
    this.arcs.push([from, to]);
    this.after[from]?.push(to);
    this.before[to]?.push(from);
    for (const row of this.#reach) if (row[from]) for (const [j, there] of (this.#reach[to] ?? []).entries()) if (there) row[j] = true;
  }

  #reaches(from: number, to: number): boolean {
    return this.#reach[from]?.[to] ?? false;
  }
}

function networkOf({ activities, complexity }: ProblemShape, random: (below: number) => number): Network {
  const net = new Network(activities);
  const pick = (candidates: number[], fits: (n: number) => boolean): number | undefined => {
    const fitting = candidates.filter(fits);
    return fitting[random(fitting.length)];
  };
  const indices = Array.from({ length: activities }, (_, i) => i);
  for (const to of indices.slice(ends)) {
    const from = pick(indices.slice(0, Math.min(to, activities - ends)), (n) => net.takes(n, to));
    if (from !== undefined) net.add(from, to);
  }
  for (const from of indices.slice(0, -ends).reverse()) {
    if ((net.after[from] ?? []).length > 0) continue;
    const to = pick(indices.slice(Math.max(from + 1, ends)), (n) => net.takes(from, n));
    if (to !== undefined) net.add(from, to);
  }
  const wanted = Math.round(complexity * (activities + 2)) - 2 * ends;
  for (let tries = 0; net.arcs.length < wanted && tries < 100 * wanted; tries++) {
    const from = random(activities - ends);
    const to = Math.max(from + 1, ends) + random(activities - Math.max(from + 1, ends));
    if (net.takes(from, to)) net.add(from, to);
  }
  return net;
}

/** Hours at which activities can start where resources do not matter. */
export function earliestStarts({ durations, arcs }: Pick<Problem, "durations" | "arcs">): number[] {
  const starts = durations.map(() => 0);
  for (const [from, to] of [...arcs].sort(([, a], [, b]) => a - b)) starts[to] = Math.max(starts[to] ?? 0, (starts[from] ?? 0) + (durations[from] ?? 0));
  return starts;
}

/** Units of a resource in use in each hour. */
export function usage({ durations, requests }: Pick<Problem, "durations" | "requests">, resource: number, starts: readonly number[]): number[] {
  const used: number[] = [];
  for (const [i, start] of starts.entries())
    for (let hour = start; hour < start + (durations[i] ?? 0); hour++) used[hour] = (used[hour] ?? 0) + (requests[i]?.[resource] ?? 0);
  return Array.from(used, (units) => units ?? 0);
}

/** The same problem for the same seed. Durations and requests are from 1 to 10. */
export function generateProblem(shape: ProblemShape, seed: number): Problem {
  const random = randomSource(seed);
  const { activities, factor, strength } = shape;
  const { arcs } = networkOf(shape, random);
  const durations = Array.from({ length: activities }, () => 1 + random(10));
  const requests = durations.map(() => Array.from({ length: resources }, () => 0));
  // Every activity uses something; further uses are dealt out until the factor is met.
  const uses = requests.flatMap((_, i) => Array.from({ length: resources }, (_, r) => [i, r] as const));
  const first = requests.map((_, i) => [i, random(resources)] as const);
  const others = uses.filter(([i, r]) => first[i]?.[1] !== r);
  for (let i = others.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [others[i], others[j]] = [others[j] as readonly [number, number], others[i] as readonly [number, number]];
  }
  for (const [i, r] of [...first, ...others].slice(0, Math.round(factor * resources * activities))) (requests[i] as number[])[r] = 1 + random(10);
  const starts = earliestStarts({ durations, arcs });
  const capacities = Array.from({ length: resources }, (_, r) => {
    const least = Math.max(...requests.map((request) => request[r] ?? 0));
    const peak = Math.max(...usage({ durations, requests }, r, starts));
    return Math.max(1, least + Math.round(strength * (peak - least)));
  });
  return { durations, arcs, requests, capacities };
}

/** The problem as a project that works around the clock. Tasks are named `t` and their index. */
export function projectOf({ durations, arcs, requests, capacities }: Problem): ProjectState {
  const state = new ProjectState({ id: "p", startDate: "2026-01-05T00:00:00" });
  for (const [r, maxUnits] of capacities.entries()) state.put("resources", { id: `r${r}`, name: `R${r}`, maxUnits });
  for (const [i, duration] of durations.entries())
    state.put("tasks", { id: `t${i}`, name: `T${i}`, duration, durationUnit: "hour", orderKey: `a${String(i).padStart(4, "0")}` });
  for (const [from, to] of arcs) state.put("dependencies", { id: `d${from}-${to}`, fromTask: `t${from}`, toTask: `t${to}`, type: 2 });
  for (const [i, request] of requests.entries())
    for (const [r, units] of request.entries()) if (units > 0) state.put("assignments", { id: `u${i}-${r}`, event: `t${i}`, resource: `r${r}`, units });
  return state;
}
