import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateOf, stateOf } from "../../../../scripts/lib/scheduleChart.mjs";
import * as core from "../index.ts";
import { applyNormalised, computeSchedule, level, type ProjectState } from "../index.ts";

/** One generated task: it may depend on earlier ones only, so there is no cycle. */
const taskOf = (links: readonly string[], lags: readonly string[]) =>
  fc.record({
    days: fc.integer({ min: 0, max: 5 }),
    calendar: fc.constantFrom("", "", "; cal six", "; cal night"),
    links: fc.array(fc.record({ back: fc.integer({ min: 1, max: 6 }), type: fc.constantFrom(...links), lag: fc.constantFrom(...lags) }), { maxLength: 3 }),
    nested: fc.boolean(),
    extra: fc.integer({ min: 0, max: 1000 }),
  });
type Generated = { days: number; calendar: string; links: { back: number; type: string; lag: string }[]; nested: boolean; extra: number };

const allLinks = ["FS", "FS", "FS", "SS", "FF", "SF"];
const allLags = ["", "", "+1d", "+4h", "-1d"];
const calendars = ["calendar six Mon-Sat 08:00-16:00", "calendar night Mon-Fri 20:00-04:00"];

/** Every fourth task heads a group to which the nested ones right after it belong. */
function planOf(tasks: readonly Generated[], options: { single?: boolean; extra?: (n: number, i: number) => string } = {}): string {
  const lines = [...calendars];
  let nested = false;
  tasks.forEach((task, i) => {
    if (i % 4 === 0) lines.push(`G${i}:`);
    nested = i % 4 === 0 || (nested && task.nested);
    const seen = new Set<number>();
    const links = task.links.flatMap(({ back, type, lag }) => {
      const from = i - back;
      if (from < 0 || seen.has(from)) return [];
      seen.add(from);
      return [`; ${type} t${from}${lag}`];
    });
    lines.push(`${nested ? " " : ""}t${i}: ${task.days}d${options.single ? "" : task.calendar}${links.join("")}${options.extra?.(task.extra, i) ?? ""}`);
  });
  return lines.join("\n");
}

const run = { numRuns: Number(process.env.PROPERTY_RUNS ?? 80) };
const placed = (state: ProjectState): Map<string, [number, number]> => {
  const { tasks } = computeSchedule(state);
  return new Map([...tasks.keys()].map((id) => [id, [Date.parse(`${tasks.get(id)?.startDate}Z`), Date.parse(`${tasks.get(id)?.endDate}Z`)]]));
};
const week = 7 * 86_400_000;

describe("what holds for every plan", () => {
  it("S1 shifting the project start by weeks shifts every date by as much", () => {
    fc.assert(
      fc.property(fc.array(taskOf(allLinks, allLags), { minLength: 1, maxLength: 16 }), fc.integer({ min: 1, max: 300 }), (tasks, weeks) => {
        const state = stateOf(core, planOf(tasks));
        const before = placed(state);
        state.put("project", { ...state.project, startDate: new Date(Date.parse("2026-01-05T08:00:00Z") + weeks * week).toISOString().slice(0, 19) });
        for (const [id, [start, end]] of placed(state)) expect([start, end]).toEqual((before.get(id) as [number, number]).map((t) => t + weeks * week));
      }),
      run,
    );
  });

  it("S1 a later no-earlier constraint never moves anything to an earlier start", () => {
    fc.assert(
      fc.property(fc.array(taskOf(allLinks, allLags), { minLength: 1, maxLength: 16 }), fc.nat(), fc.nat(20), fc.nat(20), (tasks, which, day, later) => {
        const state = stateOf(core, planOf(tasks, { single: true }));
        const id = `t${which % tasks.length}`;
        const at = (days: number): Map<string, [number, number]> => {
          const constraintDate = new Date(Date.parse("2026-01-05T08:00:00Z") + days * 86_400_000).toISOString().slice(0, 19);
          state.put("tasks", { ...(state.tasks.get(id) as core.TaskRecord), constraintType: "startnoearlierthan", constraintDate });
          return placed(state);
        };
        const [before, after] = [at(day), at(day + later)];
        for (const [task, [start]] of after) if (!state.isSummary(task)) expect(start).toBeGreaterThanOrEqual((before.get(task) as [number, number])[0]);
      }),
      run,
    );
  });

  it("S1 a holiday never lets anything finish earlier", () => {
    fc.assert(
      fc.property(fc.array(taskOf(["FS", "FS", "SS"], ["", "+1d", "+4h"]), { minLength: 1, maxLength: 16 }), fc.integer({ min: 0, max: 20 }), (tasks, day) => {
        const plan = planOf(tasks);
        const holiday = `${["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day % 7]}${Math.floor(day / 7) + 1}`;
        const before = placed(stateOf(core, plan));
        const after = placed(stateOf(core, plan.replace(calendars[1] as string, `${calendars[1]}\nholiday std ${holiday}\nholiday six ${holiday}`)));
        for (const [id, [, end]] of after) expect(end).toBeGreaterThanOrEqual((before.get(id) as [number, number])[1]);
      }),
      run,
    );
  });

  it("S4 slack is negative somewhere exactly where something is missed", () => {
    const kinds = ["", "", "", "SNET", "SNLT", "FNET", "FNLT", "deadline"];
    const extra = (n: number): string => {
      const kind = kinds[n % kinds.length];
      return kind ? `; ${kind} ${["Mon", "Tue", "Wed", "Thu", "Fri"][n % 5]}${1 + (n % 3)}` : "";
    };
    fc.assert(
      fc.property(fc.array(taskOf(allLinks, allLags), { minLength: 1, maxLength: 16 }), (tasks) => {
        const { tasks: dates, violations } = computeSchedule(stateOf(core, planOf(tasks, { single: true, extra })));
        const negative = [...dates.keys()].some((id) => (dates.get(id)?.totalSlack ?? 0) < 0);
        expect(negative).toBe(violations.some(({ by }) => by > 0));
      }),
      { numRuns: 200 },
    );
  });

  it("S1 without constraints some task is critical and late dates never lie before early ones", () => {
    fc.assert(
      fc.property(fc.array(taskOf(["FS", "FS", "SS"], ["", "+1d", "-1d"]), { minLength: 1, maxLength: 16 }), (tasks) => {
        const { tasks: dates, projectEnd } = computeSchedule(stateOf(core, planOf(tasks)));
        const all = [...dates.keys()].map((id) => dates.get(id) as core.TaskSchedule);
        expect(all.some(({ critical }) => critical)).toBe(true);
        for (const task of all) {
          // A milestone's late date is the end of a span, also where it stands at the beginning of the next.
          expect(task.lateEnd >= task.earlyEnd || task.milestone || task.summary).toBe(true);
          expect(task.totalSlack).toBeGreaterThanOrEqual(0);
          expect(task.freeSlack).toBeGreaterThanOrEqual(0);
          expect(task.freeSlack).toBeLessThanOrEqual(task.totalSlack);
          expect(task.endDate <= projectEnd).toBe(true);
        }
      }),
      run,
    );
  });
});

