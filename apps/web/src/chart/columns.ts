import type { LiveProject } from "@livegantt/client";
import { formatDuration, formatPredecessors } from "@livegantt/svar";
import type { IColumnConfig } from "@svar-ui/react-gantt";
import { cellsOf } from "./cells.tsx";

/** Columns of the tree grid. Ids say which edit a typed value becomes (see the adapter); sorting is off, since the order of rows is part of the plan. */
export function columnsOf(live: LiveProject, wide: boolean, editable: boolean): IColumnConfig[] {
  const cells = cellsOf(live);
  const editor = (kind: "text" | "datepicker") => (editable ? { editor: kind } : {});
  const shown = (row: { id?: string | number }) => live.schedule.tasks.get(String(row.id));
  const columns = [
    { id: "wbs", header: "#", width: 50, cell: cells.wbs },
    { id: "text", header: "Task", width: 220, flexgrow: 1, cell: cells.text, ...editor("text") },
    {
      id: "duration",
      header: "Duration",
      width: 72,
      align: "right",
      cell: cells.duration,
      getter: (row: { id?: string | number }) => {
        const schedule = shown(row);
        return schedule ? formatDuration(schedule.duration, schedule.durationUnit) : "";
      },
      ...editor("text"),
    },
    { id: "start", header: "Start", width: 84, align: "right", cell: cells.start, ...editor("datepicker") },
    ...(wide
      ? [
          { id: "end", header: "Finish", width: 84, align: "right", cell: cells.end, ...editor("datepicker") },
          {
            id: "predecessors",
            header: "After",
            width: 80,
            cell: cells.predecessors,
            getter: (row: { id?: string | number }) => formatPredecessors(live, String(row.id)),
            ...editor("text"),
          },
          { id: "progress", header: "Done", width: 58, align: "right", cell: cells.progress, ...editor("text") },
        ]
      : []),
  ];
  return columns.map((column) => ({ ...column, sort: false })) as unknown as IColumnConfig[];
}
