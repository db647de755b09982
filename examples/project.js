/** Id of the project in the address; without one a new project with a small plan is made, and its address can be shared. */
export async function projectId() {
  const params = new URLSearchParams(location.search);
  const given = params.get("project");
  if (given) return given;
  const response = await fetch("/api/projects", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "A house", plan }),
  });
  const { id } = await response.json();
  params.set("project", id);
  history.replaceState(null, "", `?${params}`);
  return id;
}

export const userName = () => new URLSearchParams(location.search).get("user") ?? "Anonymous";

const plan = {
  project: { startDate: "2026-03-02T00:00:00", calendar: "office", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
  calendars: [
    {
      id: "office",
      name: "Office",
      unspecifiedTimeIsWorking: false,
      intervals: [{ id: "week", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 16:00", isWorking: true }],
    },
  ],
  resources: [
    { id: "ada", name: "Ada" },
    { id: "ben", name: "Ben" },
  ],
  tasks: [
    {
      id: "shell",
      name: "Shell",
      children: [
        { id: "walls", name: "Walls", duration: 5 },
        { id: "roof", name: "Roof", duration: 3 },
        { id: "windows", name: "Windows", duration: 2 },
      ],
    },
    { id: "garden", name: "Garden", duration: 4 },
    { id: "move", name: "Move in", duration: 1 },
  ],
  dependencies: [
    { id: "1", fromTask: "walls", toTask: "roof" },
    { id: "2", fromTask: "walls", toTask: "windows" },
    { id: "3", fromTask: "shell", toTask: "move" },
  ],
  assignments: [{ id: "1", event: "walls", resource: "ada" }],
};
