import { describe, expect, it } from "vitest";
import { importMspdi } from "./importMspdi.ts";

const piece = (day: number, hours: number, type = 1): string =>
  `<TimephasedData><Type>${type}</Type><Start>2026-11-${String(day).padStart(2, "0")}T08:00:00</Start><Finish>2026-11-${String(day + 1).padStart(2, "0")}T08:00:00</Finish><Value>PT${hours}H0M0S</Value></TimephasedData>`;

function plan(finish: string, duration: number, pieces: string, resourceCalendar = "") {
  return importMspdi(`<Project><StartDate>2026-11-02T08:00:00</StartDate><CalendarUID>1</CalendarUID>
    <Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar></Calendar>
      <Calendar><UID>2</UID><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID>${resourceCalendar}</Calendar></Calendars>
    <Tasks><Task><UID>1</UID><Name>Split</Name><OutlineLevel>1</OutlineLevel><Start>2026-11-02T08:00:00</Start><Finish>${finish}</Finish><Duration>PT${duration}H0M0S</Duration><DurationFormat>7</DurationFormat></Task></Tasks>
    <Resources><Resource><UID>1</UID><Name>Ada</Name><CalendarUID>2</CalendarUID></Resource></Resources>
    <Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID>${pieces}</Assignment></Assignments></Project>`);
}
const splitItems = ({ report }: ReturnType<typeof plan>) => report.items.filter((item) => item.what === "split");

describe("split tasks", () => {
  it("F1 a pause between two stretches of work makes two segments, a weekend none", () => {
    // Given work on Mon and Tue, a pause until Friday, work on Friday and on Monday.
    const result = plan("2026-11-09T17:00:00", 32, piece(2, 8, 2) + piece(3, 8) + piece(4, 0) + piece(5, 0) + piece(6, 8) + piece(7, 0) + piece(9, 8));
    expect(result.plan.tasks[0]).toMatchObject({ duration: 4, durationUnit: "day" });
    expect(result.plan.tasks[0]?.segments).toEqual([
      { id: "s1", offset: 0, duration: 960 },
      { id: "s2", offset: 1920, duration: 960 },
    ]);
    expect(splitItems(result)).toEqual([]);
  });

  it("F1 a task that fills its time is in one piece", () => {
    expect(plan("2026-11-03T17:00:00", 16, piece(2, 8) + piece(3, 8)).plan.tasks[0]).not.toHaveProperty("segments");
  });

  it("F3 a split whose pauses the file does not tell is named and kept whole", () => {
    const result = plan("2026-11-06T17:00:00", 16, piece(2, 4) + piece(6, 8));
    expect(result.plan.tasks[0]?.segments).toHaveLength(2);
    const vague = plan("2026-11-06T17:00:00", 12, piece(2, 4) + piece(6, 8));
    expect(vague.plan.tasks[0]).not.toHaveProperty("segments");
    expect(splitItems(vague)).toHaveLength(1);
  });

  it("F1 a resource with other hours is no split", () => {
    const ownHours = "<WeekDays><WeekDay><DayType>3</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays>";
    const result = plan("2026-11-04T17:00:00", 16, piece(2, 8) + piece(4, 8), ownHours);
    expect(result.plan.tasks[0]).not.toHaveProperty("segments");
    expect(splitItems(result)).toEqual([]);
  });
});
