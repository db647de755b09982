import type { LiveProject, PresentUser } from "@livegantt/client";
import { ConflictDialog, useConnectionStatus, useLiveEvent } from "@livegantt/react";
import { mayEdit } from "@livegantt/svar";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { useStored } from "../app/stored.ts";
import { type ChartHandle, GanttChart } from "../chart/GanttChart.tsx";
import { levelToFit, startLevel, zoomLevels } from "../chart/zoom.ts";
import { TaskEditor } from "../editor/TaskEditor.tsx";
import { HistorySide } from "../panels/HistorySide.tsx";
import { ProblemsPanel } from "../panels/ProblemsPanel.tsx";
import { SettingsDialog } from "../panels/SettingsDialog.tsx";
import { useToast } from "../ui/Toasts.tsx";
import { AccessBanner } from "./AccessBanner.tsx";
import { EmptyPlan } from "./EmptyPlan.tsx";
import { ProjectHeader } from "./ProjectHeader.tsx";
import type { Panel } from "./panel.ts";
import { ShortcutSheet } from "./ShortcutSheet.tsx";
import { Toolbar, type View } from "./Toolbar.tsx";
import { messageOf, useEdits } from "./useEdits.ts";
import { useNotices } from "./useNotices.ts";
import { type Shortcut, useShortcuts } from "./useShortcuts.ts";
import { useUnsavedGuard } from "./useUnsavedGuard.ts";
import { useWide } from "./useWide.ts";

