import type { LiveProject } from "@livegantt/client";
import { useCollectionVersion, useProject } from "@livegantt/react";
import { bindSvar, type ChartState, chartData, chartDate, chartX, mayEdit, mendSvar, type SvarApi, taskTypes, toDate, toWall } from "@livegantt/svar";
import { Locale } from "@svar-ui/react-core";
import { Gantt, type IApi, Willow } from "@svar-ui/react-gantt";
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import { barContentOf } from "./BarContent.tsx";
import { ChartOverlay } from "./ChartOverlay.tsx";
import { collapsedIn, keepCollapsed } from "./collapsed.ts";
import { columnsOf } from "./columns.ts";
import { type Range, rangeOf } from "./range.ts";
import { useLinkDrag } from "./useLinkDrag.ts";
import { shadingOf } from "./workdays.ts";
import { zoomLevels } from "./zoom.ts";

/** What the page asks of the chart. */
export interface ChartHandle {
  select(taskId: string): void;
  scrollToDate(date: Date): void;
  scrollToTask(taskId: string): void;
  /** Width of the part with the bars, in pixels. */
  width(): number;
  setOpen(open: boolean): void;
}

export interface GanttChartProps {
  readonly live: LiveProject;
  readonly level: number;
  readonly wide: boolean;
  readonly critical: boolean;
  readonly baselines: boolean;
  readonly search: string;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly onOpenTask: (id: string) => void;
  readonly onError: (error: unknown) => void;
  readonly onChangedMeanwhile: (event: { readonly taskId: string; readonly by: string | undefined; readonly deleted: boolean }) => void;
  readonly ref?: Ref<ChartHandle>;
}

/** Weeks begin on Monday (ISO 8601), and dates are written as the grid shows them. */
const words = { calendar: { weekStart: 1 }, formats: { dateFormat: "%d %M %y" } };
const rowHeight = 36;
const scaleHeight = 30;

