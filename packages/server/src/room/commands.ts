import { type Changeset, captureBaseline, computeSchedule, level, type ProjectState } from "@livegantt/core";
import { ServerError } from "../errors.ts";
import type { Command } from "./submission.ts";

const highestBaseline = 10;

/** What a command amounts to at the server's revision: an ordinary changeset, computed here so that it never holds half of somebody's edit. */
export function commandPayload(state: ProjectState, { name, args }: Command): Changeset | ServerError {
  switch (name) {
    case "captureBaseline": {
      const index = (args as { index?: unknown } | undefined)?.index ?? 0;
      if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index > highestBaseline)
        return new ServerError("invalid_value", "fix", `A baseline has a number from 0 to ${highestBaseline}.`, { path: "args.index" });
      return captureBaseline(state, computeSchedule(state), index);
    }
    case "level":
      return level(state);
    default:
      return new ServerError("unknown_command", "fix", `There is no command "${name.slice(0, 40)}".`, { path: "name" });
  }
}
