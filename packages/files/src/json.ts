import { PlanError, projectFromJSON, projectToJSON, type Snapshot } from "@livegantt/core";
import { FileError } from "./errors.ts";
import { countedKinds, type ImportOptions, type ImportResult, ReportBuilder } from "./report.ts";
import { decodeFile } from "./text.ts";

/** The plan as JSON text, in the order that equal plans share; it can be imported again as it is. */
export const exportJson = (plan: Snapshot): string => `${JSON.stringify(projectToJSON(projectFromJSON(plan)), null, 2)}\n`;

/**
 * A plan from JSON: this product's own, or Bryntum's.
 * @throws FileError `broken_json` where it is no JSON, `invalid_plan` where it breaks a law.
 */
export function importJson(file: string | Uint8Array, options: ImportOptions = {}): ImportResult {
  let json: unknown;
  try {
    json = JSON.parse(decodeFile(file));
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError("broken_json", `the JSON is broken: ${error instanceof Error ? error.message.slice(0, 200) : "it cannot be read"}`);
  }
  try {
    const loaded = projectToJSON(projectFromJSON(json));
    const name = options.name ?? (loaded.project.name || options.fallbackName || "Imported project");
    const plan: Snapshot = { ...loaded, revision: 0, project: { ...loaded.project, name } };
    const report = new ReportBuilder();
    for (const kind of countedKinds) for (const _ of plan[kind]) report.count(kind, "imported");
    return { plan, report: report.report("json") };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new FileError("invalid_plan", error.message, { path: error.problems[0]?.path ?? "" });
  }
}
