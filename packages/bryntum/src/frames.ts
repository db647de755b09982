import type { RemoteSelection } from "@livegantt/client";
import { isWallClock, wallToDate } from "./dates.ts";
import { safeColor } from "./html.ts";
import { listen } from "./listen.ts";
import type { BryntumTexts } from "./texts.ts";
import type { GanttLike, ModelLike, TaskContext } from "./types.ts";

interface Axis {
  getDistanceBetweenDates?(from: Date, to: Date): number;
}

interface RowLike {
  readonly cells?: Iterable<HTMLElement> | readonly HTMLElement[];
}

/** How a DomConfig of Bryntum looks, as far as it is made here. Text is text, never markup. */
interface DomConfig {
  readonly tag?: string;
  readonly class: string;
  readonly text?: string;
  readonly title?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly dataset?: Readonly<Record<string, string>>;
  readonly children?: readonly DomConfig[];
}

const wanted = (selection: RemoteSelection): boolean => selection.taskId !== null;

/** A chart's task renderer is replaced once, by one that asks whoever paints frames now: replacing it again and again costs Bryntum memory that it never gives back. */
interface Painter {
  frames: Frames | undefined;
}
const painters = new WeakMap<GanttLike, Painter>();

function painterOf(gantt: GanttLike): Painter {
  const known = painters.get(gantt);
  if (known) return known;
  const painter: Painter = { frames: undefined };
  const original = gantt.taskRenderer;
  gantt.taskRenderer = (context, indicators) => {
    const content = original?.call(gantt, context, indicators);
    return painter.frames ? painter.frames.frame(content, context) : content;
  };
  painters.set(gantt, painter);
  return painter;
}

/**
 * Shows where the others work: a frame around the bar, around the row's cell that is being edited, and a ghost of a bar that is being dragged. Painted by the task
 * renderer and on each `renderRow` from a map beside the records, because rows and bars are recycled.
 */
export class Frames {
  readonly #gantt: GanttLike;
  readonly #texts: BryntumTexts;
  readonly #selections: () => ReadonlyMap<string, RemoteSelection>;
  readonly #painter: Painter;
  readonly #off: () => void;
  #byTask = new Map<string, RemoteSelection[]>();
  #framed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #destroyed = false;

  constructor(gantt: GanttLike, selections: () => ReadonlyMap<string, RemoteSelection>, texts: BryntumTexts) {
    this.#gantt = gantt;
    this.#texts = texts;
    this.#selections = selections;
    this.#painter = painterOf(gantt);
    this.#painter.frames = this;
    this.#off = listen(gantt, { renderRow: (event: { readonly row: RowLike; readonly record: ModelLike }) => this.#paintRow(event.row, event.record) });
    this.update();
  }

  /** Soon, and not more than some twenty times a second: drags of others come in fast. */
  update(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#repaint();
    }, 50);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#off();
    this.#byTask.clear();
    if (this.#painter.frames === this) this.#painter.frames = undefined;
    if (this.#gantt.isDestroyed || this.#framed.size === 0) return;
    for (const id of this.#framed) this.#paintTask(id);
    this.#gantt.refresh();
  }

  #repaint(): void {
    if (this.#destroyed || this.#gantt.isDestroyed) return;
    const now = new Map<string, RemoteSelection[]>();
    for (const selection of this.#selections().values()) {
      if (!wanted(selection)) continue;
      const id = selection.taskId as string;
      now.set(id, [...(now.get(id) ?? []), selection]);
    }
    const changed = new Set([...now.keys(), ...this.#byTask.keys()]);
    this.#byTask = now;
    if (changed.size === 0) return;
    for (const id of changed) this.#paintTask(id);
    this.#gantt.refresh();
  }

  #paintTask(id: string): void {
    const row = this.#gantt.getRowFor?.(id) as RowLike | undefined;
    const record = this.#gantt.project.taskStore.getById(id);
    if (row && record) this.#paintRow(row, record);
  }

  /** What the chart's own renderer made of a bar, with the frames of those who work on it. */
  frame(content: unknown, { taskRecord }: TaskContext): unknown {
    const selections = this.#byTask.get(String(taskRecord.id));
    if (!selections) return content;
    const frames = selections.flatMap((selection) => this.#framesOf(selection, taskRecord));
    if (content == null || content === "") return frames;
    return [...(Array.isArray(content) ? content : [typeof content === "string" ? { tag: "span", class: "lg-task-text", html: content } : content]), ...frames];
  }

  #framesOf(selection: RemoteSelection, task: ModelLike): DomConfig[] {
    const color = safeColor(selection.color);
    const title = selection.mode === "drag" ? this.#texts.dragging(selection.userName) : this.#texts.editing(selection.userName);
    const frame: DomConfig = {
      class: `remote-selection lg-mode-${selection.mode ?? "select"}`,
      title,
      dataset: { client: selection.clientId },
      style: { borderColor: color, "--lg-user-color": color },
      children: [{ class: "lg-name-badge", text: selection.userName }],
    };
    const ghost = selection.ghost && this.#ghostOf(selection, task, color);
    return ghost ? [frame, ghost] : [frame];
  }

  #ghostOf(selection: RemoteSelection, task: ModelLike, color: string): DomConfig | undefined {
    const axis = (this.#gantt as GanttLike & { readonly timeAxisViewModel?: Axis }).timeAxisViewModel;
    const start = task.get("startDate");
    const { startDate, endDate } = selection.ghost ?? {};
    if (!axis?.getDistanceBetweenDates || !(start instanceof Date) || !isWallClock(startDate) || !isWallClock(endDate)) return undefined;
    const from = wallToDate(startDate);
    const left = axis.getDistanceBetweenDates(start, from);
    const width = axis.getDistanceBetweenDates(from, wallToDate(endDate));
    if (!Number.isFinite(left) || !Number.isFinite(width)) return undefined;
    return {
      class: "lg-remote-ghost",
      dataset: { client: selection.clientId },
      style: { left: `${Math.round(left)}px`, width: `${Math.max(4, Math.round(width))}px`, "--lg-user-color": color },
    };
  }

  #paintRow(row: RowLike, record: ModelLike): void {
    const id = String(record.id);
    const selections = this.#byTask.get(id);
    if (!selections && !this.#framed.has(id) && this.#framed.size === 0) return;
    for (const cell of row.cells ?? []) paintCell(cell, selections, this.#texts);
    if (selections) this.#framed.add(id);
    else this.#framed.delete(id);
  }
}

/** A recycled cell must lose a frame as surely as it gets one. The cell of the edited field is framed; where it names none, the first one carries the mark. */
function paintCell(cell: HTMLElement, selections: readonly RemoteSelection[] | undefined, texts: BryntumTexts): void {
  const column = cell.dataset.column;
  const selection = selections?.find(({ field }) => (field === undefined ? column === "name" : column === field));
  const framed = selection !== undefined;
  cell.classList.toggle("lg-remote-cell", framed);
  cell.classList.toggle("lg-remote-edit", framed && selection.mode === "edit");
  if (framed) {
    cell.style.setProperty("--lg-user-color", safeColor(selection.color));
    cell.dataset.client = selection.clientId;
    cell.dataset.user = selection.userName;
    cell.title = texts.editing(selection.userName);
  } else if (cell.dataset.client !== undefined) {
    cell.style.removeProperty("--lg-user-color");
    delete cell.dataset.client;
    delete cell.dataset.user;
    cell.removeAttribute("title");
  }
}
