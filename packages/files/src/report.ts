import type { Snapshot } from "@livegantt/core";

export const countedKinds = ["tasks", "dependencies", "resources", "assignments", "calendars"] as const;
export type CountedKind = (typeof countedKinds)[number];

/** One thing that is not in the plan as the file had it. */
export interface ReportItem {
  readonly kind: "adjusted" | "omitted";
  readonly what: string;
  /** The record, by name and the file's own id. */
  readonly where: string;
  readonly why: string;
}

/**
 * Records of one collection. Not counted, though named in the items: what stands in the file for "nothing" (blank rows, the project's own row, the resource and the assignments that mean nobody).
 * `inFile` = `imported` + `omitted`; `added` are records that the file does not have but the plan needs. The plan holds `imported` + `added`.
 */
export interface Count {
  readonly inFile: number;
  readonly imported: number;
  readonly omitted: number;
  readonly added: number;
}

export interface ImportReport {
  readonly format: "mspdi" | "xer" | "csv" | "json";
  readonly counts: Readonly<Record<CountedKind, Count>>;
  readonly items: readonly ReportItem[];
}

export interface ImportResult {
  readonly plan: Snapshot;
  readonly report: ImportReport;
}

export interface ImportOptions {
  /** Name of the new project; left out: the file's own. */
  readonly name?: string;
  /** Name where neither this option nor the file gives one; left out: "Imported project". */
  readonly fallbackName?: string;
  /** Makes record ids; left out: ids that tell where they come from, such as `task-12` for UID 12. */
  readonly newId?: () => string;
}

/** Collects what an import changed and left out, and the counts. */
export class ReportBuilder {
  readonly items: ReportItem[] = [];
  readonly #counts = new Map<CountedKind, { inFile: number; imported: number; omitted: number; added: number }>(
    countedKinds.map((kind) => [kind, { inFile: 0, imported: 0, omitted: 0, added: 0 }]),
  );

  adjusted(what: string, where: string, why: string): void {
    this.items.push({ kind: "adjusted", what, where, why });
  }

  /** With `counted`: a whole record of that collection stays out. */
  omitted(what: string, where: string, why: string, counted?: CountedKind): void {
    this.items.push({ kind: "omitted", what, where, why });
    if (counted) this.count(counted, "omitted");
  }

  count(kind: CountedKind, what: "imported" | "omitted" | "added"): void {
    const count = this.#counts.get(kind);
    if (!count) return;
    count[what]++;
    if (what !== "added") count.inFile++;
  }

  report(format: ImportReport["format"]): ImportReport {
    return { format, counts: Object.fromEntries(this.#counts) as ImportReport["counts"], items: this.items };
  }
}
