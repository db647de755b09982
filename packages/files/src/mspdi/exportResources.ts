import type { ProjectState, ResourceRecord, TaskRecord } from "@livegantt/core";
import type { ScheduleLookup } from "../scheduleLookup.ts";
import type { XmlWriter } from "../xml/write.ts";
import { resourceTypes } from "./codes.ts";
import { formatIsoDuration, minutesPer, type UnitLengths } from "./duration.ts";
import type { CalendarUids } from "./exportCalendars.ts";
import { durationMinutes } from "./exportTasks.ts";

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Writes `<Resources>`; the result is the UID of each, from 1. */
export function writeResources(writer: XmlWriter, state: ProjectState, calendars: CalendarUids): ReadonlyMap<string, number> {
  const uids = new Map<string, number>();
  writer.element("Resources", () => {
    for (const resource of state.resources.values()) {
      const uid = uids.size + 1;
      uids.set(resource.id, uid);
      writer.element("Resource", () => writer.leaves(resourceFields(resource, uid, calendars.ofResource(resource.id))));
    }
  });
  return uids;
}

function resourceFields(resource: ResourceRecord, uid: number, calendar: number | undefined): Parameters<XmlWriter["leaves"]>[0] {
  const type = resourceTypes.indexOf(resource.type as (typeof resourceTypes)[number]);
  const rate = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
  return [
    ["UID", uid],
    ["ID", uid],
    ["Name", resource.name ?? ""],
    ["Type", type < 0 ? 1 : type],
    ["IsNull", false],
    ["Initials", text(resource.initials)],
    ["MaterialLabel", text(resource.materialLabel)],
    ["Code", text(resource.code)],
    ["Group", text(resource.group)],
    ["EmailAddress", text(resource.emailAddress)],
    ["MaxUnits", resource.maxUnits == null ? undefined : Number((resource.maxUnits / 100).toFixed(6))],
    ["StandardRate", rate(resource.cost)],
    ["StandardRateFormat", rate(resource.cost) && 2],
    ["OvertimeRate", rate(resource.overtimeCost)],
    ["OvertimeRateFormat", rate(resource.overtimeCost) && 2],
    ["CostPerUse", typeof resource.costPerUse === "number" ? Math.round(resource.costPerUse * 10_000) / 100 : undefined],
    ["CalendarUID", calendar],
    ["Notes", text(resource.note)],
    ["IsCostResource", resource.type === "cost" ? true : undefined],
  ];
}

interface AssignmentExport {
  readonly state: ProjectState;
  readonly lengths: UnitLengths;
  readonly uids: ReadonlyMap<string, number>;
  readonly resourceUids: ReadonlyMap<string, number>;
  readonly schedule: ScheduleLookup | undefined;
}

export function writeAssignments(writer: XmlWriter, { state, lengths, uids, resourceUids, schedule }: AssignmentExport): void {
  writer.element("Assignments", () => {
    let uid = 0;
    for (const { id, event, resource, units } of state.assignments.values()) {
      uid++;
      const dates = schedule?.get(event);
      writer.element("Assignment", () => {
        writer.leaves([
          ["UID", uid],
          ["TaskUID", uids.get(event)],
          ["ResourceUID", resourceUids.get(resource)],
          ["Finish", dates?.endDate],
          ["Start", dates?.startDate],
          ["Units", Number(((units ?? 100) / 100).toFixed(6))],
          ["Work", workOf(state, id, lengths)],
        ]);
      });
    }
  });
}

/** The share of the task's effort, or what the units make of its duration. */
function workOf(state: ProjectState, assignment: string, lengths: UnitLengths): string | undefined {
  const own = state.assignments.get(assignment);
  const task = own && (state.tasks.get(own.event) as TaskRecord);
  if (!own || !task || state.isSummary(task.id) || (state.resources.get(own.resource)?.type ?? "work") !== "work") return undefined;
  const units = own.units ?? 100;
  if (task.effort == null) return formatIsoDuration((durationMinutes(task, lengths) * units) / 100);
  let total = 0;
  for (const id of state.assignmentsOfTask.of(task.id)) total += state.assignments.get(id)?.units ?? 100;
  return formatIsoDuration(total === 0 ? 0 : (task.effort * minutesPer(task.effortUnit ?? "hour", lengths) * units) / total);
}
