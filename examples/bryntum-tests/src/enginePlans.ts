import { plan } from "./plan.ts";

// Plans on which Bryntum's engine and ours say the same, and those on which they differ, with what each one says.

const { project, calendars } = plan;
const base = { project, calendars };
const leaf = (id: string, fields: object = {}) => ({ id, name: id, duration: 2, ...fields });

export const equal: Record<string, object> = {
  "a summary, links, an assignment": { ...plan, tasks: plan.tasks.filter(({ id }) => id !== "party") },
  "all four kinds of links, with lag": {
    ...base,
    tasks: ["a", "b", "c", "d", "e"].map((id, i) => leaf(id, { duration: 2 + i })),
    dependencies: [
      { id: "1", fromTask: "a", toTask: "b", type: 2, lag: 1 },
      { id: "2", fromTask: "b", toTask: "c", type: 0, lag: 2 },
      { id: "3", fromTask: "b", toTask: "d", type: 3, lag: 1 },
      { id: "4", fromTask: "d", toTask: "e", type: 2, lag: 8, lagUnit: "hour" },
    ],
  },
  "constraints that can be met": {
    ...base,
    tasks: [
      leaf("snet", { constraintType: "startnoearlierthan", constraintDate: "2026-03-11T08:00:00" }),
      leaf("fnet", { constraintType: "finishnoearlierthan", constraintDate: "2026-03-13T16:00:00" }),
      leaf("mso", { constraintType: "muststarton", constraintDate: "2026-03-10T08:00:00" }),
      leaf("mfo", { constraintType: "mustfinishon", constraintDate: "2026-03-12T16:00:00" }),
      leaf("snlt", { constraintType: "startnolaterthan", constraintDate: "2026-03-30T08:00:00" }),
    ],
  },
  "holidays and a task's own calendar": {
    project,
    calendars: [
      {
        ...calendars[0],
        intervals: [...(calendars[0]?.intervals ?? []), { id: "h", startDate: "2026-03-04T00:00:00", endDate: "2026-03-05T00:00:00", isWorking: false }],
      },
      {
        id: "nights",
        name: "Nights",
        unspecifiedTimeIsWorking: false,
        intervals: [{ id: "n", recurrentStartDate: "every weekday at 20:00", recurrentEndDate: "every weekday at 23:00", isWorking: true }],
      },
    ],
    tasks: [leaf("day", { duration: 4 }), leaf("night", { duration: 1, calendar: "nights" })],
    dependencies: [{ id: "1", fromTask: "day", toTask: "night" }],
  },
  "summaries in summaries, linked": {
    ...base,
    tasks: [
      { id: "p", name: "p", children: [{ id: "q", name: "q", children: [leaf("r"), leaf("s", { duration: 5 })] }, leaf("t")] },
      { id: "u", name: "u", children: [leaf("v")] },
    ],
    dependencies: [
      { id: "1", fromTask: "q", toTask: "t" },
      { id: "2", fromTask: "p", toTask: "u" },
    ],
  },
  "an inactive task and an inactive link": {
    ...base,
    tasks: [leaf("a"), leaf("b", { inactive: true, duration: 5 }), leaf("c"), leaf("d")],
    dependencies: [
      { id: "1", fromTask: "a", toTask: "b" },
      { id: "2", fromTask: "b", toTask: "c" },
      { id: "3", fromTask: "a", toTask: "d", active: false },
    ],
  },
  segments: {
    ...base,
    tasks: [
      leaf("split", {
        segments: [
          { id: "1", offset: 0, duration: 480 },
          { id: "2", offset: 1440, duration: 480 },
        ],
      }),
      leaf("next"),
    ],
    dependencies: [{ id: "1", fromTask: "split", toTask: "next" }],
  },
  "a constraint that a link makes impossible": {
    ...base,
    tasks: [leaf("a", { duration: 5 }), leaf("b", { constraintType: "muststarton", constraintDate: "2026-03-03T08:00:00" })],
    dependencies: [{ id: "1", fromTask: "a", toTask: "b" }],
  },
  "a milestone between two tasks": {
    ...base,
    tasks: [leaf("a", { duration: 5 }), leaf("m", { duration: 0 }), leaf("n")],
    dependencies: [
      { id: "1", fromTask: "a", toTask: "m" },
      { id: "2", fromTask: "m", toTask: "n" },
    ],
  },
  "as late as possible": {
    ...base,
    tasks: [leaf("a", { duration: 5 }), leaf("b", { direction: "Backward" }), leaf("c")],
    dependencies: [{ id: "1", fromTask: "b", toTask: "c" }],
  },
  "a project scheduled backward": {
    project: { ...project, startDate: undefined, direction: "Backward", endDate: "2026-03-31T16:00:00" },
    calendars,
    tasks: [leaf("a", { duration: 5 }), leaf("b")],
    dependencies: [{ id: "1", fromTask: "a", toTask: "b" }],
  },
  "a resource with a calendar of its own": {
    ...base,
    calendars: [
      ...calendars,
      {
        id: "half",
        name: "half",
        unspecifiedTimeIsWorking: false,
        intervals: [{ id: "x", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 12:00", isWorking: true }],
      },
    ],
    resources: [{ id: "r", name: "r", calendar: "half" }],
    tasks: [leaf("a")],
    assignments: [{ id: "1", event: "a", resource: "r" }],
  },
  "weeks, months and a lead": {
    ...base,
    tasks: [leaf("a", { duration: 1, durationUnit: "week" }), leaf("b", { duration: 1, durationUnit: "month" }), leaf("c")],
    dependencies: [
      { id: "1", fromTask: "a", toTask: "b", lag: 1, lagUnit: "week" },
      { id: "2", fromTask: "a", toTask: "c", lag: -1 },
    ],
  },
  "a constraint on a summary, and one before the project's start": {
    ...base,
    tasks: [
      { id: "p", name: "p", constraintType: "startnoearlierthan", constraintDate: "2026-03-11T08:00:00", children: [leaf("a")] },
      leaf("early", { constraintType: "muststarton", constraintDate: "2026-02-25T08:00:00" }),
    ],
  },
  "no calendar: every hour works": {
    project: { startDate: "2026-03-02T00:00:00" },
    tasks: [leaf("a"), leaf("b", { duration: 5, durationUnit: "hour" })],
    dependencies: [{ id: "1", fromTask: "a", toTask: "b" }],
  },
};

/** Name of the case as the migration page lists it, a plan, and what the two engines say. */
export const differences: Record<string, { readonly plan: object; readonly dates: readonly string[] }> = {
  "a manual task on an 8-hour calendar": {
    plan: {
      ...base,
      tasks: [leaf("m", { manuallyScheduled: true, startDate: "2026-03-05T08:00:00" }), leaf("n")],
      dependencies: [{ id: "1", fromTask: "m", toTask: "n" }],
    },
    dates: [
      "m: 2026-03-05T08:00:00–2026-03-06T00:00:00 | 2026-03-05T08:00:00–2026-03-06T16:00:00",
      "n: 2026-03-06T08:00:00–2026-03-09T16:00:00 | 2026-03-09T08:00:00–2026-03-10T16:00:00",
    ],
  },
  "a manual start outside working time": {
    plan: { ...base, tasks: [leaf("m", { manuallyScheduled: true, startDate: "2026-03-05T00:00:00" })] },
    dates: ["m: 2026-03-05T00:00:00–2026-03-05T16:00:00 | 2026-03-05T08:00:00–2026-03-06T16:00:00"],
  },
  "an end that is asked for outside working time": {
    plan: { ...base, tasks: [leaf("b", { constraintType: "finishnoearlierthan", constraintDate: "2026-03-14T00:00:00" })] },
    dates: ["b: 2026-03-12T08:00:00–2026-03-14T00:00:00 | 2026-03-12T08:00:00–2026-03-13T16:00:00"],
  },
  "an end that a start-to-finish link puts at the beginning of a working day": {
    plan: {
      ...base,
      tasks: [leaf("a", { constraintType: "startnoearlierthan", constraintDate: "2026-03-11T08:00:00" }), leaf("b")],
      dependencies: [{ id: "1", fromTask: "a", toTask: "b", type: 1 }],
    },
    dates: ["b: 2026-03-09T08:00:00–2026-03-11T08:00:00 | 2026-03-09T08:00:00–2026-03-10T16:00:00"],
  },
  "a summary that is scheduled by hand": {
    plan: { ...base, tasks: [{ id: "p", name: "p", manuallyScheduled: true, startDate: "2026-03-04T08:00:00", duration: 3, children: [leaf("a")] }] },
    dates: [
      "p: 2026-03-04T08:00:00–2026-03-05T08:00:00 | 2026-03-04T08:00:00–2026-03-06T16:00:00",
      "a: 2026-03-04T08:00:00–2026-03-05T16:00:00 | 2026-03-02T08:00:00–2026-03-03T16:00:00",
    ],
  },
};
