import type { DurationUnit, TaskRecord, TaskSchedule } from "@livegantt/core";
import { formatDuration, parseDuration } from "@livegantt/svar";
import type { ReactNode } from "react";
import { messageOf } from "../project/useEdits.ts";
import { useToast } from "../ui/Toasts.tsx";
import { useTaskEdits } from "./EditContext.ts";
import { CheckField, DraftField, type Option, SelectField } from "./Field.tsx";

const modes: readonly Option[] = [
  { value: "Normal", label: "Normal" },
  { value: "FixedDuration", label: "Fixed duration" },
  { value: "FixedEffort", label: "Fixed effort" },
  { value: "FixedUnits", label: "Fixed units" },
];
const directions: readonly Option[] = [
  { value: "", label: "Like the project" },
  { value: "Forward", label: "As soon as possible" },
  { value: "Backward", label: "As late as possible" },
];

/** What few tasks need: effort, scheduling mode, direction and the like. */
export function AdvancedSection({ task, shown }: { readonly task: TaskRecord; readonly shown: TaskSchedule }): ReactNode {
  const { taskId, commit } = useTaskEdits();
  const toast = useToast();
  const write = (intent: string, changes: Record<string, string | number | boolean | null>): void =>
    commit(intent, (tx) => tx.update("tasks", taskId, changes));
  const effort = (text: string): void => {
    if (text.trim() === "") {
      write("task.effort", { effort: null, effortUnit: null });
      return;
    }
    try {
      const { amount, unit } = parseDuration(text, (task.effortUnit as DurationUnit | null) ?? "hour");
      write("task.effort", { effort: Math.max(0, amount), effortUnit: unit });
    } catch (error) {
      toast({ text: messageOf(error), tone: "error" });
    }
  };
  return (
    <details className="section">
      <summary>Advanced</summary>
      <div className="fields">
        <DraftField
          label="Effort"
          field="effort"
          value={task.effort == null ? formatDuration(shown.effort, "hour") : formatDuration(task.effort, task.effortUnit ?? "hour")}
          disabled={shown.summary}
          onCommit={effort}
        />
        <SelectField
          label="Scheduling mode"
          field="schedulingMode"
          value={task.schedulingMode ?? "Normal"}
          options={modes}
          disabled={shown.summary}
          onCommit={(schedulingMode) => write("task.mode", { schedulingMode })}
        />
        <SelectField
          label="Direction"
          field="direction"
          value={task.direction ?? ""}
          options={directions}
          disabled={shown.summary}
          onCommit={(direction) => write("task.direction", { direction: direction || null })}
        />
        <DraftField
          label="Levelling delay"
          field="levelingDelay"
          value={String(task.levelingDelay ?? 0)}
          type="number"
          disabled={shown.summary}
          onCommit={(text) => write("task.delay", { levelingDelay: Math.max(0, Math.round(Number(text) || 0)) })}
        />
        <div className="wide checks">
          <CheckField
            label="Effort driven"
            field="effortDriven"
            checked={task.effortDriven === true}
            onCommit={(effortDriven) => write("task.effortDriven", { effortDriven })}
          />
          <CheckField
            label="Ignore calendars of resources"
            field="ignoreResourceCalendar"
            checked={task.ignoreResourceCalendar === true}
            onCommit={(ignoreResourceCalendar) => write("task.resourceCalendars", { ignoreResourceCalendar })}
          />
          <CheckField label="Show on the summary bar" field="rollup" checked={task.rollup === true} onCommit={(rollup) => write("task.rollup", { rollup })} />
          <CheckField label="Read only" field="readOnly" checked={task.readOnly === true} onCommit={(readOnly) => write("task.readOnly", { readOnly })} />
        </div>
      </div>
    </details>
  );
}
