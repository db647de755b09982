import { type ProjectState, parseWallClock, projectFromJSON, type Snapshot } from "@livegantt/core";
import type { ScheduleLookup } from "../scheduleLookup.ts";
import { XmlWriter } from "../xml/write.ts";
import type { UnitLengths } from "./duration.ts";
import { CalendarUids, writeCalendars } from "./exportCalendars.ts";
import { writeFieldDefinitions } from "./exportFields.ts";
import { writeAssignments, writeResources } from "./exportResources.ts";
import { writeTasks } from "./exportTasks.ts";
import { minutesPerDay } from "./recurrence.ts";

/**
 * MS Project XML of a plan. `schedule` gives the computed dates; without it automatic tasks carry none and MS Project computes them.
 * Left out, since MSPDI has no place for it: comments, segments, links that are switched off, a link's own calendar (but one that always works: its lag is elapsed),
 * and custom fields of links, resources and assignments.
 * @throws PlanError where the plan breaks a law.
 */
export function exportMspdi(plan: Snapshot, schedule?: ScheduleLookup): string {
  const state = projectFromJSON(plan);
  const { project } = state;
  const lengths = unitLengths(state);
  const uids = outlineUids(state);
  const calendars = new CalendarUids(state);
  const [start, finish] = projectDates(state, schedule);
  const writer = new XmlWriter();
  const write = (): void => {
    writer.leaves([
      ["SaveVersion", 14],
      ["Name", `${project.name ?? "Plan"}.xml`],
      ["Title", project.name],
      ["Subject", text(project.subject)],
      ["Company", text(project.company)],
      ["Manager", text(project.manager)],
      ["Author", text(project.author)],
      ["ScheduleFromStart", project.direction !== "Backward"],
      ["StartDate", start],
      ["FinishDate", finish],
      ["CurrencySymbol", text(project.currencySymbol)],
      ["CurrencyCode", text(project.currencyCode)],
      ["CalendarUID", calendars.ofProject],
      ["MinutesPerDay", Math.round(lengths.day)],
      ["MinutesPerWeek", Math.round(lengths.week)],
      ["DaysPerMonth", Math.round(lengths.month / lengths.day)],
      // What a task without a Type is: the nearest to a duration that nothing changes.
      ["DefaultTaskType", 1],
      ["HonorConstraints", project.honorConstraints !== false],
      ["NewTasksEffortDriven", false],
      ["StatusDate", project.statusDate],
      ["NewTasksAreManual", false],
    ]);
    const fields = writeFieldDefinitions(writer, state);
    writeCalendars(writer, state, calendars, dayRange(start, finish));
    writer.element("Tasks", () => {
      writer.element("Task", () => {
        writer.leaves([
          ["UID", 0],
          ["ID", 0],
          ["Name", project.name ?? "Plan"],
          ["IsNull", false],
          ["OutlineNumber", 0],
          ["OutlineLevel", 0],
          ["Start", start],
          ["Finish", finish],
          ["Summary", true],
        ]);
      });
      writeTasks(writer, { state, lengths, calendars, fields, schedule, uids });
    });
    const resourceUids = writeResources(writer, state, calendars);
    writeAssignments(writer, { state, lengths, uids, resourceUids, schedule });
  };
  writer.element("Project", write, ' xmlns="http://schemas.microsoft.com/project"');
  return writer.toString();
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** 24/7/30 where the project says nothing (S6). */
function unitLengths({ project }: ProjectState): UnitLengths {
  const day = (project.hoursPerDay ?? 24) * 60;
  return { day, week: day * (project.daysPerWeek ?? 7), month: day * (project.daysPerMonth ?? 30) };
}

function outlineUids(state: ProjectState): ReadonlyMap<string, number> {
  const uids = new Map<string, number>();
  for (const top of state.children.of(null)) for (const id of [top, ...state.descendants(top)]) uids.set(id, uids.size + 1);
  return uids;
}

function projectDates({ project, tasks, children }: ProjectState, schedule: ScheduleLookup | undefined): [string | undefined, string | undefined] {
  let [first, last]: [string | undefined, string | undefined] = [undefined, undefined];
  for (const id of children.of(null)) {
    const { startDate, endDate } = schedule?.get(id) ?? {};
    const start = startDate ?? tasks.get(id)?.startDate ?? undefined;
    if (start !== undefined && (first === undefined || start < first)) first = start;
    if (endDate !== undefined && (last === undefined || endDate > last)) last = endDate;
  }
  return [project.startDate ?? first, project.direction === "Backward" ? (project.endDate ?? last) : last];
}

const yearOfDays = 366;

/** From a year before the plan to two years after it. */
function dayRange(start: string | undefined, finish: string | undefined): [number, number] {
  const from = Math.floor((parseWallClock(start ?? finish ?? "2000-01-01") ?? 0) / minutesPerDay);
  const to = Math.floor((parseWallClock(finish ?? start ?? "2000-01-01") ?? 0) / minutesPerDay);
  return [from - yearOfDays, Math.max(from, to) + 2 * yearOfDays];
}
