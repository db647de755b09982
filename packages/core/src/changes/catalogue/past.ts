import { type Fragment, link, type Pair, remove, rows, update } from "./plan.ts";

const row = (id: string, parentId: string, orderKey: string) => ({ id, name: id.toUpperCase(), orderKey, parentId });
const nextMonday = "2026-03-09T08:00:00";
const wednesday = "2026-03-04T08:00:00";
/** Without the other tasks: only Q(Q1). */
const onlyQ: Fragment = { tasks: { p: null, x: null, y: null, w: null, z: null, sa: null, a1: null, sb: null, b1: null, b2: null } };

/** Baselines and undo: what refers to an earlier state of the plan. */
export const pastPairs: readonly Pair[] = [
  {
    row: 50,
    given: onlyQ,
    a: { does: "captures baseline 1", sends: { command: "captureBaseline", index: 1 } },
    b: { does: "sets Q1's duration to 3 days", sends: update("q1", { duration: 3 }, { duration: null }) },
    ab: {
      answers: ["applied", "merged"],
      plan: { tasks: { q: baseline("2026-03-02T16:00:00", 1), q1: { ...baseline("2026-03-02T16:00:00", 1), duration: 3 } } },
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { tasks: { q: baseline("2026-03-03T08:00:00", 3), q1: { ...baseline("2026-03-03T08:00:00", 3), duration: 3 } } },
    },
    because: "A baseline is computed on the server at the revision at which it is applied: never half of an edit.",
  },
  {
    row: 51,
    given: onlyQ,
    a: { does: "captures baseline 1", sends: { command: "captureBaseline", index: 1 } },
    b: { does: "captures baseline 1 too", sends: { command: "captureBaseline", index: 1 } },
    ab: { answers: ["applied", "nothing"], plan: { tasks: { q: baseline("2026-03-02T16:00:00", 1), q1: baseline("2026-03-02T16:00:00", 1) } } },
    ba: { answers: ["applied", "nothing"], plan: { tasks: { q: baseline("2026-03-02T16:00:00", 1), q1: baseline("2026-03-02T16:00:00", 1) } } },
    because: "The second capture sees the same dates; with an edit between them it would hold the dates after it, for every task.",
  },
  {
    row: 52,
    history: [update("x", { startDate: wednesday }, {})],
    a: { does: "undoes its move of X", sends: { undo: 1 } },
    b: { does: "makes X follow Z", sends: link("d1", "z", "x") },
    ab: { answers: ["applied", "applied"], plan: { dependencies: { d1: { fromTask: "z", toTask: "x" } } }, starts: { x: "2026-03-02T16:00:00" } },
    ba: { answers: ["applied", "applied"], plan: { dependencies: { d1: { fromTask: "z", toTask: "x" } } }, starts: { x: "2026-03-02T16:00:00" } },
    because: "The undo takes back what its author did and nothing else.",
  },
  {
    row: 52,
    history: [update("x", { startDate: wednesday }, {})],
    a: { does: "undoes its move of X", sends: { undo: 1 } },
    b: { does: "moves X on to next Monday", sends: update("x", { startDate: nextMonday }, {}) },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: {} },
    ba: {
      answers: ["merged", "conflict, concurrent_edit x"],
      plan: { tasks: { x: { constraintType: "startnoearlierthan", constraintDate: nextMonday } } },
    },
    because: "An undo never clobbers what somebody has changed since.",
  },
  {
    row: 53,
    history: [remove("x")],
    a: { does: "undoes its delete of X", sends: { undo: 1 } },
    b: { does: "adds N at X's former place", sends: rows(row("n", "p", "a0")) },
    ab: { answers: ["applied", "merged, key_repaired n"], plan: { tasks: { n: { name: "N", parentId: "p" } } }, order: { p: ["x", "n", "y", "w"] } },
    ba: { answers: ["applied", "merged, key_repaired x"], plan: { tasks: { n: { name: "N", parentId: "p" } } }, order: { p: ["n", "x", "y", "w"] } },
    because: "X comes back under its id, at its place.",
  },
  {
    row: 53,
    given: { dependencies: { d0: { fromTask: "z", toTask: "x" } } },
    history: [remove("x", [], ["d0"])],
    a: { does: "undoes its delete of X, which Z leads to", sends: { undo: 1 } },
    b: { does: "deletes Z", sends: remove("z") },
    ab: { answers: ["applied", "merged, cascaded d0"], plan: { tasks: { z: null }, dependencies: { d0: null } } },
    ba: { answers: ["applied", "conflict, missing_reference d0"], plan: { tasks: { x: null, z: null }, dependencies: { d0: null } } },
    because: "The undo is one changeset; its client sends it again without the link whose other end is gone (R0).",
  },
  {
    row: 54,
    history: [rows(row("n1", "p", "a3"), row("n2", "p", "a4"))],
    a: { does: "undoes its paste of N1 and N2", sends: { undo: 1 } },
    b: { does: "renames N1", sends: update("n1", { name: "Kept" }, { name: "N1" }) },
    ab: { answers: ["applied", "conflict, task_not_found n1"], plan: {}, order: { p: ["x", "y", "w"] } },
    ba: {
      answers: ["applied", "conflict, edited_before_remove n1"],
      plan: { tasks: { n1: { name: "Kept", parentId: "p" }, n2: { name: "N2", parentId: "p" } } },
      order: { p: ["x", "y", "w", "n1", "n2"] },
    },
    because: "Rows that others have edited are named; the client takes back the rest (R0).",
  },
];

function baseline(endDate: string, duration: number) {
  return { "baselines.1": { startDate: "2026-03-02T08:00:00", endDate, duration, durationUnit: "day" } };
}
