import { type SvarApi, stateOf } from "./svarApi.ts";

const margin = 40;

/** Scrolls sideways to a bar that is out of view, and nowhere else. */
export function revealBar(api: SvarApi, id: string): void {
  const { tasks, scrollLeft, _chartWidth: width } = stateOf(api);
  const row = tasks.byId(id);
  if (row?.$x === undefined || row.$w === undefined || width === undefined) return;
  if (row.$x + row.$w < scrollLeft + margin || row.$x > scrollLeft + width - margin) void api.exec("scroll-chart", { left: Math.max(0, row.$x - margin) });
}

/** Scrolls up or down until the whole row is seen, and not at all where it is. */
export function revealRow(api: SvarApi, id: string): void {
  const { _tasks: rows, cellHeight, scrollTop, _chartHeight: height, _scrollSize: bar = 0 } = stateOf(api);
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0 || height === undefined) return;
  const top = at * cellHeight;
  if (top < scrollTop) void api.exec("scroll-chart", { top });
  else if (top + cellHeight > scrollTop + height) void api.exec("scroll-chart", { top: top + cellHeight - height + bar });
}
