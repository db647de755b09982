/** The parts of Bryntum that the tests handle, by shape: its typings are 29 MB. */
export interface Task {
  readonly id: string;
  name: string;
  duration: number;
  durationUnit: string;
  startDate: Date;
  endDate: Date;
  effort: number;
  constraintType: string | null;
  constraintDate: Date | null;
  manuallyScheduled: boolean;
  schedulingMode: string;
  percentDone: number;
  calendar: unknown;
  cls: unknown;
  parent: Task;
  children: Task[];
  orderedChildren: Task[];
  isLeaf: boolean;
  segments: { id: string; startDate: Date; endDate: Date }[] | null;
  baselines: { records: Record<string, unknown>[] };
  insertChild(child: unknown, before?: unknown): Task;
  appendChild(child: unknown): Task;
  remove(): void;
  set(values: object | string, value?: unknown): void;
  get(field: string): unknown;
  setStartDate(date: Date): Promise<void>;
  setEndDate(date: Date): Promise<void>;
  setBaseline(n: number): void;
  splitToSegments(at: Date): Promise<void>;
}

export interface Store<T> {
  readonly records: T[];
  readonly allRecords: T[];
  readonly rootNode: Task;
  readonly count: number;
  getById(id: string): T | undefined;
  add(data: unknown): T[];
  remove(records: unknown): void;
  indent(tasks: unknown[]): Promise<void>;
  outdent(tasks: unknown[]): Promise<void>;
  sort(field: string): void;
  filter(fn: (record: T) => boolean): void;
  clearSorters(): void;
  clearFilters(): void;
  on(listeners: object): () => void;
}

export interface Link {
  readonly id: string;
  lag: number;
  type: number;
  active: boolean;
  fromEvent: Task;
  toEvent: Task;
  fromTask: unknown;
}

export interface Calendar {
  readonly id: string;
  readonly intervalStore: Store<{ id: string; set(values: object): void }>;
  addInterval(interval: object): void;
}

export interface Project {
  readonly taskStore: Store<Task>;
  readonly dependencyStore: Store<Link>;
  readonly resourceStore: Store<{ readonly id: string; name: string; calendar: unknown }>;
  readonly assignmentStore: Store<{ readonly id: string; units: number }>;
  readonly calendarManagerStore: Store<Calendar>;
  readonly stm: {
    enable(): void;
    disable(): void;
    undo(): void;
    redo(): void;
    autoRecord: boolean;
    canUndo: boolean;
    canRedo: boolean;
    startTransaction(): void;
    stopTransaction(): void;
    readonly enabled: boolean;
  };
  readonly isDestroyed: boolean;
  readonly startDate: Date;
  readonly eventListeners?: Record<string, unknown[]>;
  hoursPerDay: number;
  commitAsync(): Promise<void>;
  queue<T>(work: () => T | Promise<T>): Promise<T>;
  load(): Promise<unknown>;
  loadInlineData(data: object): Promise<void>;
  setStartDate(date: Date): Promise<void>;
  on(listeners: object): () => void;
  destroy(): void;
}

interface BryntumModule {
  readonly ProjectModel: new (config?: object) => Project;
  readonly TaskModel: new (data?: object) => Task;
}

// Imported after the document was made.
export const { ProjectModel, TaskModel } = (await import("@bryntum/gantt")) as unknown as BryntumModule;
