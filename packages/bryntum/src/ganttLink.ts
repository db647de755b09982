import type { LiveProject } from "@livegantt/client";
import type { Binding } from "./binding.ts";
import { dateToWall } from "./dates.ts";
import { Frames } from "./frames.ts";
import { listen } from "./listen.ts";
import type { BryntumTexts } from "./texts.ts";
import type { GanttLike, ModelLike } from "./types.ts";

export interface EditInProgress {
  readonly taskId: string;
  readonly field?: string;
}

export interface LinkOptions {
  readonly frames: boolean;
  readonly texts: BryntumTexts;
  /** This person selected a task, or nothing. */
  selected(task: string | null): void;
}

interface DragContext {
  readonly taskRecords?: readonly ModelLike[];
  readonly taskRecord?: ModelLike;
  readonly startDate?: Date;
  readonly endDate?: Date;
  readonly context?: { readonly startDate?: Date; readonly endDate?: Date };
}

/** What ties one Gantt to the others on the project: it tells where this person works, shows where they work, and keeps an edit in progress from being touched. */
export class GanttLink {
  readonly gantt: GanttLike;
  readonly frames: Frames | undefined;
  /** What this person has open now. */
  editing: EditInProgress | undefined;
  readonly #live: LiveProject;
  readonly #binding: Binding;
  readonly #selected: (task: string | null) => void;
  readonly #off: () => void;
  #release: (() => void) | undefined;

  constructor(gantt: GanttLike, live: LiveProject, binding: Binding, options: LinkOptions) {
    this.gantt = gantt;
    this.#live = live;
    this.#binding = binding;
    this.#selected = (task) => options.selected(task);
    if (options.frames) this.frames = new Frames(gantt, () => live.selections, options.texts);
    // The project's queue then waits while an editor is open or a bar is dragged.
    (gantt as GanttLike & { enableTransactionalFeatures?: boolean }).enableTransactionalFeatures = true;
    const tellDrag = (event: DragContext): void => this.#drag(event);
    // Only gestures whose end is told however they end: a link that is given up with Escape tells nothing, and what is held would be held for good.
    this.#off = listen(gantt, {
      selectionChange: () => this.tellSelection(),
      startCellEdit: ({ editorContext }: { editorContext?: { record?: ModelLike; column?: { field?: string } } }) =>
        this.#open(editorContext?.record, editorContext?.column?.field),
      finishCellEdit: () => this.#close(),
      cancelCellEdit: () => this.#close(),
      beforeTaskEditShow: ({ taskRecord }: { taskRecord?: ModelLike }) => this.#open(taskRecord),
      afterTaskEdit: () => this.#close(),
      taskEditCanceled: () => this.#close(),
      taskDragStart: (event: DragContext) => this.#open(event.taskRecords?.[0] ?? event.taskRecord, undefined, "drag"),
      taskDrag: tellDrag,
      taskDrop: () => this.#close(),
      afterTaskDrop: () => this.#close(),
      taskDragAbort: () => this.#close(),
      taskResizeStart: (event: DragContext) => this.#open(event.taskRecord, "duration", "drag"),
      taskPartialResize: tellDrag,
      taskResizeEnd: () => this.#close(),
      taskSegmentDragStart: (event: DragContext) => this.#open(event.taskRecords?.[0] ?? event.taskRecord, undefined, "drag"),
      taskSegmentDrop: () => this.#close(),
      eventSegmentDragAbort: () => this.#close(),
      taskSegmentResizeStart: (event: DragContext) => this.#open(event.taskRecord, undefined, "drag"),
      taskSegmentResizeEnd: () => this.#close(),
      percentBarDragStart: (event: DragContext) => this.#open(event.taskRecord, "percentDone", "drag"),
      percentBarDrop: () => this.#close(),
      percentBarDragAbort: () => this.#close(),
      // A row is put in its place some time after it was let go; what it is dropped into must not have moved under it meanwhile.
      gridRowDragStart: ({ context }: { context?: { records?: readonly ModelLike[] } }) => this.#open(context?.records?.[0], undefined, "drag"),
      gridRowDrop: () => this.#close(),
      gridRowDragAbort: () => this.#close(),
    });
  }

  tellSelection(): void {
    if (this.editing) return;
    const [record] = this.gantt.selectedRecords ?? [];
    this.#selected(record ? String(record.id) : null);
    this.#live.select({ taskId: record ? String(record.id) : null });
  }

  destroy(): void {
    this.#off();
    this.frames?.destroy();
    this.#release?.();
    this.#release = undefined;
  }

  #open(record: ModelLike | undefined, field?: string, mode: "edit" | "drag" = "edit"): void {
    if (!record) return;
    this.#release ??= this.#binding.hold();
    this.editing = { taskId: String(record.id), ...(field === undefined ? {} : { field }) };
    this.#live.select({ ...this.editing, mode });
  }

  #drag(event: DragContext): void {
    const startDate = event.startDate ?? event.context?.startDate;
    const endDate = event.endDate ?? event.context?.endDate;
    if (!this.editing || !startDate || !endDate) return;
    this.#live.select({ ...this.editing, mode: "drag", ghost: { startDate: dateToWall(startDate), endDate: dateToWall(endDate) } });
  }

  /** The edit itself is written in the same turn or the next: only then is it captured. */
  #close(): void {
    const release = this.#release;
    this.#release = undefined;
    this.editing = undefined;
    if (release) setTimeout(release, 0);
    this.tellSelection();
  }
}
