import type { Json } from "@livegantt/core";
import type { ModelLike, ProjectLike } from "./types.ts";

export const msPerMinute = 60_000;

interface SegmentLike {
  readonly id: string | number;
  readonly startOffset?: number;
  readonly endOffset?: number;
  readonly data?: { readonly startOffset?: number; readonly endOffset?: number };
}

/** Bryntum's segments as the wire has them: offset and duration in working minutes from the task's start. `null` for a task in one piece. */
export function readSegments(task: ModelLike): Json {
  const segments = task.get("segments") as readonly SegmentLike[] | null | undefined;
  if (!segments || segments.length < 2) return null;
  return segments.map((segment) => {
    const start = segment.data?.startOffset ?? segment.startOffset ?? 0;
    const end = segment.data?.endOffset ?? segment.endOffset ?? start;
    return { id: String(segment.id), offset: Math.round(start / msPerMinute), duration: Math.round((end - start) / msPerMinute) };
  });
}

function minutesPerUnit(project: ProjectLike, unit: string): number {
  const hours = Number(project.get("hoursPerDay") ?? 24);
  const days = Number(project.get("daysPerWeek") ?? 7);
  const month = Number(project.get("daysPerMonth") ?? 30);
  const day = hours * 60;
  const table: Record<string, number> = { minute: 1, hour: 60, day, week: day * days, month: day * month, quarter: day * month * 3, year: day * month * 12 };
  return table[unit] ?? day;
}

/** Segments for Bryntum, lengths in the task's own unit. */
export function segmentsForChart(project: ProjectLike, task: ModelLike, value: Json | undefined, unit: Json | undefined): unknown {
  if (!Array.isArray(value)) return null;
  const durationUnit = typeof unit === "string" ? unit : String(task.get("durationUnit") ?? "day");
  const perUnit = minutesPerUnit(project, durationUnit);
  return (value as readonly { id: string; offset: number; duration: number }[]).map(({ id, offset, duration }) => ({
    id,
    startOffset: offset * msPerMinute,
    endOffset: (offset + duration) * msPerMinute,
    duration: duration / perUnit,
    durationUnit,
  }));
}
