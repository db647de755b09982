import type { ReactNode } from "react";
import { type Choice, Combobox } from "../ui/Combobox.tsx";
import { useTaskEdits } from "./EditContext.ts";

export interface TaskPickerProps {
  readonly label: string;
  readonly exclude: ReadonlySet<string>;
  readonly onPick: (id: string) => void;
  readonly testId?: string;
}

const mostShown = 30;

/** Finds a task by number or part of its name. */
export function TaskPicker({ label, exclude, onPick, testId }: TaskPickerProps): ReactNode {
  const { live } = useTaskEdits();
  const find = (text: string): Choice[] => {
    const needle = text.toLowerCase();
    const found: Choice[] = [];
    for (const [id, task] of live.state.tasks) {
      if (exclude.has(id)) continue;
      const hint = live.schedule.tasks.get(id)?.wbs ?? "";
      if (hint.startsWith(needle) || (task.name ?? "").toLowerCase().includes(needle)) found.push({ id, label: task.name || "Unnamed task", hint });
      if (found.length > 500) break;
    }
    return found.sort((a, b) => (a.hint ?? "").localeCompare(b.hint ?? "", "en", { numeric: true })).slice(0, mostShown);
  };
  return <Combobox label={label} find={find} onPick={onPick} {...(testId ? { testId } : {})} />;
}
