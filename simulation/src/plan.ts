/** The plan that every run starts with: a tree, links, people, calendars, a comment. */
export const plan = {
  project: {
    id: "p",
    name: "House",
    startDate: "2026-01-05T08:00:00",
    calendar: "work",
    timeZone: "Europe/Berlin",
    hoursPerDay: 8,
    daysPerWeek: 5,
    daysPerMonth: 20,
  },
  calendars: [
    {
      id: "work",
      name: "Work",
      unspecifiedTimeIsWorking: false,
      intervals: [{ id: "week", recurrentStartDate: "on Mon,Tue,Wed,Thu,Fri at 08:00", recurrentEndDate: "on Mon,Tue,Wed,Thu,Fri at 17:00", isWorking: true }],
    },
    { id: "early", name: "Early", parentId: "work", unspecifiedTimeIsWorking: false },
  ],
  tasks: [
    {
      id: "g",
      name: "Ground",
      children: [
        { id: "dig", name: "Dig", duration: 2, durationUnit: "day" },
        { id: "pour", name: "Pour", duration: 3, durationUnit: "day" },
      ],
    },
    {
      id: "w",
      name: "Walls",
      children: [
        { id: "brick", name: "Brick", duration: 5, durationUnit: "day" },
        {
          id: "in",
          name: "Inside",
          children: [
            { id: "plaster", name: "Plaster", duration: 4, durationUnit: "day" },
            { id: "paint", name: "Paint", duration: 2, durationUnit: "day" },
          ],
        },
      ],
    },
    { id: "roof", name: "Roof", duration: 6, durationUnit: "day" },
    { id: "move", name: "Move in", duration: 0, durationUnit: "day" },
  ],
  dependencies: [
    { id: "l1", fromTask: "dig", toTask: "pour" },
    { id: "l2", fromTask: "g", toTask: "w" },
    { id: "l3", fromTask: "roof", toTask: "move", lag: 1, lagUnit: "day" },
    { id: "l4", fromTask: "plaster", toTask: "paint" },
  ],
  resources: [
    { id: "ann", name: "Ann" },
    { id: "ben", name: "Ben", calendar: "early" },
  ],
  assignments: [
    { id: "x1", event: "dig", resource: "ann", units: 100 },
    { id: "x2", event: "brick", resource: "ben", units: 50 },
  ],
  comments: [{ id: "k1", task: "dig", text: "Mind the pipes", author: "Ann", createdAt: "2026-01-01T00:00:00.000Z" }],
};
