/** Eight hours on working days; a summary with two linked tasks, a task, one set by hand. */
export const plan = {
  project: { startDate: "2026-03-02T00:00:00", calendar: "cal", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
  calendars: [
    {
      id: "cal",
      name: "Office",
      unspecifiedTimeIsWorking: false,
      intervals: [{ id: "week", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 16:00", isWorking: true }],
    },
  ],
  resources: [
    { id: "ada", name: "Ada" },
    { id: "bob", name: "Bob" },
  ],
  tasks: [
    {
      id: "house",
      name: "House",
      children: [
        { id: "walls", name: "Walls", duration: 3 },
        { id: "roof", name: "Roof", duration: 2 },
        { id: "doors", name: "Doors", duration: 1 },
      ],
    },
    { id: "garden", name: "Garden", duration: 2 },
    { id: "party", name: "Party", duration: 1, manuallyScheduled: true, startDate: "2026-03-20T08:00:00" },
    { id: "move", name: "Move in", duration: 2 },
  ],
  dependencies: [{ id: "walls-roof", fromTask: "walls", toTask: "roof" }],
  assignments: [{ id: "ada-walls", event: "walls", resource: "ada", units: 100 }],
};
