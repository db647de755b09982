import type { LiveProject, Transaction } from "@livegantt/client";
import type { TaskRecord } from "@livegantt/core";
import { commitEdit } from "@livegantt/svar";
import { createContext, useContext, useMemo, useRef } from "react";
import { messageOf } from "../project/useEdits.ts";
import { useToast } from "../ui/Toasts.tsx";

export interface TaskEdits {
  readonly live: LiveProject;
  readonly taskId: string;
  readonly editable: boolean;
  /** A field got the focus: the others see it framed, and what stands there now is what the person's edit is based on. */
  enter(field: string): void;
  leave(): void;
  commit(intent: string, run: (tx: Transaction) => void): void;
}

const EditContext = createContext<TaskEdits | null>(null);
export const EditProvider = EditContext.Provider;

export function useTaskEdits(): TaskEdits {
  const edits = useContext(EditContext);
  if (!edits) throw new Error("useTaskEdits stands outside of a task editor");
  return edits;
}

export function useEditsOf(live: LiveProject, taskId: string, editable: boolean): TaskEdits {
  const toast = useToast();
  const seen = useRef<TaskRecord>(undefined);
  return useMemo(
    () => ({
      live,
      taskId,
      editable,
      enter: (field) => {
        seen.current = live.state.tasks.get(taskId);
        live.select({ taskId, field, mode: "edit" });
      },
      leave: () => {
        seen.current = undefined;
        live.select({ taskId, mode: "select" });
      },
      commit: (intent, run) => {
        try {
          commitEdit(live, intent, seen.current, run);
          seen.current = live.state.tasks.get(taskId);
        } catch (error) {
          toast({ text: messageOf(error), tone: "error" });
        }
      },
    }),
    [live, taskId, editable, toast],
  );
}
