import { formatWallClock, wallClockAt } from "@livegantt/core";
import { useLive, useSelections } from "@livegantt/react";
import { type ChartState, chartXOfWall } from "@livegantt/svar";
import type { IApi } from "@svar-ui/react-gantt";
import { type CSSProperties, type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

/** Lines and ghosts over the bars: today, and bars that somebody else drags right now. Lives inside the chart's own scrolling area. */
export function ChartOverlay({ api, container }: { readonly api: IApi; readonly container: HTMLElement }): ReactNode {
  const live = useLive();
  const selections = useSelections();
  const area = useArea(container);
  useChartVersion(api);
  const now = useNow(live?.state.project.timeZone);
  if (!live || !area) return null;
  const state = api.getState() as unknown as ChartState;
  const ghosts = selections.filter((selection) => selection.ghost && selection.taskId !== null && selection.clientId !== live.clientId);
  return createPortal(
    <div className="chart-overlay" aria-hidden="true">
      <div className="today-line" style={{ left: chartXOfWall(state, now) }} />
      {ghosts.map(({ clientId, userName, color, taskId, ghost }) => {
        const row = taskId === null ? undefined : (state.tasks.byId(taskId) as { $y?: number; $h?: number } | undefined);
        if (!row || !ghost || row.$y === undefined) return null;
        const left = chartXOfWall(state, ghost.startDate);
        const style = {
          left,
          width: Math.max(6, chartXOfWall(state, ghost.endDate) - left),
          top: row.$y,
          height: row.$h,
          "--lg-user-color": color,
        } as CSSProperties;
        return (
          <div key={clientId} className="ghost" style={style} data-testid="ghost">
            <span>{userName}</span>
          </div>
        );
      })}
    </div>,
    area,
  );
}

/** The chart's scrolling area: there once the chart was drawn for the first time. */
function useArea(container: HTMLElement): Element | null {
  const [area, setArea] = useState<Element | null>(() => container.querySelector(".wx-area"));
  useEffect(() => {
    const found = container.querySelector(".wx-area");
    if (found) {
      setArea(found);
      return;
    }
    const observer = new MutationObserver(() => {
      const appeared = container.querySelector(".wx-area");
      if (!appeared) return;
      observer.disconnect();
      setArea(appeared);
    });
    observer.observe(container, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [container]);
  return area;
}

let version = 0;

/** Renders again when the chart was drawn anew: other scale, other rows. */
function useChartVersion(api: IApi): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const { _scales, _tasks } = api.getReactiveState() as unknown as Record<string, { subscribe(run: () => void): () => void }>;
      const changed = (): void => {
        version += 1;
        listener();
      };
      const stops = [_scales?.subscribe(changed), _tasks?.subscribe(changed)];
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    [api],
  );
  return useSyncExternalStore(subscribe, () => version);
}

/** Now as clocks of the project's zone show it, or of this machine where the project has none; moves on every minute. */
function useNow(timeZone: string | null | undefined): string {
  const read = (): string => formatWallClock(wallClockAt(Date.now(), timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [now, setNow] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` depends on the zone alone
  useEffect(() => {
    setNow(read());
    const timer = setInterval(() => setNow(read()), 60_000);
    return () => clearInterval(timer);
  }, [timeZone]);
  return now;
}
