import type { AssignmentRecord, ConstraintType, DependencyRecord, Json, ResourceRecord, Snapshot, SnapshotCalendar, SnapshotTask } from "@livegantt/core";
import Papa from "papaparse";
import { FileError } from "../errors.ts";
import { type CandidateLink, lawfulLinks } from "../lawfulLinks.ts";
import { cut, makeContext } from "../mspdi/context.ts";
import { clampAmount } from "../mspdi/duration.ts";
import { type ImportOptions, type ImportResult, ReportBuilder } from "../report.ts";
import { formatNames, sniffText } from "../sniff.ts";
import { decodeFile } from "../text.ts";
import { dateIn, durationIn, numberIn, type PredecessorCell, partsOf, predecessorIn, resourceIn, unescaped, unitOf } from "./cells.ts";
import { type ColumnName, columnsOf } from "./columns.ts";

const dayStart = "08:00:00";
const dayEnd = "17:00:00";
/** Deepest outline that a plan may have. */
const maxDepth = 64;

interface Row {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** For the report. */
  readonly where: string;
  readonly cell: (column: ColumnName) => string;
}

/**
 * A plan from a table of tasks, with the headings in its first line: the one that `exportCsv` writes, or another whose headings say what they are. Rows under each
 * other are told by WBS numbers, or by a level. Dates are ISO or `2.11.2026`.
 * @throws FileError where it is of another format, or has no column of names.
 */
export function importCsv(file: string | Uint8Array, options: ImportOptions = {}): ImportResult {
  const text = decodeText(file);
  const format = sniffText(text);
  if (format !== "csv") throw new FileError("wrong_format", `this file is ${format ? formatNames[format] : "of an unknown format"}, not a CSV table`);
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  const [head = [], ...lines] = data;
  const { columns, unknown } = columnsOf(head);
  const nameColumn = columns.get("name");
  if (nameColumn === undefined) {
    const found = head.slice(0, 20).join(", ").slice(0, 200);
    throw new FileError("broken_csv", `the table has no column "Name"; its first line has: ${found}. Put the headings into the first line`, { line: 1 });
  }
  return new Table(columns, unknown, lines, options).plan(options);
}

function decodeText(file: string | Uint8Array): string {
  try {
    return decodeFile(file);
  } catch (error) {
    // Spreadsheets on Windows write its own code page.
    if (error instanceof FileError && error.code === "bad_encoding") return decodeFile(file, "windows-1252");
    throw error;
  }
}

class Table {
  readonly #report = new ReportBuilder();
  readonly #context;
  readonly #columns: ReadonlyMap<ColumnName, number>;
  readonly #rows: readonly Row[];
  readonly #parents: readonly number[];

  constructor(columns: ReadonlyMap<ColumnName, number>, unknown: readonly string[], lines: readonly string[][], options: ImportOptions) {
    this.#context = makeContext(this.#report, { day: 480, week: 2400, month: 9600 }, options);
    this.#columns = columns;
    for (const heading of unknown) this.#report.omitted("column", `"${heading.slice(0, 80)}"`, "no field of a plan has this name");
    this.#rows = lines.map((cells, index) => this.#row(cells, index));
    this.#parents = this.#outline();
  }

