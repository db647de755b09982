import { existsSync, readdirSync, readFileSync } from "node:fs";
import { compileCalendar, computeSchedule, parseWallClock, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import { samplePlan } from "../sample/samplePlan.ts";
import { exportMspdi } from "./exportMspdi.ts";
import { importMspdi } from "./importMspdi.ts";

describe("dates of imported plans", () => {
  it("F1 the workshop's dates follow its calendars, lags and constraints", () => {
    const { plan } = importMspdi(readFileSync(new URL("../../samples/workshop.xml", import.meta.url)));
    const { tasks } = computeSchedule(projectFromJSON(plan));
    const dates = (uid: number): string => `${tasks.get(`task-${uid}`)?.startDate.slice(0, 16)} ${tasks.get(`task-${uid}`)?.endDate.slice(0, 16)}`;
    // Ada is free on Mondays: the lease takes Tuesday and Wednesday. A day of lag later the coating takes Friday's 7 hours and one of the Saturday's on which stock is taken.
    expect(dates(4)).toBe("2026-11-06T08:00 2026-11-07T10:00");
    // Two elapsed days, then 72 hours around the clock.
    expect(dates(5)).toBe("2026-11-09T10:00 2026-11-12T10:00");
    expect(dates(6)).toBe("2026-11-12T10:00 2026-11-12T10:00");
    // Manual, on a day that is free in that work week: it starts with the next working time.
    expect(dates(11)).toBe("2026-12-02T08:00 2026-12-02T11:00");
  });

  it("F1 the dates in an export are read back as they were computed", () => {
    const plan = samplePlan();
    const { tasks } = computeSchedule(projectFromJSON(plan));
    const back = importMspdi(exportMspdi(plan, tasks)).plan;
    const again = computeSchedule(projectFromJSON(back)).tasks;
    expect(back.tasks.map((task) => again.get(task.id)?.endDate)).toEqual(plan.tasks.map((task) => tasks.get(task.id)?.endDate));
  });
});

const folder = new URL(`${process.env.LIVEGANTT_FIXTURES ?? "../../../../../shared/fixtures"}/mspdi/`, import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];

/** Tasks whose two resources work in two calendars: MS Project schedules each assignment by itself. */
const byAssignment: Readonly<Record<string, readonly string[]>> = { "sample.xml": ["1", "2"] };

describe.skipIf(files.length === 0)("dates that MS Project computed", () => {
  it.each(files)("F1 %s: every task starts and finishes at the same working moment", (name) => {
    const xml = readFileSync(new URL(name, folder), "utf8");
    const { plan } = importMspdi(xml);
    const state = projectFromJSON(plan);
    const { tasks } = computeSchedule(state);
    const value = (block: string, tag: string): string => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(block)?.[1] ?? "";
    for (const block of xml.match(/<Task>[\s\S]*?<\/Task>/g) ?? []) {
      const uid = value(block, "UID");
      if (uid === "0" || byAssignment[name]?.includes(uid)) continue;
      const ours = tasks.get(`task-${uid}`);
      const calendar = compileCalendar(state, plan.tasks.find((task) => task.id === `task-${uid}`)?.calendar ?? plan.project.calendar ?? "");
      const moment = (date: string | undefined): number => calendar.workAt(parseWallClock(date ?? "") ?? Number.NaN);
      expect(ours?.startDate, `start of ${uid}`).toBe(value(block, "Start"));
      // A finish at the end of a day is the same working moment as the next day's beginning; ours is always the former.
      expect(moment(ours?.endDate), `finish of ${uid}: ${ours?.endDate}`).toBe(moment(value(block, "Finish")));
    }
  });
});
