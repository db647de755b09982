import type { LiveProject } from "@livegantt/client";
import type { Baseline } from "@livegantt/core";
import { type ChartState, chartXOfWall } from "@livegantt/svar";
import type { FC, ReactNode } from "react";
import { resourceText } from "./cells.tsx";

interface BarProps {
  readonly data: { readonly id?: string | number; readonly $x?: number; readonly $w?: number };
  readonly api: { getState(): unknown };
}

/** What stands in and around a bar: its name, who works on it, its baseline and its deadline. Read from the plan when the chart draws the bar. */
export const barContentOf =
  (live: LiveProject): FC<BarProps> =>
  ({ data, api }) => <BarContent live={live} id={String(data.id)} x={data.$x ?? 0} width={data.$w ?? 0} chart={api.getState() as ChartState} />;

interface ContentProps {
  readonly live: LiveProject;
  readonly id: string;
  readonly x: number;
  readonly width: number;
  readonly chart: ChartState;
}

const pixelsPerLetter = 6.6;

function BarContent({ live, id, x, width, chart }: ContentProps): ReactNode {
  const task = live.state.tasks.get(id);
  const shown = live.schedule.tasks.get(id);
  if (!task || !shown) return null;
  const name = task.name ?? "";
  const outside = shown.milestone || shown.summary || name.length * pixelsPerLetter + 16 > width;
  const who = resourceText(live, id);
  const after = [outside ? name : "", who].filter((text) => text !== "").join(" · ");
  const baseline = task["baselines.0"] as Baseline | null | undefined;
  return (
    <>
      {!outside && <span className="bar-name">{name}</span>}
      {after !== "" && <span className="bar-after">{after}</span>}
      {baseline?.startDate && baseline.endDate && (
        <span
          className={`bar-baseline${shown.milestone ? " point" : ""}`}
          style={{
            left: chartXOfWall(chart, baseline.startDate) - x,
            width: Math.max(2, chartXOfWall(chart, baseline.endDate) - chartXOfWall(chart, baseline.startDate)),
          }}
        />
      )}
      {task.deadlineDate && (
        <span
          className={`bar-deadline${shown.endDate > task.deadlineDate ? " missed" : ""}`}
          style={{ left: chartXOfWall(chart, task.deadlineDate) - x }}
          title="Deadline"
        />
      )}
    </>
  );
}
