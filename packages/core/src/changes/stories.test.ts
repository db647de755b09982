import { describe, expect, it } from "vitest";
import { checkInvariants } from "../model/invariants.ts";
import { projectFromJSON } from "../model/load.ts";
import { applyChangeset } from "./apply.ts";
import type { Changeset } from "./changeset.ts";
import { canCoalesce, coalesce } from "./coalesce.ts";
import { Ledger } from "./ledger.ts";
import type { Applied, Conflicted, Outcome, Rejected } from "./outcome.ts";
import { contentOf, Office } from "./testing/office.ts";

/** Stories that random ones found, each told once. */
function office() {
  const plan = new Office();
  const [ann, bob] = plan.people;
  if (!ann || !bob) throw new Error("an office has people");
  const send = (person: typeof ann, payload: unknown, base?: number): Outcome => {
    plan.read(person);
    const outcome = plan.send(person, payload as Changeset, base);
    expect(checkInvariants(plan.state)).toEqual([]);
    return outcome;
  };
  return { plan, state: plan.state, ann, bob, send };
}

const undo = (outcome: Outcome): Changeset => (outcome as Applied).inverse;
const refusal = (outcome: Outcome): string | undefined => (outcome as Rejected).error?.code;
const update = (id: string, changes: object, was?: object) => ({ tasks: { updated: [{ id, changes, ...(was ? { was } : {}) }] } });

describe("bad input", () => {
  it("V2 parents that form a loop are a conflict also where the same changeset removes one of them", () => {
    const { send, ann } = office();
    const outcome = send(ann, {
      tasks: {
        updated: [
          { id: "x", changes: { parentId: "y" } },
          { id: "y", changes: { parentId: "x" } },
        ],
        removed: [{ id: "p" }],
      },
    });
    expect((outcome as Conflicted).conflicts.map(({ type }) => type)).toEqual(["hierarchy_cycle", "hierarchy_cycle"]);
  });

  it.each([
    ["dependencies", { id: "d9", toTask: "x" }, "dependencies.added[0].fromTask"],
    ["assignments", { id: "a9", resource: "r" }, "assignments.added[0].event"],
    ["assignments", { id: "a9", event: "x" }, "assignments.added[0].resource"],
    ["comments", { id: "c9", text: "Where?" }, "comments.added[0].task"],
  ])("V4 V6 one of the %s without an end is refused with the path of the end", (kind, record, path) => {
    const { send, ann } = office();
    expect(send(ann, { [kind]: { added: [record] } })).toMatchObject({ outcome: "rejected", error: { code: "missing_field", path } });
  });

  it("C3 a record that is added twice, or added and removed, in one changeset is refused", () => {
    const { send, ann } = office();
    expect(refusal(send(ann, { tasks: { added: [{ id: "n" }, { id: "n", name: "N" }] } }))).toBe("contradiction");
    expect(refusal(send(ann, { dependencies: { added: [{ id: "d1", fromTask: "p", toTask: "q" }], removed: [{ id: "d1" }] } }))).toBe("contradiction");
  });

  it("C4 a record that one changeset updates twice takes the last value, and its author is in no conflict with himself", () => {
    const { send, ann, state } = office();
    const twice = [
      { id: "x", changes: { name: "1" }, was: { name: "X" } },
      { id: "x", changes: { name: "2" }, was: { name: "1" } },
    ];
    expect(send(ann, { tasks: { updated: twice } }).outcome).not.toBe("conflict");
    expect(state.tasks.get("x")?.name).toBe("2");
  });

  it("M6 a place without a key is the end of the list", () => {
    const { send, ann, state } = office();
    send(ann, update("x", { orderKey: null }));
    expect(state.children.of("p")).toEqual(["y", "x"]);
    send(ann, update("y", { parentId: "p", orderKey: null }));
    expect(state.children.of("p")).toEqual(["x", "y"]);
  });
});

