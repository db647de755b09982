import { useUndo } from "@livegantt/react";
import {
  ArrowDown,
  ArrowUp,
  CalendarDays,
  ChevronsDownUp,
  ChevronsUpDown,
  IndentDecrease,
  IndentIncrease,
  Layers,
  Link2,
  Link2Off,
  Maximize2,
  Plus,
  Redo2,
  Route,
  Search,
  Trash2,
  Undo2,
  X,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import type { ReactNode, Ref } from "react";
import { zoomLevels } from "../chart/zoom.ts";
import { Menu } from "../ui/Menu.tsx";
import { Tool } from "../ui/Tool.tsx";
import type { Edits } from "./useEdits.ts";

export interface View {
  readonly level: number;
  readonly critical: boolean;
  readonly baselines: boolean;
  readonly search: string;
}

export interface ToolbarProps {
  readonly edits: Edits;
  readonly editable: boolean;
  readonly selectedCount: number;
  readonly view: View;
  readonly onView: (change: Partial<View>) => void;
  readonly onAdd: () => void;
  readonly onToday: () => void;
  readonly onFit: () => void;
  readonly onOpenAll: (open: boolean) => void;
  readonly onCapture: () => void;
  readonly searchRef: Ref<HTMLInputElement>;
}

const size = 17;

export function Toolbar({ edits, editable, selectedCount, view, onView, onAdd, onToday, onFit, onOpenAll, onCapture, searchRef }: ToolbarProps): ReactNode {
  const { canUndo, canRedo } = useUndo();
  const off = !editable;
  const none = off || selectedCount === 0;
  const zoom = (by: number): void => onView({ level: Math.min(zoomLevels.length - 1, Math.max(0, view.level + by)) });
  return (
    <div className="toolbar" role="toolbar" aria-label="Plan">
      <button type="button" className="lg-button primary" disabled={off} onClick={onAdd} title="New task (Insert)" data-testid="new-task-button">
        <Plus size={size} aria-hidden="true" /> Task
      </button>
      <div className="tools">
        <Tool label="Outdent (Alt+Shift+←)" icon={IndentDecrease} disabled={none} onClick={edits.outdent} testId="outdent-button" />
        <Tool label="Indent (Alt+Shift+→)" icon={IndentIncrease} disabled={none} onClick={edits.indent} testId="indent-button" />
        <Tool label="Move up (Alt+Shift+↑)" icon={ArrowUp} disabled={none} onClick={() => edits.step("up")} testId="up-button" />
        <Tool label="Move down (Alt+Shift+↓)" icon={ArrowDown} disabled={none} onClick={() => edits.step("down")} testId="down-button" />
      </div>
      <div className="tools">
        <Tool label="Link the selected tasks (L)" icon={Link2} disabled={off || selectedCount < 2} onClick={edits.link} testId="link-button" />
        <Tool label="Remove links of the selected tasks" icon={Link2Off} disabled={none} onClick={edits.unlink} testId="unlink-button" />
        <Tool label="Delete (Del)" icon={Trash2} disabled={none} onClick={edits.remove} testId="delete-button" />
      </div>
      <div className="tools">
        <Tool label="Undo (Ctrl+Z)" icon={Undo2} disabled={off || !canUndo} onClick={edits.undo} testId="undo-button" />
        <Tool label="Redo (Ctrl+Y)" icon={Redo2} disabled={off || !canRedo} onClick={edits.redo} testId="redo-button" />
      </div>
      <span className="spring" />
      <div className="search">
        <Search size={15} aria-hidden="true" />
        <input
          ref={searchRef}
          type="search"
          value={view.search}
          onChange={(event) => onView({ search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              onView({ search: "" });
              event.currentTarget.blur();
            }
          }}
          placeholder="Find a task"
          aria-label="Find a task"
          data-testid="search"
        />
        {view.search !== "" && (
          <button type="button" className="icon-button small" aria-label="Clear the search" onClick={() => onView({ search: "" })}>
            <X size={13} aria-hidden="true" />
          </button>
        )}
      </div>
      <div className="tools">
        <Tool label="Today (T)" icon={CalendarDays} onClick={onToday} testId="today-button" />
        <Tool label="Fit the plan into the window (F)" icon={Maximize2} onClick={onFit} testId="fit-button" />
        <Tool label="Zoom out (−)" icon={ZoomOut} disabled={view.level >= zoomLevels.length - 1} onClick={() => zoom(1)} testId="zoom-out-button" />
        <span className="zoom-name" data-testid="zoom-level">
          {zoomLevels[view.level]?.name}
        </span>
        <Tool label="Zoom in (+)" icon={ZoomIn} disabled={view.level <= 0} onClick={() => zoom(-1)} testId="zoom-in-button" />
      </div>
      <div className="tools">
        <Tool label="Critical path (C)" icon={Route} pressed={view.critical} onClick={() => onView({ critical: !view.critical })} testId="critical-toggle" />
        <Menu
          label="Baseline"
          testId="baseline-menu"
          button={<Layers size={size} aria-hidden="true" />}
          buttonClass={`icon-button${view.baselines ? " pressed" : ""}`}
          items={[
            { label: "Show the baseline", checked: view.baselines, onSelect: () => onView({ baselines: !view.baselines }), testId: "baseline-toggle" },
            { label: "Take a new baseline now", icon: <Layers size={15} />, disabled: off, onSelect: onCapture, testId: "baseline-capture" },
          ]}
        />
        <Menu
          label="Rows"
          button={<ChevronsUpDown size={size} aria-hidden="true" />}
          items={[
            { label: "Open all", icon: <ChevronsUpDown size={15} />, onSelect: () => onOpenAll(true) },
            { label: "Close all", icon: <ChevronsDownUp size={15} />, onSelect: () => onOpenAll(false) },
          ]}
        />
      </div>
    </div>
  );
}
