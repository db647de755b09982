import type { AssignmentRecord, Json, ResourceRecord } from "@livegantt/core";
import { flagOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import type { ImportedCalendars } from "./calendars.ts";
import { resourceTypes } from "./codes.ts";
import { type ImportContext, named, nameOf, noteOf } from "./context.ts";
import type { CustomFields } from "./customFields.ts";
import type { ImportedTask } from "./tasks.ts";

/** MS Project's mark of an assignment to nobody: it gives one to every task without a resource. */
const nobody = "-65535";
const maxUnits = 1_000_000;

export interface ImportedResources {
  readonly records: readonly ResourceRecord[];
  readonly byUid: ReadonlyMap<string, ResourceRecord>;
}

export function importResources(project: XmlElement, context: ImportContext, calendars: ImportedCalendars, custom: CustomFields): ImportedResources {
  const { report } = context;
  const used = new Set(rowsOf(project, "Assignments", "Assignment").map((assignment) => textOf(assignment, "ResourceUID")?.trim()));
  const records: ResourceRecord[] = [];
  const byUid = new Map<string, ResourceRecord>();
  for (const [i, element] of rowsOf(project, "Resources", "Resource").entries()) {
    const uid = textOf(element, "UID")?.trim() ?? `?${i}`;
    const where = `resource ${named(textOf(element, "Name"), uid)}`;
    if (flagOf(element, "IsNull")) {
      report.omitted("blank row", `resource row ${textOf(element, "ID") ?? i}`, "an empty line between resources is no resource");
      continue;
    }
    if (uid === "0" && textOf(element, "Name") === undefined && !used.has("0")) {
      report.omitted("resource", where, "it is MS Project's stand-in for work that nobody is assigned to, not a resource");
      continue;
    }
    const record = { id: context.id(`resource-${uid}`), ...fieldsOf(element, where, context, calendars), ...custom(element, where) } as ResourceRecord;
    if (byUid.has(uid)) report.adjusted("resource", where, "a second resource with this UID: assignments of the UID go to the first");
    else byUid.set(uid, record);
    records.push(record);
    report.count("resources", "imported");
  }
  return { records, byUid };
}

const texts = [
  ["Initials", "initials"],
  ["Group", "group"],
  ["EmailAddress", "emailAddress"],
  ["MaterialLabel", "materialLabel"],
  ["Code", "code"],
] as const;

function fieldsOf(element: XmlElement, where: string, context: ImportContext, calendars: ImportedCalendars): Record<string, Json> {
  const fields: Record<string, Json> = { name: nameOf(element, "resource", where, context.report) };
  fields.type = flagOf(element, "IsCostResource") ? "cost" : (resourceTypes[numberOf(element, "Type") ?? 1] ?? "work");
  const units = numberOf(element, "MaxUnits");
  if (units !== undefined) fields.maxUnits = percentOf(units, "maximum units", where, context);
  if (fields.type === "work") {
    const calendar = calendars.byUid(textOf(element, "CalendarUID")?.trim(), where);
    if (calendar) fields.calendar = calendar.id;
  }
  const [rate, overtime, perUse] = [numberOf(element, "StandardRate"), numberOf(element, "OvertimeRate"), numberOf(element, "CostPerUse")];
  if (rate) fields.cost = within(rate);
  if (overtime) fields.overtimeCost = within(overtime);
  if (perUse) fields.costPerUse = within(perUse / 100);
  if (rowsOf(element, "Rates", "Rate").length > 1)
    context.report.omitted("cost rates", where, "rates that change by date or by table are not kept: the standard rate is");
  if (rowsOf(element, "AvailabilityPeriods", "AvailabilityPeriod").length > 1)
    context.report.omitted("availability", where, "availability that changes by date is not kept: the maximum units are");
  for (const [tag, field] of texts) {
    const value = textOf(element, tag)?.slice(0, 1000);
    if (value !== undefined) fields[field] = value;
  }
  const note = noteOf(element, where, context.report);
  if (note !== undefined) fields.note = note.slice(0, 60_000);
  return fields;
}

const within = (amount: number): number => Math.max(-1e12, Math.min(1e12, amount));

/** MSPDI's 1.0 is 100 %. */
function percentOf(units: number, what: string, where: string, { report }: ImportContext): number {
  const percent = Number((units * 100).toFixed(4));
  if (percent >= 0 && percent <= maxUnits) return percent;
  const kept = Math.max(0, Math.min(maxUnits, percent));
  report.adjusted(what, where, `${percent} % lies outside 0 to ${maxUnits}: ${kept} % is taken`);
  return kept;
}

export function importAssignments(
  project: XmlElement,
  context: ImportContext,
  tasks: readonly ImportedTask[],
  resources: ImportedResources,
): AssignmentRecord[] {
  const { report } = context;
  const byUid = new Map<string, ImportedTask>();
  for (const task of tasks) if (!byUid.has(task.uid)) byUid.set(task.uid, task);
  const pairs = new Set<string>();
  const records: AssignmentRecord[] = [];
  for (const element of rowsOf(project, "Assignments", "Assignment")) {
    const taskUid = textOf(element, "TaskUID")?.trim();
    const resourceUid = textOf(element, "ResourceUID")?.trim();
    const task = byUid.get(taskUid ?? "");
    const resource = resources.byUid.get(resourceUid ?? "");
    const where = `${resource ? named(resource.name, resourceUid) : `resource UID ${resourceUid ?? "missing"}`} on ${task ? named(task.name, taskUid) : `task UID ${taskUid ?? "missing"}`}`;
    if (resourceUid === nobody) {
      report.omitted(
        "assignment",
        `nobody on ${task ? named(task.name, taskUid) : `task UID ${taskUid ?? "missing"}`}`,
        "it is MS Project's mark of a task without a resource, not an assignment",
      );
      continue;
    }
    const problem = whyNot(task, resource, taskUid);
    if (problem !== undefined || !task || !resource) {
      report.omitted("assignment", where, problem ?? "", "assignments");
      continue;
    }
    const pair = `${task.id}\n${resource.id}`;
    if (pairs.has(pair)) {
      report.omitted("assignment", where, "a second assignment of the same resource to the same task", "assignments");
      continue;
    }
    pairs.add(pair);
    if ((numberOf(element, "WorkContour") ?? 0) > 0) report.adjusted("work contour", where, "work is spread evenly");
    if ((numberOf(element, "Delay") ?? 0) > 0) report.omitted("assignment delay", where, "the resource works from the task's start");
    const units = numberOf(element, "Units");
    const material = resource.type === "material" && (numberOf(element, "HasFixedRateUnits") ?? 1) === 1;
    if (material && units !== undefined) report.adjusted("material", where, `${units} units of material are written as ${units * 100} %`);
    records.push({
      id: context.id(`assignment-${task.uid}-${resourceUid}`),
      event: task.id,
      resource: resource.id,
      ...(units === undefined ? {} : { units: percentOf(units, "units", where, context) }),
    });
    report.count("assignments", "imported");
  }
  return records;
}

function whyNot(task: ImportedTask | undefined, resource: ResourceRecord | undefined, taskUid: string | undefined): string | undefined {
  if (taskUid === "0" && !task) return "an assignment to the whole project (a budget) has no task";
  if (!task) return "its task is not in the file";
  return resource ? undefined : "its resource is not in the file";
}
