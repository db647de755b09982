import type {
  AssignmentRecord,
  CalendarInterval,
  CalendarRecord,
  DependencyRecord,
  DependencyType,
  Json,
  ResourceRecord,
  SnapshotCalendar,
} from "@livegantt/core";
import { formatWallClock } from "@livegantt/core";
import { type CandidateLink, lawfulLinks } from "../lawfulLinks.ts";
import { cut, type ImportContext, named } from "../mspdi/context.ts";
import { amountOf } from "../mspdi/duration.ts";
import { minutesPerDay } from "../mspdi/recurrence.ts";
import { standardWeek, weekIntervals } from "../mspdi/week.ts";
import type { XerTask } from "./activities.ts";
import { readHours, type XerHours } from "./calendarData.ts";
import { cell, numberIn, type XerTables } from "./tables.ts";

export interface XerCalendars {
  readonly records: readonly SnapshotCalendar[];
  /** Record ids of calendars with working time, by `clndr_id`. */
  readonly ids: ReadonlyMap<string, string>;
}

export function readCalendars(tables: XerTables, context: ImportContext): XerCalendars {
  const { report } = context;
  const ids = new Map<string, string>();
  const records = tables.rows("CALENDAR").map((row) => {
    const key = cell(row, "clndr_id") ?? "";
    const name = cut(cell(row, "clndr_name") ?? "", 255);
    const where = `calendar ${named(name, key)}`;
    const read = readHours(row.get("clndr_data") ?? "");
    if (!read) report.adjusted("calendar", where, "its hours cannot be read: Monday to Friday, 08:00-12:00 and 13:00-17:00 is taken");
    const hours: XerHours = read ?? { week: standardWeek, exceptions: [] };
    const id = context.id(`calendar-${key}`);
    const works = hours.week.some((spans) => spans?.length) || hours.exceptions.some(({ spans }) => spans.length > 0);
    if (works && !ids.has(key)) ids.set(key, id);
    else
      report.adjusted(
        "calendar",
        where,
        works ? "a second calendar with this id: what names the id uses the first" : "it has no working time: nothing uses it",
      );
    report.count("calendars", "imported");
    return calendarRecord({ id, name, unspecifiedTimeIsWorking: false }, hours);
  });
  return { records, ids };
}

const exceptionPriority = 60;

function calendarRecord(record: CalendarRecord, { week, exceptions }: XerHours): SnapshotCalendar {
  const intervals: CalendarInterval[] = weekIntervals(week, 0);
  for (const { day, spans } of exceptions) {
    const midnight = day * minutesPerDay;
    intervals.push({ startDate: formatWallClock(midnight), endDate: formatWallClock(midnight + minutesPerDay), isWorking: false, priority: exceptionPriority });
    for (const [from, to] of spans)
      intervals.push({
        startDate: formatWallClock(midnight + from),
        endDate: formatWallClock(midnight + to),
        isWorking: true,
        priority: exceptionPriority + 1,
      });
  }
  return Object.assign(record, { intervals });
}

const linkTypes: Readonly<Record<string, DependencyType>> = { PR_SS: 0, PR_SF: 1, PR_FS: 2, PR_FF: 3 };

interface Link extends CandidateLink {
  readonly hours: number;
}

export function readLinks(tables: XerTables, project: string | undefined, tasks: readonly XerTask[], context: ImportContext): DependencyRecord[] {
  const { report, lengths } = context;
  const byId = new Map<string, number>();
  for (const [i, { taskId }] of tasks.entries()) if (taskId !== undefined && !byId.has(taskId)) byId.set(taskId, i);
  const links: Link[] = [];
  for (const row of tables.rows("TASKPRED")) {
    if (cell(row, "proj_id") !== project) continue;
    const [from, to] = [byId.get(cell(row, "pred_task_id") ?? ""), byId.get(cell(row, "task_id") ?? "")];
    const where = `${end(tasks, from, cell(row, "pred_task_id"))} to ${end(tasks, to, cell(row, "task_id"))}`;
    const type = linkTypes[cell(row, "pred_type") ?? ""];
    if (from === undefined || to === undefined)
      report.omitted(
        "link",
        where,
        cell(row, "pred_proj_id") === project ? "one of its ends is not in the file" : "its predecessor stands in another project",
        "dependencies",
      );
    else if (type === undefined) report.omitted("link", where, `relationship type ${cell(row, "pred_type") ?? "missing"} is unknown`, "dependencies");
    else links.push({ from, to, type, where, hours: numberIn(row, "lag_hr_cnt") ?? 0 });
  }
  const parents = tasks.map((task) => task.parent);
  return lawfulLinks(parents, links, report).map(({ from, to, type, hours }) => {
    const [first, second] = [tasks[from] as XerTask, tasks[to] as XerTask];
    report.count("dependencies", "imported");
    const lag = hours === 0 ? {} : { lag: amountOf(Math.round(hours * 60), "day", lengths), lagUnit: "day" as const };
    return { id: context.id(`link-${first.taskId}-${second.taskId}`), fromTask: first.record.id, toTask: second.record.id, type, ...lag };
  });
}

