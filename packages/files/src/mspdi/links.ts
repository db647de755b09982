import type { DependencyRecord } from "@livegantt/core";
import { linksOnLoops } from "../acyclic.ts";
import { childrenOf, flagOf, numberOf, textOf, type XmlElement } from "../xml/read.ts";
import { formatOf, linkTypes } from "./codes.ts";
import { type ImportContext, named, plural } from "./context.ts";
import { amountOf, clampAmount } from "./duration.ts";
import type { ImportedTask } from "./tasks.ts";

interface Link {
  readonly element: XmlElement;
  readonly from: number;
  readonly to: number;
  readonly type: 0 | 1 | 2 | 3;
  readonly where: string;
}

/** All predecessor links that a plan may have; each one that breaks a law is left out and named. */
export function importLinks(tasks: readonly ImportedTask[], context: ImportContext, roundTheClock: () => string): DependencyRecord[] {
  const links = validLinks(tasks, context);
  const parents = tasks.map((task) => task.parent);
  const looping = new Set(linksOnLoops(parents, links));
  const records: DependencyRecord[] = [];
  for (const [i, link] of links.entries()) {
    if (looping.has(i)) {
      context.report.omitted("link", link.where, "it closes a loop of links", "dependencies");
      continue;
    }
    const [from, to] = [tasks[link.from] as ImportedTask, tasks[link.to] as ImportedTask];
    context.report.count("dependencies", "imported");
    records.push({
      id: context.id(`link-${from.uid}-${to.uid}`),
      fromTask: from.id,
      toTask: to.id,
      type: link.type,
      ...lagOf(link, from, context, roundTheClock),
    });
  }
  return records;
}

function validLinks(tasks: readonly ImportedTask[], { report }: ImportContext): Link[] {
  const byUid = new Map<string, number>();
  for (const [i, task] of tasks.entries()) if (!byUid.has(task.uid)) byUid.set(task.uid, i);
  const pairs = new Set<number>();
  const links: Link[] = [];
  for (const [to, task] of tasks.entries())
    for (const element of childrenOf(task.element, "PredecessorLink")) {
      const uid = textOf(element, "PredecessorUID")?.trim();
      const from = uid === undefined ? undefined : byUid.get(uid);
      const where = `${from === undefined ? `UID ${uid ?? "missing"}` : named(tasks[from]?.name, uid)} to ${named(task.name, task.uid)}`;
      const code = numberOf(element, "Type") ?? 1;
      const type = linkTypes[code];
      const problem =
        from === undefined
          ? flagOf(element, "CrossProject")
            ? "its predecessor stands in another project"
            : "its predecessor is not in the file"
          : type === undefined
            ? `link type ${code} is unknown`
            : lawBroken(tasks, from, to, type);
      if (problem !== undefined || from === undefined || type === undefined) {
        report.omitted("link", where, problem ?? "", "dependencies");
        continue;
      }
      const pair = from * tasks.length + to;
      if (pairs.has(pair)) {
        report.omitted("link", where, "a second link between the same two tasks", "dependencies");
        continue;
      }
      pairs.add(pair);
      links.push({ element, from, to, type, where });
    }
  return links;
}

function lawBroken(tasks: readonly ImportedTask[], from: number, to: number, type: number): string | undefined {
  if (from === to) return "a task cannot follow itself";
  if (isAbove(tasks, from, to) || isAbove(tasks, to, from)) return "a task cannot be linked with a summary above it";
  if ((type === 1 || type === 3) && tasks[to]?.summary) return `${type === 3 ? "a finish-to-finish" : "a start-to-finish"} link into a summary has no effect`;
  return undefined;
}

function isAbove(tasks: readonly ImportedTask[], above: number, task: number): boolean {
  for (let at = tasks[task]?.parent ?? -1; at >= 0; at = tasks[at]?.parent ?? -1) if (at === above) return true;
  return false;
}

function lagOf({ element, where }: Link, from: ImportedTask, { report, lengths }: ImportContext, roundTheClock: () => string): Partial<DependencyRecord> {
  const raw = numberOf(element, "LinkLag") ?? 0;
  if (raw === 0) return {};
  const format = formatOf(numberOf(element, "LagFormat"));
  if (format.unit === "percent") {
    const minutes = Math.round((from.minutes * raw) / 100);
    report.adjusted("lag", where, `${raw}% of the predecessor became ${plural(minutes, format.elapsed ? "elapsed minute" : "working minute")}`);
    return { lag: clampAmount(minutes), lagUnit: "minute", ...(format.elapsed ? { calendar: roundTheClock() } : {}) };
  }
  const minutes = Math.round(raw / 10);
  if (format.elapsed) {
    report.adjusted("lag", where, `an elapsed lag became ${plural(minutes, "minute")} of a calendar that always works`);
    return { lag: clampAmount(minutes), lagUnit: "minute", calendar: roundTheClock() };
  }
  return { lag: amountOf(minutes, format.unit, lengths), lagUnit: format.unit };
}
