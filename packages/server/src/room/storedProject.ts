import { promisify } from "node:util";
import { gunzip, gunzipSync, gzip, gzipSync } from "node:zlib";
import { checkInvariants, Ledger, type ProjectState, projectFromSnapshot, projectToJSON, replayChange, type Snapshot } from "@livegantt/core";
import { ServerError } from "../errors.ts";
import { type LoggedChange, type ProjectInfo, type Store, StoreError } from "../interfaces/store.ts";
import { logged } from "./broadcast.ts";

const gzipLater = promisify(gzip);
const gunzipLater = promisify(gunzip);
/** Bytes up to which packing takes about a millisecond: less than the way to another thread and back is worth. */
const smallBytes = 256 * 1024;
const smallPackedBytes = 64 * 1024;

const pack = async (text: string): Promise<Uint8Array> => (text.length <= smallBytes ? gzipSync(text, { level: 1 }) : gzipLater(text, { level: 1 }));
const unpack = async (body: Uint8Array): Promise<Uint8Array> => (body.length <= smallPackedBytes ? gunzipSync(body) : gunzipLater(body));

/** A project as the decider holds it. */
export interface Decided {
  readonly state: ProjectState;
  readonly ledger: Ledger;
}

/** Format of a stored snapshot; a newer one is refused by name, not misread. */
const format = 1;

/** One blob: the plan and the ledger at its revision. Reads the project at once; only the compression is asynchronous. */
export function encodeSnapshot({ state, ledger }: Decided): Promise<Uint8Array> {
  return pack(JSON.stringify({ format, snapshot: projectToJSON(state), ledger: ledger.toJSON() }));
}

export async function decodeSnapshot(body: Uint8Array): Promise<Decided> {
  const stored = JSON.parse(new TextDecoder().decode(await unpack(body))) as {
    format: number;
    snapshot: Snapshot;
    ledger: Parameters<typeof Ledger.fromJSON>[0];
  };
  if (stored.format !== format) throw new Error(`the snapshot has format ${stored.format}, known is ${format}`);
  return { state: projectFromSnapshot(stored.snapshot), ledger: Ledger.fromJSON(stored.ledger) };
}

/** Takes over the change after the project's revision. */
export function replayRow({ state, ledger }: Decided, row: LoggedChange): void {
  const { revision, clientId, author: name, at, madeAt } = row;
  replayChange(state, ledger, { ...logged(row), stamp: { revision, clientId, name, at, ...(madeAt !== null && { madeAt }) } });
}

const replayPage = 5_000;

/** The project at a revision: nearest snapshot, then the log. `undefined` where history does not reach back that far: there is none, or it belongs to a named version and the log after it was folded. */
export async function stateAt(store: Store, project: string, revision: number): Promise<Decided | undefined> {
  const snapshot = await store.snapshot(project, revision);
  if (!snapshot) return undefined;
  const decided = await decodeSnapshot(snapshot.body);
  decided.state.revision = snapshot.revision;
  while (decided.state.revision < revision) {
    const after = decided.state.revision;
    const rows = await store.changes(project, { after, upTo: revision, limit: replayPage });
    if (after === snapshot.revision && rows[0]?.revision !== after + 1 && (await isFolded(store, project, after))) return undefined;
    if (rows.length === 0) throw new Error(`the log ends at revision ${after}, the project stands at ${revision}`);
    for (const row of rows) {
      if (row.revision !== decided.state.revision + 1) throw new Error(`revision ${decided.state.revision + 1} is missing in the log`);
      replayRow(decided, row);
    }
  }
  return decided;
}

/** Does the log begin later than right after a revision? Folding never leaves a hole in it. */
async function isFolded(store: Store, project: string, revision: number): Promise<boolean> {
  const [oldest, versions] = [await store.oldestChange(project), await store.versions.list(project)];
  return versions.some((version) => version.revision === revision) && (oldest === undefined || oldest.revision > revision + 1);
}

/** D2: snapshot and log give a plan that keeps every invariant, at the revision that the store names. @throws ServerError `project_corrupt`, or StoreError where the store does not answer. */
export async function loadProject(store: Store, info: ProjectInfo): Promise<Decided> {
  const refuse = (reason: string, cause?: unknown): ServerError =>
    new ServerError("project_corrupt", "fatal", `The stored project "${info.id}" is damaged and stays closed: ${reason}. Restore it from a backup.`, {
      status: 500,
      cause,
    });
  let decided: Decided | undefined;
  try {
    decided = await stateAt(store, info.id, info.revision);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw refuse((cause as Error).message, cause);
  }
  if (!decided) throw refuse(`there is no snapshot up to revision ${info.revision}`);
  const violations = checkInvariants(decided.state);
  if (violations.length > 0) {
    const named = violations.slice(0, 3).map(({ rule, collection, id, message }) => `${rule} ${collection}/${id}: ${message}`);
    throw refuse(`${violations.length} broken invariants, first ${named.join("; ")}`);
  }
  return decided;
}