  plan({ name, fallbackName }: ImportOptions): ImportResult {
    const summaries = new Set(this.#parents.filter((parent) => parent >= 0));
    const tasks = this.#rows.map((row, i) => this.#task(row, this.#rows[this.#parents[i] ?? -1]?.id, summaries.has(i)));
    for (const _ of tasks) this.#report.count("tasks", "imported");
    const { resources, assignments } = this.#people();
    const dependencies = this.#links();
    const starts = this.#rows.flatMap((row) => dateIn(row.cell("start"), dayStart) ?? []).sort();
    this.#report.count("calendars", "added");
    const plan: Snapshot = {
      revision: 0,
      project: {
        id: "project",
        name: cut(name ?? fallbackName ?? "Imported project", 255),
        ...(starts[0] !== undefined && { startDate: starts[0] }),
        calendar: workingWeek.id,
        hoursPerDay: 8,
        daysPerWeek: 5,
        daysPerMonth: 20,
      },
      tasks,
      dependencies,
      resources,
      assignments,
      calendars: [workingWeek],
      comments: [],
    };
    return { plan, report: this.#report.report("csv") };
  }

  #row(cells: readonly string[], index: number): Row {
    const cell = (column: ColumnName): string => unescaped(cells[this.#columns.get(column) ?? -1]?.trim() ?? "");
    const given = cell("name").replace(/\s+/g, " ");
    if (given.length > 255) this.#report.adjusted("task", `line ${index + 2}`, `its name has ${given.length} characters; the first 255 are kept`);
    const name = cut(given, 255);
    return { index, id: this.#context.id(`task-${index + 1}`), name, where: `"${name || "unnamed"}" (line ${index + 2})`, cell };
  }

  /** Index of each row's parent, -1 at the top: the row whose WBS number begins this one's, or the nearest one above of a lower level. */
  #outline(): number[] {
    const byWbs = new Map<string, number>();
    const open: { readonly index: number; readonly level: number }[] = [];
    const depths: number[] = [];
    return this.#rows.map((row, i) => {
      const wbs = row.cell("wbs").replace(/\.$/, "");
      const level = numberIn(row.cell("level"));
      let parent = -1;
      if (this.#columns.has("wbs")) parent = byWbs.get(wbs.slice(0, wbs.lastIndexOf("."))) ?? -1;
      else if (level !== undefined) {
        while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) open.pop();
        parent = open.at(-1)?.index ?? -1;
        open.push({ index: i, level });
      }
      if (wbs !== "" && !byWbs.has(wbs)) byWbs.set(wbs, i);
      const depth = parent < 0 ? 1 : (depths[parent] ?? 1) + 1;
      if (depth <= maxDepth) {
        depths.push(depth);
        return parent;
      }
      this.#report.adjusted("task", row.where, `it stands ${depth} levels deep, the limit is ${maxDepth}: it moved to the top`);
      depths.push(1);
      return -1;
    });
  }

  #task(row: Row, parentId: string | undefined, summary: boolean): SnapshotTask {
    const fields: Record<string, Json> = { name: row.name };
    if (parentId !== undefined) fields.parentId = parentId;
    const note = row.cell("note");
    if (note !== "") fields.note = cut(note, 65_536);
    const deadline = this.#date(row, "deadline", dayEnd);
    if (deadline !== undefined) fields.deadlineDate = deadline;
    if (!summary) {
      Object.assign(fields, this.#duration(row));
      const percent = this.#read(row, "percent", (text) => numberIn(text.replace("%", "")));
      if (percent !== undefined) {
        fields.percentDone = Math.max(0, Math.min(100, percent));
        if (fields.percentDone !== percent) this.#report.adjusted("percent done", row.where, `${percent} lies outside 0 to 100`);
      }
    }
    Object.assign(fields, this.#placing(row, summary));
    return { id: row.id, ...fields } as SnapshotTask;
  }

  /** What the table says, or else the days from start to finish. */
  #duration(row: Row): Record<string, Json> {
    const unit = this.#read(row, "unit", unitOf) ?? "day";
    const written = this.#read(row, "duration", (text) => durationIn(text, unit));
    if (written) return { duration: clampAmount(written.amount), durationUnit: written.unit };
    const [start, finish] = [dateIn(row.cell("start"), dayStart), dateIn(row.cell("finish"), dayEnd)];
    if (start === undefined || finish === undefined) return {};
    const days = workingDays(start.slice(0, 10), finish.slice(0, 10));
    this.#report.adjusted("duration", row.where, `it has none: the ${days} working days from start to finish are taken`);
    return { duration: days, durationUnit: "day" };
  }

  /** Where a task stands that does not follow from others: as the table says, or (where it has no column for that) not before its start. */
  #placing(row: Row, summary: boolean): Record<string, Json> {
    const start = this.#date(row, "start", dayStart);
    if (/^manual/i.test(row.cell("mode")) && start !== undefined) return { manuallyScheduled: true, startDate: start };
    const type = this.#read(row, "constraint", constraintOf);
    const date = this.#date(row, "constraintDate", type?.startsWith("finish") || type === "mustfinishon" ? dayEnd : dayStart);
    if (type !== undefined && date !== undefined) return { constraintType: type, constraintDate: date };
    if (this.#columns.has("constraint") || summary || start === undefined || row.cell("predecessors") !== "") return {};
    return { constraintType: "startnoearlierthan", constraintDate: start };
  }

  #links(): DependencyRecord[] {
    const refs = new Map<string, number>();
    // A row's own number goes before its place in the table, and both before WBS numbers, which look alike at the top.
    for (const column of ["row", "wbs"] as const)
      for (const row of this.#rows) {
        const ref = row.cell(column).replace(/\.$/, "");
        if (ref !== "" && !refs.has(ref)) refs.set(ref, row.index);
      }
    if (!this.#columns.has("row")) for (const { index } of this.#rows) refs.set(String(index + 1), index);
    const candidates: (CandidateLink & { readonly link: PredecessorCell })[] = [];
    for (const row of this.#rows)
      for (const part of partsOf(row.cell("predecessors"))) {
        const link = predecessorIn(part);
        const from = link && refs.get(link.ref);
        const where = `${from === undefined ? `"${part.slice(0, 40)}"` : this.#rows[from]?.where} to ${row.where}`;
        if (!link)
          this.#report.omitted("link", where, 'it is not understood: write a row number and, where it matters, type and lag, such as "3FS+2d"', "dependencies");
        else if (from === undefined) this.#report.omitted("link", where, "its predecessor is not in the table", "dependencies");
        else candidates.push({ from, to: row.index, type: link.type, where, link });
      }
    return lawfulLinks(this.#parents, candidates, this.#report).map(({ from, to, type, link: { lag, lagUnit } }) => {
      this.#report.count("dependencies", "imported");
      return {
        id: this.#context.id(`link-${from + 1}-${to + 1}`),
        fromTask: this.#rows[from]?.id ?? "",
        toTask: this.#rows[to]?.id ?? "",
        type,
        ...(lag !== 0 && { lag: clampAmount(lag), lagUnit }),
      };
    });
  }

  /** Each name is one resource; a person named twice for one task is assigned once. */
  #people(): { readonly resources: ResourceRecord[]; readonly assignments: AssignmentRecord[] } {
    const resources = new Map<string, ResourceRecord>();
    const assignments: AssignmentRecord[] = [];
    for (const row of this.#rows) {
      const seen = new Set<string>();
      for (const part of partsOf(row.cell("resources"))) {
        const { name, units } = resourceIn(part);
        if (name === "" || seen.has(name)) continue;
        seen.add(name);
        let resource = resources.get(name);
        if (!resource) {
          resource = { id: this.#context.id(`resource-${resources.size + 1}`), name: cut(name, 255) };
          resources.set(name, resource);
          this.#report.count("resources", "imported");
        }
        const bounded = Math.max(0, Math.min(10_000, units));
        assignments.push({
          id: this.#context.id(`assignment-${assignments.length + 1}`),
          event: row.id,
          resource: resource.id,
          ...(bounded !== 100 && { units: bounded }),
        });
        this.#report.count("assignments", "imported");
      }
    }
    return { resources: [...resources.values()], assignments };
  }

  #date(row: Row, column: ColumnName, timeOfDay: string): string | undefined {
    return this.#read(row, column, (text) => dateIn(text, timeOfDay));
  }

