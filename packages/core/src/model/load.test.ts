import { describe, expect, it } from "vitest";
import { checkInvariants } from "./invariants.ts";
import { defaultLimits } from "./limits.ts";
import { PlanError, projectFromJSON } from "./load.ts";
import { projectToJSON } from "./save.ts";
import type { ProjectState } from "./state.ts";

/** Codes and paths of everything that a plan is refused for. */
function problems(plan: unknown, options: Parameters<typeof projectFromJSON>[1] = {}): string[] {
  try {
    projectFromJSON(plan, options);
  } catch (error) {
    if (error instanceof PlanError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const outline = (state: ProjectState, parent: string | null = null): unknown[] =>
  state.children.of(parent).map((id) => (state.isSummary(id) ? [id, outline(state, id)] : id));

const nested = [
  {
    id: "a",
    name: "A",
    expanded: true,
    children: [
      { id: "b", name: "B" },
      { id: "c", children: [{ id: "d" }] },
    ],
  },
  { id: "e", name: "E" },
];
const tree = [["a", ["b", ["c", ["d"]]]], "e"];

describe("Bryntum's shapes of a plan", () => {
  it.each([
    ["tasks", { tasks: nested }],
    ["tasks with rows", { success: true, tasks: { rows: nested } }],
    ["tasksData", { tasksData: nested }],
    ["eventsData", { eventsData: nested }],
    ["all inside the project", { project: { name: "P", tasks: nested } }],
    ["tasksData inside the project", { project: { tasksData: nested } }],
  ])("M1 nested children in %s are one tree", (_, plan) => {
    const state = projectFromJSON(plan);
    expect(outline(state)).toEqual(tree);
    expect(state.tasks.get("a")).not.toHaveProperty("expanded");
    expect(state.tasks.get("a")).not.toHaveProperty("children");
  });

  it("M1 numeric ids become texts, in records and wherever they are named", () => {
    const state = projectFromJSON({
      project: { calendar: 9 },
      tasks: [{ id: 1, children: [{ id: 2, calendar: 9 }] }, { id: 3 }],
      dependencies: {
        rows: [
          { id: 4, fromEvent: 2, toEvent: 3, type: 2 },
          { id: 5, from: 1, to: 3, lag: 0 },
        ],
      },
      resourcesData: [{ id: 6 }],
      assignments: {
        rows: [
          { id: 7, eventId: 2, resourceId: 6 },
          { id: 8, event: 3, resource: 6 },
        ],
      },
      calendars: { rows: [{ id: 9, children: [{ id: 10 }] }] },
    });
    expect(state.dependencies.get("4")).toMatchObject({ fromTask: "2", toTask: "3" });
    expect(state.dependencies.get("5")).toMatchObject({ fromTask: "1", toTask: "3" });
    expect(state.assignments.get("7")).toMatchObject({ event: "2", resource: "6" });
    expect(state.calendars.get("10")?.parentId).toBe("9");
    expect(state.project.calendar).toBe("9");
    expect(state.tasks.get("2")).toMatchObject({ parentId: "1", calendar: "9" });
  });

  it("M1 records without id get one by their place, intervals by calendar and place", () => {
    const interval = { recurrentStartDate: "on Mon at 08:00", recurrentEndDate: "on Mon at 12:00", isWorking: true };
    const state = projectFromJSON({
      tasks: [{ name: "A", children: [{ name: "B" }] }],
      calendars: [{ id: "c", intervals: [interval, { id: 7, ...interval }, { id: "own", ...interval }] }],
    });
    expect(outline(state)).toEqual([["tasks-1", ["tasks-2"]]]);
    expect(Object.keys(state.calendars.get("c") ?? {}).filter((field) => field.startsWith("intervals."))).toEqual([
      "intervals.c:0",
      "intervals.7",
      "intervals.own",
    ]);
  });

  it("M3 computed fields are left out; custom ones stay", () => {
    const state = projectFromJSON({
      tasks: [{ id: "a", endDate: "2026-03-09", wbsValue: "1", critical: true, earlyStartDate: "2026-01-01", risk: { level: 2 } }],
    });
    expect(state.tasks.get("a")).toEqual({ id: "a", orderKey: "a0", risk: { level: 2 } });
  });

  it("M4 a start date is kept with manual tasks only, and the earliest begins a project that has no start", () => {
    const state = projectFromJSON({
      tasks: [
        { id: "a", startDate: "2026-03-09" },
        { id: "m", startDate: "2026-03-16", manuallyScheduled: true },
      ],
    });
    expect(state.tasks.get("a")).not.toHaveProperty("startDate");
    expect(state.tasks.get("m")?.startDate).toBe("2026-03-16T00:00:00");
    expect(state.project.startDate).toBe("2026-03-09T00:00:00");
  });

  it("M4 a snapshot without project start stays without", () => {
    const snapshot = projectToJSON(projectFromJSON({ tasks: [{ id: "m", startDate: "2026-03-16", manuallyScheduled: true }], project: { id: "p" } }));
    const { startDate: _, ...project } = snapshot.project;
    expect(projectFromJSON({ ...snapshot, project }).project.startDate).toBeUndefined();
  });

  it("M2 dates with an offset are converted to the project's zone, units understood as people write them", () => {
    const state = projectFromJSON({
      project: { timeZone: "Europe/Berlin" },
      tasks: [{ id: "a", deadlineDate: "2026-07-01T06:00:00Z", durationUnit: "Days", effortUnit: "h" }],
    });
    expect(state.tasks.get("a")).toMatchObject({ deadlineDate: "2026-07-01T08:00:00", durationUnit: "day", effortUnit: "hour" });
  });

  it("M4 baselines stand by number, holes included", () => {
    const baselines = [null, { startDate: "2026-03-02T00:00:00", duration: 1, durationUnit: "day" }];
    const state = projectFromJSON({ tasks: [{ id: "a", baselines }] });
    expect(state.tasks.get("a")?.["baselines.1"]).toEqual(baselines[1]);
    expect(projectToJSON(state).tasks[0]?.baselines).toEqual(baselines);
  });

  it("M6 siblings without keys keep the order of the input, behind those that have some; doubled keys are made anew", () => {
    const order = (tasks: unknown) => projectFromJSON({ tasks }).children.of(null);
    expect(order([{ id: "x" }, { id: "b", orderKey: "a5" }, { id: "a", orderKey: "a1" }, { id: "w" }])).toEqual(["a", "b", "x", "w"]);
    const doubled = projectFromJSON({ tasks: [{ id: "b", orderKey: "a0" }, { id: "a", orderKey: "a0" }, { id: "c" }] });
    expect(doubled.children.of(null)).toEqual(["a", "b", "c"]);
    expect(checkInvariants(doubled)).toEqual([]);
  });

  it("M1 an empty plan is a project", () => {
    expect(projectToJSON(projectFromJSON({}, { id: "p", name: "New" })).project).toEqual({ id: "p", name: "New" });
  });
});

describe("a plan that cannot be a project", () => {
  it("V1 is refused whole with every reason", () => {
    const found = problems({
      project: { hoursPerDay: 25, timeZone: "Mars/Base" },
      tasks: [{ id: "a", duration: -1, percentDone: "half" }, { id: "a" }, { id: "", name: 7 }, "row", { id: "x".repeat(65) }],
      dependencies: { rows: 5 },
      calendars: [{ id: "c", intervals: [{ startDate: "soon", endDate: "2026-01-01" }] }],
    });
    expect(found.sort()).toEqual([
      "V1 tasks[1].id",
      "V1 tasks[2].id",
      "V1 tasks[3].id",
      "invalid_date calendars[0].intervals.c:0",
      "invalid_plan dependencies",
      "invalid_plan tasks[3]",
      "invalid_value project.hoursPerDay",
      "invalid_value project.timeZone",
      "invalid_value tasks[0].duration",
      "invalid_value tasks[0].percentDone",
    ]);
  });

  it("V2 to V7 names every law that it breaks", () => {
    const never = { id: "c", unspecifiedTimeIsWorking: false };
    const cases: [unknown, string][] = [
      [
        {
          tasks: [
            { id: "a", parentId: "b" },
            { id: "b", parentId: "a" },
          ],
        },
        "V2 tasks/a",
      ],
      [{ tasks: [{ id: "a", parentId: "gone" }] }, "V2 tasks/a"],
      [{ tasks: [{ id: "a" }], dependencies: [{ id: "d", fromTask: "a", toTask: "gone" }] }, "V4 dependencies/d"],
      [{ tasks: [{ id: "a" }], dependencies: [{ id: "d", fromTask: "a", toTask: "a" }] }, "V4 dependencies/d"],
      [{ tasks: [{ id: "a", children: [{ id: "b" }] }], dependencies: [{ id: "d", fromTask: "a", toTask: "b" }] }, "V4 dependencies/d"],
      [
        {
          tasks: [{ id: "a" }, { id: "b" }],
          dependencies: [
            { id: "d", from: "a", to: "b" },
            { id: "e", from: "a", to: "b", lag: 1 },
          ],
        },
        "V4 dependencies/e",
      ],
      [
        {
          tasks: [{ id: "a" }, { id: "b" }],
          dependencies: [
            { id: "d", from: "a", to: "b" },
            { id: "e", from: "b", to: "a" },
          ],
        },
        "V5 dependencies/",
      ],
      [{ tasks: [{ id: "a" }], assignments: [{ id: "s", event: "a", resource: "gone" }] }, "V6 assignments/s"],
      [
        {
          tasks: [{ id: "a" }],
          resources: [{ id: "r" }],
          assignments: [
            { id: "s", event: "a", resource: "r" },
            { id: "t", event: "a", resource: "r" },
          ],
        },
        "V6 assignments/t",
      ],
      [{ tasks: [{ id: "a", calendar: "gone" }] }, "V7 tasks/a"],
      [
        {
          calendars: [
            { id: "c", parentId: "d" },
            { id: "d", parentId: "c" },
          ],
        },
        "V7 calendars/c",
      ],
      [{ project: { calendar: "c" }, calendars: [never] }, "V7 calendars/c"],
      [{ tasks: [{ id: "a" }], comments: [{ id: "m", task: "gone" }] }, "V11 comments/m"],
    ];
    for (const [plan, problem] of cases)
      expect(
        problems(plan).some((found) => found.startsWith(problem)),
        `${problem} of ${JSON.stringify(plan)}`,
      ).toBe(true);
    expect(problems({ calendars: [never] })).toEqual([]);
  });

  it.each([null, 5, "plan", [], [{ tasks: [] }]])("V1 %j is no plan", (plan) => {
    expect(problems(plan)).toEqual(["invalid_plan "]);
  });

  it("M7 names that could reach a prototype are refused", () => {
    expect(problems(JSON.parse('{"tasks":[{"id":"a","__proto__":{"x":1}}]}'))).toEqual(["forbidden_name tasks[0].__proto__"]);
    expect(problems({ tasks: [{ id: "__proto__" }, { id: "constructor" }] })).toEqual(["V1 tasks[0].id", "V1 tasks[1].id"]);
    expect(problems({ tasks: [{ id: "a", constructor: 1 }] })).toEqual(["forbidden_name tasks[0].constructor"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it("V8 more records than the limit are refused with the limit", () => {
    const plan = { tasks: Array.from({ length: 11 }, (_, i) => ({ id: `t${i}` })) };
    expect(problems(plan, { limits: { ...defaultLimits, tasks: 10 } })).toEqual(["V8 tasks/"]);
    expect(problems(plan)).toEqual([]);
  });

  it("V2 64 levels are a plan, 65 are not, and 100,000 are refused without exhausting the stack", () => {
    const deep = (levels: number): unknown => {
      let task: Record<string, unknown> = { id: `t${levels}` };
      for (let i = levels - 1; i > 0; i--) task = { id: `t${i}`, children: [task] };
      return { tasks: [task] };
    };
    expect(problems(deep(64))).toEqual([]);
    expect(problems(deep(65))).toEqual(["V2 tasks/t65"]);
    expect(problems(deep(100_000)).length).toBeGreaterThan(1000);
  });
});
