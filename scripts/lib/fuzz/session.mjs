/** The plan that attackers work on. */
export const arena = {
  project: { startDate: "2026-03-02T08:00:00", calendar: "week" },
  calendars: [
    {
      id: "week",
      name: "Week",
      intervals: [{ id: "i", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 16:00", isWorking: true }],
    },
  ],
  tasks: Array.from({ length: 30 }, (_, i) => ({ id: `t${i}`, name: `Task ${i}`, duration: 1 + (i % 5), ...(i % 6 !== 0 && { parentId: `t${i - (i % 6)}` }) })),
  dependencies: Array.from({ length: 8 }, (_, i) => ({ id: `d${i}`, fromTask: `t${1 + i}`, toTask: `t${13 + i}` })),
  resources: [
    { id: "r1", name: "Ada" },
    { id: "r2", name: "Ben" },
  ],
  assignments: [{ id: "a1", event: "t1", resource: "r1", units: 50 }],
};

const changes = (intent, payload) => ({ type: "changes", revision: 0, baseRevision: 0, intent, payload });
const update = (id, fields, was) => changes("task.edit", { tasks: { updated: [{ id, changes: fields, ...(was && { was }) }] } });

/** What a session of people on that plan sends; `revision` 0 stands for the connection's next number. */
export const session = [
  update("t1", { name: "Dig" }, { name: "Task 1" }),
  update("t2", { duration: 3, durationUnit: "day" }, { duration: 3 }),
  update("t3", { constraintType: "startnoearlierthan", constraintDate: "2026-03-09T08:00:00" }),
  update("t4", { percentDone: 40 }),
  update("t7", { parentId: "t12", orderKey: "a5" }),
  update("t8", { note: "Ask the neighbours first.", manuallyScheduled: true, startDate: "2026-03-10T08:00:00" }),
  update("t9", { effort: 12, effortUnit: "hour", schedulingMode: "FixedEffort" }),
  update("t10", { segments: [{ startDate: "2026-03-02T08:00:00", duration: 1 }] }),
  update("t11", { calendar: "week", cls: "red", eventColor: "blue", rollup: true, inactive: false }),
  update("t13", { "baselines.0": { startDate: "2026-03-02T08:00:00", endDate: "2026-03-04T16:00:00" } }),
  update("t14", { custom: { risk: [1, 2, { level: "high" }] } }),
  changes("task.add", { tasks: { added: [{ id: "new", name: "New", parentId: "t0", duration: 2 }] } }),
  changes("task.remove", { tasks: { removed: [{ id: "t6", seen: { tasks: ["t7", "t8"], dependencies: ["d6"], assignments: [] } }] } }),
  changes("link.add", { dependencies: { added: [{ id: "link", fromTask: "t20", toTask: "t21", type: 2, lag: 1, lagUnit: "day" }] } }),
  changes("link.edit", { dependencies: { updated: [{ id: "d1", changes: { lag: 2 } }] } }),
  changes("link.remove", { dependencies: { removed: [{ id: "d2" }] } }),
  changes("resource.add", {
    resources: { added: [{ id: "r3", name: "Cem", maxUnits: 100 }] },
    assignments: { added: [{ id: "a2", event: "t2", resource: "r3" }] },
  }),
  changes("assignment.edit", { assignments: { updated: [{ id: "a1", changes: { units: 100 } }] } }),
  changes("calendar.edit", {
    calendars: {
      updated: [{ id: "week", changes: { "intervals.x": { startDate: "2026-12-25T00:00:00", endDate: "2026-12-26T00:00:00", isWorking: false } } }],
    },
  }),
  changes("calendar.add", {
    calendars: {
      added: [{ id: "nights", name: "Nights", intervals: [{ id: "n", recurrentStartDate: "at 22:00", recurrentEndDate: "at 06:00", isWorking: true }] }],
    },
  }),
  changes("comment.add", { comments: { added: [{ id: "c1", task: "t1", text: "Why?" }] } }),
  changes("project.edit", { project: { updated: [{ id: "arena", changes: { name: "House", startDate: "2026-03-03T08:00:00", hoursPerDay: 8 } }] } }),
  { type: "command", revision: 0, baseRevision: 0, name: "captureBaseline", args: { index: 1 } },
  { type: "command", revision: 0, baseRevision: 0, name: "level", args: {} },
  { type: "heartbeat", payload: { activeTask: "t1", revision: 1, scheduleHash: "0000" } },
  { type: "selection", payload: { taskId: "t1", field: "name", mode: "edit" } },
  { type: "selection", payload: { taskId: "t2", mode: "drag", ghost: { startDate: "2026-03-02T08:00:00", endDate: "2026-03-03T08:00:00" } } },
  { type: "request_delta", payload: { lastRevision: 0 } },
  { type: "request_sync" },
  { type: "hello", protocol: 1, clientId: "again", token: "x.y.z", user: { name: "Eve", avatar: "e.png" }, lastRevision: 3 },
];
