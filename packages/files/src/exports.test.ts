import { readFileSync } from "node:fs";
import { equalJson, projectFromJSON, projectToJSON } from "@livegantt/core";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { exportCsv, exportICal, exportJson, exportMspdi, FileError, importFile, importMspdi, samplePlan } from "./index.ts";

const schedule = new Map([
  ["steering-group", { startDate: "2026-11-02T08:00:00", endDate: "2026-11-03T17:00:00", totalSlack: 0 }],
  ["permit", { startDate: "2026-12-18T17:00:00", endDate: "2026-12-18T17:00:00" }],
]);
const sample = (name: string): Uint8Array => readFileSync(new URL(`../samples/${name}`, import.meta.url));

describe("CSV", () => {
  const csv = exportCsv(samplePlan(), schedule);
  const rows = Papa.parse<Record<string, string>>(csv.slice(1), { header: true, skipEmptyLines: true }).data;

  it("F2 has a row for each task in outline order, with computed dates", () => {
    expect(rows).toHaveLength(samplePlan().tasks.length);
    expect(rows.map((row) => row.Name)).toEqual(samplePlan().tasks.map((task) => task.name));
    expect(rows[2]).toMatchObject({
      Row: "3",
      WBS: "1.2",
      Name: "Set up the steering group",
      Start: "2026-11-02T08:00:00",
      Finish: "2026-11-03T17:00:00",
      Duration: "2",
      Unit: "day",
    });
  });

  it("F2 writes predecessors and resources as people do", () => {
    const row = (name: string) => rows.find((one) => one.Name === name);
    expect(row("Cost estimate")?.Predecessors).toBe(`${rows.findIndex((one) => one.Name === "Room plan") + 1}FS-2d`);
    expect(row("Write the concept")?.Predecessors).toMatch(/^\d+SS\+4d$/);
    expect(row("Write the concept")?.Resources).toBe("Amina Haddad [40%]; Marta Lindqvist [50%]");
  });

  it("F2 a cell that a spreadsheet would run is defused, and quotes survive", () => {
    const plan = samplePlan();
    const tasks = plan.tasks.map((task, i) => (i === 1 ? { ...task, name: '=HYPERLINK("http://example.org","x")', note: 'a "b",\nc' } : task));
    const text = exportCsv({ ...plan, tasks }, undefined, { delimiter: ";" });
    const [row] = Papa.parse<Record<string, string>>(text.slice(1), { header: true, delimiter: ";" }).data.slice(1);
    expect(row?.Name).toBe('\'=HYPERLINK("http://example.org","x")');
    expect(row?.Note).toBe('a "b",\nc');
  });
});

describe("iCalendar", () => {
  const at = Date.UTC(2026, 10, 24, 12);

  it("F2 tasks with dates are events, milestones have no length, lines are folded", () => {
    const ical = exportICal(samplePlan(), schedule, { at });
    expect(ical.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(ical).toContain("DTSTART:20261102T080000\r\nDTEND:20261103T170000\r\nSUMMARY:Set up the steering group");
    expect(ical).toContain("DTSTART:20261218T170000\r\nSUMMARY:Building permit");
    expect(ical).toContain("DTSTAMP:20261124T120000Z");
    for (const line of ical.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(ical.replace(/\r\n /g, "")).toContain("DESCRIPTION:Mandate and funding\\n100 % done");
  });

  it("M2 with a time zone the times are instants, on both sides of a change of the clocks", () => {
    const plan = { ...samplePlan(), project: { ...samplePlan().project, timeZone: "Europe/Berlin" } };
    const dates = new Map([["permit", { startDate: "2026-12-18T17:00:00", endDate: "2027-06-18T17:00:00" }]]);
    const ical = exportICal(plan, dates, { at });
    expect(ical).toContain("DTSTART:20261218T160000Z\r\nDTEND:20270618T150000Z");
  });
});

describe("any file", () => {
  it("F2 is told by its content", () => {
    expect(importFile(sample("workshop.xml"), "x.bin").report.format).toBe("mspdi");
    expect(importFile(sample("depot.xer"), "x.xml").report.format).toBe("xer");
    expect(importFile(new TextEncoder().encode(exportMspdi(samplePlan())), "library.xml").plan.tasks).toHaveLength(samplePlan().tasks.length);
  });

  it("F2 a JSON plan comes back as it was", () => {
    const { plan, report } = importFile(new TextEncoder().encode(exportJson(samplePlan())), "library.json");
    expect(equalJson(plan, projectToJSON(projectFromJSON(samplePlan())))).toBe(true);
    expect(report.counts.tasks).toEqual({ inFile: plan.tasks.length, imported: plan.tasks.length, omitted: 0, added: 0 });
  });

  it("F2 the file's name is used where the file has none", () => {
    const bare = new TextEncoder().encode("<Project><StartDate>2026-11-02T08:00:00</StartDate></Project>");
    expect(importFile(bare, "plans/Bridge.v2.xml").plan.project.name).toBe("Bridge.v2");
    expect(importFile(bare, "Bridge.xml", { name: "Mine" }).plan.project.name).toBe("Mine");
    expect(importMspdi(bare).plan.project.name).toBe("Imported project");
  });

  it.each([
    ["unknown_format", "hello", /unknown format/],
    ["unknown_format", "%PDF-1.4", /PDF/],
    ["broken_csv", "a,b\n1,2", /no column "Name"/],
    ["broken_json", "{", /JSON is broken/],
    ["invalid_plan", '{"tasks":[{"id":"a","duration":-1}]}', /duration/],
    ["empty_file", "", /empty/],
  ])("F3 %s is a coded refusal", (code, text, message) => {
    try {
      importFile(new TextEncoder().encode(text), "x");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FileError);
      expect((error as FileError).code).toBe(code);
      expect((error as FileError).message).toMatch(message);
    }
  });
});
