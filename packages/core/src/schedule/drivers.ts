import { boundsPredecessor, boundsSuccessor, none } from "../graph/precedenceGraph.ts";
import { bindsFinish } from "./constraints.ts";
import { contrary, finishNoLater, manual, mustFinish, mustStart, noConstraint, startNoEarlier, startNoLater } from "./inputs.ts";
import type { Passes } from "./passes.ts";
import type { Driver } from "./types.ts";

const linkIds = (passes: Passes, link: number, kind: "predecessor" | "successor"): Driver => {
  const { graph } = passes.plan;
  const other = kind === "predecessor" ? graph.from[link] : graph.to[link];
  return { kind, dependency: graph.linkIds[link] as string, task: graph.ids[other as number] as string };
};

/** What sets the date of a task. Several drivers where several things ask for the same date; of a summary, what bounds its children. */
export function drivers(passes: Passes, slot: number): Driver[] {
  const { graph, columns, backward, honour } = passes.plan;
  const flags = columns.flags[slot] as number;
  if ((flags & manual) !== 0) return [{ kind: "manual" }];
  if (graph.summary[slot] === 1) return backward ? summaryFinish(passes, slot) : summaryStart(passes, slot);
  const constraint = columns.constraint[slot] as number;
  if ((flags & contrary) !== 0) return [{ kind: "constraint" }];
  if (honour && (constraint === mustStart || constraint === mustFinish)) return [{ kind: "constraint" }];
  return backward ? leafBackward(passes, slot, constraint) : leafForward(passes, slot, constraint);
}

function leafForward(passes: Passes, slot: number, constraint: number): Driver[] {
  const { graph, columns, plan } = { graph: passes.plan.graph, columns: passes.plan.columns, plan: passes.plan };
  const early = passes.slackStart;
  const index = columns.calendar[slot] as number;
  const calendar = plan.calendarAt(index);
  const start = early.start[slot] as number;
  const needed = early.needed(slot);
  const delay = columns.delay[slot] as number;
  if (constraint !== noConstraint) {
    const date = calendar.workAt(columns.constraintDate[slot] as number) - (bindsFinish(constraint) ? (columns.span[slot] as number) : 0);
    const later = constraint === startNoLater || constraint === finishNoLater;
    if (start === date && (later ? needed + delay > start : needed + delay < start)) return [{ kind: "constraint" }];
    if (later && start < needed + delay) return [{ kind: "constraint" }, { kind: "project-start" }];
  }
  const found: Driver[] = delay > 0 ? [{ kind: "leveling" }] : [];
  for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number)
    if (((graph.effect[e] as number) & boundsSuccessor) !== 0 && early.linkNeeds(e) === needed) found.push(linkIds(passes, e, "predecessor"));
  const parent = graph.parent[slot] as number;
  const gate = parent === none ? Number.NEGATIVE_INFINITY : (early.gate[parent] as number);
  if (gate > plan.start && calendar.workAt(gate) === needed) found.push({ kind: "parent", task: graph.ids[parent] as string });
  if (needed === plan.startWork(index) && found.every(({ kind }) => kind === "leveling")) found.push({ kind: "project-start" });
  const asked = found.some(({ kind }) => kind === "predecessor" || kind === "parent") ? wallNeed(passes, slot, needed) : plan.start;
  if (calendar.startOf(needed) > asked && (columns.span[slot] as number) > 0 && delay === 0 && calendar.finishOf(needed) < asked)
    found.push({ kind: "calendar" });
  return sorted(found);
}

/** Latest wall-clock moment that the drivers of a start ask for. */
function wallNeed(passes: Passes, slot: number, needed: number): number {
  const { graph, columns } = passes.plan;
  const early = passes.slackStart;
  const calendar = passes.plan.calendarAt(columns.calendar[slot] as number);
  let at = Number.NEGATIVE_INFINITY;
  for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number)
    if (((graph.effect[e] as number) & boundsSuccessor) !== 0 && early.linkNeeds(e) === needed && columns.lag[e] === 0) at = Math.max(at, early.sourceAt(e));
  const parent = graph.parent[slot] as number;
  if (parent !== none && calendar.workAt(early.gate[parent] as number) === needed) at = Math.max(at, early.gate[parent] as number);
  return at;
}

function leafBackward(passes: Passes, slot: number, constraint: number): Driver[] {
  const { graph, columns, plan } = { graph: passes.plan.graph, columns: passes.plan.columns, plan: passes.plan };
  const late = passes.slackEnd;
  const index = columns.calendar[slot] as number;
  const span = columns.span[slot] as number;
  const allowed = late.allowed(slot);
  if (constraint !== noConstraint && late.start[slot] !== allowed) return [{ kind: "constraint" }];
  const found: Driver[] = [];
  for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number)
    if (((graph.effect[e] as number) & boundsPredecessor) !== 0 && late.linkAllows(e) === allowed) found.push(linkIds(passes, e, "successor"));
  if (columns.deadline[slot] !== Number.POSITIVE_INFINITY && plan.calendarAt(index).workAt(columns.deadline[slot] as number) - span === allowed)
    found.push({ kind: "constraint" });
  if (found.length === 0) {
    const parent = graph.parent[slot] as number;
    if (allowed === plan.endWork(index) - span) found.push({ kind: "project-end" });
    else if (parent !== none) found.push({ kind: "parent", task: graph.ids[parent] as string });
  }
  return sorted(found);
}

function summaryStart(passes: Passes, slot: number): Driver[] {
  const { graph, columns, start } = passes.plan;
  const early = passes.slackStart;
  const gate = early.gate[slot] as number;
  if (!(gate > start)) return [{ kind: "project-start" }];
  const found: Driver[] = [];
  if (columns.constraint[slot] === startNoEarlier && columns.constraintDate[slot] === gate) found.push({ kind: "constraint" });
  for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number)
    if (((graph.effect[e] as number) & boundsSuccessor) !== 0 && early.linkOpens(e) === gate) found.push(linkIds(passes, e, "predecessor"));
  const parent = graph.parent[slot] as number;
  if (parent !== none && early.gate[parent] === gate) found.push({ kind: "parent", task: graph.ids[parent] as string });
  return sorted(found);
}

function summaryFinish(passes: Passes, slot: number): Driver[] {
  const { graph, columns, end } = passes.plan;
  const late = passes.slackEnd;
  const bound = late.finishBound[slot] as number;
  if (!(bound < end)) return [{ kind: "project-end" }];
  const found: Driver[] = [];
  if (columns.deadline[slot] === bound || (columns.constraint[slot] === finishNoLater && columns.constraintDate[slot] === bound))
    found.push({ kind: "constraint" });
  for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number)
    if (((graph.effect[e] as number) & boundsPredecessor) !== 0 && (graph.type[e] as number) >= 2 && late.targetAt(e) === bound)
      found.push(linkIds(passes, e, "successor"));
  const parent = graph.parent[slot] as number;
  if (parent !== none && late.finishBound[parent] === bound) found.push({ kind: "parent", task: graph.ids[parent] as string });
  return sorted(found);
}

const sorted = (found: Driver[]): Driver[] => found.sort((a, b) => ((a.dependency ?? a.kind) < (b.dependency ?? b.kind) ? -1 : 1));
