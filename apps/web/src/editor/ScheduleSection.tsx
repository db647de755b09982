import type { ConstraintType, TaskRecord, TaskSchedule } from "@livegantt/core";
import { en, useCollectionVersion } from "@livegantt/react";
import { finishTask, formatDuration, moveTask, parseDuration } from "@livegantt/svar";
import type { ReactNode } from "react";
import { messageOf } from "../project/useEdits.ts";
import { useToast } from "../ui/Toasts.tsx";
import { dayOf, endOfDay, isFinishing, startOfDay } from "./dates.ts";
import { useTaskEdits } from "./EditContext.ts";
import { CheckField, DraftField, type Option, SelectField } from "./Field.tsx";

const constraints: readonly Option[] = [
  { value: "", label: "None" },
  ...Object.entries(en.values.constraintType ?? {}).map(([value, label]) => ({ value, label })),
];

/** Dates, duration, percent, and what binds them. */
export function ScheduleSection({ task, shown }: { readonly task: TaskRecord; readonly shown: TaskSchedule }): ReactNode {
  const { live, taskId, commit } = useTaskEdits();
  const toast = useToast();
  useCollectionVersion("calendars");
  const write = (intent: string, changes: Record<string, string | number | boolean | null>): void =>
    commit(intent, (tx) => tx.update("tasks", taskId, changes));
  const calendars: Option[] = [
    { value: "", label: "Project calendar" },
    ...[...live.state.calendars.values()].map((calendar) => ({ value: calendar.id, label: calendar.name || calendar.id })),
  ];
  const duration = (text: string): void => {
    try {
      const { amount, unit } = parseDuration(text, task.durationUnit ?? "day");
      write("task.duration", { duration: Math.max(0, amount), durationUnit: unit });
    } catch (error) {
      toast({ text: messageOf(error), tone: "error" });
    }
  };
  const percent = (text: string): void => {
    const value = Number(text.replace("%", "").replace(",", "."));
    if (Number.isFinite(value) && value >= 0 && value <= 100) write("task.progress", { percentDone: value });
    else toast({ text: `"${text}" is not a percentage from 0 to 100.`, tone: "error" });
  };
  const constraintDate = (day: string, type: ConstraintType): string | null =>
    day === "" ? null : isFinishing(type) ? endOfDay(live, taskId, day) : startOfDay(live, taskId, day);
  const setConstraint = (type: string): void => {
    if (type === "") {
      write("task.constraint", { constraintType: null, constraintDate: null });
      return;
    }
    const kind = type as ConstraintType;
    const needsDate = kind !== "assoonaspossible" && kind !== "aslateaspossible";
    const day = dayOf(task.constraintDate) || dayOf(isFinishing(kind) ? shown.endDate : shown.startDate);
    write("task.constraint", { constraintType: kind, constraintDate: needsDate ? constraintDate(day, kind) : null });
  };
  const { summary } = shown;
  const type = task.constraintType ?? "";
  return (
    <>
      <DraftField
        label="Start"
        field="startDate"
        type="date"
        value={dayOf(shown.startDate)}
        onCommit={(day) => day !== "" && commit("task.move", (tx) => moveTask(tx, live, taskId, startOfDay(live, taskId, day)))}
      />
      <DraftField
        label="Finish"
        field="endDate"
        type="date"
        value={dayOf(shown.endDate)}
        disabled={summary}
        onCommit={(day) => day !== "" && commit("task.resize", (tx) => finishTask(tx, live, taskId, endOfDay(live, taskId, day)))}
      />
      <DraftField label="Duration" field="duration" value={formatDuration(shown.duration, shown.durationUnit)} disabled={summary} onCommit={duration} />
      <DraftField label="Percent done" field="percentDone" value={`${Math.round(shown.percentDone)} %`} disabled={summary} onCommit={percent} />
      <SelectField label="Constraint" field="constraintType" value={type} options={constraints} onCommit={setConstraint} />
      <DraftField
        label="Constraint date"
        field="constraintDate"
        type="date"
        value={dayOf(task.constraintDate)}
        disabled={type === "" || type === "assoonaspossible" || type === "aslateaspossible"}
        onCommit={(day) => type !== "" && write("task.constraint", { constraintDate: constraintDate(day, type) })}
      />
      <DraftField
        label="Deadline"
        field="deadlineDate"
        type="date"
        value={dayOf(task.deadlineDate)}
        onCommit={(day) => write("task.deadline", { deadlineDate: day === "" ? null : endOfDay(live, taskId, day) })}
      />
      <SelectField
        label="Calendar"
        field="calendar"
        value={task.calendar ?? ""}
        options={calendars}
        onCommit={(calendar) => write("task.calendar", { calendar: calendar || null })}
      />
      <div className="wide checks">
        <CheckField
          label="Manually scheduled"
          field="manuallyScheduled"
          checked={task.manuallyScheduled === true}
          onCommit={(manual) =>
            write("task.manual", manual ? { manuallyScheduled: true, startDate: shown.startDate } : { manuallyScheduled: false, startDate: null })
          }
        />
        <CheckField label="Inactive" field="inactive" checked={task.inactive === true} onCommit={(inactive) => write("task.inactive", { inactive })} />
      </div>
      <p className="facts wide">
        {shown.critical ? <strong className="critical">On the critical path</strong> : `Total slack ${formatDuration(shown.totalSlack, "hour")}`}
        {!summary && <> · {whyHere(live.schedule.drivenBy(taskId).map((driver) => driver.kind))}</>}
      </p>
    </>
  );
}

const reasons: Readonly<Record<string, string>> = {
  "project-start": "starts with the project",
  "project-end": "ends with the project",
  predecessor: "follows its predecessor",
  constraint: "held by its constraint",
  parent: "held by its summary",
  manual: "scheduled by hand",
  leveling: "delayed by levelling",
  calendar: "waits for working time",
};

/** Why the task stands where it stands. */
const whyHere = (kinds: readonly string[]): string => [...new Set(kinds)].map((kind) => reasons[kind] ?? kind).join(", ") || "as early as possible";
