/**
 * The parts of Bryntum Gantt that this package touches, by shape. Bryntum is a peer with a licence of its own: nothing here imports it, so the package compiles and
 * loads without it, and works with whichever build (module, UMD, trial) the page has.
 */

/** Bryntum's `{ eventName: handler, thisObj, once }`. */
export interface ListenerConfig {
  readonly thisObj?: object;
  readonly once?: boolean;
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler may return false to veto, or nothing
  readonly [event: string]: ((event: never) => unknown | void) | object | boolean | undefined;
}

export interface EventSource {
  on(listeners: ListenerConfig): unknown;
}

export interface FieldLike {
  readonly name: string;
  readonly type?: string;
  readonly persist?: boolean;
  readonly defaultValue?: unknown;
}

export interface ModelClassLike {
  readonly allFields: readonly FieldLike[];
  addField?(field: { readonly name: string }): unknown;
}

export interface ModelLike {
  readonly id: string | number;
  readonly isLeaf?: boolean;
  readonly isRoot?: boolean;
  readonly parent?: ModelLike | null;
  readonly children?: readonly ModelLike[] | null | boolean;
  /** Children in the order of the tree, whatever the view sorts or filters. */
  readonly orderedChildren?: readonly ModelLike[] | null;
  readonly hasBaselines?: boolean;
  get(field: string): unknown;
  set(values: Record<string, unknown>): unknown;
  getData?(field: string): unknown;
  remove(): unknown;
  insertChild?(
    child: ModelLike | Record<string, unknown>,
    before?: ModelLike | null,
    silent?: boolean,
    options?: { readonly orderedBeforeNode?: ModelLike | null },
  ): unknown;
}

export interface StoreLike extends EventSource {
  readonly modelClass: ModelClassLike;
  readonly records: readonly ModelLike[];
  readonly allRecords?: readonly ModelLike[];
  readonly rootNode?: ModelLike;
  readonly isSorted?: boolean;
  readonly isFiltered?: boolean;
  convertEmptyParentToLeaf?: boolean | object;
  wbsMode?: unknown;
  useOrderedTreeForWbs?: boolean;
  getById(id: string | number): ModelLike | null | undefined;
  add(records: Record<string, unknown> | readonly Record<string, unknown>[]): unknown;
  remove(records: ModelLike | readonly ModelLike[]): unknown;
}

export interface StmLike extends EventSource {
  readonly enabled: boolean;
  readonly isRecording?: boolean;
  /** How many recorded transactions stand. */
  readonly position?: number;
  enable(): void;
  disable(): void;
  stopTransaction(title?: string): void;
}

export interface ProjectLike extends EventSource {
  readonly isProjectModel?: boolean;
  readonly isDestroyed?: boolean;
  readonly taskStore: StoreLike;
  readonly dependencyStore: StoreLike;
  readonly resourceStore: StoreLike;
  readonly assignmentStore: StoreLike;
  readonly calendarManagerStore: StoreLike;
  readonly stm?: StmLike;
  readonly loadUrl?: string | null;
  readonly isCrudManagerLoading?: boolean;
  readonly isCommitting?: boolean;
  readonly startDate?: Date | null;
  allowPostponedConflicts?: boolean;
  autoPostponeConflicts?: boolean;
  get(field: string): unknown;
  set(values: Record<string, unknown>): unknown;
  setCalendar?(calendar: ModelLike | string | null): unknown;
  isEngineReady?(): boolean;
  commitAsync(): Promise<unknown>;
  acceptChanges(): void;
  queue<T>(work: () => T | Promise<T>): Promise<T> | undefined;
  load?(): Promise<unknown>;
  loadInlineData?(data: object): Promise<unknown>;
}

/** `change` of a project: what one of its stores did. */
export interface ProjectChange {
  readonly store?: StoreLike;
  readonly action: string;
  readonly record?: ModelLike;
  readonly records?: readonly ModelLike[];
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly oldParent?: ModelLike;
  readonly parent?: ModelLike;
}

export interface WidgetLike {
  readonly id?: string;
  readonly element: HTMLElement;
  readonly isDestroyed?: boolean;
  html?: string;
  items?: unknown;
  readonly widgetMap?: Readonly<Record<string, WidgetLike>>;
  hide?(): unknown;
  show?(): unknown;
  destroy?(): void;
}

export interface ColumnLike extends ModelLike {
  readonly field?: string;
  renderer?: ((context: CellContext) => unknown) | null;
}

export interface CellContext {
  readonly record: ModelLike;
  readonly cellElement: HTMLElement;
  readonly column: ColumnLike;
  readonly value: unknown;
}

export interface TaskContext {
  readonly taskRecord: ModelLike;
  readonly renderData: { cls: unknown; style: unknown; wrapperCls: unknown; iconCls?: unknown };
}

export type TaskRenderer = (context: TaskContext, indicators?: unknown) => unknown;

export interface GanttLike extends WidgetLike, EventSource {
  readonly isGanttBase?: boolean;
  readonly project: ProjectLike;
  readonly columns: { readonly records: readonly ColumnLike[]; readonly visibleColumns?: readonly ColumnLike[] } & EventSource;
  readonly selectedRecords?: readonly ModelLike[];
  taskRenderer?: TaskRenderer | null;
  refresh(): void;
  getRowFor?(record: ModelLike | string): unknown;
}
