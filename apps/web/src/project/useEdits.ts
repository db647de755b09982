import type { LiveProject, Transaction } from "@livegantt/client";
import { addTask, chainTasks, indentTasks, outdentTasks, removeTasks, stepTask, topmost } from "@livegantt/svar";
import { useMemo } from "react";
import { useToast } from "../ui/Toasts.tsx";

/** What the toolbar and the keyboard do with the selected tasks. A refusal is told and changes nothing. */
export interface Edits {
  add(): string | undefined;
  remove(): void;
  indent(): void;
  outdent(): void;
  step(direction: "up" | "down"): void;
  link(): void;
  unlink(): void;
  undo(): void;
  redo(): void;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function useEdits(live: LiveProject, selected: readonly string[]): Edits {
  const toast = useToast();
  return useMemo(() => {
    const attempt = <T>(intent: string, run: (tx: Transaction) => T): T | undefined => {
      try {
        return live.transact(intent, run);
      } catch (error) {
        toast({ text: messageOf(error), tone: "error" });
        return undefined;
      }
    };
    const guarded = (run: () => void): void => {
      try {
        run();
      } catch (error) {
        toast({ text: messageOf(error), tone: "error" });
      }
    };
    const ids = selected.filter((id) => live.state.tasks.has(id));
    const last = ids.at(-1);
    const some = (run: () => void): void => {
      if (ids.length === 0) toast({ text: "Select a task first." });
      else run();
    };
    return {
      add: () => {
        const parentId = (last && live.state.tasks.get(last)?.parentId) ?? null;
        return attempt("task.add", (tx) => addTask(tx, live, { parentId, after: last ?? live.state.children.of(null).at(-1) ?? null }, { name: "New task" }));
      },
      remove: () =>
        some(() => {
          const count = topmost(live.state, ids).length;
          attempt("task.delete", (tx) => removeTasks(tx, live, ids));
          toast({ text: count === 1 ? "Task deleted" : `${count} tasks deleted`, action: { label: "Undo", run: () => guarded(() => live.undo()) } });
        }),
      indent: () => some(() => void attempt("task.indent", (tx) => indentTasks(tx, live, ids))),
      outdent: () => some(() => void attempt("task.outdent", (tx) => outdentTasks(tx, live, ids))),
      step: (direction) => some(() => last && attempt("task.reorder", (tx) => stepTask(tx, live, last, direction))),
      link: () => void attempt("link.add", (tx) => chainTasks(tx, live, ids)),
      unlink: () =>
        some(() => {
          const chosen = new Set(ids);
          attempt("link.delete", (tx) => {
            for (const [id, link] of live.state.dependencies)
              if (ids.length === 1 ? chosen.has(link.toTask) || chosen.has(link.fromTask) : chosen.has(link.toTask) && chosen.has(link.fromTask))
                tx.remove("dependencies", id);
          });
        }),
      undo: () => guarded(() => live.undo()),
      redo: () => guarded(() => live.redo()),
    };
  }, [live, selected, toast]);
}