const end = (tasks: readonly XerTask[], index: number | undefined, id: string | undefined): string =>
  index === undefined ? `activity ${id ?? "missing"}` : named(tasks[index]?.name, id);

const resourceTypes: Readonly<Record<string, string>> = { RT_Labor: "work", RT_Equip: "work", RT_Mat: "material" };

/** Resources by `rsrc_id`. */
export function readResources(tables: XerTables, context: ImportContext, calendars: ReadonlyMap<string, string>): ReadonlyMap<string, ResourceRecord> {
  const resources = new Map<string, ResourceRecord>();
  for (const row of tables.rows("RSRC")) {
    const key = cell(row, "rsrc_id") ?? "";
    const name = cut(cell(row, "rsrc_name") ?? cell(row, "rsrc_short_name") ?? "", 255);
    if (resources.has(key)) {
      context.report.omitted("resource", named(name, key), "a second resource with this id", "resources");
      continue;
    }
    const fields: Record<string, Json> = { name, type: resourceTypes[cell(row, "rsrc_type") ?? ""] ?? "work" };
    const calendar = calendars.get(cell(row, "clndr_id") ?? "");
    if (calendar !== undefined && fields.type === "work") fields.calendar = calendar;
    const initials = cell(row, "rsrc_short_name");
    if (initials !== undefined) fields.initials = cut(initials, 255);
    const email = cell(row, "email_addr");
    if (email !== undefined) fields.emailAddress = cut(email, 255);
    resources.set(key, { id: context.id(`resource-${key}`), ...fields } as ResourceRecord);
    context.report.count("resources", "imported");
  }
  return resources;
}

const maxUnits = 1_000_000;

export function readAssignments(
  tables: XerTables,
  project: string | undefined,
  tasks: readonly XerTask[],
  resources: ReadonlyMap<string, ResourceRecord>,
  context: ImportContext,
): AssignmentRecord[] {
  const { report } = context;
  const byId = new Map(tasks.flatMap((task) => (task.taskId === undefined ? [] : [[task.taskId, task] as const])));
  const pairs = new Set<string>();
  const records: AssignmentRecord[] = [];
  for (const row of tables.rows("TASKRSRC")) {
    if (cell(row, "proj_id") !== project) continue;
    const [taskId, resourceId] = [cell(row, "task_id"), cell(row, "rsrc_id")];
    const [task, resource] = [byId.get(taskId ?? ""), resources.get(resourceId ?? "")];
    const where = `${named(resource?.name, resourceId)} on ${named(task?.name, taskId)}`;
    const problem = !task
      ? "its activity is not in the file"
      : !resource
        ? "its resource is not in the file"
        : pairs.has(`${taskId}/${resourceId}`)
          ? "a second assignment of the same resource to the same activity"
          : undefined;
    if (problem !== undefined || !task || !resource) {
      report.omitted("assignment", where, problem ?? "", "assignments");
      continue;
    }
    pairs.add(`${taskId}/${resourceId}`);
    const rate = numberIn(row, "target_qty_per_hr");
    const units = rate === undefined ? {} : { units: Math.max(0, Math.min(maxUnits, Number((rate * 100).toFixed(4)))) };
    records.push({ id: context.id(`assignment-${taskId}-${resourceId}`), event: task.record.id, resource: resource.id, ...units });
    report.count("assignments", "imported");
  }
  return records;
}