describe("what one takes back", () => {
  it("K8 a comment that is brought back is still its author's", () => {
    const { send, ann, state } = office();
    const removed = send(ann, { comments: { removed: [{ id: "c1" }] } });
    send(ann, undo(removed));
    expect(state.comments.get("c1")).toMatchObject({ author: "Zoe", createdAt: "2026-01-01T00:00:00.000Z" });
  });

  it("K8 nobody puts words into another's mouth by bringing a comment back", () => {
    const { send, ann, state } = office();
    send(ann, { comments: { removed: [{ id: "c1" }] } });
    send(ann, { comments: { added: [{ id: "c1", task: "x", text: "I quit" }] } });
    expect(state.comments.get("c1")).toMatchObject({ text: "I quit", author: "ann" });
  });

  it("V5 a link into what became a summary comes back, though it could not be made", () => {
    const { send, ann, bob, state } = office();
    send(ann, { dependencies: { added: [{ id: "d9", fromTask: "v", toTask: "x", type: 3 }] } });
    send(bob, { tasks: { added: [{ id: "n", parentId: "x" }] } });
    const removed = send(ann, { dependencies: { removed: [{ id: "d9" }] } });
    expect(send(ann, undo(removed)).outcome).toBe("applied");
    expect(state.dependencies.has("d9")).toBe(true);
    send(ann, undo(send(ann, { dependencies: { removed: [{ id: "d9" }] } })));
    expect(refusal(send(ann, { dependencies: { added: [{ id: "d8", fromTask: "u", toTask: "x", type: 3 }] } }))).toBe("link_into_summary");
  });

  it("K9 a percentage that was entered before its author saw the children can be taken back", () => {
    const { send, ann, bob, state } = office();
    send(bob, { tasks: { added: [{ id: "n", parentId: "x" }] } });
    const outcome = send(ann, update("x", { percentDone: 40 }, { percentDone: null }), 0);
    expect(outcome.outcome).toBe("applied");
    expect(send(ann, undo(outcome)).outcome).toBe("applied");
    expect(state.tasks.get("x")?.percentDone).toBeUndefined();
    expect(refusal(send(ann, update("x", { percentDone: 40 })))).toBe("derived_field");
  });

  it("S5 a manual task without a date is left without one, whatever the schedule says", () => {
    const { send, ann, state } = office();
    send(ann, { tasks: { added: [{ id: "n", manuallyScheduled: true }] } });
    const outcome = send(ann, update("n", { startDate: "2026-05-01" }));
    send(ann, undo(outcome));
    expect(state.tasks.get("n")).not.toHaveProperty("startDate");
  });

  it("C4 a default spelt out and taken back within one changeset leaves no trace", () => {
    const { send, ann, plan, state } = office();
    const before = contentOf(state);
    const twice = [
      { id: "d1", changes: { active: false } },
      { id: "d1", changes: { active: true } },
    ];
    expect(send(ann, { dependencies: { updated: twice } })).toMatchObject({ empty: true });
    expect(contentOf(plan.state)).toBe(before);
  });
});

describe("identity", () => {
  it("K6 an id that was merged into another record's and is used again means the new record", () => {
    const { send, ann, state } = office();
    send(ann, { dependencies: { added: [{ id: "d8", fromTask: "x", toTask: "z" }] } });
    send(ann, { dependencies: { added: [{ id: "d9", fromTask: "x", toTask: "z" }] } });
    send(ann, { dependencies: { removed: [{ id: "d8" }] } });
    send(ann, { dependencies: { added: [{ id: "d9", fromTask: "x", toTask: "z" }] } });
    expect(send(ann, { dependencies: { updated: [{ id: "d9", changes: { lag: 2 } }] } }).outcome).toBe("applied");
    expect(state.dependencies.get("d9")?.lag).toBe(2);
  });

  it("M6 rows moved onto each other's keys by somebody who did not see a third get keys of their own", () => {
    const plan = projectFromJSON({ tasks: ["a", "b", "c", "d"].map((id, i) => ({ id, orderKey: `a${i}` })) });
    const ledger = new Ledger();
    const send = (clientId: string, payload: Changeset, baseRevision: number) =>
      applyChangeset(plan, { clientId, revision: 1, baseRevision, payload }, { ledger });
    send("bob", { tasks: { updated: [{ id: "b", changes: { orderKey: "a5" } }] } }, 0);
    // Ann, who has not seen where b went, moves b to d's key and a to c's.
    const moves = [
      { id: "b", changes: { orderKey: "a3" } },
      { id: "a", changes: { orderKey: "a2" } },
    ];
    expect(send("ann", { tasks: { updated: moves } }, 0).outcome).toBe("merged");
    expect(checkInvariants(plan)).toEqual([]);
  });
});

