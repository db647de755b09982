import { orderKeysBetween } from "@livegantt/core";
import { flagOf, numberOf, textOf, type XmlElement } from "../xml/read.ts";
import { type ImportContext, named } from "./context.ts";

const maxDepth = 64;

/** A row of the task table with its place. */
interface OutlineRow {
  readonly element: XmlElement;
  readonly uid: string;
  /** Index of the parent in the list, -1 at the top level. Parents stand before their children. */
  readonly parent: number;
}

export interface Outline {
  readonly rows: readonly OutlineRow[];
  /** The row of the project itself (UID 0). */
  readonly projectSummary: XmlElement | undefined;
}

/** Turns outline levels into parents. Blank rows and the project summary are no tasks. */
export function readOutline(elements: readonly XmlElement[], { report }: ImportContext): Outline {
  const rows: OutlineRow[] = [];
  let projectSummary: XmlElement | undefined;
  /** Rows from the top level down to the last one, with the levels that the file gives them. */
  const path: { readonly index: number; readonly level: number }[] = [];
  const uids = new Set<string>();
  for (const [at, element] of elements.entries()) {
    const uid = textOf(element, "UID")?.trim() ?? `?${at}`;
    const name = textOf(element, "Name");
    const where = named(name, uid);
    if (flagOf(element, "IsNull")) {
      report.omitted("blank row", `row ${textOf(element, "ID") ?? at}`, "an empty line between tasks is no task");
      continue;
    }
    const given = levelOf(element);
    if (uid === "0" && projectSummary === undefined && (given === undefined || given === 0)) {
      projectSummary = element;
      continue;
    }
    if (uids.has(uid)) report.adjusted("task", where, "a second task with this UID: links and assignments of the UID go to the first");
    uids.add(uid);
    const level = Math.max(1, given ?? 1);
    if (given === undefined || given < 1) report.adjusted("outline", where, `outline level ${given ?? "missing"}: it stands at the top level`);
    while (path.length > 0 && (path.at(-1)?.level ?? 0) >= level) path.pop();
    if (level > (path.at(-1)?.level ?? 0) + 1)
      report.adjusted("outline", where, `outline level ${level} without a task of level ${level - 1} above it: it stands ${path.length + 1} levels deep`);
    if (path.length >= maxDepth) {
      report.adjusted("outline", where, `it stands deeper than ${maxDepth} levels: it is moved up to level ${maxDepth}`);
      path.length = maxDepth - 1;
    }
    rows.push({ element, uid, parent: path.at(-1)?.index ?? -1 });
    path.push({ index: rows.length - 1, level });
  }
  return { rows, projectSummary };
}

function levelOf(element: XmlElement): number | undefined {
  const level = numberOf(element, "OutlineLevel");
  if (level !== undefined) return Math.floor(level);
  return textOf(element, "OutlineNumber")?.split(".").length;
}

/** Sibling order as the file has it. */
export function orderKeys(parents: readonly number[]): string[] {
  const children = new Map<number, number[]>();
  for (const [i, parent] of parents.entries()) {
    const list = children.get(parent);
    if (list) list.push(i);
    else children.set(parent, [i]);
  }
  const keys: string[] = new Array(parents.length).fill("");
  for (const list of children.values()) {
    const made = orderKeysBetween(null, null, list.length);
    for (const [n, i] of list.entries()) keys[i] = made[n] as string;
  }
  return keys;
}
