import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DependencyRecord, TaskRecord } from "./collections.ts";
import { projectFromJSON } from "./load.ts";
import { findCycle } from "./precedence.ts";
import { ProjectState } from "./state.ts";

/** The same stories at every run; as many new ones as PROPERTY_RUNS says. */
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) };
const number = fc.nat({ max: 99 });

describe("the kept order of the scheduling graph", () => {
  it("V5 sees the links of a summary that was a leaf for a while", () => {
    // given q → p as a loop through q's child would be: y2 → q, and y2 is under p
    const state = projectFromJSON({
      tasks: [
        { id: "p", children: [{ id: "y2" }] },
        { id: "q", children: [{ id: "z" }] },
      ],
      dependencies: [{ id: "d", fromTask: "y2", toTask: "q" }],
    });
    expect(state.precedence.holds()).toBe(true);
    // when q loses its child and gets another, and then leads to p
    state.remove("tasks", "z");
    expect(state.precedence.holds()).toBe(true);
    state.put("tasks", { id: "t", parentId: "q", orderKey: "a0" });
    expect(state.precedence.holds()).toBe(true);
    state.put("dependencies", { id: "e", fromTask: "q", toTask: "p" });
    // then there is a loop, and none when the link is gone
    expect(state.precedence.holds()).toBe(false);
    state.remove("dependencies", "e");
    expect(state.precedence.holds()).toBe(true);
  });

  it("V5 says after any edits what a search of the whole graph says", () => {
    const edit = fc.record({ kind: fc.nat({ max: 5 }), a: number, b: number, c: number });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 5, maxLength: 40, size: "max" }), (edits) => {
        const state = new ProjectState({ id: "p" });
        const at = (n: number): string => `t${n % 8}`;
        for (const { kind, a, b, c } of edits) {
          const task = state.tasks.get(at(a));
          const parentId = b % 3 === 0 ? null : at(b);
          const wouldLoop = parentId !== null && (parentId === at(a) || state.ancestors(parentId).includes(at(a)) || !state.tasks.has(parentId));
          if (kind < 3 && !wouldLoop) state.put("tasks", { ...task, id: at(a), parentId, orderKey: `a${a % 8}` } as TaskRecord);
          if (kind === 3 && task && !state.isSummary(task.id)) state.remove("tasks", task.id);
          if (kind === 4 && a % 8 !== b % 8)
            state.put("dependencies", { id: `d${c % 9}`, fromTask: at(a), toTask: at(b), type: c % 4, active: c % 5 > 0 } as DependencyRecord);
          if (kind === 5) state.remove("dependencies", `d${c % 9}`);
          expect(state.precedence.holds()).toBe(findCycle(state) === undefined);
        }
      }),
      runs,
    );
  });
});