  /** The value of a cell; what stands there and is not understood is named once. */
  #read<T>(row: Row, column: ColumnName, read: (text: string) => T | undefined): T | undefined {
    const text = row.cell(column);
    if (text === "") return undefined;
    const value = read(text);
    if (value === undefined)
      this.#report.omitted(
        column,
        row.where,
        `"${text.slice(0, 60)}" is not understood${/date|start|finish|deadline/i.test(column) ? ": write 2026-11-02" : ""}`,
      );
    return value;
  }
}

const constraintTypes: readonly ConstraintType[] = [
  "muststarton",
  "mustfinishon",
  "startnoearlierthan",
  "startnolaterthan",
  "finishnoearlierthan",
  "finishnolaterthan",
];
const constraintOf = (text: string): ConstraintType | undefined => {
  const plain = text.toLowerCase().replace(/[^a-z]/g, "");
  return constraintTypes.find((type) => type === plain);
};

/** Days from Monday to Friday, both ends included; at least one. */
function workingDays(from: string, to: string): number {
  const [first, last] = [Date.parse(from) / 86_400_000, Date.parse(to) / 86_400_000];
  if (!(last > first)) return 1;
  const weeks = Math.floor((last - first + 1) / 7);
  let days = weeks * 5;
  for (let day = first + weeks * 7; day <= last; day++) if ((day + 4) % 7 !== 0 && (day + 4) % 7 !== 6) days++;
  return Math.max(1, days);
}

/** A table has no calendars, and its durations are meant in days of work. */
const workingWeek: SnapshotCalendar = {
  id: "working-week",
  name: "Working week",
  unspecifiedTimeIsWorking: false,
  intervals: [
    { id: "morning", recurrentStartDate: "on Mon,Tue,Wed,Thu,Fri at 08:00", recurrentEndDate: "on Mon,Tue,Wed,Thu,Fri at 12:00", isWorking: true },
    { id: "afternoon", recurrentStartDate: "on Mon,Tue,Wed,Thu,Fri at 13:00", recurrentEndDate: "on Mon,Tue,Wed,Thu,Fri at 17:00", isWorking: true },
  ],
};