describe("edits in one", () => {
  const row = (id: string, parentId: string | null = null) => ({ id, parentId, orderKey: "a9" });

  it("C4 a change of one interval replaces that interval of a calendar added before", () => {
    const added: Changeset = {
      calendars: { added: [{ id: "k", intervals: [{ id: "i", startDate: "2026-03-02", endDate: "2026-03-03", isWorking: false }] }] },
    };
    const joined = coalesce([added, { calendars: { updated: [{ id: "k", changes: { "intervals.i": null } }] } }]);
    expect(joined.calendars?.added).toEqual([{ id: "k", "intervals.i": null }]);
  });

  it("C4 a row is not taken out of a changeset that moves another under it", () => {
    const earlier: Changeset = { tasks: { added: [row("n")], updated: [{ id: "x", changes: { parentId: "n" } }] } };
    expect(canCoalesce(earlier, { tasks: { removed: [{ id: "n", seen: { tasks: ["x"] } }] } })).toBe(false);
    expect(canCoalesce({ tasks: { added: [row("n"), row("m", "n")] } }, { tasks: { removed: [{ id: "n", seen: { tasks: ["m"] } }] } })).toBe(true);
  });

  it("C4 replies vanish with the comment that was added and removed", () => {
    const comment = (id: string, parent?: string) => ({ id, task: "x", text: "?", ...(parent === undefined ? {} : { parent }) });
    const edits: Changeset[] = [{ comments: { added: [comment("c1"), comment("c2", "c1"), comment("c3", "c2")] } }, { comments: { removed: [{ id: "c1" }] } }];
    expect(coalesce(edits)).toEqual({});
  });

  it("C4 a link is not added to the changeset that removes its twin", () => {
    const added: Changeset = { dependencies: { added: [{ id: "d9", fromTask: "u", toTask: "v" }] } };
    expect(canCoalesce(added, { dependencies: { removed: [{ id: "d1" }] } })).toBe(false);
    expect(canCoalesce(added, { dependencies: { removed: [{ id: "d9" }] } })).toBe(true);
  });
});

describe("a percentage of what was a leaf", () => {
  it("O3 is taken back together with the child that was added after it", () => {
    const { send, ann, state } = office();
    const percent = send(ann, update("x", { percentDone: 40 }, { percentDone: null }));
    const child = send(ann, { tasks: { added: [{ id: "n", parentId: "x" }] } });
    expect(send(ann, coalesce([undo(child), undo(percent)])).outcome).toBe("applied");
    expect(state.tasks.get("x")?.percentDone).toBeUndefined();
    expect(state.tasks.has("n")).toBe(false);
  });
});

describe("the start that a task has", () => {
  it("S5 is asked of a plan that the same changeset breaks, and the loop is still what its author is told", () => {
    const state = projectFromJSON({ tasks: [{ id: "a" }, { id: "b" }, { id: "c" }] });
    const payload: Changeset = {
      dependencies: {
        added: [
          { id: "d1", fromTask: "a", toTask: "b" },
          { id: "d2", fromTask: "b", toTask: "a" },
        ],
      },
      tasks: {
        updated: [
          { id: "c", changes: { manuallyScheduled: true } },
          { id: "a", changes: { parentId: "b" } },
          { id: "b", changes: { parentId: "a", manuallyScheduled: true } },
        ],
      },
    };
    const outcome = applyChangeset(state, { clientId: "ann", revision: 1, baseRevision: 0, payload }, { ledger: new Ledger() });
    expect((outcome as Conflicted).conflicts.map(({ type }) => type)).toContain("hierarchy_cycle");
    expect(checkInvariants(state)).toEqual([]);
  });
});
