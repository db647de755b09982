import type { LiveProject } from "@livegantt/client";
import { useSchedule, useTask } from "@livegantt/react";
import { Trash2 } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { SidePanel } from "../panels/SidePanel.tsx";
import { useToast } from "../ui/Toasts.tsx";
import { AdvancedSection } from "./AdvancedSection.tsx";
import { CommentsSection } from "./CommentsSection.tsx";
import { EditProvider, useEditsOf } from "./EditContext.ts";
import { DraftField } from "./Field.tsx";
import { LinksSection } from "./LinksSection.tsx";
import { ResourcesSection } from "./ResourcesSection.tsx";
import { ScheduleSection } from "./ScheduleSection.tsx";

export interface TaskEditorProps {
  readonly live: LiveProject;
  readonly taskId: string;
  readonly editable: boolean;
  readonly onClose: () => void;
  readonly onShowTask: (id: string) => void;
}

/** Everything of one task, in a panel beside the chart. Each field is written on its own, as soon as it is left. */
export function TaskEditor({ live, taskId, editable, onClose, onShowTask }: TaskEditorProps): ReactNode {
  const task = useTask(taskId);
  const shown = useSchedule(taskId);
  const edits = useEditsOf(live, taskId, editable);
  const toast = useToast();
  const body = useRef<HTMLDivElement>(null);
  if (!task || !shown)
    return (
      <SidePanel title="Task" onClose={onClose} testId="task-editor">
        <p className="muted">This task is not in the plan any more. Undo brings it back if you deleted it.</p>
      </SidePanel>
    );
  const remove = (): void => {
    edits.commit("task.delete", (tx) => tx.remove("tasks", taskId));
    toast({ text: "Task deleted", action: { label: "Undo", run: () => live.undo() } });
    onClose();
  };
  const kind = shown.summary ? "Summary" : shown.milestone ? "Milestone" : "Task";
  return (
    <SidePanel
      title={`${kind} ${shown.wbs}`}
      onClose={onClose}
      testId="task-editor"
      actions={
        editable && (
          <button type="button" className="icon-button" aria-label="Delete the task" title="Delete the task" onClick={remove} data-testid="task-delete">
            <Trash2 size={16} aria-hidden="true" />
          </button>
        )
      }
    >
      <EditProvider value={edits}>
        <div ref={body} className="fields">
          <DraftField
            label="Name"
            field="name"
            value={task.name ?? ""}
            wide
            maxLength={255}
            onCommit={(name) => edits.commit("task.rename", (tx) => tx.update("tasks", taskId, { name }))}
          />
          <ScheduleSection task={task} shown={shown} />
        </div>
        <LinksSection task={task} onShowTask={onShowTask} />
        <ResourcesSection task={task} />
        <div className="fields">
          <DraftField
            label="Notes"
            field="note"
            value={task.note ?? ""}
            wide
            multiline
            maxLength={65_536}
            onCommit={(note) => edits.commit("task.note", (tx) => tx.update("tasks", taskId, { note }))}
          />
        </div>
        <AdvancedSection task={task} shown={shown} />
        <CommentsSection task={task} />
      </EditProvider>
    </SidePanel>
  );
}
