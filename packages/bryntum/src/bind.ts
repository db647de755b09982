import type { LiveProject } from "@livegantt/client";
import { Binding } from "./binding.ts";
import type { GanttLike, ProjectLike } from "./types.ts";

const projectOf = (chart: GanttLike | ProjectLike): ProjectLike =>
  "taskStore" in chart && "commitAsync" in chart ? (chart as ProjectLike) : (chart as GanttLike).project;

/**
 * Binds one shared project to one Bryntum Gantt or ProjectModel: every edit of the chart becomes a changeset, every remote change appears in the chart. What the plan
 * holds replaces what the chart had loaded before. Returns the function that ends it.
 */
export function bindBryntum(live: LiveProject, chart: GanttLike | ProjectLike): () => void {
  const binding = new Binding(live, projectOf(chart));
  return () => binding.destroy();
}
