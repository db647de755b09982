import { describe, expect, it } from "vitest";
import { applyChangeset } from "../changes/apply.ts";
import type { Changeset } from "../changes/changeset.ts";
import type { RecordKind } from "../model/collections.ts";
import { projectFromJSON } from "../model/load.ts";
import { computeSchedule, ScheduleEngine } from "./index.ts";

/** Stories that the simulation found, each told once. */
describe("what the simulation found", () => {
  it("V10 a task moves under a branch that is new in the same update", () => {
    const state = projectFromJSON({
      project: { startDate: "2026-01-05T08:00:00" },
      tasks: [
        { id: "w", name: "Walls", children: [{ id: "brick", duration: 5 }, { id: "paint" }] },
        { id: "roof", duration: 6 },
      ],
    });
    const engine = new ScheduleEngine(state);
    engine.schedule.tasks.get("paint");
    const touched = new Map<RecordKind, Set<string>>();
    const change = (payload: Changeset): void => {
      const outcome = applyChangeset(state, { clientId: "ann", revision: 1, baseRevision: 0, payload });
      if (!("touched" in outcome)) throw new Error(outcome.outcome);
      for (const [kind, ids] of outcome.touched) touched.set(kind, new Set([...(touched.get(kind) ?? []), ...ids]));
    };
    change({ tasks: { updated: [{ id: "brick", changes: { duration: 1 } }] } });
    change({
      tasks: {
        added: [
          { id: "n", orderKey: "a4" },
          { id: "m", parentId: "n", orderKey: "a0" },
        ],
      },
    });
    change({ tasks: { updated: [{ id: "brick", changes: { parentId: "n", orderKey: "a1" } }] } });

    engine.update(touched);

    expect(engine.schedule.hash()).toBe(computeSchedule(state).hash());
  });
});
