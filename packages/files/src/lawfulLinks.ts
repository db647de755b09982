import { type IndexedLink, linksOnLoops } from "./acyclic.ts";
import type { ReportBuilder } from "./report.ts";

export interface CandidateLink extends IndexedLink {
  /** Both ends by name, for the report. */
  readonly where: string;
}

/**
 * The links that may stand in a plan (V4, V5): each other one is counted and named as left out. Tasks are indexes; `parents` has -1 at the top level.
 */
export function lawfulLinks<T extends CandidateLink>(parents: readonly number[], candidates: readonly T[], report: ReportBuilder): T[] {
  const summaries = new Set(parents);
  const pairs = new Set<number>();
  const links: T[] = [];
  for (const link of candidates) {
    const pair = link.from * parents.length + link.to;
    const problem = pairs.has(pair) ? "a second link between the same two tasks" : lawBroken(parents, summaries, link);
    if (problem === undefined) {
      pairs.add(pair);
      links.push(link);
    } else report.omitted("link", link.where, problem, "dependencies");
  }
  const looping = new Set(linksOnLoops(parents, links));
  for (const i of looping) report.omitted("link", (links[i] as T).where, "it closes a loop of links", "dependencies");
  return links.filter((_, i) => !looping.has(i));
}

function lawBroken(parents: readonly number[], summaries: ReadonlySet<number>, { from, to, type }: IndexedLink): string | undefined {
  if (from === to) return "a task cannot follow itself";
  if (isAbove(parents, from, to) || isAbove(parents, to, from)) return "a task cannot be linked with a summary above it";
  if ((type === 1 || type === 3) && summaries.has(to)) return `a ${type === 3 ? "finish-to-finish" : "start-to-finish"} link into a summary has no effect`;
  return undefined;
}

function isAbove(parents: readonly number[], above: number, task: number): boolean {
  for (let at = parents[task] ?? -1; at >= 0; at = parents[at] ?? -1) if (at === above) return true;
  return false;
}
