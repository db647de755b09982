import type { DependencyRecord } from "@livegantt/core";
import { type CandidateLink, lawfulLinks } from "../lawfulLinks.ts";
import { childrenOf, flagOf, numberOf, textOf, type XmlElement } from "../xml/read.ts";
import { formatOf, linkTypes } from "./codes.ts";
import { type ImportContext, named, plural } from "./context.ts";
import { amountOf, clampAmount } from "./duration.ts";
import type { ImportedTask } from "./tasks.ts";

interface Link extends CandidateLink {
  readonly element: XmlElement;
}

/** All predecessor links that a plan may have; each other one is left out and named. */
export function importLinks(tasks: readonly ImportedTask[], context: ImportContext, roundTheClock: () => string): DependencyRecord[] {
  const parents = tasks.map((task) => task.parent);
  return lawfulLinks(parents, readLinks(tasks, context), context.report).map((link) => {
    const [from, to] = [tasks[link.from] as ImportedTask, tasks[link.to] as ImportedTask];
    context.report.count("dependencies", "imported");
    return { id: context.id(`link-${from.uid}-${to.uid}`), fromTask: from.id, toTask: to.id, type: link.type, ...lagOf(link, from, context, roundTheClock) };
  });
}

/** Links whose two ends are in the file. */
function readLinks(tasks: readonly ImportedTask[], { report }: ImportContext): Link[] {
  const byUid = new Map<string, number>();
  for (const [i, task] of tasks.entries()) if (!byUid.has(task.uid)) byUid.set(task.uid, i);
  const links: Link[] = [];
  for (const [to, task] of tasks.entries())
    for (const element of childrenOf(task.element, "PredecessorLink")) {
      const uid = textOf(element, "PredecessorUID")?.trim();
      const from = uid === undefined ? undefined : byUid.get(uid);
      const where = `${from === undefined ? `UID ${uid ?? "missing"}` : named(tasks[from]?.name, uid)} to ${named(task.name, task.uid)}`;
      const code = numberOf(element, "Type") ?? 1;
      const type = linkTypes[code];
      if (from === undefined) {
        report.omitted(
          "link",
          where,
          flagOf(element, "CrossProject") ? "its predecessor stands in another project" : "its predecessor is not in the file",
          "dependencies",
        );
      } else if (type === undefined) report.omitted("link", where, `link type ${code} is unknown`, "dependencies");
      else links.push({ element, from, to, type, where });
    }
  return links;
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
