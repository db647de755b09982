import { describe, expect, it } from "vitest";
import { checkInvariants } from "../model/invariants.ts";
import { projectFromJSON } from "../model/load.ts";
import { projectToJSON } from "../model/save.ts";
import { applyChangeset } from "./apply.ts";
import type { Changeset } from "./changeset.ts";
import { Ledger } from "./ledger.ts";
import type { Applied, Conflicted, Outcome, Rejected } from "./outcome.ts";

const task = (id: string, parentId: string | null = null, more = {}) => ({ id, name: id.toUpperCase(), parentId, duration: 1, durationUnit: "day", ...more });

/** A project with p(x, y), z, u → v and a resource, and people who edit it. */
function office() {
  const state = projectFromJSON({
    tasks: [task("p"), task("x", "p"), task("y", "p"), task("z"), task("u"), task("v")],
    resources: [{ id: "r", name: "R" }],
    dependencies: [{ id: "d0", fromTask: "u", toTask: "v", type: 2 }],
  });
  const ledger = new Ledger();
  const counters = new Map<string, number>();
  const send = (who: string, payload: unknown, baseRevision = 0): Outcome => {
    const revision = (counters.get(who) ?? 0) + 1;
    counters.set(who, revision);
    const outcome = applyChangeset(
      state,
      { clientId: who, author: { name: who }, revision, baseRevision, payload: payload as Changeset, at: revision * 1000 },
      { ledger },
    );
    expect(checkInvariants(state)).toEqual([]);
    return outcome;
  };
  return { state, ledger, send };
}

const update = (id: string, changes: object, was?: object) => ({ tasks: { updated: [{ id, changes, ...(was ? { was } : {}) }] } });
const link = (id: string, fromTask: string, toTask: string, more = {}) => ({ dependencies: { added: [{ id, fromTask, toTask, type: 2, ...more }] } });
const types = (outcome: Outcome) => (outcome as Conflicted).conflicts?.map((conflict) => conflict.type) ?? [];
const notices = (outcome: Outcome) => (outcome as Applied).notices.map((notice) => notice.kind);

describe("one person", () => {
  it("C3 a changeset is all or nothing", () => {
    const { state, send } = office();
    const before = projectToJSON(state);
    const outcome = send("a", { tasks: { added: [task("ok"), task("n", "nowhere")] } });
    expect(outcome).toMatchObject({ outcome: "rejected", error: { code: "unknown_parent" } });
    expect(projectToJSON(state)).toEqual(before);
  });

  it("C4 a changeset without effect makes no revision", () => {
    const { state, send } = office();
    expect(send("a", update("x", { name: "X" }))).toMatchObject({ outcome: "applied", empty: true });
    expect(state.revision).toBe(0);
  });

  it("M4 a start date on an automatic task becomes start-no-earlier-than", () => {
    const { state, send } = office();
    send("a", update("x", { startDate: "2026-03-02T08:00:00" }));
    expect(state.tasks.get("x")).toMatchObject({ constraintType: "startnoearlierthan", constraintDate: "2026-03-02T08:00:00" });
    expect(state.tasks.get("x")?.startDate).toBeUndefined();
  });

  it("V8 a value out of range is refused with its path", () => {
    const { send } = office();
    expect((send("a", update("x", { duration: -1 })) as Rejected).error).toMatchObject({ code: "invalid_value", path: "tasks.updated[0].changes.duration" });
    expect((send("a", update("x", { percentDone: 900 })) as Rejected).error.message).toContain("0 to 100");
    expect((send("a", JSON.parse('{"tasks":{"updated":[{"id":"x","changes":{"__proto__":{"a":1}}}]}}')) as Rejected).error.code).toBe("forbidden_name");
  });

  it.each(["tasks", "dependencies", "resources", "project"])("V1 the id of a record is nothing that an update can write (%s)", (kind) => {
    const { state, send } = office();
    const ids = { tasks: "x", dependencies: "d0", resources: "r", project: state.project.id } as Record<string, string>;
    const before = JSON.stringify(projectToJSON(state));
    for (const id of [3, "other", "z", null, { a: 1 }, ids[kind]]) {
      const outcome = send("a", { [kind]: { updated: [{ id: ids[kind], changes: { id, name: "N" } }] } }) as Rejected;
      expect(outcome.error).toMatchObject({ code: "fixed_field", path: `${kind}.updated[0].changes.id` });
    }
    expect(JSON.stringify(projectToJSON(state))).toBe(before);
    expect(send("a", { [kind]: { updated: [{ id: ids[kind], changes: {}, was: { id: 3 } }] } })).toMatchObject({ outcome: "applied", empty: true });
  });

  it("K8 removing a task takes its links along, and the inverse brings all back", () => {
    const { state, send } = office();
    const before = JSON.stringify({ ...projectToJSON(state), revision: 0 });
    const outcome = send("a", { tasks: { removed: [{ id: "u" }] } }) as Applied;
    expect(state.dependencies.size).toBe(0);
    send("a", outcome.inverse, 1);
    expect(JSON.stringify({ ...projectToJSON(state), revision: 0 })).toBe(before);
  });

  it("V5 leaf A SS→ B with B FF→ A is a loop", () => {
    const { send } = office();
    send("a", link("d1", "x", "z", { type: 0 }));
    expect(types(send("a", link("d2", "z", "x", { type: 3 }), 1))).toEqual(["dependency_cycle"]);
  });

  it("V5 a finish-to-finish link into a summary is refused when made", () => {
    const { send } = office();
    expect((send("a", link("d1", "z", "p", { type: 3 })) as Rejected).error.code).toBe("link_into_summary");
  });

  it("the newest change can be taken back, ledger included", () => {
    const { state, ledger, send } = office();
    const before = JSON.stringify([projectToJSON(state), ledger.toJSON()]);
    (send("a", { tasks: { removed: [{ id: "p" }] } }) as Applied).revert();
    expect(JSON.stringify([projectToJSON(state), ledger.toJSON()])).toBe(before);
  });
});

