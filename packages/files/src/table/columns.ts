/** What a column of a task table means. */
export type ColumnName =
  | "row"
  | "wbs"
  | "level"
  | "name"
  | "start"
  | "finish"
  | "duration"
  | "unit"
  | "percent"
  | "predecessors"
  | "resources"
  | "constraint"
  | "constraintDate"
  | "deadline"
  | "mode"
  | "note"
  | "computed";

/** Headings as this product and others write them, in small letters without punctuation. */
const headings: Readonly<Record<ColumnName, readonly string[]>> = {
  row: ["row", "id", "no", "nr", "task id", "unique id"],
  wbs: ["wbs", "outline number"],
  level: ["level", "outline level", "indent"],
  name: ["name", "task", "task name", "title", "activity", "activity name"],
  start: ["start", "start date", "begin"],
  finish: ["finish", "finish date", "end", "end date", "due date"],
  duration: ["duration"],
  unit: ["unit", "duration unit"],
  percent: ["percent done", "complete", "percent complete", "progress", "done"],
  predecessors: ["predecessors", "predecessor", "depends on"],
  resources: ["resources", "resource names", "assigned to", "assignee"],
  constraint: ["constraint", "constraint type"],
  constraintDate: ["constraint date"],
  deadline: ["deadline"],
  mode: ["mode", "task mode"],
  note: ["note", "notes", "description", "comment"],
  computed: ["total slack hours", "total slack", "free slack"],
};

const byHeading = new Map(Object.entries(headings).flatMap(([name, spellings]) => spellings.map((spelling) => [spelling, name as ColumnName] as const)));

/** Index of each column that is understood, and the headings of the others. A heading that stands twice counts where it stands first. */
export function columnsOf(head: readonly string[]): { readonly columns: ReadonlyMap<ColumnName, number>; readonly unknown: readonly string[] } {
  const columns = new Map<ColumnName, number>();
  const unknown: string[] = [];
  for (const [i, heading] of head.entries()) {
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} ]/gu, "")
      .replace(/\s+/g, " ")
      .trim();
    const name = byHeading.get(plain);
    if (name !== undefined && !columns.has(name)) columns.set(name, i);
    else if (plain !== "") unknown.push(heading.trim());
  }
  return { columns, unknown };
}
