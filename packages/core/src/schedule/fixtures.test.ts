import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { projectFromJSON } from "../model/load.ts";
import { computeSchedule } from "./index.ts";

const folder = process.env.LIVEGANTT_FIXTURES ?? fileURLToPath(new URL("../../../../../shared/fixtures", import.meta.url));
const plans = existsSync(`${folder}/schedule`) ? readdirSync(`${folder}/schedule`) : [];

interface Expected {
  start: string;
  finish: string;
  lateStart: string;
  lateFinish: string;
  totalSlackHours: number;
  critical: boolean;
}

describe.skipIf(plans.length === 0)("plans scheduled by an independent scheduler", () => {
  it.each(plans)("S1 %s agrees on dates, late dates, slack and criticality", (name) => {
    const plan = JSON.parse(readFileSync(`${folder}/schedule/${name}`, "utf8")) as { expected: Record<string, Expected> };
    const { tasks } = computeSchedule(projectFromJSON(plan));
    const ours = Object.fromEntries(
      Object.keys(plan.expected).map((id) => {
        const task = tasks.get(id);
        return [
          id,
          {
            start: task?.startDate.slice(0, 16),
            finish: task?.endDate.slice(0, 16),
            lateStart: task?.lateStart.slice(0, 16),
            lateFinish: task?.lateEnd.slice(0, 16),
            totalSlackHours: task?.totalSlack,
            critical: task?.critical,
          },
        ];
      }),
    );
    expect(ours).toEqual(plan.expected);
  });
});