/** The whole page of one plan. */
export function ProjectView({ live }: { readonly live: LiveProject }): ReactNode {
  const toast = useToast();
  const chart = useRef<ChartHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const wide = useWide();
  const [level, setLevel] = useStored("livegantt.zoom", String(startLevel));
  const [view, setView] = useState<Omit<View, "level">>({ critical: false, baselines: false, search: "" });
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [panel, setPanel] = useState<Panel>();
  const [inbox, setInbox] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [settings, setSettings] = useState(false);
  const edits = useEdits(live, selected);
  const editable = mayEdit(live);
  // The role is known once the connection stands.
  useConnectionStatus();
  const zoomLevel = Math.min(zoomLevels.length - 1, Math.max(0, Number(level) || 0));
  useNotices(live);
  useUnsavedGuard(live);

  const onError = useCallback((error: unknown) => toast({ text: messageOf(error), tone: "error" }), [toast]);
  const onChangedMeanwhile = useCallback(
    ({ taskId, by, deleted }: { readonly taskId: string; readonly by: string | undefined; readonly deleted: boolean }) => {
      const name = live.state.tasks.get(taskId)?.name ?? "The task";
      toast({
        text: deleted
          ? `${name} was deleted by ${by ?? "somebody"} while you worked on it`
          : `${name} was changed by ${by ?? "somebody"} while you worked on it`,
      });
    },
    [live, toast],
  );
  useLiveEvent(
    "conflict",
    useCallback(
      () =>
        toast({
          text: "Somebody changed the same thing before your edit arrived. Both values are kept.",
          action: { label: "Choose", run: () => setInbox(true) },
        }),
      [toast],
    ),
  );
  useLiveEvent(
    "rejected",
    useCallback((edit: { message: string }) => toast({ text: edit.message, tone: "error", action: { label: "Show", run: () => setInbox(true) } }), [toast]),
  );

  const onView = useCallback(
    ({ level: next, ...rest }: Partial<View>) => {
      if (next !== undefined) setLevel(String(next));
      setView((before) => ({ ...before, ...rest }));
    },
    [setLevel],
  );
  const openTask = useCallback((id: string) => {
    setSelected([id]);
    setPanel("task");
  }, []);
  const showTask = useCallback((id: string) => chart.current?.scrollToTask(id), []);
  const add = (): void => {
    const id = edits.add();
    // The row is on screen after the next drawing.
    if (id) requestAnimationFrame(() => requestAnimationFrame(() => chart.current?.select(id)));
  };
  const today = (): void => chart.current?.scrollToDate(new Date(Date.now() - 5 * 86_400_000));
  const fit = (): void => {
    const { projectStart, projectEnd } = live.schedule;
    const days = (Date.parse(`${projectEnd}Z`) - Date.parse(`${projectStart}Z`)) / 86_400_000 + 4;
    setLevel(String(levelToFit(days, chart.current?.width() ?? 800)));
    // Once the chart has the other scale.
    setTimeout(() => chart.current?.scrollToDate(new Date(Date.parse(projectStart) - 2 * 86_400_000)), 60);
  };
  const capture = (): void => {
    live.captureBaseline(0);
    setView((before) => ({ ...before, baselines: true }));
    toast({ text: "The baseline is what the plan says now", tone: "success" });
  };
  const follow = useCallback(
    (user: PresentUser) => {
      const task = live.selections.get(user.clientId)?.taskId ?? user.activeTask;
      if (task && live.state.tasks.has(task)) showTask(task);
      else toast({ text: `${user.name} has nothing selected` });
    },
    [live, showTask, toast],
  );

  const shortcuts: readonly Shortcut[] = [
    ...(editable
      ? [
          { keys: ["Insert", "N"], what: "New task below", run: add },
          { keys: ["Del"], what: "Delete the selected tasks", run: edits.remove },
          { keys: ["Alt+Shift+→"], what: "Indent", run: edits.indent },
          { keys: ["Alt+Shift+←"], what: "Outdent", run: edits.outdent },
          { keys: ["Alt+Shift+↑"], what: "Move up", run: () => edits.step("up") },
          { keys: ["Alt+Shift+↓"], what: "Move down", run: () => edits.step("down") },
          { keys: ["L"], what: "Link the selected tasks", run: edits.link },
          { keys: ["Ctrl+Z"], what: "Undo", run: edits.undo },
          { keys: ["Ctrl+Y", "Ctrl+Shift+Z"], what: "Redo", run: edits.redo },
        ]
      : []),
    { keys: ["E"], what: "Open the selected task", run: () => selected.length > 0 && setPanel("task") },
    { keys: ["Escape"], what: "Close the side panel", run: () => setPanel(undefined) },
    { keys: ["+", "="], what: "Zoom in", run: () => onView({ level: Math.max(0, zoomLevel - 1) }) },
    { keys: ["−"], what: "Zoom out", run: () => onView({ level: Math.min(zoomLevels.length - 1, zoomLevel + 1) }) },
    { keys: ["F"], what: "Fit the plan into the window", run: fit },
    { keys: ["T"], what: "Go to today", run: today },
    { keys: ["C"], what: "Critical path", run: () => onView({ critical: !view.critical }) },
    { keys: ["B"], what: "Baseline", run: () => onView({ baselines: !view.baselines }) },
    { keys: ["/", "Ctrl+F"], what: "Find a task", run: () => search.current?.focus() },
    { keys: ["P"], what: "Problems", run: () => setPanel((was) => (was === "problems" ? undefined : "problems")) },
    { keys: ["H"], what: "History", run: () => setPanel((was) => (was === "history" ? undefined : "history")) },
    { keys: ["?"], what: "This sheet", run: () => setSheet(true) },
  ];
  useShortcuts(shortcuts);

  const taskId = selected.at(-1);
  const close = useMemo(() => () => setPanel(undefined), []);
  return (
    <div className="project">
      <ProjectHeader
        live={live}
        panel={panel}
        onPanel={setPanel}
        onInbox={() => setInbox(true)}
        onShortcuts={() => setSheet(true)}
        onSettings={() => setSettings(true)}
        onFollow={follow}
      />
      <AccessBanner live={live} />
      <Toolbar
        edits={edits}
        editable={editable}
        selectedCount={selected.length}
        view={{ ...view, level: zoomLevel }}
        onView={onView}
        onAdd={add}
        onToday={today}
        onFit={fit}
        onOpenAll={(open) => chart.current?.setOpen(open)}
        onCapture={capture}
        searchRef={search}
      />
      <main className="workspace">
        <div className="chart-pane">
          <GanttChart
            ref={chart}
            live={live}
            level={zoomLevel}
            wide={wide}
            critical={view.critical}
            baselines={view.baselines}
            search={view.search}
            onSelect={setSelected}
            onOpenTask={openTask}
            onError={onError}
            onChangedMeanwhile={onChangedMeanwhile}
          />
          <EmptyPlan editable={editable} onAdd={add} />
        </div>
        {panel === "task" && taskId !== undefined && (
          <TaskEditor key={taskId} live={live} taskId={taskId} editable={editable} onClose={close} onShowTask={openTask} />
        )}
        {panel === "problems" && <ProblemsPanel live={live} editable={editable} onClose={close} onShowTask={showTask} />}
        {panel === "history" && <HistorySide onClose={close} taskId={taskId} live={live} />}
      </main>
      <ConflictDialog open={inbox} onClose={() => setInbox(false)} />
      {sheet && <ShortcutSheet shortcuts={shortcuts} onClose={() => setSheet(false)} />}
      {settings && <SettingsDialog live={live} editable={editable} onClose={() => setSettings(false)} />}
    </div>
  );
}
