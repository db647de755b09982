import { type Changeset, computeSchedule, type ProjectState } from "@livegantt/core";
import { ServerError } from "../errors.ts";
import type { Command } from "./submission.ts";

const highestBaseline = 10;

/** What a command amounts to at the server's revision: an ordinary changeset. */
export function commandPayload(state: ProjectState, { name, args }: Command): Changeset | ServerError {
  switch (name) {
    case "captureBaseline":
      return captureBaseline(state, (args as { index?: unknown } | undefined)?.index ?? 0);
    default:
      return new ServerError("unknown_command", "fix", `This server cannot carry out the command "${name.slice(0, 40)}".`, { path: "name" });
  }
}

/** Baseline `n` of every task becomes the dates of now, computed at this revision, so that it never holds half of somebody's edit. */
function captureBaseline(state: ProjectState, index: unknown): Changeset | ServerError {
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) > highestBaseline) {
    return new ServerError("invalid_value", "fix", `A baseline has a number from 0 to ${highestBaseline}.`, { path: "args.index" });
  }
  const schedule = computeSchedule(state);
  const updated = [...state.tasks.keys()].flatMap((id) => {
    const dates = schedule.tasks.get(id);
    if (!dates) return [];
    const { startDate, endDate, duration, durationUnit } = dates;
    return [{ id, changes: { [`baselines.${index}`]: { startDate, endDate, duration, durationUnit } } }];
  });
  return { tasks: { updated } };
}
