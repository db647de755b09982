import { type Baseline, type DependencyRecord, type DurationUnit, hasWorkingTime, type ProjectState, type TaskRecord } from "@livegantt/core";
import type { ScheduledDates, ScheduleLookup } from "../scheduleLookup.ts";
import type { XmlWriter } from "../xml/write.ts";
import { constraintTypes, formatCode, linkTypes, taskTypes } from "./codes.ts";
import { formatIsoDuration, minutesPer, type UnitLengths } from "./duration.ts";
import type { CalendarUids } from "./exportCalendars.ts";
import { writeFieldValues } from "./exportFields.ts";

export interface TaskExport {
  readonly state: ProjectState;
  readonly lengths: UnitLengths;
  readonly calendars: CalendarUids;
  readonly fields: Parameters<typeof writeFieldValues>[2];
  readonly schedule: ScheduleLookup | undefined;
  /** By task id, in outline order from 1. */
  readonly uids: ReadonlyMap<string, number>;
}

export function durationMinutes(task: TaskRecord, lengths: UnitLengths): number {
  return (task.duration ?? 1) * minutesPer(task.durationUnit ?? "day", lengths);
}

/** Writes the tasks in outline order. */
export function writeTasks(writer: XmlWriter, context: TaskExport): void {
  const { state } = context;
  const walk = (parent: string | null, number: string, level: number): void => {
    for (const [i, id] of state.children.of(parent).entries()) {
      const outline = `${number}${i + 1}`;
      writeTask(writer, context, state.tasks.get(id) as TaskRecord, outline, level);
      walk(id, `${outline}.`, level + 1);
    }
  };
  walk(null, "", 1);
}

function writeTask(writer: XmlWriter, context: TaskExport, task: TaskRecord, outline: string, level: number): void {
  const { state, lengths, calendars, schedule } = context;
  const summary = state.isSummary(task.id);
  const uid = context.uids.get(task.id) as number;
  const dates = schedule?.get(task.id);
  const manual = task.manuallyScheduled === true;
  const own = durationMinutes(task, lengths);
  const shown = summary && !manual ? scheduledMinutes(dates, lengths) : own;
  const unit = summary && !manual ? "day" : (task.durationUnit ?? "day");
  const start = dates?.startDate ?? (manual ? task.startDate : undefined);
  const effort = task.effort == null ? undefined : task.effort * minutesPer(task.effortUnit ?? "hour", lengths);
  writer.element("Task", () => {
    writer.leaves([
      ["UID", uid],
      ["ID", uid],
      ["Name", task.name ?? ""],
      ["Active", task.inactive !== true],
      ["Manual", manual],
      ["Type", summary || task.schedulingMode == null || task.schedulingMode === "Normal" ? undefined : taskTypes.indexOf(task.schedulingMode)],
      ["IsNull", false],
      ["WBS", (task.outlineWbs as string | undefined) ?? outline],
      ["OutlineNumber", outline],
      ["OutlineLevel", level],
      ["Priority", (task.priority as number | undefined) ?? 500],
      ["Start", start],
      ["Finish", dates?.endDate],
      ["Duration", shown === undefined ? undefined : formatIsoDuration(shown)],
      ["ManualStart", manual ? task.startDate : undefined],
      ["ManualFinish", manual ? dates?.endDate : undefined],
      ["ManualDuration", manual ? formatIsoDuration(own) : undefined],
      ["DurationFormat", formatCode(unit, task.estimated === true)],
      ["Work", effort === undefined ? undefined : formatIsoDuration(effort)],
      ["EffortDriven", task.effortDriven === true],
      ["Recurring", false],
      ["Estimated", task.estimated === true],
      ["Milestone", !summary && own === 0],
      ["Summary", summary],
      ["Critical", dates?.critical],
      ["IsSubproject", false],
      ["ExternalTask", false],
      ["EarlyStart", dates?.earlyStart],
      ["EarlyFinish", dates?.earlyEnd],
      ["LateStart", dates?.lateStart],
      ["LateFinish", dates?.lateEnd],
      ["TotalSlack", dates?.totalSlack === undefined ? undefined : Math.round(dates.totalSlack * 600)],
      ["FixedCost", typeof task.fixedCost === "number" ? task.fixedCost * 100 : undefined],
      ["PercentComplete", Math.round((summary ? dates?.percentDone : task.percentDone) ?? 0)],
      ...constraint(task, state),
      ["Deadline", task.deadlineDate],
      ["LevelingDelay", task.levelingDelay ? task.levelingDelay * 10 : undefined],
      ["Hyperlink", task.hyperlink as string | undefined],
      ["HyperlinkAddress", task.hyperlinkAddress as string | undefined],
      ["HyperlinkSubAddress", task.hyperlinkSubAddress as string | undefined],
      ["IgnoreResourceCalendar", task.ignoreResourceCalendar === true],
      ["Notes", task.note || undefined],
      ["Rollup", task.rollup === true],
    ]);
    writeLinks(writer, context, task.id);
    writeFieldValues(writer, task, context.fields);
    writeBaselines(writer, task, lengths);
  });

  function constraint(record: TaskRecord, { project }: ProjectState): [string, string | number | null | undefined][] {
    const code = constraintTypes.indexOf(record.constraintType ?? undefined);
    const dated = code > 1 && record.constraintDate != null;
    const late =
      record.direction === "Backward" || record.constraintType === "aslateaspossible" || (project.direction === "Backward" && record.direction !== "Forward");
    return [
      ["ConstraintType", dated ? code : late ? 1 : 0],
      ["CalendarUID", calendars.of(record.calendar)],
      ["ConstraintDate", dated ? record.constraintDate : undefined],
    ];
  }
}