/** The tree grid and the bars of one project. Rows go in once; from then on the adapter keeps them. */
export function GanttChart({
  live,
  level,
  wide,
  critical,
  baselines,
  search,
  onSelect,
  onOpenTask,
  onError,
  onChangedMeanwhile,
  ref,
}: GanttChartProps): ReactNode {
  const container = useRef<HTMLDivElement>(null);
  const [api, setApi] = useState<IApi | null>(null);
  const editable = mayEdit(live);
  const zoom = zoomLevels[level] ?? zoomLevels[0];
  const calendars = useCollectionVersion("calendars");
  const projectCalendar = useProject((plan) => plan.state.project.calendar ?? "", "");
  // The identity of each of these is what the chart compares: a new one makes it start over.
  const data = useMemo(() => chartData(live, collapsedIn(live.projectId)), [live]);
  const columns = useMemo(() => columnsOf(live, wide, editable), [live, wide, editable]);
  const template = useMemo(() => barContentOf(live), [live]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: compiled anew when a calendar or the choice of one changed
  const shading = useMemo(() => shadingOf(live), [live, calendars, projectCalendar]);
  const range = useRange();

  const callbacks = useRef({ onSelect, onOpenTask, onError, onChangedMeanwhile });
  callbacks.current = { onSelect, onOpenTask, onError, onChangedMeanwhile };
  const snap = useRef(1440);
  snap.current = zoom?.snapMinutes ?? 1440;

  useEffect(() => {
    if (!api) return;
    return bindSvar(live, api as unknown as SvarApi, {
      onSelect: (ids) => callbacks.current.onSelect(ids),
      onOpenTask: (id) => callbacks.current.onOpenTask(id),
      onError: (error) => callbacks.current.onError(error),
      onChangedMeanwhile: (event) => callbacks.current.onChangedMeanwhile(event),
      snapMinutes: () => snap.current,
      editingText: (name) => `${name} is editing`,
    });
  }, [api, live]);

  useEffect(() => {
    if (api) return keepCollapsed(live.projectId, api);
  }, [api, live]);
  useEffect(() => {
    if (container.current) return mendSvar(container.current, "Tasks");
  }, []);
  useLinkDrag(api, container, live, callbacks);

  const needle = search.trim().toLowerCase();
  const searched = useRef(false);
  useEffect(() => {
    if (!api || (needle === "" && !searched.current)) return;
    searched.current = needle !== "";
    void api.exec("filter-tasks", needle === "" ? {} : { filter: (row: { text?: string }) => (row.text ?? "").toLowerCase().includes(needle), open: true });
  }, [api, needle]);

  useImperativeHandle(
    ref,
    () => ({
      select: (taskId) => void api?.exec("select-task", { id: taskId, show: true, focus: "grid" }),
      scrollToDate: (date) => void api?.exec("scroll-chart", { date }),
      scrollToTask: (taskId) => {
        const row = api?.getTask(taskId) as { start?: Date } | undefined;
        if (row?.start) void api?.exec("scroll-chart", { date: new Date(row.start.getTime() - 3 * 86_400_000) });
        void api?.exec("select-task", { id: taskId, show: true });
      },
      width: () => container.current?.querySelector(".wx-chart")?.clientWidth ?? 800,
      setOpen: (open) => {
        for (const id of live.state.tasks.keys())
          if (live.state.children.has(id) && (api?.getTask(id)?.open ?? false) !== open) void api?.exec("open-task", { id, mode: open });
      },
    }),
    [api, live],
  );

  useScrollKept(api, range.start);
  useFirstView(api, live);
  useDateKept(api, level);
  const init = useCallback((ready: IApi) => {
    guardKeys(ready);
    setApi(ready);
  }, []);

  return (
    <div ref={container} className={`chart${critical ? " show-critical" : ""}${baselines ? " show-baselines" : ""}`} data-testid="chart">
      <Locale words={words}>
        <Willow fonts={false}>
          <Gantt
            init={init}
            tasks={data.tasks as never}
            links={data.links as never}
            columns={columns}
            taskTypes={taskTypes as never}
            taskTemplate={template as never}
            scales={zoom?.scales as never}
            cellWidth={zoom?.cellWidth ?? 26}
            cellHeight={rowHeight}
            scaleHeight={scaleHeight}
            lengthUnit="hour"
            durationUnit="hour"
            start={range.start}
            end={range.end}
            autoScale={false}
            highlightTime={shading as never}
            gridWidth={wide ? 668 : 430}
            cellBorders="column"
            readonly={!editable}
            zoom={false}
          />
        </Willow>
      </Locale>
      {api && container.current && <ChartOverlay api={api} container={container.current} />}
    </div>
  );
}

/** The chart's own shortcuts act on one row after the other and know no question; the page has its own. Arrows, copy and paste stay with the chart. */
const chartKeys = new Set(["arrowup", "arrowdown", "ctrl+c", "ctrl+x", "ctrl+v"]);
function guardKeys(api: IApi): void {
  api.intercept("hotkey", ({ key }: { key: string }) => chartKeys.has(key));
}

/** Widens with the plan and otherwise stays the very same object. */
function useRange(): Range {
  const last = useRef<Range>(undefined);
  const project = useProject(
    (plan) => {
      last.current = rangeOf(plan.schedule.projectStart, plan.schedule.projectEnd, last.current);
      return last.current;
    },
    null as Range | null,
  );
  return project ?? last.current ?? rangeOf("2026-01-01T00:00:00", "2026-12-31T00:00:00");
}

/** When the range grows to the left, everything moves to the right: the view goes along, so that nobody loses the place. */
function useScrollKept(api: IApi | null, start: Date): void {
  const before = useRef(start);
  useEffect(() => {
    const shifted = before.current;
    before.current = start;
    if (!api || shifted === start) return;
    const state = api.getState() as unknown as {
      scrollLeft: number;
      cellWidth: number;
      _scales: { lengthUnit: string; diff(a: Date, b: Date, unit: string): number };
    };
    const pixels = state._scales.diff(shifted, start, state._scales.lengthUnit) * state.cellWidth;
    void api.exec("scroll-chart", { left: state.scrollLeft + pixels });
  }, [api, start]);
}

/** A plan that is under way opens at today, another one at its start. */
function useFirstView(api: IApi | null, live: LiveProject): void {
  useEffect(() => {
    if (!api) return;
    const { projectStart, projectEnd } = live.schedule;
    const today = toWall(new Date());
    const before = today > projectStart && today < projectEnd ? 10 : 3;
    const date = new Date(toDate(before === 10 ? today : projectStart).getTime() - before * 86_400_000);
    // The chart knows its width after its first drawing.
    const timer = setTimeout(() => void api.exec("scroll-chart", { date }), 30);
    return () => clearTimeout(timer);
  }, [api, live]);
}

/** Zooming keeps the date in the middle. It is read before the chart takes the new scale, and found again after. */
function useDateKept(api: IApi | null, level: number): void {
  const shown = useRef(level);
  const middle = useRef<Date>(undefined);
  useLayoutEffect(() => {
    if (!api || shown.current === level) return;
    const state = chartState(api);
    middle.current = chartDate(state, state.scrollLeft + (state._chartWidth ?? 0) / 2);
  }, [api, level]);
  useEffect(() => {
    if (!api || shown.current === level) return;
    shown.current = level;
    const state = chartState(api);
    if (middle.current) void api.exec("scroll-chart", { left: Math.max(0, chartX(state, middle.current) - (state._chartWidth ?? 0) / 2) });
  }, [api, level]);
}

const chartState = (api: IApi): ChartState => api.getState() as unknown as ChartState;