describe("found by the properties", () => {
  it("S5b a summary is not late where its milestone stands at the start of a span whose end before is its late date", () => {
    const plan = "calendar night Mon-Fri 20:00-04:00\nt3: 0d; SNET Tue1\nG:\n t4: 0d; cal night; FS t3";
    const { tasks, violations } = computeSchedule(stateOf(core, plan));
    expect(violations).toEqual([]);
    expect(tasks.get("t4")).toMatchObject({ earlyEnd: "2026-01-06T20:00:00", lateEnd: "2026-01-06T04:00:00", totalSlack: 0 });
    expect(tasks.get("G")).toMatchObject({ totalSlack: 0, critical: true });
  });
});

describe("levelling", () => {
  /** Most units of a resource that are in use at once, looked at every quarter of an hour. */
  function peak(state: ProjectState, resource: string): number {
    const { tasks } = computeSchedule(state);
    const uses = [...state.assignments.values()]
      .filter((assignment) => assignment.resource === resource)
      .map(({ event, units }) => ({ start: tasks.get(event)?.startDate ?? "", end: tasks.get(event)?.endDate ?? "", units: units ?? 100 }));
    let most = 0;
    for (const { start: at } of uses)
      most = Math.max(
        most,
        uses.filter(({ start, end }) => start <= at && end > at).reduce((sum, { units }) => sum + units, 0),
      );
    return most;
  }

  it("S7 after levelling no resource is asked for more than it has, and the plan is no shorter than its critical path", () => {
    const resources = ["resource R0 - 100", "resource R1 - 200", "resource R2 - 150"];
    const ratios: number[] = [];
    fc.assert(
      fc.property(fc.array(taskOf(["FS", "FS", "FS", "SS", "FF"], ["", "", "+1d"]), { minLength: 8, maxLength: 30 }), (tasks) => {
        const plan = [
          ...resources,
          planOf(tasks, { single: true, extra: (n, i) => `; by R${n % 3} ${n % 2 ? 100 : 50}${i % 3 === 0 && n % 3 !== 1 ? "; by R1" : ""}` }),
        ].join("\n");
        const state = stateOf(core, plan);
        const length = (): number => Date.parse(`${computeSchedule(state).projectEnd}Z`) - Date.parse(`${dateOf("Mon1")}Z`);
        const critical = length();
        applyNormalised(state, level(state));
        for (const [id, max] of [
          ["R0", 100],
          ["R1", 200],
          ["R2", 150],
        ] as const)
          expect(peak(state, id)).toBeLessThanOrEqual(max);
        expect(computeSchedule(state).violations).toEqual([]);
        expect(length()).toBeGreaterThanOrEqual(critical);
        expect(level(state)).toEqual({});
        if (critical > 0) ratios.push(length() / critical);
      }),
      { numRuns: 40 },
    );
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeLessThan(2.5);
  });
});
