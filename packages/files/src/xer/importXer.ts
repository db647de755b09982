import type { ProjectRecord, Snapshot } from "@livegantt/core";
import { FileError } from "../errors.ts";
import { cut, makeContext, named } from "../mspdi/context.ts";
import { type ImportOptions, type ImportResult, ReportBuilder } from "../report.ts";
import { formatNames, sniffText } from "../sniff.ts";
import { decodeFile } from "../text.ts";
import { readActivities } from "./activities.ts";
import { readAssignments, readCalendars, readLinks, readResources } from "./records.ts";
import { cell, dateIn, numberIn, XerTables } from "./tables.ts";

/**
 * A plan from a Primavera P6 XER file: its first exported project, WBS as summaries, activities, relationships, calendars, resources, assignments.
 * @throws FileError where the file is of another format, damaged, truncated or holds no project.
 */
export function importXer(file: string | Uint8Array, options: ImportOptions = {}): ImportResult {
  const text = decodeText(file);
  const format = sniffText(text);
  if (format !== "xer") throw new FileError("wrong_format", `this file is ${format ? formatNames[format] : "of an unknown format"}, not Primavera XER`);
  const tables = new XerTables(text);
  const report = new ReportBuilder();
  const projects = tables.rows("PROJECT");
  const project = projects.find((row) => cell(row, "export_flag") === "Y") ?? projects[0];
  if (!project) throw new FileError("broken_xer", "the file holds no project: export it again with a project selected");
  for (const other of projects)
    if (other !== project)
      report.omitted("project", named(cell(other, "proj_short_name"), cell(other, "proj_id")), "a plan holds one project: export the others by themselves");
  const projectId = cell(project, "proj_id");
  // The project's units are those of its calendar.
  const main = tables.rows("CALENDAR").find((row) => cell(row, "clndr_id") === cell(project, "clndr_id"));
  const hoursPerDay = within(main && numberIn(main, "day_hr_cnt"), 0.1, 24, 8);
  const weekHours = within(main && numberIn(main, "week_hr_cnt"), 0.1 * hoursPerDay, 7 * hoursPerDay, 5 * hoursPerDay);
  const monthHours = within(main && numberIn(main, "month_hr_cnt"), 0.1 * hoursPerDay, 31 * hoursPerDay, 20 * hoursPerDay);
  const context = makeContext(report, { day: hoursPerDay * 60, week: weekHours * 60, month: monthHours * 60 }, options);
  const calendars = readCalendars(tables, context);
  const tasks = readActivities(tables, projectId, context, calendars.ids);
  const dependencies = readLinks(tables, projectId, tasks, context);
  const resources = readResources(tables, context, calendars.ids);
  const assignments = readAssignments(tables, projectId, tasks, resources, context);
  const root = tables.rows("PROJWBS").find((row) => cell(row, "proj_id") === projectId && cell(row, "proj_node_flag") === "Y");
  const start = dateIn(project, "plan_start_date");
  const status = dateIn(project, "last_recalc_date");
  const calendar = calendars.ids.get(cell(project, "clndr_id") ?? "") ?? calendars.records[0]?.id;
  const name = options.name ?? (root && cell(root, "wbs_name")) ?? cell(project, "proj_short_name") ?? options.fallbackName ?? "Imported project";
  const record: ProjectRecord = {
    id: "project",
    name: cut(name, 255),
    ...(start === undefined ? {} : { startDate: start }),
    ...(status === undefined ? {} : { statusDate: status }),
    ...(calendar === undefined ? {} : { calendar }),
    hoursPerDay,
    daysPerWeek: Number((weekHours / hoursPerDay).toFixed(6)),
    daysPerMonth: Number((monthHours / hoursPerDay).toFixed(6)),
  };
  const plan: Snapshot = {
    revision: 0,
    project: record,
    tasks: tasks.map((task) => task.record),
    dependencies,
    resources: [...resources.values()],
    assignments,
    calendars: calendars.records,
    comments: [],
  };
  for (const [table, what] of notKept)
    if (tables.rows(table).length > 0) report.omitted(what, "file", `${tables.rows(table).length} rows of table ${table} are not kept`);
  return { plan, report: report.report("xer") };
}

const notKept = [
  ["TASKACTV", "activity codes"],
  ["UDFVALUE", "user-defined fields"],
  ["TASKMEMO", "notebook topics"],
  ["TASKPROC", "steps"],
  ["PROJCOST", "expenses"],
] as const;

/** P6 writes the code page of its machine. */
function decodeText(file: string | Uint8Array): string {
  try {
    return decodeFile(file);
  } catch (error) {
    if (error instanceof FileError && error.code === "bad_encoding") return decodeFile(file, "windows-1252");
    throw error;
  }
}

const within = (value: number | undefined, low: number, high: number, fallback: number): number =>
  value !== undefined && value >= low && value <= high ? value : fallback;
