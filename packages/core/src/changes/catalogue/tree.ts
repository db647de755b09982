import { link, move, type Pair, remove, rows, update } from "./plan.ts";

const renamed = update("x", { name: "N" }, { name: "X" });
const row = (id: string, parentId: string | null, orderKey: string) => ({ id, name: id.toUpperCase(), orderKey, ...(parentId === null ? {} : { parentId }) });

/** Rows of the plan: removed, added, moved and ordered. */
export const treePairs: readonly Pair[] = [
  {
    row: 3,
    a: { does: "deletes X", sends: remove("x") },
    b: { does: "renames X", sends: renamed },
    ab: { answers: ["applied", "conflict, task_not_found x"], plan: { tasks: { x: null } } },
    ba: { answers: ["applied", "conflict, edited_before_remove x"], plan: { tasks: { x: { name: "N" } } } },
    because: "The edit waits in its author's inbox, with the offer to bring X back with it.",
  },
  {
    row: 4,
    a: { does: "renames X", sends: renamed },
    b: { does: "deletes X without having seen the new name", sends: remove("x") },
    ab: { answers: ["applied", "conflict, edited_before_remove x"], plan: { tasks: { x: { name: "N" } } } },
    ba: { answers: ["applied", "conflict, task_not_found x"], plan: { tasks: { x: null } } },
    because: "Nobody deletes what somebody else has just edited without being asked (K3).",
  },
  {
    row: 5,
    a: { does: "deletes the parent P with all that it has", sends: remove("p", ["x", "y", "w"]) },
    b: { does: "adds N under P", sends: rows(row("n", "p", "a3")) },
    ab: {
      answers: ["merged", "merged, rescued n"],
      plan: { tasks: { p: null, x: null, y: null, w: null, n: { name: "N" } } },
      order: { "": ["n", "z", "sa", "sb", "q"] },
    },
    ba: {
      answers: ["applied", "merged, rescued n"],
      plan: { tasks: { p: null, x: null, y: null, w: null, n: { name: "N" } } },
      order: { "": ["n", "z", "sa", "sb", "q"] },
    },
    because: "N moves to the nearest living ancestor, at P's place; both are told.",
  },
  {
    row: 6,
    a: { does: "adds N with a child M under P", sends: rows(row("n", "p", "a3"), row("m", "n", "a0")) },
    b: { does: "deletes P, not having seen N", sends: { tasks: { removed: [{ id: "p" }] } } },
    ab: {
      answers: ["applied", "merged, rescued n"],
      plan: { tasks: { p: null, x: null, y: null, w: null, n: { name: "N" }, m: { name: "M", parentId: "n" } } },
      order: { "": ["n", "z", "sa", "sb", "q"], n: ["m"] },
    },
    ba: {
      answers: ["merged", "merged, rescued n"],
      plan: { tasks: { p: null, x: null, y: null, w: null, n: { name: "N" }, m: { name: "M", parentId: "n" } } },
      order: { "": ["n", "z", "sa", "sb", "q"], n: ["m"] },
    },
    because: "A delete takes what its author had seen; the rest is rescued whole.",
  },
  {
    row: 7,
    a: { does: "moves X under Y", sends: move("x", "p", "y", "a0", "a0") },
    b: { does: "moves Y under X", sends: move("y", "p", "x", "a1", "a0") },
    ab: { answers: ["applied", "conflict, hierarchy_cycle y"], plan: { tasks: { x: { parentId: "y" } } }, order: { p: ["y", "w"], y: ["x"] } },
    ba: { answers: ["applied", "conflict, hierarchy_cycle x"], plan: { tasks: { y: { parentId: "x" } } }, order: { p: ["x", "w"], x: ["y"] } },
    because: "The second move would close a loop; its path is named.",
  },
  {
    row: 8,
    a: { does: "moves X under Y", sends: move("x", "p", "y", "a0", "a0") },
    b: { does: "moves Y under Z", sends: move("y", "p", "z", "a1", "a0") },
    c: { does: "moves Z under X", sends: move("z", null, "x", "a1", "a0") },
    ab: {
      answers: ["applied", "applied", "conflict, hierarchy_cycle z"],
      plan: { tasks: { x: { parentId: "y" }, y: { parentId: "z" } } },
      order: { z: ["y"], y: ["x"] },
    },
    ba: {
      answers: ["applied", "applied", "conflict, hierarchy_cycle x"],
      plan: { tasks: { z: { parentId: "x" }, y: { parentId: "z" } } },
      order: { x: ["z"], z: ["y"] },
    },
    because: "No two of the three close the loop; the one that arrives last does.",
  },
  {
    row: 9,
    a: { does: "moves Z under Y", sends: move("z", null, "y", "a1", "a0") },
    b: { does: "deletes Y", sends: remove("y") },
    ab: { answers: ["applied", "merged, rescued z"], plan: { tasks: { y: null, z: { parentId: "p" } } }, order: { p: ["x", "z", "w"] } },
    ba: { answers: ["applied", "merged, rescued z"], plan: { tasks: { y: null, z: { parentId: "p" } } }, order: { p: ["x", "z", "w"] } },
    because: "Z was not seen by the delete: it stands where Y stood.",
  },
  {
    row: 10,
    a: { does: "deletes Y", sends: remove("y") },
    b: { does: "moves X under Y", sends: move("x", "p", "y", "a0", "a0") },
    ab: { answers: ["applied", "merged, rescued x"], plan: { tasks: { y: null } }, order: { p: ["x", "w"] } },
    ba: { answers: ["applied", "merged, rescued x"], plan: { tasks: { y: null } }, order: { p: ["x", "w"] } },
    because: "X moves to the nearest living ancestor instead.",
  },
  {
    row: 11,
    a: { does: "moves X under Z", sends: move("x", "p", "z", "a0", "a0") },
    b: { does: "moves X under Q", sends: move("x", "p", "q", "a0", "a1") },
    ab: { answers: ["applied", "merged, overwritten x"], plan: { tasks: { x: { parentId: "q" } } }, order: { p: ["y", "w"], z: [], q: ["q1", "x"] } },
    ba: { answers: ["applied", "merged, overwritten x"], plan: { tasks: { x: { parentId: "z" } } }, order: { p: ["y", "w"], z: ["x"], q: ["q1"] } },
    because: "Places go to the later edit (policy `local`); the first author is told and can take it back.",
  },
  {
    row: 12,
    a: { does: "puts X after Y", sends: update("x", { orderKey: "a1V" }, { orderKey: "a0" }) },
    b: { does: "puts V after Y", sends: update("v", { orderKey: "a1V" }, { orderKey: "a3" }) },
    given: { tasks: { v: { name: "V", parentId: "p", orderKey: "a3" } } },
    ab: { answers: ["applied", "merged, key_repaired v"], plan: {}, order: { p: ["y", "x", "v", "w"] } },
    ba: { answers: ["applied", "merged, key_repaired x"], plan: {}, order: { p: ["y", "v", "x", "w"] } },
    because: "Equal keys are made different by the server, so that all see one order.",
  },
  {
    row: 13,
    a: { does: "puts X after Y", sends: update("x", { orderKey: "a1V" }, { orderKey: "a0" }) },
    b: { does: "deletes Y", sends: remove("y") },
    ab: { answers: ["applied", "applied"], plan: { tasks: { y: null } }, order: { p: ["x", "w"] } },
    ba: { answers: ["applied", "applied"], plan: { tasks: { y: null } }, order: { p: ["x", "w"] } },
    because: "A place is a key, not a neighbour.",
  },
  {
    row: 14,
    a: { does: "pastes 3 rows between X and Y", sends: rows(row("n1", "p", "a0G"), row("n2", "p", "a0V"), row("n3", "p", "a0l")) },
    b: { does: "pastes 2 rows at the same place", sends: rows(row("m1", "p", "a0G"), row("m2", "p", "a0V")) },
    ab: {
      answers: ["applied", "merged, key_repaired m1, key_repaired m2"],
      plan: {
        tasks: {
          n1: { name: "N1", parentId: "p" },
          n2: { name: "N2", parentId: "p" },
          n3: { name: "N3", parentId: "p" },
          m1: { name: "M1", parentId: "p" },
          m2: { name: "M2", parentId: "p" },
        },
      },
      order: { p: ["x", "n1", "n2", "n3", "m1", "m2", "y", "w"] },
    },
    ba: {
      answers: ["applied", "merged, key_repaired n1, key_repaired n2, key_repaired n3"],
      plan: {
        tasks: {
          n1: { name: "N1", parentId: "p" },
          n2: { name: "N2", parentId: "p" },
          n3: { name: "N3", parentId: "p" },
          m1: { name: "M1", parentId: "p" },
          m2: { name: "M2", parentId: "p" },
        },
      },
      order: { p: ["x", "m1", "m2", "n1", "n2", "n3", "y", "w"] },
    },
    because: "Blocks of rows stay together.",
  },
  {
    row: 15,
    a: { does: "indents Y under X", sends: move("y", "p", "x", "a1", "a0") },
    b: { does: "deletes X", sends: remove("x") },
    ab: { answers: ["applied", "merged, rescued y"], plan: { tasks: { x: null } }, order: { p: ["y", "w"] } },
    ba: { answers: ["applied", "merged, rescued y"], plan: { tasks: { x: null } }, order: { p: ["y", "w"] } },
    because: "Indenting is a move under the row that its author saw above.",
  },
  {
    row: 16,
    a: { does: "indents Y under X", sends: move("y", "p", "x", "a1", "a0") },
    b: { does: "outdents P, which both stand under", sends: move("p", "g", null, "a0", "a0V") },
    given: { tasks: { g: { name: "G", orderKey: "a0" }, p: { parentId: "g" } } },
    ab: {
      answers: ["applied", "applied"],
      plan: { tasks: { p: { parentId: null }, y: { parentId: "x" } } },
      order: { "": ["g", "p", "z", "sa", "sb", "q"], g: [], p: ["x", "w"], x: ["y"] },
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { tasks: { p: { parentId: null }, y: { parentId: "x" } } },
      order: { "": ["g", "p", "z", "sa", "sb", "q"], g: [], p: ["x", "w"], x: ["y"] },
    },
    because: "Parents are named by id; levels are derived.",
  },
  {
    row: 55,
    a: { does: "inserts a row above Z", sends: rows(row("n", null, "a0V")) },
    b: { does: 'types "2" as the predecessor of X, which is Z', sends: link("d1", "z", "x") },
    ab: {
      answers: ["applied", "applied"],
      plan: { tasks: { n: { name: "N" } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      order: { "": ["p", "n", "z", "sa", "sb", "q"] },
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { tasks: { n: { name: "N" } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      order: { "": ["p", "n", "z", "sa", "sb", "q"] },
    },
    because: "Numbers become ids on the client that shows them, before anything is sent.",
  },
  {
    row: 56,
    a: { does: "renumbers X's WBS code", sends: update("x", { wbsCode: "9.9" }, {}) },
    b: { does: "puts X after Y", sends: update("x", { orderKey: "a1V" }, { orderKey: "a0" }) },
    ab: { answers: ["rejected, derived_field", "applied"], plan: {}, order: { p: ["y", "x", "w"] } },
    ba: { answers: ["applied", "rejected, derived_field"], plan: {}, order: { p: ["y", "x", "w"] } },
    because: "A WBS code is derived from the order. Codes of one's own are custom fields, which need not be unique.",
  },
];
