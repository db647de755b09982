import type { DependencyRecord, DependencyType, DurationUnit } from "@livegantt/core";
import { EditError } from "../error.ts";
import { formatDuration, parseDuration } from "./durations.ts";
import type { Plan, Writer } from "./plan.ts";

/** The chart names a link's ends `s`tart and `e`nd. */
export const chartLinkTypes = ["s2s", "s2e", "e2s", "e2e"] as const satisfies Record<DependencyType, string> & readonly string[];
export const linkCodes = ["SS", "SF", "FS", "FF"] as const satisfies Record<DependencyType, string> & readonly string[];

export function linkTypeOf(chartType: unknown): DependencyType {
  const at = (chartLinkTypes as readonly unknown[]).indexOf(chartType);
  return (at < 0 ? 2 : at) as DependencyType;
}

export interface LinkFields {
  readonly type?: DependencyType;
  readonly lag?: number;
  readonly lagUnit?: DurationUnit;
}

/** Adds a link; where the pair is linked already (V4), changes that link. Returns its id. */
export function linkTasks(tx: Writer, { state }: Plan, fromTask: string, toTask: string, fields: LinkFields = {}): string {
  const existing = [...state.successors.of(fromTask)].find((id) => state.dependencies.get(id)?.toTask === toTask);
  const written = { type: fields.type ?? 2, lag: fields.lag ?? 0, lagUnit: fields.lagUnit ?? ("day" as const) };
  if (existing === undefined) return tx.add("dependencies", { fromTask, toTask, ...written });
  tx.update("dependencies", existing, written);
  return existing;
}

/** Links tasks one behind the other, finish to start, in the given order. */
export function chainTasks(tx: Writer, plan: Plan, ids: readonly string[]): void {
  if (ids.length < 2) throw new EditError("need_two_tasks", "Select two or more tasks to link them. Hold Ctrl while clicking.", { ids });
  for (let i = 1; i < ids.length; i++) linkTasks(tx, plan, ids[i - 1] as string, ids[i] as string);
}

/** The predecessors of a task as people write them: `1.2`, `3SS`, `4FS+2 d`, several separated by `, `. */
export function formatPredecessors({ state, schedule }: Plan, task: string): string {
  return [...state.predecessors.of(task)]
    .map((id) => state.dependencies.get(id))
    .filter((link) => link !== undefined)
    .map((link) => formatPredecessor(link, schedule.tasks.get(link.fromTask)?.wbs ?? "?"))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .join(", ");
}

function formatPredecessor(link: DependencyRecord, number: string): string {
  const type = link.type ?? 2;
  const lag = link.lag ?? 0;
  const code = type === 2 && lag === 0 ? "" : linkCodes[type];
  return `${number}${code}${lag === 0 ? "" : `${lag > 0 ? "+" : "−"}${formatDuration(Math.abs(lag), link.lagUnit ?? "day")}`}`;
}

const shape = /^([\d.]+)\s*(SS|SF|FS|FF)?\s*(?:([+\-−])\s*(.+))?$/i;

/** Makes the predecessors of a task what the text says: adds, changes and removes links. */
export function setPredecessors(tx: Writer, plan: Plan, task: string, text: string): void {
  const { state, schedule } = plan;
  const byNumber = new Map<string, string>();
  for (const id of schedule.tasks.keys()) byNumber.set(schedule.tasks.get(id)?.wbs ?? "", id);
  const wanted = new Map<string, Required<LinkFields>>();
  for (const part of text.split(/[,;]/).map((piece) => piece.trim())) {
    if (part === "") continue;
    const match = shape.exec(part);
    if (!match) throw new EditError("not_a_predecessor", `"${part}" is not a predecessor. Write a task number, e.g. 3, 3SS or 3FS+2d.`, { text: part });
    const from = byNumber.get((match[1] ?? "").replace(/\.$/, ""));
    if (from === undefined) throw new EditError("no_such_task", `No task has the number ${match[1]}.`, { number: match[1] });
    if (from === task) throw new EditError("links_itself", "A task cannot be its own predecessor.", { task });
    const lag = match[4] ? parseDuration(match[4]) : { amount: 0, unit: "day" as const };
    const type = linkCodes.findIndex((code) => code === (match[2] ?? "FS").toUpperCase()) as DependencyType;
    wanted.set(from, { type, lag: match[3] === "+" || lag.amount === 0 ? lag.amount : -lag.amount, lagUnit: lag.unit });
  }
  for (const id of state.predecessors.of(task)) {
    const link = state.dependencies.get(id);
    if (!link) continue;
    const fields = wanted.get(link.fromTask);
    if (!fields) tx.remove("dependencies", id);
    else if (fields.type !== (link.type ?? 2) || fields.lag !== (link.lag ?? 0) || (fields.lag !== 0 && fields.lagUnit !== (link.lagUnit ?? "day")))
      tx.update("dependencies", id, fields);
    wanted.delete(link.fromTask);
  }
  for (const [from, fields] of wanted) linkTasks(tx, plan, from, task, fields);
}
