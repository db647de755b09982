import { type ConstraintType, type Json, orderKeysBetween, type TaskRecord } from "@livegantt/core";
import { cut, type ImportContext, named } from "../mspdi/context.ts";
import { amountOf } from "../mspdi/duration.ts";
import { cell, dateIn, numberIn, type XerRow, type XerTables } from "./tables.ts";

export interface XerTask {
  /** `task_id` of an activity; absent on a WBS element. */
  readonly taskId: string | undefined;
  readonly name: string;
  /** Index of the parent, -1 at the top level. */
  readonly parent: number;
  readonly record: TaskRecord;
}

const maxDepth = 63;

/** WBS elements as summaries with their activities below, in P6's order. An element that holds no activity is left out. */
export function readActivities(tables: XerTables, project: string | undefined, context: ImportContext, calendars: ReadonlyMap<string, string>): XerTask[] {
  const { report } = context;
  const elements = tables.rows("PROJWBS").filter((row) => cell(row, "proj_id") === project);
  const activities = new Map<string, XerRow[]>();
  for (const row of tables.rows("TASK")) {
    if (cell(row, "proj_id") !== project) continue;
    if (cell(row, "task_type") === "TT_WBS") {
      report.omitted("WBS summary activity", nameOf(row), "its WBS element shows the same dates", "tasks");
      continue;
    }
    append(activities, cell(row, "wbs_id") ?? "", row);
  }
  const roots = new Set(elements.filter((row) => cell(row, "proj_node_flag") === "Y").map((row) => cell(row, "wbs_id")));
  const ids = new Set(elements.map((row) => cell(row, "wbs_id")));
  const below = new Map<string, XerRow[]>();
  for (const element of elements) {
    if (roots.has(cell(element, "wbs_id"))) continue;
    const parent = cell(element, "parent_wbs_id");
    append(below, parent === undefined || roots.has(parent) || !ids.has(parent) ? "" : parent, element);
  }
  const tasks: XerTask[] = [];
  const orders = new Map<number, string>();
  const add = (row: { readonly id: string; readonly taskId?: string; readonly name: string; readonly fields: Record<string, Json> }, parent: number): void => {
    const [orderKey] = orderKeysBetween(orders.get(parent) ?? null, null, 1) as [string];
    orders.set(parent, orderKey);
    const above = parent < 0 ? {} : { parentId: tasks[parent]?.record.id ?? null };
    tasks.push({ taskId: row.taskId, name: row.name, parent, record: { id: row.id, name: row.name, ...above, orderKey, ...row.fields } as TaskRecord });
    report.count("tasks", "imported");
  };
  const addActivities = (wbs: string, parent: number): void => {
    for (const row of activities.get(wbs) ?? []) {
      const name = cut(cell(row, "task_name") ?? "", 255);
      const taskId = cell(row, "task_id");
      add(
        { id: context.id(`task-${taskId ?? "x"}`), ...(taskId === undefined ? {} : { taskId }), name, fields: activityFields(row, context, calendars) },
        parent,
      );
    }
    activities.delete(wbs);
  };
  for (const root of roots) addActivities(root ?? "", -1);
  const filled = elementsWithActivities(elements, activities);
  const visited = new Set<string>();
  const deferred: { readonly id: string; readonly parent: number }[] = [];
  const walk = (wbs: string, parent: number, depth: number): void => {
    const children = [...(below.get(wbs) ?? [])].sort((a, b) => (numberIn(a, "seq_num") ?? 0) - (numberIn(b, "seq_num") ?? 0));
    for (const element of children) {
      const id = cell(element, "wbs_id") ?? "";
      const name = cut(cell(element, "wbs_name") ?? cell(element, "wbs_short_name") ?? "", 255);
      if (visited.has(id)) continue;
      visited.add(id);
      if (!filled.has(id)) {
        report.omitted("WBS element", named(name, id), "it holds no activity", "tasks");
        continue;
      }
      if (depth >= maxDepth) {
        report.omitted("WBS element", named(name, id), `it stands deeper than ${maxDepth} levels: its activities move up`, "tasks");
        addActivities(id, parent);
        // Later, not here: the file may nest deeper than the stack.
        deferred.push({ id, parent });
        continue;
      }
      const index = tasks.length;
      const code = cell(element, "wbs_short_name");
      add({ id: context.id(`wbs-${id}`), name, fields: code === undefined ? {} : { outlineWbs: code } }, parent);
      addActivities(id, index);
      walk(id, index, depth + 1);
    }
  };
  walk("", -1, 0);
  for (const { id, parent } of deferred) walk(id, parent, maxDepth);
  // Activities of elements that the file does not hold, or that hang in a loop.
  for (const wbs of [...activities.keys()]) {
    report.adjusted("activities", `WBS ${wbs || "missing"}`, "their WBS element is not in the file: they stand at the top level");
    addActivities(wbs, -1);
  }
  return tasks;
}

