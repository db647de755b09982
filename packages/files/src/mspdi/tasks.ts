import type { Baseline, Direction, Json, SnapshotTask } from "@livegantt/core";
import { childrenOf, flagOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import type { FileCalendar, ImportedCalendars } from "./calendars.ts";
import { constraintTypes, formatOf, taskTypes } from "./codes.ts";
import { dateOf, type ImportContext, named, nameOf, noteOf, plural } from "./context.ts";
import type { CustomFields } from "./customFields.ts";
import { amountOf, parseIsoDuration } from "./duration.ts";
import { orderKeys, readOutline } from "./outline.ts";
import type { SplitReader } from "./splits.ts";

export interface ImportedTask {
  readonly element: XmlElement;
  readonly uid: string;
  readonly id: string;
  readonly name: string;
  /** Index of the parent, -1 at the top level. */
  readonly parent: number;
  readonly summary: boolean;
  /** Duration in minutes, as the file gives it. */
  readonly minutes: number;
  readonly record: SnapshotTask;
}

export interface ImportedTasks {
  readonly tasks: readonly ImportedTask[];
  readonly projectSummary: XmlElement | undefined;
}

type Fields = Record<string, Json>;

/** What a task's elements are read against. */
export interface TaskSources {
  readonly calendars: ImportedCalendars;
  readonly custom: CustomFields;
  readonly splits: SplitReader;
  readonly direction: Direction;
  readonly projectStart: string | undefined;
  readonly projectCalendar: FileCalendar | undefined;
}

export function importTasks(project: XmlElement, context: ImportContext, sources: TaskSources): ImportedTasks {
  const { rows, projectSummary } = readOutline(rowsOf(project, "Tasks", "Task"), context);
  const keys = orderKeys(rows.map((row) => row.parent));
  const parents = new Set(rows.map((row) => row.parent));
  const tasks: ImportedTask[] = [];
  for (const [i, { element, uid, parent }] of rows.entries()) {
    const where = named(textOf(element, "Name"), uid);
    const name = nameOf(element, "task", where, context.report);
    const id = context.id(`task-${uid}`);
    const summary = parents.has(i);
    const minutes = minutesOf(element, where, summary, context);
    const reader = new TaskReader({ element, uid, where, summary, minutes }, context, sources);
    const above = parent < 0 ? {} : { parentId: tasks[parent]?.id ?? null };
    const record = { id, name, ...above, orderKey: keys[i] as string, ...reader.fields(), ...reader.extras() } as SnapshotTask;
    tasks.push({ element, uid, id, name, parent, summary, minutes, record: Object.assign(record, reader.lists()) });
    context.report.count("tasks", "imported");
  }
  return { tasks, projectSummary };
}

function minutesOf(element: XmlElement, where: string, summary: boolean, { report, lengths }: ImportContext): number {
  const manual = flagOf(element, "Manual") ? parseIsoDuration(textOf(element, "ManualDuration"), lengths) : undefined;
  const given = manual ?? parseIsoDuration(textOf(element, "Duration"), lengths);
  if (given !== undefined && given >= 0) return given;
  const minutes = flagOf(element, "Milestone") ? 0 : lengths.day;
  if (!summary)
    report.adjusted(
      "duration",
      where,
      `its duration "${textOf(element, "Duration") ?? ""}" is none: ${minutes === 0 ? "a milestone has 0" : "1 day is taken"}`,
    );
  return minutes;
}

interface Row {
  readonly element: XmlElement;
  readonly uid: string;
  readonly where: string;
  readonly summary: boolean;
  readonly minutes: number;
}

class TaskReader {
  readonly #row: Row;
  readonly #element: XmlElement;
  readonly #where: string;
  readonly #summary: boolean;
  readonly #minutes: number;
  readonly #context: ImportContext;
  readonly #sources: TaskSources;

  constructor(row: Row, context: ImportContext, sources: TaskSources) {
    this.#row = row;
    this.#element = row.element;
    this.#where = row.where;
    this.#summary = row.summary;
    this.#minutes = row.minutes;
    this.#context = context;
    this.#sources = sources;
  }

  fields(): Fields {
    const element = this.#element;
    const manual = this.#manual();
    const fields: Fields = { ...manual, ...this.#calendar() };
    // Dates, duration, effort and percent of a summary are computed; a manual summary keeps its own bar.
    if (!this.#summary || manual.manuallyScheduled === true) Object.assign(fields, this.#duration());
    if (!this.#summary) Object.assign(fields, this.#work());
    Object.assign(fields, this.#constraint(manual.manuallyScheduled === true));
    const deadline = dateOf(element, "Deadline");
    if (deadline !== undefined) fields.deadlineDate = deadline;
    if (flagOf(element, "Active") === false) fields.inactive = true;
    if (flagOf(element, "Rollup")) fields.rollup = true;
    const delay = numberOf(element, "LevelingDelay") ?? 0;
    if (delay > 0) {
      fields.levelingDelay = Math.min(100_000_000, Math.round(delay / 10));
      this.#adjusted("leveling delay", `${plural(Math.round(delay / 10), "elapsed minute")} of delay are taken as working time`);
    }
    const note = noteOf(element, this.#where, this.#context.report);
    if (note !== undefined) fields.note = note;
    return fields;
  }

  #duration(): Fields {
    const { unit, elapsed, estimated } = formatOf(numberOf(this.#element, "DurationFormat"));
    const guess: Fields = estimated ? { estimated: true } : {};
    const milestone = flagOf(this.#element, "Milestone");
    if (milestone && this.#minutes > 0) this.#adjusted("milestone", "it is marked as a milestone and has a duration: it is shown as a task");
    if (milestone === false && this.#minutes === 0) this.#adjusted("milestone", "a task of no duration is shown as a milestone");
    if (unit === "percent") return { duration: amountOf(this.#minutes, "day", this.#context.lengths), durationUnit: "day", ...guess };
    if (!elapsed) return { duration: amountOf(this.#minutes, unit, this.#context.lengths), durationUnit: unit, ...guess };
    if (this.#minutes === 0) return { duration: 0, durationUnit: "minute", ...guess };
    this.#adjusted("duration", `an elapsed duration became ${plural(this.#minutes, "minute")} of a calendar that always works`);
    return {
      duration: amountOf(this.#minutes, "minute", this.#context.lengths),
      durationUnit: "minute",
      calendar: this.#sources.calendars.roundTheClock(),
      ignoreResourceCalendar: true,
      ...guess,
    };
  }

  #manual(): Fields {
    if (!flagOf(this.#element, "Manual")) return {};
    const start = dateOf(this.#element, "ManualStart") ?? dateOf(this.#element, "Start");
    if (start !== undefined) return { manuallyScheduled: true, startDate: start };
    this.#adjusted("manual task", "it has no start date: it is scheduled automatically");
    return {};
  }

  #calendar(): Fields {
    const calendar = this.#sources.calendars.byUid(textOf(this.#element, "CalendarUID")?.trim(), this.#where);
    return { ...(calendar ? { calendar: calendar.id } : {}), ...(flagOf(this.#element, "IgnoreResourceCalendar") ? { ignoreResourceCalendar: true } : {}) };
  }

  #work(): Fields {
    const fields: Fields = {};
    const percent = numberOf(this.#element, "PercentComplete") ?? 0;
    if (percent !== 0) {
      fields.percentDone = Math.max(0, Math.min(100, percent));
      if (percent !== fields.percentDone) this.#adjusted("percent complete", `${percent} lies outside 0 to 100`);
    }
    const work = parseIsoDuration(textOf(this.#element, "Work"), this.#context.lengths) ?? 0;
    if (work > 0) Object.assign(fields, { effort: amountOf(work, "hour", this.#context.lengths), effortUnit: "hour" });
    const type = taskTypes[numberOf(this.#element, "Type") ?? -1];
    if (type !== undefined) fields.schedulingMode = type;
    if (flagOf(this.#element, "EffortDriven")) fields.effortDriven = true;
    return fields;
  }

  #constraint(manual: boolean): Fields {
    const code = numberOf(this.#element, "ConstraintType") ?? (this.#sources.direction === "Backward" ? 1 : 0);
    const type = constraintTypes[code];
    if (type !== undefined) {
      const date = dateOf(this.#element, "ConstraintDate");
      if (date !== undefined) return { constraintType: type, constraintDate: date };
      this.#context.report.omitted("constraint", this.#where, `constraint ${type} has no date`);
      return {};
    }
    if (code !== 0 && code !== 1) {
      this.#context.report.omitted("constraint", this.#where, `constraint type ${code} is unknown`);
      return {};
    }
    const direction: Direction = code === 1 ? "Backward" : "Forward";
    if (this.#summary) return {};
    if (direction !== this.#sources.direction) return { direction };
    return direction === "Forward" && !manual ? this.#started() : {};
  }

  /** Work that began later than the plan alone would put it stays where it began. */
  #started(): Fields {
    const started = dateOf(this.#element, "ActualStart");
    if (started === undefined || this.#sources.projectStart === undefined || started <= this.#sources.projectStart) return {};
    this.#adjusted("actual start", `it began ${started}: kept as a start-no-earlier-than constraint`);
    return { constraintType: "startnoearlierthan", constraintDate: started };
  }

  extras(): Fields {
    const element = this.#element;
    const { report } = this.#context;
    const fields: Fields = this.#sources.custom(element, this.#where);
    const wbs = textOf(element, "WBS")?.slice(0, 1000);
    if (wbs !== undefined && wbs !== textOf(element, "OutlineNumber")) fields.outlineWbs = wbs;
    const priority = numberOf(element, "Priority") ?? 500;
    if (priority !== 500) fields.priority = priority;
    const fixedCost = numberOf(element, "FixedCost") ?? 0;
    if (fixedCost !== 0) fields.fixedCost = fixedCost / 100;
    for (const [tag, field] of hyperlinks) {
      const value = textOf(element, tag)?.slice(0, 4096);
      if (value !== undefined) fields[field] = value;
    }
    if (flagOf(element, "Recurring")) this.#adjusted("recurring task", "its occurrences are kept as single tasks");
    if (flagOf(element, "ExternalTask")) this.#adjusted("external task", "it stands for a task of another project: it is kept as a task of this one");
    if (flagOf(element, "IsSubproject"))
      report.omitted("inserted project", this.#where, `the tasks of ${textOf(element, "SubprojectName") ?? "the inserted project"} are in another file`);
    if (childrenOf(element, "OutlineCode").length > 0) report.omitted("outline code", this.#where, "values of outline code tables are not kept");
    return fields;
  }

  /** What stands in a record as an array. */
  lists(): Pick<SnapshotTask, "baselines" | "segments"> {
    const baselines = this.#baselines();
    const own = this.#sources.calendars.find(textOf(this.#element, "CalendarUID")?.trim());
    const whole = this.#summary || formatOf(numberOf(this.#element, "DurationFormat")).elapsed;
    const segments = whole ? undefined : this.#sources.splits.segments({ ...this.#row, calendar: own ?? this.#sources.projectCalendar });
    return { ...(segments ? { segments } : {}), ...(baselines.length > 0 ? { baselines } : {}) };
  }

  /** Baselines 0 to 10 as an array by number. */
  #baselines(): (Baseline | null)[] {
    const found = new Map<number, Baseline>();
    for (const baseline of childrenOf(this.#element, "Baseline")) {
      const number = numberOf(baseline, "Number") ?? 0;
      const [startDate, endDate] = [dateOf(baseline, "Start"), dateOf(baseline, "Finish")];
      const minutes = parseIsoDuration(textOf(baseline, "Duration"), this.#context.lengths);
      if (!Number.isInteger(number) || number < 0 || number > 10 || (startDate === undefined && endDate === undefined)) {
        this.#context.report.omitted(
          "baseline",
          this.#where,
          number >= 0 && number <= 10 ? `baseline ${number} has no dates` : `baseline ${number} is none of 0 to 10`,
        );
        continue;
      }
      const { unit, elapsed } = formatOf(numberOf(baseline, "DurationFormat"));
      const shown = unit === "percent" || elapsed ? "minute" : unit;
      found.set(number, {
        ...(startDate === undefined ? {} : { startDate }),
        ...(endDate === undefined ? {} : { endDate }),
        ...(minutes === undefined || minutes < 0 ? {} : { duration: amountOf(minutes, shown, this.#context.lengths), durationUnit: shown }),
      });
    }
    return found.size === 0 ? [] : Array.from({ length: Math.max(...found.keys()) + 1 }, (_, i) => found.get(i) ?? null);
  }

  #adjusted(what: string, why: string): void {
    this.#context.report.adjusted(what, this.#where, why);
  }
}

const hyperlinks = [
  ["Hyperlink", "hyperlink"],
  ["HyperlinkAddress", "hyperlinkAddress"],
  ["HyperlinkSubAddress", "hyperlinkSubAddress"],
] as const;
