import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chartOf, stateOf } from "../../../../scripts/lib/scheduleChart.mjs";
import * as core from "../index.ts";

// Calculated by hand. Each case is a title, a plan and the chart that the rules ask for; scripts/lib/scheduleChart.mjs says how to read them.
const folder = new URL("./cases/", import.meta.url);

for (const file of readdirSync(folder)) {
  const cases = readFileSync(new URL(file, folder), "utf8")
    .split(/^# /m)
    .slice(1)
    .map((text) => {
      const [head = "", chart = ""] = text.split(/^---\n/m);
      const [title = "", ...plan] = head.split("\n");
      return [title, plan.join("\n"), chart.trimEnd()] as const;
    });
  describe(file.replace(".test.txt", ""), () => {
    it.each(cases)("S5 %s", (_, plan, chart) => expect(chartOf(core, stateOf(core, plan)).split("\n").slice(1).join("\n")).toBe(chart));
  });
}
