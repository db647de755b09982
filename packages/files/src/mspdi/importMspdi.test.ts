import { readFileSync } from "node:fs";
import { canonicalJson, checkInvariants, projectFromJSON, projectToJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import type { ReportItem } from "../report.ts";
import { importMspdi } from "./importMspdi.ts";

const sample = (name: string): Uint8Array => readFileSync(new URL(`../../samples/${name}`, import.meta.url));
const told = (items: readonly ReportItem[], what: string): string[] =>
  items.filter((item) => item.what === what).map((item) => `${item.kind} ${item.where}: ${item.why}`);

describe("a workshop plan", () => {
  const { plan, report } = importMspdi(sample("workshop.xml"));
  const task = (uid: number) => plan.tasks.find((one) => one.id === `task-${uid}`);
  const link = (from: number, to: number) => plan.dependencies.find((one) => one.fromTask === `task-${from}` && one.toTask === `task-${to}`);

  it("F1 is a plan that keeps every law and is what the model itself writes", () => {
    const state = projectFromJSON(plan);
    expect(checkInvariants(state)).toEqual([]);
    expect(canonicalJson(projectToJSON(state).tasks)).toBe(canonicalJson(plan.tasks));
  });

  it("F1 counts what the file has", () => {
    const counts = Object.fromEntries(Object.entries(report.counts).map(([kind, count]) => [kind, [count.inFile, count.imported, count.added]]));
    expect(counts).toEqual({ tasks: [11, 11, 0], dependencies: [6, 6, 0], resources: [4, 4, 0], assignments: [3, 3, 0], calendars: [3, 3, 1] });
    expect(told(report.items, "blank row")).toEqual(["omitted row 3: an empty line between tasks is no task"]);
  });

  it("F1 the project takes its own row's place, units and calendar", () => {
    expect(plan.project).toMatchObject({
      name: "Bicycle workshop",
      startDate: "2026-11-02T08:00:00",
      statusDate: "2026-11-09T17:00:00",
      calendar: "calendar-1",
    });
    expect(plan.project).toMatchObject({ hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20, author: "M. Okafor" });
    expect(importMspdi(sample("workshop.xml"), { name: "Renamed" }).plan.project.name).toBe("Renamed");
  });

  it("F1 outline levels become parents in the file's order", () => {
    expect(plan.tasks.map((one) => [one.name, one.parentId ?? null])).toEqual([
      ["Premises", null],
      ["Sign the lease & get keys", "task-1"],
      ["Floor coating", "task-1"],
      ["Coating cures", "task-1"],
      ["Premises ready", "task-1"],
      ["Equipment", null],
      ["Order tools", "task-7"],
      ["Inspect deliveries", "task-7"],
      ["Rent a van", "task-7"],
      ["Opening talk", null],
      ["Paint the sign", null],
    ]);
  });

  it("F1 reads a task's inputs", () => {
    expect(task(2)).toMatchObject({
      duration: 2,
      durationUnit: "day",
      percentDone: 50,
      effort: 16,
      effortUnit: "hour",
      schedulingMode: "FixedDuration",
      effortDriven: true,
    });
    expect(task(2)).toMatchObject({ constraintType: "muststarton", constraintDate: "2026-11-02T08:00:00", deadlineDate: "2026-11-06T17:00:00" });
    expect(task(2)?.note).toBe("Bring the deposit.\nAsk about the <cellar> & heating.");
    expect(task(2)).toMatchObject({ outlineWbs: "A.1", priority: 700, hyperlink: "Landlord", hyperlinkAddress: "https://example.org/lease" });
    expect(task(1)).not.toHaveProperty("duration");
    expect(task(7)).toMatchObject({ constraintType: "startnoearlierthan", constraintDate: "2026-11-09T08:00:00" });
    expect(task(10)).toMatchObject({ direction: "Backward", duration: 2.5, durationUnit: "hour" });
    expect(task(11)).toMatchObject({ manuallyScheduled: true, startDate: "2026-12-01T10:00:00", duration: 3, durationUnit: "hour" });
    expect(task(12)).toMatchObject({ inactive: true, duration: 1, durationUnit: "month" });
    expect(task(6)).toMatchObject({ duration: 0 });
    expect(task(8)).toMatchObject({ duration: 1, durationUnit: "week", schedulingMode: "FixedEffort" });
    expect(task(9)).toMatchObject({ calendar: "calendar-2", ignoreResourceCalendar: true });
    expect(task(4)).toMatchObject({ duration: 1, durationUnit: "day", estimated: true });
  });

  it("F1 keeps baselines by number", () => {
    expect(task(2)?.baselines).toEqual([
      { startDate: "2026-11-02T08:00:00", endDate: "2026-11-03T17:00:00", duration: 2, durationUnit: "day" },
      null,
      { startDate: "2026-11-04T08:00:00", endDate: "2026-11-04T17:00:00" },
    ]);
  });

  it("F1 custom fields take their alias, and never the name of an input", () => {
    expect(task(2)).toMatchObject({ costCentre: "K-7", number1: 12.5, noteField: true });
    expect(told(report.items, "custom field")).toHaveLength(2);
  });

  it("F1 link types and lags", () => {
    expect(link(2, 4)).toMatchObject({ type: 2, lag: 1, lagUnit: "day" });
    expect(link(2, 8)).toMatchObject({ type: 0, lag: -4, lagUnit: "hour" });
    expect(link(9, 10)).toMatchObject({ type: 1 });
    expect(link(5, 6)).not.toHaveProperty("lag");
  });

  it("S6 elapsed and percent amounts become minutes, and are named", () => {
    expect(task(5)).toMatchObject({ duration: 4320, durationUnit: "minute", calendar: "calendar-24-hours", ignoreResourceCalendar: true });
    expect(link(4, 5)).toMatchObject({ type: 2, lag: 2880, lagUnit: "minute", calendar: "calendar-24-hours" });
    expect(link(8, 9)).toMatchObject({ type: 3, lag: 1200, lagUnit: "minute" });
    expect(told(report.items, "duration")).toEqual([
      'adjusted "Coating cures" (UID 5): an elapsed duration became 4320 minutes of a calendar that always works',
    ]);
    expect(told(report.items, "lag")).toHaveLength(2);
  });

  it("F1 work that has begun stays where it began", () => {
    expect(task(12)).toMatchObject({ constraintType: "startnoearlierthan", constraintDate: "2026-11-10T08:00:00" });
    expect(told(report.items, "actual start")).toHaveLength(1);
  });

  it("F1 resources and assignments", () => {
    expect(plan.resources).toEqual([
      {
        id: "resource-1",
        name: "Ada",
        type: "work",
        maxUnits: 100,
        calendar: "calendar-3",
        cost: 42.5,
        overtimeCost: 60,
        costPerUse: 15,
        initials: "A",
        note: "Keys & alarm code",
      },
      { id: "resource-2", name: "Helpers", type: "work", maxUnits: 250 },
      { id: "resource-3", name: "Paint", type: "material", materialLabel: "litre" },
      { id: "resource-4", name: "Travel", type: "cost" },
    ]);
    expect(plan.assignments.map(({ event, resource, units }) => [event, resource, units])).toEqual([
      ["task-2", "resource-1", 100],
      ["task-8", "resource-2", 50],
      ["task-4", "resource-3", 1200],
    ]);
    expect(told(report.items, "assignment")).toEqual([
      'omitted nobody on "Premises ready" (UID 6): it is MS Project\'s mark of a task without a resource, not an assignment',
    ]);
    expect(told(report.items, "calendar")).toContain('adjusted resource "Helpers" (UID 2): calendar UID 99 is not in the file');
  });

  it("M1 record ids come from the caller where it makes them", () => {
    let n = 0;
    const again = importMspdi(sample("workshop.xml"), { newId: () => `x${n++}` }).plan;
    const ids = [...again.tasks, ...again.dependencies, ...again.resources, ...again.assignments, ...again.calendars].map((record) => record.id);
    expect(ids.every((id) => /^x\d+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(n);
    expect(() => projectFromJSON(again)).not.toThrow();
  });
});

describe("a plan that breaks laws", () => {
  const { plan, report } = importMspdi(sample("lawless.xml"));

  it("F3 is imported as far as it is valid", () => {
    expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
    expect(plan.tasks).toHaveLength(7);
    expect(report.counts.dependencies).toEqual({ inFile: 11, imported: 3, omitted: 8, added: 0 });
    expect(report.counts.assignments).toEqual({ inFile: 4, imported: 1, omitted: 3, added: 0 });
  });

  it("F3 names each link that is left out, and why", () => {
    expect(told(report.items, "link")).toEqual([
      'omitted UID 404 to "C" (UID 4): its predecessor is not in the file',
      'omitted "Phase" (UID 1) to "D" (UID 5): link type 9 is unknown',
      'omitted UID 9 to "E" (UID 6): its predecessor stands in another project',
      'omitted "A" (UID 2) to "Phase" (UID 1): a task cannot be linked with a summary above it',
      'omitted "E" (UID 6) to "Phase" (UID 1): a finish-to-finish link into a summary has no effect',
      'omitted "A" (UID 2) to "A" (UID 2): a task cannot follow itself',
      'omitted "A" (UID 2) to "B" (UID 3): a second link between the same two tasks',
      'omitted "D" (UID 5) to "C" (UID 4): it closes a loop of links',
    ]);
  });

  it("F3 names what else it changed", () => {
    expect(told(report.items, "outline")).toEqual([
      'adjusted "E" (UID 6): outline level missing: it stands at the top level',
      'adjusted "E again" (UID 6): outline level 3 without a task of level 2 above it: it stands 2 levels deep',
    ]);
    expect(told(report.items, "duration")).toEqual(['adjusted "B" (UID 3): its duration "junk" is none: 1 day is taken']);
    expect(told(report.items, "percent complete")).toHaveLength(1);
    expect(told(report.items, "constraint")).toHaveLength(2);
    expect(told(report.items, "maximum units")).toHaveLength(1);
    expect(told(report.items, "manual task")).toHaveLength(1);
    expect(told(report.items, "task")).toEqual(['adjusted "E again" (UID 6): a second task with this UID: links and assignments of the UID go to the first']);
    expect(told(report.items, "calendar").join("\n")).toMatch(
      /has no week[\s\S]*form a loop[\s\S]*"Never" \(UID 2\) has no working time[\s\S]*calendar UID 7 is not in the file/,
    );
  });
});
