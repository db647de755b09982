import type { Changeset } from "../changeset.ts";
import { type Fragment, type Pair, rows, update } from "./plan.ts";

const assign = (id: string, more = {}): Changeset => ({ assignments: { added: [{ id, event: "x", resource: "r", ...more }] } });
const interval = (name: string, value: { readonly [field: string]: string | boolean } | null): Changeset => ({
  calendars: { updated: [{ id: "c", changes: { [`intervals.${name}`]: value } }] },
});
const mondays = { recurrentStartDate: "on Mon at 08:00", recurrentEndDate: "on Mon at 16:00", isWorking: true };
const tuesdays = { recurrentStartDate: "on Tue at 08:00", recurrentEndDate: "on Tue at 16:00", isWorking: true };
/** A calendar C with work on Mondays and Tuesdays. */
const shift: Fragment = { calendars: { c: { name: "C", unspecifiedTimeIsWorking: false, "intervals.mon": mondays, "intervals.tue": tuesdays } } };
const onShift: Fragment = { ...shift, tasks: { x: { calendar: "c" } } };
const holiday = { startDate: "2026-03-09T00:00:00", endDate: "2026-03-10T00:00:00", isWorking: false };

/** Resources, assignments, calendars, texts, ids. */
export const peoplePairs: readonly Pair[] = [
  {
    row: 38,
    a: { does: "assigns Rita to X", sends: assign("as1") },
    b: { does: "deletes Rita", sends: { resources: { removed: [{ id: "r" }] } } },
    ab: { answers: ["applied", "merged, cascaded as1"], plan: { resources: { r: null } } },
    ba: { answers: ["applied", "conflict, missing_reference as1"], plan: { resources: { r: null } } },
    because: "An assignment goes with its resource; its author is told.",
  },
  {
    row: 39,
    a: { does: "assigns Rita to X with 100 %", sends: assign("as1", { units: 100 }) },
    b: { does: "assigns Rita to X with 50 %", sends: assign("as2", { units: 50 }) },
    ab: { answers: ["applied", "conflict, concurrent_edit as1"], plan: { assignments: { as1: { event: "x", resource: "r", units: 100 } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit as2"], plan: { assignments: { as2: { event: "x", resource: "r", units: 50 } } } },
    because: "One assignment per task and resource; they differ in the units.",
  },
  {
    row: 40,
    given: { assignments: { as1: { event: "x", resource: "r" } } },
    a: { does: "sets Rita's units on X", sends: { assignments: { updated: [{ id: "as1", changes: { units: 50 }, was: { units: null } }] } } },
    b: { does: "sets X's effort", sends: update("x", { effort: 24 }, { effort: null }) },
    ab: { answers: ["applied", "applied"], plan: { assignments: { as1: { units: 50 } }, tasks: { x: { effort: 24 } } } },
    ba: { answers: ["applied", "applied"], plan: { assignments: { as1: { units: 50 } }, tasks: { x: { effort: 24 } } } },
    because: "Both are inputs; the scheduling mode says which value is computed.",
  },
  {
    row: 42,
    given: onShift,
    a: { does: "adds a holiday on Monday to X's calendar", sends: interval("holiday", holiday) },
    b: { does: "drags X onto that Monday", sends: update("x", { startDate: "2026-03-09T08:00:00" }, {}) },
    ab: {
      answers: ["applied", "merged"],
      plan: {
        calendars: { c: { "intervals.holiday": holiday } },
        tasks: { x: { constraintType: "startnoearlierthan", constraintDate: "2026-03-09T08:00:00" } },
      },
      starts: { x: "2026-03-10T08:00:00" },
      violations: [],
    },
    ba: {
      answers: ["merged", "applied"],
      plan: {
        calendars: { c: { "intervals.holiday": holiday } },
        tasks: { x: { constraintType: "startnoearlierthan", constraintDate: "2026-03-09T08:00:00" } },
      },
      starts: { x: "2026-03-10T08:00:00" },
      violations: [],
    },
    because: "The task starts at the next working time, on every replica alike.",
  },
  {
    row: 43,
    given: shift,
    a: { does: "deletes calendar C", sends: { calendars: { removed: [{ id: "c" }] } } },
    b: { does: "gives X the calendar C", sends: update("x", { calendar: "c" }, { calendar: null }) },
    ab: { answers: ["applied", "conflict, missing_reference x"], plan: { calendars: { c: null } } },
    ba: { answers: ["applied", "conflict, edited_before_remove x"], plan: { tasks: { x: { calendar: "c" } } } },
    because: "A use that the remover had not seen is not taken away. Uses that he had seen fall back to the project's calendar, all told.",
  },
  {
    row: 44,
    given: onShift,
    a: { does: "takes Monday out of C", sends: interval("mon", null) },
    b: { does: "takes Tuesday out of C", sends: interval("tue", null) },
    ab: { answers: ["applied", "conflict, empty_calendar c"], plan: { calendars: { c: { "intervals.mon": null } } } },
    ba: { answers: ["applied", "conflict, empty_calendar c"], plan: { calendars: { c: { "intervals.tue": null } } } },
    because: "A calendar in use keeps some working time.",
  },
  {
    row: 58,
    a: { does: "lowers Rita's units to 50 %", sends: { resources: { updated: [{ id: "r", changes: { maxUnits: 50 }, was: { maxUnits: null } }] } } },
    b: { does: "assigns Rita to X with 100 %", sends: assign("as1") },
    ab: {
      answers: ["applied", "applied"],
      plan: { resources: { r: { maxUnits: 50 } }, assignments: { as1: { event: "x", resource: "r" } } },
      violations: ["over-allocated x"],
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { resources: { r: { maxUnits: 50 } }, assignments: { as1: { event: "x", resource: "r" } } },
      violations: ["over-allocated x"],
    },
    because: "Both are kept. Nothing is levelled unless somebody asks for it.",
  },
  {
    row: 59,
    given: { assignments: { as1: { event: "x", resource: "r" }, as2: { event: "z", resource: "r" } } },
    a: { does: "levels resources, where Rita works on X (2 days) and Z at once", sends: { command: "level" } },
    b: { does: "sets X's duration to 1 day", sends: update("x", { duration: 1 }, { duration: 2 }) },
    ab: {
      answers: ["applied", "applied"],
      plan: { tasks: { x: { duration: 1 }, z: { levelingDelay: 960 } } },
      starts: { z: "2026-03-03T00:00:00" },
      violations: [],
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { tasks: { x: { duration: 1 }, z: { levelingDelay: 480 } } },
      starts: { z: "2026-03-02T16:00:00" },
      violations: [],
    },
    because:
      "Levelling is decided on the server at its revision, so it never works on stale dates; what is edited later keeps the delay until the next levelling.",
  },
  {
    row: 60,
    a: { does: "writes a note on X", sends: update("x", { note: "Ask Rita" }, { note: null }) },
    b: { does: "writes another", sends: update("x", { note: "Ask Sam" }, { note: null }) },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { note: "Ask Rita" } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { note: "Ask Sam" } } } },
    because: "The whole note is one register; both versions stand in the inbox, where they can be joined.",
  },
  {
    row: 63,
    a: { does: "creates N", sends: rows({ id: "n", name: "Ann's", parentId: "p", orderKey: "a3" }) },
    b: { does: "creates another task with the same id", sends: rows({ id: "n", name: "Ben's", parentId: "p", orderKey: "a3" }) },
    ab: { answers: ["applied", "conflict, duplicate_id n"], plan: { tasks: { n: { name: "Ann's", parentId: "p" } } } },
    ba: { answers: ["applied", "conflict, duplicate_id n"], plan: { tasks: { n: { name: "Ben's", parentId: "p" } } } },
    because: "An add never overwrites.",
  },
  {
    row: 64,
    a: { does: "creates N and renames X", sends: { ...rowsAndName() } },
    b: { does: "sends the same once more", sends: { ...rowsAndName() }, again: true },
    ab: { answers: ["applied", "nothing"], plan: { tasks: { n: { name: "N", parentId: "p" }, x: { name: "First" } } } },
    ba: { answers: ["applied", "nothing"], plan: { tasks: { n: { name: "N", parentId: "p" }, x: { name: "First" } } } },
    because: "A repeat has no effect; its number is answered from memory (W3).",
  },
];

function rowsAndName(): Changeset {
  return {
    tasks: {
      added: [{ id: "n", name: "N", parentId: "p", orderKey: "a3" }],
      updated: [{ id: "x", changes: { name: "First" }, was: { name: "X" } }],
    },
  };
}
