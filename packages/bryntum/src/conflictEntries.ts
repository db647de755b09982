import type { OpenConflict, Resolution } from "@livegantt/client";
import { type Conflict, equalJson, type Json, type Registers } from "@livegantt/core";

/** One register value in question. */
export interface EntryField {
  readonly name: string;
  readonly base?: unknown;
  readonly local: unknown;
  readonly server: unknown;
  /** Unit of the three values, where they are lengths of time and agree on it. */
  readonly unit?: string;
}

const defaultUnits: Readonly<Record<string, string>> = { duration: "day", lag: "day", effort: "hour" };

/** One decision of the person, ready to be shown. */
export interface ConflictEntry {
  readonly id: string;
  readonly title: string;
  readonly type: Conflict["type"];
  readonly by: string | undefined;
  readonly at: string | undefined;
  readonly madeAt: string | undefined;
  readonly parked: number;
  readonly path: string | undefined;
  readonly fields: readonly EntryField[];
  /** Whether the person can choose field by field. */
  readonly mergeable: boolean;
}

/** What the person chose, in the document's terms. */
export interface ChosenResolution {
  readonly strategy: "keep_local" | "accept_server" | "merge";
  /** The values that stand on the server. */
  readonly serverState: Registers;
  /** With `merge`: the value chosen for each field. */
  readonly mergedState?: Registers;
}

/** An inbox entry as the dialog shows it. `nameOf` finds the name of a record. */
export function entryOf(open: OpenConflict, nameOf: (collection: string, id: string) => string): ConflictEntry {
  const [first] = open.conflicts;
  const withFields = open.conflicts.filter((conflict) => conflict.fields);
  const names = [...new Set(open.conflicts.map((conflict) => nameOf(conflict.collection, conflict.id)))];
  const all = withFields.flatMap((conflict) => Object.entries(conflict.fields ?? {}).map(([name, values]) => ({ name, ...values })));
  // A register stands as a whole in a conflict; members on which both sides agree (the unit of two durations) are nothing to decide.
  const different = all.filter(({ local, server }) => !equalJson(local, server));
  const unitOf = (name: string): { readonly unit?: string } => {
    const usual = defaultUnits[name];
    const unit = usual && all.find((field) => field.name === `${name}Unit`);
    return unit && equalJson(unit.local, unit.server) ? { unit: typeof unit.local === "string" ? unit.local : usual } : {};
  };
  const fields = (different.length > 0 ? different : all).map((field) => ({ ...field, ...unitOf(field.name) }));
  const records = new Set(open.conflicts.map(({ collection, id }) => `${collection}/${id}`));
  return {
    id: open.id,
    title: names.join(", "),
    type: first?.type ?? "concurrent_edit",
    by: first?.by?.name,
    at: first?.at,
    madeAt: open.madeAt,
    parked: open.parked,
    path: first?.path?.map(({ name, id }) => name || id).join(" → "),
    fields,
    mergeable: records.size === 1 && fields.length > 1 && open.conflicts.every(({ type }) => type === "concurrent_edit"),
  };
}

/** The document's `localChanges` beside `serverState`. */
export function entryFromValues(title: string, localChanges: Registers, serverState: Registers): ConflictEntry {
  const fields = Object.keys(localChanges)
    .filter((name) => name !== "id")
    .map((name) => ({ name, local: localChanges[name], server: serverState[name] }));
  return {
    id: "",
    title,
    type: "concurrent_edit",
    by: undefined,
    at: undefined,
    madeAt: undefined,
    parked: 0,
    path: undefined,
    fields,
    mergeable: fields.length > 1,
  };
}

export function chosen(entry: ConflictEntry, choice: "mine" | "theirs" | ReadonlyMap<string, "mine" | "theirs">): ChosenResolution {
  const serverState = Object.fromEntries(entry.fields.map(({ name, server }) => [name, server as Json]));
  if (choice === "mine") return { strategy: "keep_local", serverState };
  if (choice === "theirs") return { strategy: "accept_server", serverState };
  const mergedState = Object.fromEntries(entry.fields.map(({ name, local, server }) => [name, (choice.get(name) === "theirs" ? server : local) as Json]));
  return { strategy: "merge", serverState, mergedState };
}

/** The same in the client's terms. */
export const resolutionOf = ({ strategy, mergedState }: ChosenResolution): Resolution => (strategy === "merge" ? { merge: mergedState ?? {} } : strategy);
