import { existsSync, readdirSync, readFileSync } from "node:fs";
import { canonicalJson, checkInvariants, compileCalendar, type DurationUnit, parseWallClock, projectFromJSON, type Snapshot } from "@livegantt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samplePlan } from "../sample/samplePlan.ts";
import { hoursOn } from "./calendarHours.ts";
import { exportMspdi } from "./exportMspdi.ts";
import { importMspdi } from "./importMspdi.ts";

/** A plan without its ids: records by their place, so that two plans with equal inputs are equal texts. */
function inputs(plan: Snapshot): Record<string, unknown> {
  const place = new Map<string, string>();
  for (const kind of ["tasks", "resources", "calendars"] as const)
    for (const [i, record] of plan[kind].entries()) place.set(`${kind}/${record.id}`, `${kind}${i}`);
  const at = (kind: string, id: string | null | undefined): string | undefined => (id == null ? undefined : place.get(`${kind}/${id}`));
  const { id: _, ...project } = plan.project;
  return {
    project: { ...project, calendar: at("calendars", project.calendar) },
    tasks: plan.tasks.map(({ id, orderKey, ...task }) => ({
      ...task,
      id: at("tasks", id),
      parentId: at("tasks", task.parentId),
      calendar: at("calendars", task.calendar),
    })),
    dependencies: plan.dependencies
      .map((link) => ({
        from: at("tasks", link.fromTask),
        to: at("tasks", link.toTask),
        type: link.type ?? 2,
        lag: link.lag ?? 0,
        unit: link.lag ? link.lagUnit : null,
      }))
      .sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)),
    resources: plan.resources.map(({ id, ...resource }) => ({ ...resource, calendar: at("calendars", resource.calendar) })),
    assignments: plan.assignments.map(({ event, resource, units }) => ({
      event: at("tasks", event),
      resource: at("resources", resource),
      units: units ?? 100,
    })),
    calendars: plan.calendars.map(({ id, intervals, unspecifiedTimeIsWorking, parentId, ...calendar }) => calendar),
  };
}

function hours(plan: Snapshot, from: string, days: number): string[] {
  const state = projectFromJSON(plan);
  const first = (parseWallClock(from) as number) / 1440;
  return plan.calendars.map(({ id }) => {
    const calendar = compileCalendar(state, id);
    return Array.from({ length: days }, (_, i) => String(hoursOn(calendar, first + i))).join("|");
  });
}

const again = (plan: Snapshot): Snapshot => importMspdi(exportMspdi(plan)).plan;

