import { type DependencyRecord, type DurationUnit, type ProjectState, projectFromJSON, type Snapshot, type TaskRecord } from "@livegantt/core";
import Papa from "papaparse";
import type { ScheduleLookup } from "./scheduleLookup.ts";

export interface CsvOptions {
  /** `;` for spreadsheets of countries that write 1,5. */
  readonly delimiter?: "," | ";" | "\t";
}

const linkNames = ["SS", "SF", "FS", "FF"] as const;
const unitLetters: Readonly<Record<DurationUnit, string>> = { minute: "min", hour: "h", day: "d", week: "w", month: "mo", quarter: "q", year: "y" };

/**
 * The task table as CSV, in outline order, with computed dates where a schedule is given. Predecessors are written by row number as people know them: `3FS+2d`.
 * Cells that a spreadsheet would take for a formula get a leading apostrophe.
 */
export function exportCsv(plan: Snapshot, schedule?: ScheduleLookup, options: CsvOptions = {}): string {
  const state = projectFromJSON(plan);
  const order = [...state.children.of(null)].flatMap((top) => [top, ...state.descendants(top)]);
  const rows = new Map(order.map((id, i) => [id, i + 1]));
  const custom = customFields(state);
  const wbs = outlineNumbers(state);
  const data = order.map((id) => {
    const task = state.tasks.get(id) as TaskRecord;
    const dates = schedule?.get(id);
    const summary = state.isSummary(id);
    return [
      rows.get(id),
      wbs.get(id),
      task.name ?? "",
      dates?.startDate ?? task.startDate,
      dates?.endDate,
      summary ? dates?.duration : (task.duration ?? 1),
      summary ? dates?.durationUnit : (task.durationUnit ?? "day"),
      (summary ? dates?.percentDone : task.percentDone) ?? 0,
      predecessors(state, rows, id),
      resources(state, id),
      task.constraintType,
      task.constraintDate,
      task.deadlineDate,
      task.manuallyScheduled ? "manual" : "auto",
      dates?.totalSlack,
      task.note,
      ...custom.map((name) => cell(task[name])),
    ];
  });
  const fields = [...columns, ...custom];
  return `\ufeff${Papa.unparse({ fields, data }, { delimiter: options.delimiter ?? ",", newline: "\r\n", escapeFormulae: true })}\r\n`;
}

const columns = [
  ...["Row", "WBS", "Name", "Start", "Finish", "Duration", "Unit", "Percent done", "Predecessors", "Resources", "Constraint", "Constraint date", "Deadline"],
  ...["Mode", "Total slack (hours)", "Note"],
];

const cell = (value: unknown): unknown => (typeof value === "object" && value !== null ? JSON.stringify(value) : value);

const known = new Set(
  "id name note duration durationUnit constraintType constraintDate manuallyScheduled startDate parentId orderKey percentDone deadlineDate direction segments".split(
    " ",
  ),
);

function customFields(state: ProjectState): string[] {
  const names = new Set<string>();
  for (const task of state.tasks.values()) for (const name of Object.keys(task)) if (!known.has(name) && !name.startsWith("baselines.")) names.add(name);
  return [...names].sort();
}

function outlineNumbers(state: ProjectState): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  const walk = (parent: string | null, prefix: string): void => {
    for (const [i, id] of state.children.of(parent).entries()) {
      numbers.set(id, `${prefix}${i + 1}`);
      walk(id, `${prefix}${i + 1}.`);
    }
  };
  walk(null, "");
  return numbers;
}

function predecessors(state: ProjectState, rows: ReadonlyMap<string, number>, task: string): string {
  const links = [...state.predecessors.of(task)].map((id) => state.dependencies.get(id) as DependencyRecord).filter((link) => link.active !== false);
  return links
    .map((link) => ({ row: rows.get(link.fromTask) ?? 0, link }))
    .sort((a, b) => a.row - b.row)
    .map(({ row, link }) => {
      const lag = link.lag ?? 0;
      const type = linkNames[link.type ?? 2];
      const tail = lag === 0 ? "" : `${lag > 0 ? "+" : ""}${lag}${unitLetters[link.lagUnit ?? "day"]}`;
      return type === "FS" && tail === "" ? String(row) : `${row}${type}${tail}`;
    })
    .join("; ");
}

function resources(state: ProjectState, task: string): string {
  return [...state.assignmentsOfTask.of(task)]
    .map((id) => {
      const assignment = state.assignments.get(id);
      const name = state.resources.get(assignment?.resource ?? "")?.name ?? "";
      const units = assignment?.units ?? 100;
      return units === 100 ? name : `${name} [${units}%]`;
    })
    .sort()
    .join("; ");
}
