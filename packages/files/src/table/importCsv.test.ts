import { checkInvariants, computeSchedule, projectFromJSON } from "@livegantt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportCsv, FileError, importCsv, importFile, samplePlan } from "../index.ts";

const lawful = (plan: unknown) => checkInvariants(projectFromJSON(plan));
const table = (...lines: string[]): string => `${lines.join("\r\n")}\r\n`;

/** The parts of a plan that a table has, by names instead of ids. */
function shape(json: unknown) {
  const state = projectFromJSON(json);
  const named = (id: string | null | undefined) => (id == null ? null : state.tasks.get(id)?.name);
  const order = [...state.children.of(null)].flatMap((top) => [top, ...state.descendants(top)]);
  return {
    tasks: order.map((id) => {
      const task = state.tasks.get(id);
      const summary = state.isSummary(id);
      return [
        task?.name,
        named(task?.parentId),
        summary ? null : `${task?.duration ?? 1} ${task?.durationUnit ?? "day"}`,
        task?.deadlineDate ?? null,
        task?.constraintType ?? null,
        task?.constraintDate ?? null,
        task?.note ?? null,
      ];
    }),
    links: [...state.dependencies.values()]
      .map(({ fromTask, toTask, type, lag, lagUnit }) => [named(fromTask), named(toTask), type ?? 2, lag ?? 0, lag ? lagUnit : null])
      .sort(),
    people: [...state.assignments.values()].map(({ event, resource, units }) => [named(event), state.resources.get(resource)?.name, units ?? 100]).sort(),
  };
}

describe("importCsv", () => {
  it("F5 the table that exportCsv writes comes back with tasks, outline, durations, links, people, constraints and notes", () => {
    const plan = samplePlan();
    const csv = exportCsv(plan, computeSchedule(projectFromJSON(plan)).tasks);
    const back = importCsv(csv, { name: "Back" });
    expect(shape(back.plan)).toEqual(shape(plan));
    expect(lawful(back.plan)).toEqual([]);
    expect(back.report.counts.tasks).toEqual({ inFile: plan.tasks.length, imported: plan.tasks.length, omitted: 0, added: 0 });
    expect(back.plan.project.name).toBe("Back");
    for (const delimiter of [";", "\t"] as const) expect(shape(importCsv(exportCsv(plan, undefined, { delimiter })).plan).links).toEqual(shape(plan).links);
  });

  it("F5 a spreadsheet of one's own: levels, durations with units, dates of here, decimal commas, names beside shares", () => {
    const file = table(
      "ID;Task Name;Outline Level;Start;Finish;Duration;Predecessors;Resource Names;% Complete",
      "10;Phase;1;2.11.2026;;;;;",
      '20;Dig;2;02.11.2026;;2,5 days;;"Ada [50%]; Bob";40 %',
      "30;Pour;2;;;1w;20FS+2d, 10SS;Bob;",
      "40;Look;1;2026-12-01;2026-12-07;;30;;",
    );
    const { plan, report } = importFile(new TextEncoder().encode(file), "yard.csv");
    expect(shape(plan)).toEqual({
      tasks: [
        ["Phase", null, null, null, null, null, null],
        ["Dig", "Phase", "2.5 day", null, "startnoearlierthan", "2026-11-02T08:00:00", null],
        ["Pour", "Phase", "1 week", null, null, null, null],
        ["Look", null, "5 day", null, null, null, null],
      ],
      links: [
        ["Dig", "Pour", 2, 2, "day"],
        ["Pour", "Look", 2, 0, null],
      ],
      people: [
        ["Dig", "Ada", 50],
        ["Dig", "Bob", 100],
        ["Pour", "Bob", 100],
      ],
    });
    expect(plan.project).toMatchObject({ name: "yard", startDate: "2026-11-02T08:00:00" });
    expect(report.items).toEqual([
      { kind: "adjusted", what: "duration", where: '"Look" (line 5)', why: expect.stringContaining("5 working days") },
      { kind: "omitted", what: "link", where: expect.stringContaining("Pour"), why: expect.stringMatching(/summary above it/) },
    ]);
    expect(lawful(plan)).toEqual([]);
  });

  it("F5 what is not understood is named with its line, and the rest is taken", () => {
    const file = table("Name,Start,Duration,Predecessors,Colour,Progress", "A,11/02/2026,soon,,red,50", "B,2026-11-02,3,7,,900", "C,,1,2 and a bit,,");
    const { plan, report } = importCsv(file);
    expect(plan.tasks.map(({ name, duration, percentDone }) => [name, duration, percentDone])).toEqual([
      ["A", undefined, 50],
      ["B", 3, 100],
      ["C", 1, undefined],
    ]);
    expect(report.items.map(({ what, where }) => [what, where])).toEqual([
      ["column", '"Colour"'],
      ["duration", '"A" (line 2)'],
      ["start", '"A" (line 2)'],
      ["percent done", '"B" (line 3)'],
      ["link", '"7" to "B" (line 3)'],
      ["link", '"2 and a bit" to "C" (line 4)'],
    ]);
    expect(report.counts.dependencies).toEqual({ inFile: 2, imported: 0, omitted: 2, added: 0 });
  });

  it("F5 an apostrophe that keeps a spreadsheet from computing is not part of the name, and loops are left out", () => {
    const { plan, report } = importCsv(table("Name,Predecessors", "'=SUM(A1),2", "B,1"));
    expect(plan.tasks[0]?.name).toBe("=SUM(A1)");
    expect(plan.dependencies.length).toBe(1);
    expect(report.items).toMatchObject([{ why: "it closes a loop of links" }]);
  });

  it("F3 a table without names, an empty one, and another format are refused whole", () => {
    const refusal = (file: string) => {
      try {
        importCsv(file);
      } catch (error) {
        if (error instanceof FileError) return { code: error.code, message: error.message };
      }
      return undefined;
    };
    expect(refusal("Colour,Size\r\nred,3\r\n")).toEqual({ code: "broken_csv", message: expect.stringMatching(/no column "Name".*Colour, Size/) });
    expect(refusal("  ")).toMatchObject({ code: "empty_file" });
    expect(refusal('{"tasks":[]}')).toMatchObject({ code: "wrong_format" });
  });

  it("F3 whatever the cells hold, the plan keeps every law", () => {
    const cell = fc.oneof(
      fc.constantFrom("", "1", "2", "1.1", "1.1.1", "3FS+1d", "1;2;3", "2026-11-02", "5d", "-3", "Ada [x]", "__proto__", "=1", '"'),
      fc.string({ maxLength: 12 }),
    );
    const heads = [
      "Row",
      "WBS",
      "Level",
      "Start",
      "Finish",
      "Duration",
      "Unit",
      "Predecessors",
      "Resources",
      "Constraint",
      "Constraint date",
      "Mode",
      "Percent done",
    ];
    fc.assert(
      fc.property(fc.subarray(heads, { minLength: 1 }), fc.array(fc.array(cell, { minLength: 14, maxLength: 14 }), { maxLength: 8 }), (columns, rows) => {
        const quoted = (cells: readonly string[]) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
        const { plan } = importCsv(table(quoted(["Name", ...columns]), ...rows.map((cells) => quoted(cells.slice(0, columns.length + 1)))));
        expect(lawful(plan)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
