import { Ledger, type Limits as PlanLimits, projectFromJSON } from "@livegantt/core";
import { type ImportOptions, type ImportReport, type ImportResult, importCsv, importFile, importJson, importMspdi, importXer } from "@livegantt/files";
import { ServerError } from "../errors.ts";
import type { ProjectInfo } from "../interfaces/store.ts";
import { encodeSnapshot } from "../room/storedProject.ts";
import { newEpoch, newId } from "./ids.ts";

/** What a project is made of. */
export interface NewProject {
  /** Left out: the plan's own. */
  readonly name?: string;
  /** Snapshot or Bryntum JSON; left out: an empty plan. */
  readonly plan?: unknown;
}

/** A project that is ready for the store. */
export interface Founded {
  readonly info: ProjectInfo;
  readonly snapshot: Uint8Array;
}

/** Monday of the current week at 08:00: where a plan without a start begins. */
function startOf(now: number): string {
  const day = new Date(now);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return `${day.toISOString().slice(0, 10)}T08:00:00`;
}

/**
 * A project starts at revision 0 with the plan as its first snapshot.
 * @throws PlanError with every reason where the plan breaks a law.
 */
export async function foundProject({ id = newId(), name, plan }: NewProject & { readonly id?: string }, planLimits: PlanLimits, now: number): Promise<Founded> {
  const state = projectFromJSON(plan ?? { tasks: [] }, { id, limits: planLimits });
  const { project } = state;
  state.put("project", { ...project, id, name: name ?? project.name ?? "Untitled project", startDate: project.startDate ?? startOf(now) });
  state.revision = 0;
  const info: ProjectInfo = {
    id,
    name: state.project.name ?? "",
    epoch: newEpoch(),
    revision: 0,
    tasks: state.tasks.size,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  };
  return { info, snapshot: await encodeSnapshot({ state, ledger: new Ledger() }) };
}

const importers = {
  mspdi: importMspdi,
  xer: importXer,
  csv: importCsv,
  json: importJson,
} satisfies Record<string, (file: Uint8Array, options: ImportOptions) => ImportResult>;

/** `auto`: what the file is, its content tells. */
export const importFormats = [...(Object.keys(importers) as (keyof typeof importers)[]), "auto"] as const;

/** Bytes that become a project: a file, or (without a format) the JSON text `{ name?, plan? }`. */
export interface Order {
  readonly bytes: Uint8Array;
  readonly format?: (typeof importFormats)[number];
  readonly filename?: string;
  readonly name?: string;
  readonly planLimits: PlanLimits;
  readonly now: number;
}

export interface Filled extends Founded {
  /** Where it was a file. */
  readonly report?: ImportReport;
}

/** Everything that takes long about making a project. @throws ServerError, FileError, PlanError for what cannot become one. */
export async function fill({ bytes, format, filename = "", name, planLimits, now }: Order): Promise<Filled> {
  if (format === undefined) return foundProject(checkedCreate(parsed(bytes)), planLimits, now);
  const named = name === undefined ? {} : { name };
  const { plan, report } = format === "auto" ? importFile(bytes, filename, named) : importers[format](bytes, named);
  return { ...(await foundProject({ plan, ...named }, planLimits, now)), report };
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new ServerError("invalid_json", "fix", "The body is empty; a JSON object is expected.", { status: 400 });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ServerError("invalid_json", "fix", `The body is no JSON: ${(cause as Error).message.slice(0, 200)}.`, { status: 400 });
  }
}

/** @throws ServerError where it is no `{ name?, plan? }`. */
export function checkedCreate(body: unknown): { readonly name?: string; readonly plan?: unknown } {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ServerError("invalid_request", "fix", "The body is a JSON object { name, plan? } with content-type application/json.");
  }
  const { name, plan } = body as { name?: unknown; plan?: unknown };
  if (name !== undefined && (typeof name !== "string" || name.trim() === "" || name.length > 255)) {
    throw new ServerError("invalid_value", "fix", "A project's name is a text of 1 to 255 characters.", { path: "name" });
  }
  return { ...(name !== undefined && { name: name.trim() }), ...(plan !== undefined && { plan }) };
}