const nameOf = (row: XerRow): string => named(cell(row, "task_name"), cell(row, "task_code"));

function append(map: Map<string, XerRow[]>, key: string, row: XerRow): void {
  const list = map.get(key);
  if (list) list.push(row);
  else map.set(key, [row]);
}

/** Elements with an activity somewhere below them. */
function elementsWithActivities(elements: readonly XerRow[], activities: ReadonlyMap<string, readonly XerRow[]>): Set<string> {
  const parents = new Map(elements.map((row) => [cell(row, "wbs_id") ?? "", cell(row, "parent_wbs_id")]));
  const filled = new Set<string>();
  for (const wbs of activities.keys())
    for (let at: string | undefined = wbs; at !== undefined && parents.has(at) && !filled.has(at); at = parents.get(at)) filled.add(at);
  return filled;
}

const constraints: Readonly<Record<string, ConstraintType>> = {
  CS_MSO: "muststarton",
  CS_MANDSTART: "muststarton",
  CS_MEO: "mustfinishon",
  CS_MANDFIN: "mustfinishon",
  CS_MSOA: "startnoearlierthan",
  CS_MSOB: "startnolaterthan",
  CS_MEOA: "finishnoearlierthan",
  CS_MEOB: "finishnolaterthan",
};

const modes: Readonly<Record<string, string>> = {
  DT_FixedDrtn: "FixedDuration",
  DT_FixedDUR2: "FixedDuration",
  DT_FixedQty: "FixedEffort",
  DT_FixedRate: "FixedUnits",
};

function activityFields(row: XerRow, context: ImportContext, calendars: ReadonlyMap<string, string>): Record<string, Json> {
  const { report, lengths } = context;
  const where = nameOf(row);
  const type = cell(row, "task_type");
  const milestone = type === "TT_Mile" || type === "TT_FinMile";
  const hours = milestone ? 0 : Math.max(0, numberIn(row, "target_drtn_hr_cnt") ?? numberIn(row, "remain_drtn_hr_cnt") ?? 0);
  const fields: Record<string, Json> = { duration: amountOf(Math.round(hours * 60), "day", lengths), durationUnit: "day" };
  if (type === "TT_LOE") report.adjusted("level of effort", where, "it keeps its duration and does not stretch with other activities");
  const percent = percentOf(row, hours);
  if (percent > 0) fields.percentDone = percent;
  const work = (numberIn(row, "target_work_qty") ?? 0) + (numberIn(row, "target_equip_qty") ?? 0);
  if (work > 0) Object.assign(fields, { effort: work, effortUnit: "hour" });
  const mode = modes[cell(row, "duration_type") ?? ""];
  if (mode !== undefined) fields.schedulingMode = mode;
  const calendar = calendars.get(cell(row, "clndr_id") ?? "");
  if (calendar !== undefined) fields.calendar = calendar;
  // Only a resource-dependent activity follows the calendars of its resources.
  if (type !== "TT_Rsrc") fields.ignoreResourceCalendar = true;
  const code = cell(row, "task_code");
  if (code !== undefined) fields.activityId = code;
  Object.assign(fields, constraintOf(row, where, context));
  return fields;
}

function percentOf(row: XerRow, hours: number): number {
  if (cell(row, "status_code") === "TK_Complete") return 100;
  if (cell(row, "status_code") === "TK_NotStart") return 0;
  const remain = numberIn(row, "remain_drtn_hr_cnt");
  const given =
    cell(row, "complete_pct_type") === "CP_Phys" || remain === undefined || hours === 0
      ? (numberIn(row, "phys_complete_pct") ?? 0)
      : ((hours - remain) / hours) * 100;
  return Math.round(Math.max(0, Math.min(100, given)) * 100) / 100;
}

function constraintOf(row: XerRow, where: string, { report }: ImportContext): Record<string, Json> {
  const code = cell(row, "cstr_type");
  if (cell(row, "cstr_type2") !== undefined) report.omitted("secondary constraint", where, "a task has one constraint");
  const started = dateIn(row, "act_start_date");
  if (code === "CS_ALAP") return { direction: "Backward" };
  const type = constraints[code ?? ""];
  const date = dateIn(row, "cstr_date");
  if (type !== undefined && date !== undefined) return { constraintType: type, constraintDate: date };
  if (code !== undefined) report.omitted("constraint", where, type === undefined ? `constraint ${code} is unknown` : `constraint ${type} has no date`);
  if (started === undefined) return {};
  report.adjusted("actual start", where, `it began ${started}: kept as a start-no-earlier-than constraint`);
  return { constraintType: "startnoearlierthan", constraintDate: started };
}
