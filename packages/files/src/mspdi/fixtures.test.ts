import { existsSync, readdirSync, readFileSync } from "node:fs";
import { checkInvariants, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import { importMspdi } from "./importMspdi.ts";

const folder = new URL(`${process.env.LIVEGANTT_FIXTURES ?? "../../../../../shared/fixtures"}/mspdi/`, import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const blocks = (xml: string, tag: string): string[] => xml.match(new RegExp(`<${tag}>[\\s\\S]*?</${tag}>`, "g")) ?? [];
const value = (block: string, tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(block)?.[1];

describe.skipIf(files.length === 0)("files that MS Project wrote", () => {
  it.each(files)("F1 %s has equal counts of tasks, links, resources, assignments and calendars", (name) => {
    const xml = read(name);
    const { plan, report } = importMspdi(xml);
    expect(plan.tasks).toHaveLength(blocks(xml, "Task").filter((task) => value(task, "UID") !== "0").length);
    expect(plan.dependencies).toHaveLength(blocks(xml, "PredecessorLink").length);
    expect(plan.resources).toHaveLength(blocks(xml, "Resource").filter((resource) => value(resource, "Name") !== undefined).length);
    expect(plan.assignments).toHaveLength(blocks(xml, "Assignment").filter((assignment) => value(assignment, "ResourceUID") !== "-65535").length);
    expect(plan.calendars.length - report.counts.calendars.added).toBe(blocks(xml, "Calendar").length);
    expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
  });

  it.each(files)("F3 %s: whatever stays out is named", (name) => {
    const { report } = importMspdi(read(name));
    for (const count of Object.values(report.counts)) expect(count.inFile).toBe(count.imported + count.omitted);
    const nobody = blocks(read(name), "Assignment").filter((assignment) => value(assignment, "ResourceUID") === "-65535").length;
    expect(report.items.filter((item) => item.what === "assignment")).toHaveLength(nobody);
  });

  it.skipIf(!files.some((name) => name.includes("recurring")))("F1 recurring exceptions fall on the very days that MS Project lists for older readers", () => {
    const xml = read(files.find((name) => name.includes("recurring")) as string);
    const listed = blocks(xml, "WeekDay").filter((day) => value(day, "DayType") === "0");
    const expected = listed.flatMap((day) => {
      const days: string[] = [];
      const last = Date.parse(`${value(day, "ToDate")?.slice(0, 10)}T00:00:00Z`);
      for (let at = Date.parse(`${value(day, "FromDate")?.slice(0, 10)}T00:00:00Z`); at <= last; at += 86_400_000)
        days.push(new Date(at).toISOString().slice(0, 10));
      return days;
    });
    const { plan } = importMspdi(xml);
    const ours = (plan.calendars[0]?.intervals ?? []).flatMap((interval) => {
      if (!interval.startDate || interval.isWorking) return [];
      const days: string[] = [];
      for (let at = Date.parse(`${interval.startDate}Z`); at < Date.parse(`${interval.endDate}Z`); at += 86_400_000)
        days.push(new Date(at).toISOString().slice(0, 10));
      return days;
    });
    expect([...new Set(ours)].sort()).toEqual([...new Set(expected)].sort());
    expect(ours.length).toBeGreaterThan(100);
  });
});
