import { existsSync, readdirSync, readFileSync } from "node:fs";
import { checkInvariants, compileCalendar, parseWallClock, projectFromJSON } from "@livegantt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileError } from "../errors.ts";
import { hoursOn } from "../mspdi/calendarHours.ts";
import { importXer } from "./importXer.ts";

const depot = readFileSync(new URL("../../samples/depot.xer", import.meta.url));

describe("a Primavera XER file", () => {
  const { plan, report } = importXer(depot);
  const told = (what: string): string[] => report.items.filter((item) => item.what === what).map((item) => `${item.kind} ${item.where}: ${item.why}`);

  it("F2 is a lawful plan with the file's counts", () => {
    expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
    const counts = Object.fromEntries(Object.entries(report.counts).map(([kind, count]) => [kind, [count.inFile, count.imported]]));
    expect(counts).toEqual({ tasks: [10, 8], dependencies: [6, 4], resources: [2, 2], assignments: [3, 2], calendars: [2, 2] });
  });

  it("F2 the WBS becomes the outline, in P6's order", () => {
    const names = new Map(plan.tasks.map((task) => [task.id, task.name]));
    expect(plan.tasks.map((task) => [task.name, names.get(task.parentId ?? "") ?? null])).toEqual([
      ["Planning", null],
      ["Measure the site", "Planning"],
      ["Draw plans", "Planning"],
      ["Building", null],
      ["Site watch", "Building"],
      ["Roof", "Building"],
      ["Trusses", "Roof"],
      ["Roof tight", "Roof"],
    ]);
    expect(plan.project).toMatchObject({
      name: "Bus depot",
      startDate: "2026-11-02T07:00:00",
      statusDate: "2026-11-09T00:00:00",
      hoursPerDay: 8,
      daysPerWeek: 5,
      daysPerMonth: 21.5,
    });
  });

  it("F2 reads activities, relationships and constraints", () => {
    const task = (name: string) => plan.tasks.find((one) => one.name === name);
    expect(task("Measure the site")).toMatchObject({
      duration: 2,
      durationUnit: "day",
      percentDone: 100,
      effort: 16,
      activityId: "A10",
      constraintType: "startnoearlierthan",
    });
    expect(task("Draw plans")).toMatchObject({ duration: 5, percentDone: 75, constraintType: "startnoearlierthan", constraintDate: "2026-11-05T07:00:00" });
    expect(task("Trusses")).toMatchObject({ direction: "Backward", schedulingMode: "FixedEffort" });
    expect(task("Roof tight")).toMatchObject({ duration: 0, constraintType: "finishnolaterthan", constraintDate: "2026-12-18T16:00:00" });
    expect(plan.dependencies.map(({ fromTask, toTask, type, lag }) => [fromTask, toTask, type, lag])).toEqual([
      ["task-1", "task-2", 2, undefined],
      ["task-2", "task-3", 0, 2],
      ["task-3", "task-4", 3, -0.5],
      ["task-1", "task-5", 1, undefined],
    ]);
    expect(plan.resources[0]).toMatchObject({ name: "Rüya", type: "work", calendar: "calendar-1" });
    expect(plan.assignments[0]).toMatchObject({ event: "task-1", resource: "resource-1", units: 50 });
  });

  it("F3 names what stays out", () => {
    expect(told("link")).toEqual([
      'omitted activity 9 to "Draw plans" (UID 2): its predecessor stands in another project',
      'omitted "Roof tight" (UID 4) to "Draw plans" (UID 2): it closes a loop of links',
    ]);
    expect(told("project")).toHaveLength(1);
    expect(told("WBS element")).toHaveLength(1);
    expect(told("WBS summary activity")).toHaveLength(1);
    expect(told("calendar")).toHaveLength(1);
    expect(told("constraint")).toHaveLength(1);
    expect(told("notebook topics")).toHaveLength(1);
  });

  it("F2 reads nested calendar data with exceptions", () => {
    const calendar = compileCalendar(projectFromJSON(plan), "calendar-1");
    const on = (date: string): string => String(hoursOn(calendar, (parseWallClock(date) as number) / 1440));
    expect(on("2026-12-22")).toBe("420,660,720,960");
    expect(on("2026-12-20")).toBe("");
    expect(on("2026-12-24")).toBe("");
    expect(on("2026-12-25")).toBe("480,720");
  });

  it("F3 a truncated file is refused whole, and damage is a FileError or a lawful plan", () => {
    expect(() => importXer(depot.subarray(0, 2000))).toThrowError(/truncated/);
    expect(() => importXer("ERMHDR\t1\r\n%R\t1\r\n%E\r\n")).toThrowError(/line 2/);
    expect(() => importXer("ERMHDR\t1\r\n%E\r\n")).toThrowError(/no project/);
    fc.assert(
      fc.property(fc.array(fc.record({ at: fc.nat(depot.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 10 }), (changes) => {
        const damaged = Uint8Array.from(depot);
        for (const { at, byte } of changes) damaged[at] = byte;
        try {
          expect(checkInvariants(projectFromJSON(importXer(damaged).plan))).toEqual([]);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

const folder = new URL(`${process.env.LIVEGANTT_FIXTURES ?? "../../../../../shared/fixtures"}/xer/`, import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xer")) : [];

describe.skipIf(files.length === 0)("files that Primavera wrote", () => {
  it.each(files)("F2 %s", (name) => {
    const { plan, report } = importXer(readFileSync(new URL(name, folder)));
    expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
    for (const count of Object.values(report.counts)) expect(count.inFile).toBe(count.imported + count.omitted);
    expect(plan.tasks.length).toBeGreaterThan(0);
    expect(plan.calendars[0]?.intervals?.length).toBeGreaterThan(10);
  });
});
