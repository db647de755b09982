const pad = (n: number): string => String(n).padStart(2, "0");

/** Monday of the week of a date, as project wall clock at 08:00. */
export function mondayOf(date: Date): string {
  const monday = new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7));
  return `${monday.getFullYear()}-${pad(monday.getMonth() + 1)}-${pad(monday.getDate())}T08:00:00`;
}

/** An empty plan as a new team wants it: Monday to Friday, 8–12 and 13–17, starting this week. */
export function emptyPlan(name: string, today: Date): Record<string, unknown> {
  const weekdays = "on Mon,Tue,Wed,Thu,Fri at";
  return {
    project: { name, startDate: mondayOf(today), calendar: "standard", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
    calendars: [
      {
        id: "standard",
        name: "Standard (Mon–Fri, 8–12, 13–17)",
        unspecifiedTimeIsWorking: false,
        intervals: [
          { id: "morning", recurrentStartDate: `${weekdays} 08:00`, recurrentEndDate: `${weekdays} 12:00`, isWorking: true },
          { id: "afternoon", recurrentStartDate: `${weekdays} 13:00`, recurrentEndDate: `${weekdays} 17:00`, isWorking: true },
        ],
      },
    ],
    tasks: [],
    dependencies: [],
    resources: [],
    assignments: [],
    comments: [],
  };
}