describe("export to MS Project XML", () => {
  it("F1 the sample comes back with equal inputs and equal working time", () => {
    const plan = samplePlan();
    const back = again(plan);
    const strip = (one: Snapshot) => ({
      ...inputs(one),
      tasks: (inputs(one).tasks as Record<string, unknown>[]).map(({ eventColor, schedulingMode, ...task }) => task),
      resources: (inputs(one).resources as Record<string, unknown>[]).map(({ role, ...resource }) => resource),
    });
    expect(strip(back)).toEqual(strip(plan));
    expect(hours(back, "2026-10-01", 400)).toEqual(hours(plan, "2026-10-01", 400));
  });

  it.each(["workshop.xml", "lawless.xml"])("F1 %s, imported and exported, comes back the same, and a second export is the same file", (name) => {
    const { plan } = importMspdi(readFileSync(new URL(`../../samples/${name}`, import.meta.url)));
    const back = again(plan);
    expect(inputs(back)).toEqual(inputs(plan));
    expect(hours(back, "2026-01-01", 800)).toEqual(hours(plan, "2026-01-01", 800));
    expect(exportMspdi(again(back))).toBe(exportMspdi(back));
  });

  it("F1 an export adds calendars for MS Project's sake and an import takes them away again", () => {
    const plan: Snapshot = { ...samplePlan(), project: { ...samplePlan().project, calendar: null } };
    const xml = exportMspdi(plan);
    expect(xml.match(/<Calendar>/g)).toHaveLength(2 + 1 + plan.resources.length);
    const back = importMspdi(xml);
    expect(back.plan.calendars).toHaveLength(2);
    expect(back.plan.project.calendar).toBeUndefined();
    expect(back.report.counts.calendars).toEqual({ inFile: 2, imported: 2, omitted: 0, added: 0 });
  });

  it("F1 computed dates stand in the file where a schedule is given", () => {
    const dates = { startDate: "2026-11-03T08:00:00", endDate: "2026-11-04T17:00:00", totalSlack: 4, critical: false };
    const xml = exportMspdi(samplePlan(), { get: (id) => (id === "steering-group" ? dates : undefined) });
    expect(xml).toContain("<Start>2026-11-03T08:00:00</Start>");
    expect(xml).toContain("<Finish>2026-11-04T17:00:00</Finish>");
    expect(xml).toContain("<TotalSlack>2400</TotalSlack>");
  });

  it("F1 text is escaped and nothing unwritable stays", () => {
    const plan = samplePlan();
    const tasks = plan.tasks.map((task, i) => (i === 0 ? { ...task, name: 'A <b> & "c" \u0001 ]]>', note: "one\r\ntwo <three>\u0000" } : task));
    const back = again({ ...plan, tasks });
    expect(back.tasks[0]).toMatchObject({ name: 'A <b> & "c" ]]>', note: "one\ntwo <three>" });
  });

  it("F1 random plans come back with equal inputs", () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        expect(checkInvariants(projectFromJSON(plan))).toEqual([]);
        const back = again(plan);
        expect(checkInvariants(projectFromJSON(back))).toEqual([]);
        expect(inputs(back)).toEqual(inputs(plan));
        expect(hours(back, "2026-11-01", 60)).toEqual(hours(plan, "2026-11-01", 60));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

const folder = new URL(`${process.env.LIVEGANTT_FIXTURES ?? "../../../../../shared/fixtures"}/mspdi/`, import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];

describe.skipIf(files.length === 0)("files that MS Project wrote, exported again", () => {
  it.each(files)("F1 %s comes back with equal inputs", (name) => {
    const { plan } = importMspdi(readFileSync(new URL(name, folder)));
    expect(inputs(again(plan))).toEqual(inputs(plan));
    expect(hours(again(plan), "1999-12-01", 4000)).toEqual(hours(plan, "1999-12-01", 4000));
  });

  it("F1 elements stand in the order in which MS Project writes them", () => {
    const theirs = files.map((name) => readFileSync(new URL(name, folder), "utf8"));
    const ours = [exportMspdi(importMspdi(readFileSync(new URL("../../samples/workshop.xml", import.meta.url))).plan), exportMspdi(samplePlan())];
    for (const tag of ["Project", "Calendar", "Exception", "Task", "PredecessorLink", "Resource", "Assignment"]) {
      const after = new Map<string, Set<string>>();
      for (const xml of theirs) for (const list of orders(xml, tag)) precede(after, list);
      for (const xml of ours)
        for (const list of orders(xml, tag))
          for (const [i, a] of list.entries())
            for (const b of list.slice(i + 1)) if (a !== b) expect(after.get(b)?.has(a) ?? false, `${tag}: ${a} before ${b}`).toBe(false);
    }
  });
});

/** Names of the direct children of each element of one name. */
function orders(xml: string, tag: string): string[][] {
  const found: string[][] = [];
  const open: { readonly name: string; readonly children: string[] }[] = [];
  for (const [whole, slash, name = "", empty] of xml.matchAll(/<(\/?)([A-Za-z]\w*)[^<>]*?(\/?)>/g)) {
    if (slash === "/") {
      const closed = open.pop();
      if (closed?.name === tag) found.push(closed.children);
      continue;
    }
    open.at(-1)?.children.push(name);
    if (empty !== "/" && whole) open.push({ name, children: [] });
  }
  return found;
}

function precede(after: Map<string, Set<string>>, list: readonly string[]): void {
  for (const [i, a] of list.entries()) {
    const set = after.get(a) ?? new Set();
    after.set(a, set);
    for (const b of list.slice(i + 1)) if (a !== b) set.add(b);
  }
}

const word = fc.stringMatching(/^[A-Za-zäß&<>"' ]{1,20}$/).map((text) => text.replace(/\s+/g, " ").trim() || "x");
const date = fc.integer({ min: 0, max: 400 }).map((day) => `${new Date(Date.UTC(2026, 10, 1 + day)).toISOString().slice(0, 10)}T08:00:00`);
const unit = fc.constantFrom<DurationUnit>("minute", "hour", "day", "week", "month");
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const leaf = fc.record({
  level: fc.integer({ min: 1, max: 4 }),
  name: word,
  size: fc.tuple(fc.integer({ min: 0, max: 40 }), unit),
  manual: optional(date),
  constraint: optional(
    fc.tuple(fc.constantFrom("muststarton", "mustfinishon", "startnoearlierthan", "startnolaterthan", "finishnoearlierthan", "finishnolaterthan"), date),
  ),
  late: fc.boolean(),
  percentDone: optional(fc.integer({ min: 1, max: 100 })),
  effort: optional(fc.integer({ min: 1, max: 500 })),
  schedulingMode: optional(fc.constantFrom("FixedDuration", "FixedEffort", "FixedUnits")),
  deadlineDate: optional(date),
  inactive: optional(fc.constant(true)),
  note: optional(word),
  region: optional(word),
  Score: optional(fc.integer({ min: -99, max: 99 })),
  calendar: optional(fc.constantFrom("c0", "c1")),
  baseline: optional(fc.tuple(fc.integer({ min: 0, max: 10 }), date, date)),
});

const spans = fc.constantFrom(
  [
    ["08:00", "12:00"],
    ["13:00", "17:00"],
  ],
  [["06:30", "14:00"]],
  [
    ["00:00", "06:00"],
    ["22:00", "EOD"],
  ],
);
const randomPlan: fc.Arbitrary<Snapshot> = fc
  .record({
    rows: fc.array(leaf, { minLength: 1, maxLength: 14 }),
    links: fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const), fc.integer({ min: -5, max: 9 }), unit), {
      maxLength: 12,
    }),
    resources: fc.array(
      fc.record({
        name: word,
        maxUnits: fc.integer({ min: 0, max: 400 }),
        calendar: optional(fc.constantFrom("c0", "c1", "c2")),
        cost: optional(fc.integer({ min: 1, max: 200 })),
      }),
      { maxLength: 4 },
    ),
    assigned: fc.array(fc.tuple(fc.nat(13), fc.nat(3), fc.integer({ min: 0, max: 300 })), { maxLength: 8 }),
    hours: fc.tuple(spans, spans, spans),
    holidays: fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 4 }),
  })
  .map(({ rows, links, resources, assigned, hours: [first, second, third], holidays }) => {
    const calendar = (id: string, days: string, hourRows: readonly (readonly string[])[], extra: Record<string, unknown> = {}) =>
      Object.assign(
        { id, name: `Calendar ${id}`, unspecifiedTimeIsWorking: false, ...extra },
        {
          intervals: [
            ...hourRows.map(([from, to]) => ({
              recurrentStartDate: `on ${days} at ${from}`,
              recurrentEndDate: to === "EOD" ? "EOD" : `on ${days} at ${to}`,
              isWorking: true,
            })),
            ...holidays.map((day) => {
              const at = (offset: number): string => `${new Date(Date.UTC(2026, 10, 1 + day + offset)).toISOString().slice(0, 10)}T00:00:00`;
              return { startDate: at(0), endDate: at(1), isWorking: id === "c1" && day % 3 === 0 };
            }),
          ],
        },
      );
    const path: { id: string; level: number }[] = [];
    const counts = new Map<string | null, number>();
    const tasks = rows.map(({ level, size, manual, constraint, late, baseline, ...row }, i) => {
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      const parentId = path.at(-1)?.id ?? null;
      path.push({ id: `t${i}`, level });
      counts.set(parentId, (counts.get(parentId) ?? -1) + 1);
      const [amount, durationUnit] = size;
      const baselines =
        baseline && Array.from({ length: baseline[0] + 1 }, (_, n) => (n === baseline[0] ? { startDate: baseline[1], endDate: baseline[2] } : null));
      return {
        id: `t${i}`,
        parentId,
        orderKey: `a${"0123456789ABCDE"[counts.get(parentId) ?? 0]}`,
        size: { duration: amount, durationUnit },
        manual,
        constraint,
        late,
        row,
        baselines,
      };
    });
    const parents = new Set(tasks.map((task) => task.parentId));
    const above = (a: string, b: string): boolean => {
      for (let at = tasks.find((task) => task.id === b)?.parentId; at; at = tasks.find((task) => task.id === at)?.parentId) if (at === a) return true;
      return false;
    };
    const pairs = new Set<string>();
    const used = new Set<string>();
    return {
      revision: 0,
      project: { id: "p", name: "Random", startDate: "2026-11-02T08:00:00", calendar: "c0", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
      tasks: tasks.map(({ id, parentId, orderKey, size, manual, constraint, late, row, baselines }) => {
        const summary = parents.has(id);
        const { percentDone, effort, schedulingMode, ...rest } = row;
        const base = {
          id,
          ...(parentId ? { parentId } : {}),
          orderKey,
          ...(summary ? rest : row),
          ...(effort === undefined || summary ? {} : { effort, effortUnit: "hour" }),
        };
        const dated = constraint ? { constraintType: constraint[0], constraintDate: constraint[1] } : late && !summary ? { direction: "Backward" } : {};
        const own = manual ? { manuallyScheduled: true, startDate: manual } : {};
        return Object.assign(defined({ ...base, ...dated, ...own, ...(summary && !manual ? {} : size) }), baselines ? { baselines } : {});
      }),
      dependencies: links.flatMap(([a, b, type, lag, lagUnit], i) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [fromTask, toTask] = [`t${low}`, `t${high}`];
        if (low === high || high >= rows.length || above(fromTask, toTask) || above(toTask, fromTask) || pairs.has(`${low}-${high}`)) return [];
        // Finish-to-start from earlier to later rows only: no loop.
        const kind = parents.has(toTask) || parents.has(fromTask) ? 2 : type;
        pairs.add(`${low}-${high}`);
        return [{ id: `l${i}`, fromTask, toTask, type: kind, ...(lag === 0 ? {} : { lag, lagUnit }) }];
      }),
      resources: resources.map((resource, i) => defined({ id: `r${i}`, type: "work", ...resource })),
      assignments: assigned.flatMap(([task, resource, units], i) => {
        if (task >= rows.length || resource >= resources.length || used.has(`${task}-${resource}`)) return [];
        used.add(`${task}-${resource}`);
        return [{ id: `a${i}`, event: `t${task}`, resource: `r${resource}`, units }];
      }),
      calendars: [calendar("c0", "Mon,Tue,Wed,Thu,Fri", first), calendar("c1", "Mon,Wed,Sat", second), calendar("c2", "Tue", third, { parentId: "c0" })],
      comments: [],
    } as unknown as Snapshot;
  })
  // A link between rows in outline order closes no loop unless a summary's finish comes back to its own children.
  .filter((plan) => {
    try {
      projectFromJSON(plan);
      return true;
    } catch {
      return false;
    }
  });

function defined<T extends Record<string, unknown>>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
