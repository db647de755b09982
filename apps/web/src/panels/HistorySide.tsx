import type { LiveProject } from "@livegantt/client";
import { HistoryPanel, VersionList } from "@livegantt/react";
import { type ReactNode, useState } from "react";
import { SidePanel } from "./SidePanel.tsx";

export interface HistorySideProps {
  readonly live: LiveProject;
  readonly taskId: string | undefined;
  readonly onClose: () => void;
}

/** Who changed what: of the whole plan, or of the selected task. */
export function HistorySide({ live, taskId, onClose }: HistorySideProps): ReactNode {
  const [ofTask, setOfTask] = useState(false);
  const name = taskId === undefined ? undefined : (live.state.tasks.get(taskId)?.name ?? undefined);
  const narrowed = ofTask && taskId !== undefined && name !== undefined;
  return (
    <SidePanel title="History" onClose={onClose} testId="history-side">
      {name !== undefined && (
        <fieldset className="segmented" aria-label="History of">
          <button type="button" aria-pressed={!narrowed} onClick={() => setOfTask(false)}>
            Whole plan
          </button>
          <button type="button" aria-pressed={narrowed} onClick={() => setOfTask(true)} title={name}>
            {name || "Selected task"}
          </button>
        </fieldset>
      )}
      {!narrowed && <VersionList />}
      <HistoryPanel key={narrowed ? taskId : ""} {...(narrowed ? { task: taskId } : {})} />
    </SidePanel>
  );
}
