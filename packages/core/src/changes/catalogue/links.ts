import type { Changeset, Registers } from "../changeset.ts";
import { link, move, type Pair, remove, rows } from "./plan.ts";

const relink = (id: string, changes: Registers, was: Registers): Changeset => ({ dependencies: { updated: [{ id, changes, was }] } });
const unlink = (id: string): Changeset => ({ dependencies: { removed: [{ id }] } });

/** Dependencies. */
export const linkPairs: readonly Pair[] = [
  {
    row: 17,
    a: { does: "links X → Y", sends: link("d1", "x", "y") },
    b: { does: "links Y → X", sends: link("d2", "y", "x") },
    ab: { answers: ["applied", "conflict, dependency_cycle d2"], plan: { dependencies: { d1: { fromTask: "x", toTask: "y" } } } },
    ba: { answers: ["applied", "conflict, dependency_cycle d1"], plan: { dependencies: { d2: { fromTask: "y", toTask: "x" } } } },
    because: "The second link is refused, also when it was made offline (K10).",
  },
  {
    row: 18,
    a: { does: "links X → Y", sends: link("d1", "x", "y") },
    b: { does: "links Y → Z", sends: link("d2", "y", "z") },
    c: { does: "links Z → X", sends: link("d3", "z", "x") },
    ab: {
      answers: ["applied", "applied", "conflict, dependency_cycle d3"],
      plan: { dependencies: { d1: { fromTask: "x", toTask: "y" }, d2: { fromTask: "y", toTask: "z" } } },
    },
    ba: {
      answers: ["applied", "applied", "conflict, dependency_cycle d1"],
      plan: { dependencies: { d2: { fromTask: "y", toTask: "z" }, d3: { fromTask: "z", toTask: "x" } } },
    },
    because: "Each two of them are sound; the third closes the loop, and its path is named.",
  },
  {
    row: 19,
    a: { does: "links X → Y", sends: link("d1", "x", "y") },
    b: { does: "moves X under Y", sends: move("x", "p", "y", "a0", "a0") },
    ab: { answers: ["applied", "conflict, dependency_cycle x"], plan: { dependencies: { d1: { fromTask: "x", toTask: "y" } } }, order: { p: ["x", "y", "w"] } },
    ba: { answers: ["applied", "conflict, dependency_cycle d1"], plan: { tasks: { x: { parentId: "y" } } }, order: { y: ["x"] } },
    because: "A task is not linked with its own summary, whichever comes second.",
  },
  {
    row: 20,
    a: { does: "links A1 → SB", sends: link("d1", "a1", "sb") },
    b: { does: "links B1 → SA", sends: link("d2", "b1", "sa") },
    ab: { answers: ["applied", "conflict, dependency_cycle d2"], plan: { dependencies: { d1: { fromTask: "a1", toTask: "sb" } } } },
    ba: { answers: ["applied", "conflict, dependency_cycle d1"], plan: { dependencies: { d2: { fromTask: "b1", toTask: "sa" } } } },
    because: "Links of summaries act on their children: the loop runs through both trees.",
  },
  {
    row: 21,
    given: { dependencies: { d0: { fromTask: "sa", toTask: "sb" } } },
    a: { does: "moves B1 from SB into SA, where SA → SB", sends: move("b1", "sb", "sa", "a0", "a1") },
    b: { does: "links B2 → B1", sends: link("d1", "b2", "b1") },
    ab: { answers: ["applied", "conflict, dependency_cycle d1"], plan: { tasks: { b1: { parentId: "sa" } } }, order: { sa: ["a1", "b1"], sb: ["b2"] } },
    ba: {
      answers: ["applied", "conflict, dependency_cycle b1"],
      plan: { dependencies: { d1: { fromTask: "b2", toTask: "b1" } } },
      order: { sb: ["b1", "b2"] },
    },
    because: "A move is checked for loops of links like a link.",
  },
  {
    row: 22,
    a: { does: "links X → Y", sends: link("d1", "x", "y") },
    b: { does: "links X → Y too", sends: link("d2", "x", "y") },
    ab: { answers: ["applied", "merged, merged_into d1"], plan: { dependencies: { d1: { fromTask: "x", toTask: "y" } } } },
    ba: { answers: ["applied", "merged, merged_into d2"], plan: { dependencies: { d2: { fromTask: "x", toTask: "y" } } } },
    because: "One link per pair; the second id becomes another name of the first.",
  },
  {
    row: 22,
    a: { does: "links X → Y", sends: link("d1", "x", "y") },
    b: { does: "links X → Y with a lag of 2 days", sends: link("d2", "x", "y", { lag: 2, lagUnit: "day" }) },
    ab: { answers: ["applied", "conflict, concurrent_edit d1"], plan: { dependencies: { d1: { fromTask: "x", toTask: "y" } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit d2"], plan: { dependencies: { d2: { fromTask: "x", toTask: "y", lag: 2, lagUnit: "day" } } } },
    because: "They agree on the link and not on its lag.",
  },
  {
    row: 23,
    given: { dependencies: { d0: { fromTask: "x", toTask: "y" } } },
    a: { does: "deletes the link", sends: unlink("d0") },
    b: { does: "sets its lag", sends: relink("d0", { lag: 1 }, { lag: null }) },
    ab: { answers: ["applied", "conflict, dependency_not_found d0"], plan: { dependencies: { d0: null } } },
    ba: { answers: ["applied", "conflict, edited_before_remove d0"], plan: { dependencies: { d0: { lag: 1 } } } },
    because: "As for tasks (rows 3 and 4).",
  },
  {
    row: 24,
    a: { does: "deletes X", sends: remove("x") },
    b: { does: "links X → Z", sends: link("d1", "x", "z") },
    ab: { answers: ["applied", "conflict, missing_reference d1"], plan: { tasks: { x: null } } },
    ba: { answers: ["applied", "merged, cascaded d1"], plan: { tasks: { x: null } } },
    because: "A link goes with either of its ends, and comes back with it; its author is told.",
  },
  {
    row: 25,
    given: { dependencies: { d0: { fromTask: "x", toTask: "y" } } },
    a: { does: "makes the link start-to-start", sends: relink("d0", { type: 0 }, { type: null }) },
    b: { does: "sets its lag", sends: relink("d0", { lag: 1 }, { lag: null }) },
    ab: { answers: ["applied", "merged"], plan: { dependencies: { d0: { type: 0, lag: 1 } } } },
    ba: { answers: ["applied", "merged"], plan: { dependencies: { d0: { type: 0, lag: 1 } } } },
    because: "Type and lag are two registers.",
  },
  {
    row: 25,
    given: { dependencies: { d0: { fromTask: "sb", toTask: "x", type: 0 } } },
    a: { does: "makes SB → X finish-to-start", sends: relink("d0", { type: 2 }, { type: 0 }) },
    b: { does: "links X → B1", sends: link("d1", "x", "b1") },
    ab: { answers: ["applied", "conflict, dependency_cycle d1"], plan: { dependencies: { d0: { type: 2 } } } },
    ba: { answers: ["applied", "conflict, dependency_cycle d0"], plan: { dependencies: { d1: { fromTask: "x", toTask: "b1" } } } },
    because: "A new type is checked for loops like a new link.",
  },
  {
    row: 36,
    a: {
      does: "sets duration, percent and effort of X and assigns Rita",
      sends: {
        tasks: { updated: [{ id: "x", changes: { duration: 5, percentDone: 50, effort: 16 }, was: { duration: 2, percentDone: null, effort: null } }] },
        assignments: { added: [{ id: "as1", event: "x", resource: "r" }] },
      },
    },
    b: { does: "adds the first child of X", sends: rows({ id: "n", name: "N", parentId: "x", orderKey: "a0" }) },
    ab: {
      answers: ["applied", "applied"],
      plan: {
        tasks: { x: { duration: 5, percentDone: 50, effort: 16 }, n: { name: "N", parentId: "x" } },
        assignments: { as1: { event: "x", resource: "r" } },
      },
    },
    ba: {
      answers: ["applied", "applied"],
      plan: {
        tasks: { x: { duration: 5, percentDone: 50, effort: 16 }, n: { name: "N", parentId: "x" } },
        assignments: { as1: { event: "x", resource: "r" } },
      },
    },
    because: "A leaf's values sleep while it has children, and act again when the last one goes.",
  },
  {
    row: 37,
    a: { does: "deletes Q1, the last child of Q", sends: remove("q1") },
    b: { does: "links Q → X", sends: link("d1", "q", "x") },
    ab: { answers: ["applied", "applied"], plan: { tasks: { q1: null }, dependencies: { d1: { fromTask: "q", toTask: "x" } } }, order: { q: [] } },
    ba: { answers: ["applied", "applied"], plan: { tasks: { q1: null }, dependencies: { d1: { fromTask: "q", toTask: "x" } } }, order: { q: [] } },
    because: "A summary without children is a task with its own values; links stay.",
  },
  {
    row: 37,
    a: { does: "deletes Q1, the last child of Q", sends: remove("q1") },
    b: { does: "links X → Q finish-to-finish", sends: link("d1", "x", "q", { type: 3 }) },
    ab: { answers: ["applied", "applied"], plan: { tasks: { q1: null }, dependencies: { d1: { fromTask: "x", toTask: "q", type: 3 } } } },
    ba: { answers: ["rejected, link_into_summary", "applied"], plan: { tasks: { q1: null } } },
    because: "A summary's finish is its children's: such a link can only be made when Q is a leaf.",
  },
  {
    row: 57,
    a: { does: "makes Z inactive", sends: { tasks: { updated: [{ id: "z", changes: { inactive: true }, was: { inactive: null } }] } } },
    b: { does: "links Z → X", sends: link("d1", "z", "x", { lag: 1 }) },
    ab: {
      answers: ["applied", "applied"],
      plan: { tasks: { z: { inactive: true } }, dependencies: { d1: { fromTask: "z", toTask: "x", lag: 1 } } },
      starts: { x: "2026-03-02T08:00:00" },
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { tasks: { z: { inactive: true } }, dependencies: { d1: { fromTask: "z", toTask: "x", lag: 1 } } },
      starts: { x: "2026-03-02T08:00:00" },
    },
    because: "An inactive task drives nothing.",
  },
];
