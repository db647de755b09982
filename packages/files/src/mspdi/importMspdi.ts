import type { Direction, Json, ProjectRecord, Snapshot } from "@livegantt/core";
import { FileError } from "../errors.ts";
import { type ImportOptions, type ImportResult, ReportBuilder } from "../report.ts";
import { formatNames, sniffText } from "../sniff.ts";
import { decodeFile } from "../text.ts";
import { flagOf, numberOf, readXml, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import { type ImportedCalendars, importCalendars } from "./calendars.ts";
import { cut, dateOf, type ImportContext, makeContext } from "./context.ts";
import { customFieldReader } from "./customFields.ts";
import type { UnitLengths } from "./duration.ts";
import { importLinks } from "./links.ts";
import { importAssignments, importResources } from "./resources.ts";
import { SplitReader } from "./splits.ts";
import { importTasks } from "./tasks.ts";

/**
 * A plan from an MS Project XML file. What the file has and a plan cannot is left out or adjusted, and named in the report.
 * @throws FileError where the file is too large, of another format, broken, or unsafe: nothing of it is taken.
 */
export function importMspdi(file: string | Uint8Array, options: ImportOptions = {}): ImportResult {
  const text = decodeFile(file);
  const format = sniffText(text);
  if (format !== "mspdi")
    throw new FileError(
      "wrong_format",
      `this file is ${format ? formatNames[format] : "of an unknown format"}, not MS Project XML: save it in MS Project with "Save as type: XML"`,
    );
  const project = readXml(text, "Project");
  const report = new ReportBuilder();
  const lengths = unitLengths(project, report);
  const context = makeContext(report, lengths, options);
  const calendars = importCalendars(project, context);
  const custom = customFieldReader(project, context);
  const direction: Direction = flagOf(project, "ScheduleFromStart") === false ? "Backward" : "Forward";
  const { tasks, projectSummary } = importTasks(project, context, {
    calendars,
    custom,
    splits: new SplitReader(project, context, calendars.find),
    direction,
    projectStart: dateOf(project, "StartDate"),
    projectCalendar: calendars.find(textOf(project, "CalendarUID")?.trim()),
  });
  const dependencies = importLinks(tasks, context, calendars.roundTheClock);
  const resources = importResources(project, context, calendars, custom);
  const assignments = importAssignments(project, context, tasks, resources);
  const record = projectRecord(project, projectSummary, context, calendars, direction, options);
  reportRest(project, report);
  const plan: Snapshot = {
    revision: 0,
    project: record,
    tasks: tasks.map((task) => task.record),
    dependencies,
    resources: resources.records,
    assignments,
    calendars: calendars.records,
    comments: [],
  };
  return { plan, report: report.report("mspdi") };
}

function unitLengths(project: XmlElement, report: ReportBuilder): UnitLengths {
  const read = (tag: string, fallback: number, low: number, high: number): number => {
    const value = numberOf(project, tag);
    if (value === undefined) return fallback;
    if (value >= low && value <= high) return value;
    report.adjusted("unit", tag, `${value} lies outside ${low} to ${high}: ${fallback} is taken`);
    return fallback;
  };
  const day = read("MinutesPerDay", 480, 6, 1440);
  const week = read("MinutesPerWeek", Math.min(day * 5, 10_080), day * 0.1, day * 7);
  return { day, week, month: read("DaysPerMonth", 20, 0.1, 31) * day };
}

/** HonorConstraints is not read: MS Project writes 0 while it honours them, which is also the default here. */
function projectRecord(
  project: XmlElement,
  summary: XmlElement | undefined,
  { lengths, report }: ImportContext,
  calendars: ImportedCalendars,
  direction: Direction,
  { name, fallbackName }: ImportOptions,
): ProjectRecord {
  const fields: Record<string, Json> = {};
  const fileName = textOf(project, "Name")?.replace(/\.(?:xml|mpp)$/i, "");
  fields.name = cut(
    (name ?? textOf(project, "Title") ?? (summary && textOf(summary, "Name")) ?? fileName ?? fallbackName ?? "Imported project").replace(/\s+/g, " ").trim(),
    255,
  );
  const [start, finish] = [dateOf(project, "StartDate"), dateOf(project, "FinishDate")];
  const first = start ?? (summary && dateOf(summary, "Start")) ?? earliest(project);
  if (start === undefined)
    report.adjusted(
      "project start",
      "file",
      first === undefined ? "neither the project nor a task has a start date" : `the project has no start date: ${first} is taken`,
    );
  if (first !== undefined) fields.startDate = first;
  if (direction === "Backward") {
    if (finish !== undefined) Object.assign(fields, { direction, endDate: finish });
    else report.adjusted("project", "file", "it is scheduled from its end and has no end date: it is scheduled from its start");
  }
  fields.hoursPerDay = lengths.day / 60;
  fields.daysPerWeek = Number((lengths.week / lengths.day).toFixed(6));
  fields.daysPerMonth = Number((lengths.month / lengths.day).toFixed(6));
  const calendarUid = textOf(project, "CalendarUID")?.trim();
  const calendar = calendars.byUid(calendarUid, "project") ?? calendars.all.find((one) => one.hasWorkingTime && !one.parent);
  if (calendar && !calendars.standsForNone(calendarUid)) fields.calendar = calendar.id;
  const status = dateOf(project, "StatusDate");
  if (status !== undefined) fields.statusDate = status;
  for (const [tag, field] of properties) {
    const value = textOf(project, tag);
    if (value !== undefined) fields[field] = cut(value, 4096);
  }
  return { id: "project", ...fields } as ProjectRecord;
}

const properties = [
  ["Author", "author"],
  ["Manager", "manager"],
  ["Company", "company"],
  ["Subject", "subject"],
  ["CurrencySymbol", "currencySymbol"],
  ["CurrencyCode", "currencyCode"],
] as const;

function earliest(project: XmlElement): string | undefined {
  let found: string | undefined;
  for (const task of rowsOf(project, "Tasks", "Task")) {
    const start = dateOf(task, "Start");
    if (start !== undefined && (found === undefined || start < found)) found = start;
  }
  return found;
}

/** What no record has a place for, once for the whole file. */
function reportRest(project: XmlElement, report: ReportBuilder): void {
  const spent = rowsOf(project, "Tasks", "Task").some((task) => (numberOf(task, "Cost") ?? 0) !== 0 || /[1-9]/.test(textOf(task, "ActualWork") ?? ""));
  if (spent) report.omitted("actuals", "file", "actual and remaining work, costs and earned value are not kept: percent complete and effort are");
  if (rowsOf(project, "OutlineCodes", "OutlineCode").length > 0) report.omitted("outline codes", "file", "code tables are not kept");
  if (rowsOf(project, "WBSMasks", "WBSMask").length > 0)
    report.omitted("WBS mask", "file", "WBS codes that follow a mask are kept as the tasks' field outlineWbs");
}