describe("two people who have not seen each other", () => {
  it("K1 other registers merge", () => {
    const { state, send } = office();
    send("a", update("x", { name: "N" }, { name: "X" }));
    expect(send("b", update("x", { duration: 3, durationUnit: "day" }, { duration: 1, durationUnit: "day" })).outcome).toBe("merged");
    expect(state.tasks.get("x")).toMatchObject({ name: "N", duration: 3 });
  });

  it("K1 the same register conflicts, with base, local and server value", () => {
    const { send } = office();
    send("a", update("x", { name: "N" }, { name: "X" }));
    const outcome = send("b", update("x", { name: "M" }, { name: "X" })) as Conflicted;
    expect(outcome.conflicts).toMatchObject([
      { type: "concurrent_edit", fields: { name: { base: "X", local: "M", server: "N" } }, by: { name: "a" }, serverRevision: 1 },
    ]);
    expect(outcome.currentState.tasks).toMatchObject([{ id: "x", name: "N" }]);
  });

  it("K1 equal edits converge in silence", () => {
    const { state, send } = office();
    send("a", update("x", { name: "N" }, { name: "X" }));
    expect(send("b", update("x", { name: "N" }, { name: "X" }))).toMatchObject({ empty: true });
    expect(state.revision).toBe(1);
  });

  it("K4 crossing moves do not close a tree loop", () => {
    const { send } = office();
    send("a", update("x", { parentId: "y" }, { parentId: "p" }));
    const outcome = send("b", update("y", { parentId: "x" }, { parentId: "p" })) as Conflicted;
    expect(outcome.conflicts).toMatchObject([{ type: "hierarchy_cycle", by: { name: "a" } }]);
  });

  it("K4 a move may not close a link loop", () => {
    const { send } = office();
    send("a", link("d1", "x", "z"));
    expect(send("b", update("z", { parentId: "x" }, { parentId: null })).outcome).toBe("conflict");
  });

  it("K7 a child added under a removed parent is rescued", () => {
    const { state, send } = office();
    send("a", { tasks: { removed: [{ id: "p", seen: { tasks: ["x", "y"] } }] } });
    const outcome = send("b", { tasks: { added: [task("n", "p")] } });
    expect(notices(outcome)).toEqual(["rescued"]);
    expect(state.tasks.get("n")?.parentId).toBeUndefined();
  });

  it("K7 a child that the remover had not seen survives", () => {
    const { state, send } = office();
    send("a", { tasks: { added: [task("n", "p")] } });
    const outcome = send("b", { tasks: { removed: [{ id: "p", seen: { tasks: ["x", "y"] } }] } });
    expect(notices(outcome)).toEqual(["rescued"]);
    expect([...state.tasks.keys()].sort()).toEqual(["n", "u", "v", "z"]);
  });

  it("C5 without seen, what came after the base is unseen", () => {
    const { state, send } = office();
    send("a", { tasks: { added: [task("n", "p")] } });
    send("b", { tasks: { removed: [{ id: "p" }] } });
    expect(state.tasks.has("n")).toBe(true);
  });

  it("K2 an edit of a removed task offers to restore it", () => {
    const { state, send } = office();
    send("a", { tasks: { removed: [{ id: "p" }] } });
    const outcome = send("b", update("p", { name: "M" }, { name: "P" })) as Conflicted;
    const conflict = outcome.conflicts[0];
    expect(conflict).toMatchObject({ type: "task_not_found", fields: { name: { base: "P", local: "M", server: null } }, by: { name: "a" } });
    send("b", conflict?.restore, 1);
    expect(state.children.of("p")).toEqual(["x", "y"]);
  });

  it("K3 a removal of what somebody edited meanwhile conflicts", () => {
    const { state, send } = office();
    send("a", update("x", { name: "N" }, { name: "X" }));
    expect(types(send("b", { tasks: { removed: [{ id: "p", seen: { tasks: ["x", "y"] } }] } }))).toEqual(["edited_before_remove"]);
    expect(state.tasks.has("p")).toBe(true);
  });

  it("K5 an assignment of a removed resource is a missing reference", () => {
    const { send } = office();
    send("a", { resources: { removed: [{ id: "r" }] } });
    expect(types(send("b", { assignments: { added: [{ id: "as", event: "x", resource: "r", units: 100 }] } }))).toEqual(["missing_reference"]);
  });

  it("K6 the second link for a pair merges into the first, and its id still works", () => {
    const { state, send } = office();
    send("a", link("d1", "x", "z"));
    const outcome = send("b", link("d2", "x", "z"));
    expect(notices(outcome)).toEqual(["merged_into"]);
    send("b", { dependencies: { updated: [{ id: "d2", changes: { lag: 2, lagUnit: "day" }, was: { lag: 0, lagUnit: "day" } }] } }, 2);
    expect(state.dependencies.get("d1")).toMatchObject({ lag: 2 });
    expect(state.dependencies.has("d2")).toBe(false);
  });

  it("K6 a second link with another lag is a conflict on the lag", () => {
    const { send } = office();
    send("a", link("d1", "x", "z"));
    const outcome = send("b", link("d2", "x", "z", { lag: 2 })) as Conflicted;
    expect(outcome.conflicts).toMatchObject([{ type: "concurrent_edit", id: "d1", fields: { lag: { local: 2, server: null } } }]);
  });

  it("M6 equal sibling keys are repaired and the first key still matches", () => {
    const { state, send } = office();
    send("a", { tasks: { added: [task("n1", "p", { orderKey: "a5" })] } });
    const outcome = send("b", { tasks: { added: [task("n2", "p", { orderKey: "a5" })] } });
    expect(notices(outcome)).toEqual(["key_repaired"]);
    expect(state.children.of("p").slice(-2)).toEqual(["n1", "n2"]);
    expect(send("c", update("n2", { orderKey: "a9" }, { parentId: "p", orderKey: "a5" }), 2).outcome).toBe("applied");
  });

  it("M6 two pasted blocks at one place stay together", () => {
    const { state, send } = office();
    send("a", { tasks: { added: ["a5", "a6", "a7"].map((orderKey, i) => task(`a${i}`, "p", { orderKey })) } });
    send("b", { tasks: { added: ["a5", "a6"].map((orderKey, i) => task(`b${i}`, "p", { orderKey })) } });
    expect(state.children.of("p")).toEqual(["x", "y", "a0", "a1", "a2", "b0", "b1"]);
  });

  it("R3 the later place wins under the policy local, and the loser is told", () => {
    const { state, send } = office();
    send("a", update("x", { parentId: "u" }, { parentId: "p" }));
    const outcome = send("b", update("x", { parentId: "z" }, { parentId: "p" }));
    expect(notices(outcome)).toEqual(["overwritten"]);
    expect(state.tasks.get("x")?.parentId).toBe("z");
  });
});
