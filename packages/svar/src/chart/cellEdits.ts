import { finishTask, moveTask } from "../edits/dates.ts";
import { parseDuration } from "../edits/durations.ts";
import { setPredecessors } from "../edits/links.ts";
import type { Plan, Writer } from "../edits/plan.ts";
import { EditError } from "../error.ts";
import { toWall, wallMinutes, wallPlus } from "../wall.ts";

export interface CellEdit {
  /** Name of the action in history. */
  readonly intent: string;
  run(tx: Writer): void;
}

/** Field that a grid column writes: for frames and conflicts. Columns that are not here are computed and cannot be typed into. */
export const fieldOfColumn: Readonly<Record<string, string>> = {
  text: "name",
  duration: "duration",
  start: "constraintDate",
  end: "duration",
  progress: "percentDone",
  predecessors: "predecessors",
};

/** Grid column that shows a field: the first that writes it. */
export const columnOfField = (field: string): string | undefined => Object.keys(fieldOfColumn).find((column) => fieldOfColumn[column] === field);

/** What a value typed into a cell means; `undefined` where nothing changes. */
export function cellEdit(plan: Plan, id: string, column: string, value: unknown): CellEdit | undefined {
  const task = plan.state.tasks.get(id);
  const shown = plan.schedule.tasks.get(id);
  if (!task || !shown) return undefined;
  switch (column) {
    case "text": {
      const name = String(value ?? "").trim();
      if (name === (task.name ?? "")) return undefined;
      return { intent: "task.rename", run: (tx) => tx.update("tasks", id, { name }) };
    }
    case "duration": {
      const text = String(value ?? "").trim();
      if (text === "" || shown.summary) return undefined;
      const { amount, unit } = parseDuration(text, task.durationUnit ?? "day");
      if (amount < 0) throw new EditError("negative_duration", "A duration cannot be negative.", { text });
      if (amount === (task.duration ?? 1) && unit === (task.durationUnit ?? "day")) return undefined;
      return { intent: "task.duration", run: (tx) => tx.update("tasks", id, { duration: amount, durationUnit: unit }) };
    }
    case "start": {
      if (!(value instanceof Date)) return undefined;
      // A day was picked: where it is the day shown already, its time stays.
      if (toWall(value).slice(0, 10) === shown.startDate.slice(0, 10)) return undefined;
      return { intent: "task.move", run: (tx) => moveTask(tx, plan, id, toWall(value)) };
    }
    case "end": {
      if (!(value instanceof Date)) return undefined;
      const day = toWall(value);
      if (day.slice(0, 10) === shown.endDate.slice(0, 10)) return undefined;
      // The whole of the picked day is meant.
      return { intent: "task.resize", run: (tx) => finishTask(tx, plan, id, wallMinutes(day) % 1440 === 0 ? wallPlus(day, 1440) : day) };
    }
    case "progress": {
      const percent = Number(
        String(value ?? "")
          .replace("%", "")
          .replace(",", ".")
          .trim(),
      );
      if (!Number.isFinite(percent) || percent < 0 || percent > 100)
        throw new EditError("not_a_percent", `"${String(value)}" is not a percentage from 0 to 100.`, { value });
      if (percent === shown.percentDone) return undefined;
      return { intent: "task.progress", run: (tx) => tx.update("tasks", id, { percentDone: percent }) };
    }
    case "predecessors":
      return { intent: "link.edit", run: (tx) => setPredecessors(tx, plan, id, String(value ?? "")) };
    default:
      return undefined;
  }
}
