/** The part of SVAR Gantt's API that the adapter stands on, structurally, so that a consumer's compiler needs none of SVAR's own typings here. */
export interface SvarApi {
  exec(action: string, params?: unknown): Promise<unknown>;
  on(action: string, callback: (event: SvarEvent) => unknown, config?: { tag?: unknown }): void;
  intercept(action: string, callback: (event: SvarEvent) => unknown, config?: { tag?: unknown }): void;
  detach(tag: unknown): void;
  getState(): unknown;
  getTable(waitRender: true): unknown;
}

/** An action of the chart. Which members stand there depends on the action. */
export interface SvarEvent {
  id?: string | number;
  task?: Partial<ChartRow> & { readonly [field: string]: unknown };
  link?: { id?: string | number; source?: string | number; target?: string | number; type?: unknown; lag?: number };
  target?: string | number | null;
  mode?: unknown;
  diff?: number;
  inProgress?: boolean;
  eventSource?: string;
  select?: boolean;
  show?: unknown;
  focus?: unknown;
  left?: number;
  width?: number;
  column?: string | number;
  value?: unknown;
  ignore?: boolean;
}

/** The grid inside the chart: its own action bus. */
export interface SvarTable {
  on(action: string, callback: (event: SvarEvent) => unknown, config?: { tag?: unknown }): void;
  intercept(action: string, callback: (event: SvarEvent) => unknown, config?: { tag?: unknown }): void;
  detach(tag: unknown): void;
  getState(): { readonly editor?: { readonly id: string | number; readonly column: string | number } | null };
}

/** A row as the chart keeps it. Immutable: the chart replaces it. */
export interface ChartRow {
  readonly id: string;
  /** `0`: the top level. */
  readonly parent: string | 0;
  readonly text: string;
  readonly start: Date;
  /** Absent on milestones: the chart hides a bar without length. */
  readonly end: Date | undefined;
  readonly type: string;
  readonly progress: number;
  readonly open?: boolean;
}

/** A row in the chart's tree, with its children in order and the pixels it was drawn at. */
export interface TreeRow extends ChartRow {
  readonly data?: readonly TreeRow[] | null;
  readonly $x?: number;
  readonly $w?: number;
}

export interface ChartLink {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly lag: number;
}

export interface ChartScale {
  readonly start: Date;
  readonly end: Date;
  readonly lengthUnit: string;
  readonly width: number;
  diff(end: Date, start: Date, unit: string): number;
}

/** What the adapter reads of the chart's state. */
export interface ChartState {
  readonly tasks: { byId(id: string | 0): TreeRow | undefined };
  readonly links: { byId(id: string): ChartLink | undefined };
  readonly selected: readonly string[];
  readonly lengthUnit: string;
  readonly cellWidth: number;
  readonly scrollLeft: number;
  readonly scrollTop: number;
  readonly cellHeight: number;
  /** Rows that are not inside a closed summary, in order. */
  readonly _tasks: readonly TreeRow[];
  readonly _chartWidth?: number;
  readonly _chartHeight?: number;
  /** Height of the chart's horizontal scroll bar. */
  readonly _scrollSize?: number;
  readonly _scales: ChartScale;
}

export const stateOf = (api: SvarApi): ChartState => api.getState() as ChartState;
