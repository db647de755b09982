import { boundsSuccessor, none } from "../graph/precedenceGraph.ts";
import { calendarOfPredecessor, calendarOfSuccessor } from "./columns.ts";
import type { Passes } from "./passes.ts";

/** Minutes by which a task can slip without moving the project's end or anything that must be met: the smaller of start and finish slack, in its own working time. */
export function totalSlack(passes: Passes, slot: number): number {
  const { graph, columns, calendars } = passes.plan;
  const { slackStart: early, slackEnd: late } = passes;
  if (graph.summary[slot] === 0) return (late.start[slot] as number) - (early.start[slot] as number);
  const calendar = calendars[columns.calendar[slot] as number];
  if (!calendar) return 0;
  const between = (a: number, b: number): number => calendar.workAt(b) - calendar.workAt(a);
  const slack = Math.min(between(early.startAt(slot), late.startAt(slot)), between(early.finishAt(slot), late.finishAt(slot)));
  // The end of a span and the start of the next are one moment to a child on that calendar, and hours apart on the summary's own.
  return slack < 0 && !isLate(passes, slot) ? 0 : slack;
}

/** Whether something under a summary must finish before it can. */
function isLate(passes: Passes, summary: number): boolean {
  const { graph } = passes.plan;
  const open = [summary];
  for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
    if (graph.summary[slot] === 0) {
      if (totalSlack(passes, slot) < 0) return true;
    } else for (let child = graph.firstChild[slot] as number; child !== none; child = graph.nextSibling[child] as number) open.push(child);
  }
  return false;
}

/** Minutes by which a task can slip without moving any successor of it or of the summaries above it; never more than its total slack. */
export function freeSlack(passes: Passes, slot: number): number {
  const { graph, columns, calendars, end } = passes.plan;
  const early = passes.slackStart;
  const calendar = calendars[columns.calendar[slot] as number];
  if (!calendar) return 0;
  const start = calendar.workAt(early.startAt(slot));
  const finish = calendar.workAt(early.finishAt(slot));
  let free = Math.min(totalSlack(passes, slot), calendar.workAt(end) - finish);
  for (let at = slot; at !== none; at = graph.parent[at] as number)
    for (let e = graph.firstOut[at] as number; e !== none; e = graph.nextOut[e] as number) {
      const type = graph.type[e] as number;
      if (((graph.effect[e] as number) & boundsSuccessor) === 0 || (at !== slot && type < 2)) continue;
      const target = earliestTarget(passes, e);
      free = Math.min(free, calendar.workAt(target) - (type >= 2 ? finish : start));
    }
  return free;
}

/** Latest moment of a link's source that leaves its target's early date where it is. */
function earliestTarget(passes: Passes, link: number): number {
  const { graph, columns, projectCalendar } = passes.plan;
  const early = passes.slackStart;
  const target = graph.to[link] as number;
  const at = ((graph.type[link] as number) & 1) === 1 ? early.finishAt(target) : early.startAt(target);
  const lag = columns.lag[link] as number;
  if (lag === 0) return at;
  const chosen = columns.lagCalendar[link] as number;
  const index =
    chosen === calendarOfPredecessor
      ? (columns.calendar[graph.from[link] as number] as number)
      : chosen !== calendarOfSuccessor
        ? chosen
        : graph.summary[target] === 1
          ? projectCalendar
          : (columns.calendar[target] as number);
  const lags = passes.plan.calendarAt(index);
  return lags.startOf(lags.workAt(at) - lag);
}