const scheduledMinutes = (dates: ScheduledDates | undefined, lengths: UnitLengths): number | undefined =>
  dates?.duration === undefined ? undefined : Math.round(dates.duration * minutesPer((dates.durationUnit ?? "day") as DurationUnit, lengths));

function writeLinks(writer: XmlWriter, { state, uids, lengths }: TaskExport, to: string): void {
  const links = [...state.predecessors.of(to)].map((id) => state.dependencies.get(id) as DependencyRecord);
  for (const link of links.sort((a, b) => (uids.get(a.fromTask) as number) - (uids.get(b.fromTask) as number))) {
    const type = link.type ?? 2;
    // MS Project refuses what has no effect: a link into a summary's finish, and one that is switched off.
    if (link.active === false || (type % 2 === 1 && state.isSummary(to))) continue;
    const unit = link.lagUnit ?? "day";
    const elapsed = link.calendar != null && alwaysWorks(state, link.calendar);
    const minutes = (link.lag ?? 0) * minutesPer(unit, lengths);
    writer.element("PredecessorLink", () => {
      writer.leaves([
        ["PredecessorUID", uids.get(link.fromTask)],
        ["Type", linkTypes.indexOf(type)],
        ["CrossProject", false],
        ["LinkLag", Math.round(minutes * 10)],
        ["LagFormat", elapsed ? 4 : formatCode(unit)],
      ]);
    });
  }
}

function alwaysWorks(state: ProjectState, id: string): boolean {
  const calendar = state.calendars.get(id);
  return (
    calendar !== undefined &&
    calendar.unspecifiedTimeIsWorking !== false &&
    calendar.parentId == null &&
    hasWorkingTime(state, id) &&
    !Object.keys(calendar).some((field) => field.startsWith("intervals."))
  );
}

function writeBaselines(writer: XmlWriter, task: TaskRecord, lengths: UnitLengths): void {
  for (let number = 0; number <= 10; number++) {
    const baseline = task[`baselines.${number}`] as Baseline | null | undefined;
    if (baseline == null || (baseline.startDate == null && baseline.endDate == null)) continue;
    const unit = baseline.durationUnit ?? "day";
    writer.element("Baseline", () => {
      writer.leaves([
        ["Number", number],
        ["Start", baseline.startDate],
        ["Finish", baseline.endDate],
        ["Duration", baseline.duration == null ? undefined : formatIsoDuration(baseline.duration * minutesPer(unit, lengths))],
        ["DurationFormat", baseline.duration == null ? undefined : formatCode(unit)],
      ]);
    });
  }
}
