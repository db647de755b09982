#!/usr/bin/env node
// Draws the charts of docs/schedule.md with the built engine. `--check` changes nothing and fails where a chart is not what the engine draws.
import { readFileSync, writeFileSync } from "node:fs";
import * as core from "@livegantt/core";
import { redraw } from "./lib/scheduleDocs.mjs";

if (process.argv.includes("--help")) {
  console.log("node scripts/docs-schedule.mjs [--check]   (build packages/core first)");
  process.exit(0);
}
const file = new URL("../docs/schedule.md", import.meta.url);
const page = readFileSync(file, "utf8");
const drawn = redraw(core, page);
if (process.argv.includes("--check")) {
  if (drawn !== page) {
    console.error("docs/schedule.md shows charts that the engine does not draw: run node scripts/docs-schedule.mjs");
    process.exit(1);
  }
} else writeFileSync(file, drawn);
