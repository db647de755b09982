import type { LiveProject } from "@livegantt/client";
import { formatDuration, formatPredecessors } from "@livegantt/svar";
import { Flag, MessageSquare, StickyNote, TriangleAlert } from "lucide-react";
import type { FC, ReactNode } from "react";

/** What the grid hands to a cell: the row, of which the id is all that is needed. Values are read from the plan when drawn. */
export type CellProps = { readonly row: { readonly id: string | number } };
export type Cell = FC<CellProps>;

const dayFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "2-digit", month: "short", year: "2-digit" });

/** A wall-clock date as the grid shows it; the machine's zone plays no part. */
const formatDay = (wall: string): string => {
  const at = Date.parse(`${wall}Z`);
  return Number.isNaN(at) ? "" : dayFormat.format(at);
};

export function cellsOf(live: LiveProject): Readonly<Record<"wbs" | "text" | "duration" | "start" | "end" | "predecessors" | "progress", Cell>> {
  const scheduleOf = (id: string | number) => live.schedule.tasks.get(String(id));
  const cell =
    (className: string, read: (id: string) => ReactNode): Cell =>
    ({ row }) => <span className={className}>{read(String(row.id))}</span>;
  return {
    wbs: cell("cell-wbs", (id) => scheduleOf(id)?.wbs),
    text: ({ row }) => <NameCell live={live} id={String(row.id)} />,
    duration: cell("cell-number", (id) => {
      const shown = scheduleOf(id);
      return shown && !shown.milestone ? formatDuration(shown.duration, shown.durationUnit) : "";
    }),
    start: cell("cell-number", (id) => formatDay(scheduleOf(id)?.startDate ?? "")),
    end: cell("cell-number", (id) => formatDay(scheduleOf(id)?.endDate ?? "")),
    predecessors: cell("cell-text", (id) => formatPredecessors(live, id)),
    progress: cell("cell-number", (id) => `${Math.round(scheduleOf(id)?.percentDone ?? 0)} %`),
  };
}

/** Who works on a task; units are told where they are not all of the person's time. */
export function resourceText({ state }: Pick<LiveProject, "state">, task: string): string {
  return [...state.assignmentsOfTask.of(task)]
    .map((id) => {
      const assignment = state.assignments.get(id);
      const name = (assignment && state.resources.get(assignment.resource)?.name) || "";
      const units = assignment?.units ?? 100;
      return units === 100 ? name : `${name} ${units} %`;
    })
    .filter((text) => text !== "")
    .join(", ");
}

function NameCell({ live, id }: { readonly live: LiveProject; readonly id: string }): ReactNode {
  const task = live.state.tasks.get(id);
  const shown = live.schedule.tasks.get(id);
  if (!task || !shown) return null;
  const late = task.deadlineDate != null && shown.endDate > task.deadlineDate;
  return (
    <span className={`cell-name${shown.summary ? " summary" : ""}${task.inactive ? " inactive" : ""}`}>
      <span className="cell-name-text">{task.name || "Unnamed task"}</span>
      {late && <TriangleAlert size={13} className="late" aria-label="Misses its deadline" />}
      {task.constraintType != null && <Flag size={12} className="hint" aria-label="Has a constraint" />}
      {task.note && <StickyNote size={12} className="hint" aria-label="Has notes" />}
      {live.state.commentsOfTask.has(id) && <MessageSquare size={12} className="hint" aria-label="Has comments" />}
    </span>
  );
}
