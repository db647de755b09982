import { link, type Pair, update } from "./plan.ts";

const named = (name: string) => update("x", { name }, { name: "X" });
const lasting = (duration: number) => update("x", { duration }, { duration: 2 });
const nextMonday = "2026-03-09T08:00:00";
const wednesday = "2026-03-04T08:00:00";
const inProject = (changes: Record<string, string | number>, was: Record<string, string | number | null>) => ({
  project: { updated: [{ id: "house", changes, was }] },
});

/** Durations, dates, constraints, effort: what the schedule is computed from. */
export const timePairs: readonly Pair[] = [
  {
    row: 1,
    a: { does: "renames X", sends: named("N") },
    b: { does: "sets X's duration", sends: lasting(3) },
    ab: { answers: ["applied", "merged"], plan: { tasks: { x: { name: "N", duration: 3 } } } },
    ba: { answers: ["applied", "merged"], plan: { tasks: { x: { name: "N", duration: 3 } } } },
    because: "Different registers merge.",
  },
  {
    row: 2,
    a: { does: 'renames X to "A"', sends: named("A") },
    b: { does: 'renames X to "B"', sends: named("B") },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { name: "A" } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { name: "B" } } } },
    because: "Names are what people mean: the second author is asked (policy `ask`).",
  },
  {
    row: 26,
    a: { does: "drags X's end, so that it lasts 4 days", sends: lasting(4) },
    b: { does: "drags X to another start", sends: update("x", { startDate: wednesday }, {}) },
    ab: {
      answers: ["applied", "merged"],
      plan: { tasks: { x: { duration: 4, constraintType: "startnoearlierthan", constraintDate: wednesday } } },
      starts: { x: wednesday },
    },
    ba: {
      answers: ["merged", "merged"],
      plan: { tasks: { x: { duration: 4, constraintType: "startnoearlierthan", constraintDate: wednesday } } },
      starts: { x: wednesday },
    },
    because: "A resize writes the duration, a drag the start; the end follows from both.",
  },
  {
    row: 27,
    a: { does: "sets X's duration to 3 days", sends: lasting(3) },
    b: { does: "drags X's end, so that it lasts 4 days", sends: lasting(4) },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { duration: 3 } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { duration: 4 } } } },
    because: "Both write the duration.",
  },
  {
    row: 28,
    a: { does: "drags X's start, its end stays", sends: update("x", { startDate: wednesday, duration: 1 }, { duration: 2 }) },
    b: { does: "sets X's duration to 5 days", sends: lasting(5) },
    ab: {
      answers: ["merged", "conflict, concurrent_edit x"],
      plan: { tasks: { x: { duration: 1, constraintType: "startnoearlierthan", constraintDate: wednesday } } },
    },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { duration: 5 } } } },
    because: "Start and duration of one drag are one action: it is applied whole or asked about whole.",
  },
  {
    row: 29,
    a: { does: "drags X to Wednesday", sends: update("x", { startDate: wednesday }, {}) },
    b: { does: "makes X follow the later Z", sends: link("d1", "z", "x") },
    given: { tasks: { z: { constraintType: "startnoearlierthan", constraintDate: nextMonday } } },
    ab: {
      answers: ["merged", "applied"],
      plan: { tasks: { x: { constraintType: "startnoearlierthan", constraintDate: wednesday } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      starts: { x: "2026-03-09T16:00:00" },
      violations: [],
    },
    ba: {
      answers: ["applied", "merged"],
      plan: { tasks: { x: { constraintType: "startnoearlierthan", constraintDate: wednesday } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      starts: { x: "2026-03-09T16:00:00" },
      violations: [],
    },
    because: "Both stay; X says that its predecessor drives it.",
  },
  {
    row: 30,
    given: { dependencies: { d0: { fromTask: "z", toTask: "x" } } },
    a: {
      does: "says that X must start on Wednesday",
      sends: update("x", { constraintType: "muststarton", constraintDate: wednesday }, { constraintType: null, constraintDate: null }),
    },
    b: { does: "drags the predecessor Z to next Monday", sends: update("z", { startDate: nextMonday }, {}) },
    ab: {
      answers: ["applied", "merged"],
      plan: {
        tasks: {
          x: { constraintType: "muststarton", constraintDate: wednesday },
          z: { constraintType: "startnoearlierthan", constraintDate: nextMonday },
        },
      },
      starts: { x: wednesday },
      violations: ["constraint-vs-dependency x"],
    },
    ba: {
      answers: ["merged", "applied"],
      plan: {
        tasks: {
          x: { constraintType: "muststarton", constraintDate: wednesday },
          z: { constraintType: "startnoearlierthan", constraintDate: nextMonday },
        },
      },
      starts: { x: wednesday },
      violations: ["constraint-vs-dependency x"],
    },
    because: "What cannot be met is a violation with ready fixes, never a conflict (K9).",
  },
  {
    row: 31,
    given: { tasks: { x: { constraintType: "startnoearlierthan", constraintDate: wednesday } } },
    a: { does: "changes the kind of X's constraint", sends: update("x", { constraintType: "muststarton" }, { constraintType: "startnoearlierthan" }) },
    b: { does: "changes its date", sends: update("x", { constraintDate: nextMonday }, { constraintDate: wednesday }) },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { constraintType: "muststarton" } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { constraintDate: nextMonday } } } },
    because: "Kind and date are one register.",
  },
  {
    row: 32,
    given: { tasks: { z: { constraintType: "startnoearlierthan", constraintDate: nextMonday } } },
    a: { does: "schedules X by hand", sends: update("x", { manuallyScheduled: true }, { manuallyScheduled: null }) },
    b: { does: "makes X follow Z", sends: link("d1", "z", "x") },
    ab: {
      answers: ["merged", "applied"],
      plan: { tasks: { x: { manuallyScheduled: true, startDate: "2026-03-02T08:00:00" } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      starts: { x: "2026-03-02T08:00:00" },
    },
    ba: {
      answers: ["applied", "merged"],
      plan: { tasks: { x: { manuallyScheduled: true, startDate: "2026-03-09T16:00:00" } }, dependencies: { d1: { fromTask: "z", toTask: "x" } } },
      starts: { x: "2026-03-09T16:00:00" },
    },
    because: "The task keeps the start that it has when the change is applied.",
  },
  {
    row: 33,
    given: { tasks: { z: { manuallyScheduled: true, startDate: wednesday } } },
    a: { does: "lets Z be scheduled again", sends: update("z", { manuallyScheduled: false }, { manuallyScheduled: true }) },
    b: { does: "drags Z to next Monday", sends: update("z", { startDate: nextMonday }, { startDate: wednesday }) },
    ab: {
      answers: ["merged", "merged"],
      plan: { tasks: { z: { manuallyScheduled: false, startDate: null, constraintType: "startnoearlierthan", constraintDate: nextMonday } } },
      starts: { z: nextMonday },
    },
    ba: { answers: ["applied", "conflict, concurrent_edit z"], plan: { tasks: { z: { startDate: nextMonday } } } },
    because: "A start on an automatic task is a constraint, decided when it is applied. The other way round both wrote the register of the manual start (M4).",
  },
  {
    row: 34,
    a: { does: "sets the percent of the child X", sends: update("x", { percentDone: 50 }, { percentDone: null }) },
    b: { does: "sets the percent of its parent P", sends: update("p", { percentDone: 80 }, { percentDone: null }) },
    ab: { answers: ["applied", "rejected, derived_field"], plan: { tasks: { x: { percentDone: 50 } } } },
    ba: { answers: ["rejected, derived_field", "applied"], plan: { tasks: { x: { percentDone: 50 } } } },
    because: "A parent's percent is computed from its children.",
  },
  {
    row: 35,
    a: { does: "sets X to 100 %", sends: update("x", { percentDone: 100 }, { percentDone: null }) },
    b: { does: "makes X longer", sends: lasting(4) },
    ab: { answers: ["applied", "merged"], plan: { tasks: { x: { percentDone: 100, duration: 4 } } } },
    ba: { answers: ["applied", "merged"], plan: { tasks: { x: { percentDone: 100, duration: 4 } } } },
    because: "The percentage is what was entered; nothing recomputes it.",
  },
  {
    row: 41,
    a: { does: "makes X's effort fixed", sends: update("x", { schedulingMode: "FixedEffort" }, { schedulingMode: null }) },
    b: { does: "sets X's effort", sends: update("x", { effort: 24 }, { effort: null }) },
    ab: { answers: ["applied", "merged"], plan: { tasks: { x: { schedulingMode: "FixedEffort", effort: 24 } } } },
    ba: { answers: ["applied", "merged"], plan: { tasks: { x: { schedulingMode: "FixedEffort", effort: 24 } } } },
    because: "Mode, effort, units and duration are inputs; which of them acts is computed from all, on every replica alike.",
  },
  {
    row: 45,
    a: { does: "moves the project's start to next Monday", sends: inProject({ startDate: nextMonday }, { startDate: "2026-03-02T08:00:00" }) },
    b: {
      does: "says that X must start on Wednesday",
      sends: update("x", { constraintType: "muststarton", constraintDate: wednesday }, { constraintType: null, constraintDate: null }),
    },
    ab: {
      answers: ["applied", "applied"],
      plan: { project: { startDate: nextMonday }, tasks: { x: { constraintType: "muststarton", constraintDate: wednesday } } },
      starts: { x: wednesday },
      violations: ["before-project-start x"],
    },
    ba: {
      answers: ["applied", "applied"],
      plan: { project: { startDate: nextMonday }, tasks: { x: { constraintType: "muststarton", constraintDate: wednesday } } },
      starts: { x: wednesday },
      violations: ["before-project-start x"],
    },
    because: "Both are kept; the schedule says that they disagree.",
  },
  {
    row: 46,
    a: { does: "sets 7.5 hours a day", sends: inProject({ hoursPerDay: 7.5 }, { hoursPerDay: 8 }) },
    b: { does: "sets X's duration to 3 days", sends: lasting(3) },
    ab: { answers: ["applied", "applied"], plan: { project: { hoursPerDay: 7.5 }, tasks: { x: { duration: 3 } } } },
    ba: { answers: ["applied", "applied"], plan: { project: { hoursPerDay: 7.5 }, tasks: { x: { duration: 3 } } } },
    because: "A duration is stored as number and unit; minutes are derived.",
  },
  {
    row: 47,
    a: { does: "writes X's 2 days as 16 hours", sends: update("x", { duration: 16, durationUnit: "hour" }, { duration: 2, durationUnit: "day" }) },
    b: { does: "sets X's duration to 3", sends: lasting(3) },
    ab: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { duration: 16, durationUnit: "hour" } } } },
    ba: { answers: ["applied", "conflict, concurrent_edit x"], plan: { tasks: { x: { duration: 3 } } } },
    because: "Number and unit are one register: never 3 hours for 3 days.",
  },
  {
    row: 48,
    a: {
      does: "splits X",
      sends: update(
        "x",
        {
          segments: [
            { id: "s1", offset: 0, duration: 480 },
            { id: "s2", offset: 960, duration: 480 },
          ],
        },
        { segments: null },
      ),
    },
    b: { does: "drags X to Wednesday", sends: update("x", { startDate: wednesday }, {}) },
    ab: {
      answers: ["applied", "merged"],
      plan: {
        tasks: {
          x: {
            segments: [
              { id: "s1", offset: 0, duration: 480 },
              { id: "s2", offset: 960, duration: 480 },
            ],
            constraintType: "startnoearlierthan",
            constraintDate: wednesday,
          },
        },
      },
      starts: { x: wednesday },
    },
    ba: {
      answers: ["merged", "merged"],
      plan: {
        tasks: {
          x: {
            segments: [
              { id: "s1", offset: 0, duration: 480 },
              { id: "s2", offset: 960, duration: 480 },
            ],
            constraintType: "startnoearlierthan",
            constraintDate: wednesday,
          },
        },
      },
      starts: { x: wednesday },
    },
    because: "Segments are offsets in working time from the start: they move along.",
  },
  {
    row: 49,
    given: {
      tasks: {
        x: {
          segments: [
            { id: "s1", offset: 0, duration: 60 },
            { id: "s2", offset: 120, duration: 60 },
            { id: "s3", offset: 240, duration: 60 },
          ],
        },
      },
    },
    a: {
      does: "deletes X's second segment",
      sends: update(
        "x",
        {
          segments: [
            { id: "s1", offset: 0, duration: 60 },
            { id: "s3", offset: 240, duration: 60 },
          ],
        },
        {
          segments: [
            { id: "s1", offset: 0, duration: 60 },
            { id: "s2", offset: 120, duration: 60 },
            { id: "s3", offset: 240, duration: 60 },
          ],
        },
      ),
    },
    b: {
      does: "makes that segment longer",
      sends: update(
        "x",
        {
          segments: [
            { id: "s1", offset: 0, duration: 60 },
            { id: "s2", offset: 120, duration: 90 },
            { id: "s3", offset: 240, duration: 60 },
          ],
        },
        {
          segments: [
            { id: "s1", offset: 0, duration: 60 },
            { id: "s2", offset: 120, duration: 60 },
            { id: "s3", offset: 240, duration: 60 },
          ],
        },
      ),
    },
    ab: {
      answers: ["applied", "conflict, concurrent_edit x"],
      plan: {
        tasks: {
          x: {
            segments: [
              { id: "s1", offset: 0, duration: 60 },
              { id: "s3", offset: 240, duration: 60 },
            ],
          },
        },
      },
    },
    ba: {
      answers: ["applied", "conflict, concurrent_edit x"],
      plan: {
        tasks: {
          x: {
            segments: [
              { id: "s1", offset: 0, duration: 60 },
              { id: "s2", offset: 120, duration: 90 },
              { id: "s3", offset: 240, duration: 60 },
            ],
          },
        },
      },
    },
    because: "The segments of a task are one register: which pieces it has is one decision.",
  },
  {
    row: 65,
    a: { does: "sets X's deadline in Berlin's time", sends: update("x", { deadlineDate: "2026-03-30T08:00:00+02:00" }, { deadlineDate: null }) },
    b: { does: "sets the same deadline in London", sends: update("x", { deadlineDate: "2026-03-30T06:00:00Z" }, { deadlineDate: null }) },
    ab: { answers: ["applied", "nothing"], plan: { tasks: { x: { deadlineDate: "2026-03-30T08:00:00" } } } },
    ba: { answers: ["applied", "nothing"], plan: { tasks: { x: { deadlineDate: "2026-03-30T08:00:00" } } } },
    because: "Dates are the project's own wall-clock time, also in the week after its clocks changed.",
  },
];
