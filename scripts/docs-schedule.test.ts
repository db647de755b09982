import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as core from "../packages/core/src/index.ts";
import { redraw } from "./lib/scheduleDocs.mjs";

it("S5 the page on scheduling shows the charts that the engine draws", () => {
  const page = readFileSync(new URL("../docs/schedule.md", import.meta.url), "utf8");
  expect(page.match(/^```plan/gm)?.length).toBeGreaterThan(20);
  expect(redraw(core, page)).toBe(page);
});
