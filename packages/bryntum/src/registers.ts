import { type Json, type Register, registers } from "@livegantt/core";
import { type SyncedKind, syncedCollections } from "./kinds.ts";
import type { FieldLike, ModelClassLike } from "./types.ts";

/** One register of a kind as the adapter reads and writes it: fields that are compared, sent and written together. */
export interface MappedRegister {
  readonly name: string;
  readonly fields: readonly string[];
  /** Only leaves have it; on a summary the value of the leaf sleeps. */
  readonly leafOnly: boolean;
  /** Set when the record is made, never changed. */
  readonly fixed: boolean;
}

export interface MappedField {
  readonly name: string;
  /** What an unset value means. */
  readonly fallback: Json | undefined;
  readonly model: FieldLike | undefined;
}

export interface KindMap {
  readonly kind: SyncedKind;
  readonly registers: readonly MappedRegister[];
  readonly fields: ReadonlyMap<string, MappedField>;
}

/** Registers that Bryntum holds in another shape: read and written by code of their own. */
export const specialFields = {
  tasks: new Set(["parentId", "orderKey", "segments"]),
  dependencies: new Set(["fromTask", "toTask"]),
  resources: new Set<string>(),
  assignments: new Set(["event", "resource"]),
  calendars: new Set(["parentId"]),
  project: new Set<string>(),
} as const satisfies Record<SyncedKind, ReadonlySet<string>>;

const leafRegisters = new Set(["duration", "percentDone", "effort", "segments"]);

/** Fields of Bryntum's own models that say where or how something is drawn, or that its engine computes: never an input of the plan. */
const ofTheView: Readonly<Record<SyncedKind, ReadonlySet<string>>> = {
  tasks: new Set(["endDate", "baselines", "delayFromParent", "postponedConflict", "projectConstraintResolution", "unscheduled", "cost", "milestoneWidth"]),
  dependencies: new Set(["highlighted", "from", "to", "fromEvent", "toEvent"]),
  resources: new Set([
    "rateTables",
    "rowHeight",
    "href",
    "target",
    "fixed",
    "columnWidth",
    "barMargin",
    "resourceMargin",
    "allowOverlap",
    "showAvatar",
    "eventLayout",
  ]),
  assignments: new Set(["eventId", "resourceId", "cost", "rateTable"]),
  calendars: new Set(["version", "intervals"]),
  project: new Set(),
};
const never = new Set(["id", "parentIndex", "orderedParentIndex", "parentId", "children", "expanded", "timeZone"]);
const fieldName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/**
 * The register table of a kind for one model class: the product's registers that the class has a field for, then every persistent field the class has beyond them,
 * as custom registers.
 */
export function mapKind(kind: SyncedKind, modelClass: ModelClassLike): KindMap {
  const known = new Map(modelClass.allFields.map((field) => [field.name, field]));
  const special: ReadonlySet<string> = specialFields[kind];
  const mapped: MappedRegister[] = [];
  const fields = new Map<string, MappedField>();
  const claimed = new Set<string>();
  const isTask = kind === "tasks";
  const take = (register: Register): void => {
    const names = Object.keys(register.fields);
    for (const name of names) claimed.add(name);
    const held = names.filter((name) => special.has(name) || (known.has(name) && known.get(name)?.persist !== false));
    if (held.length === 0) return;
    mapped.push({
      name: register.name,
      fields: held,
      leafOnly: isTask && leafRegisters.has(register.name),
      fixed: register.written === "creation",
    });
    for (const name of held) fields.set(name, { name, fallback: register.fields[name]?.fallback, model: known.get(name) });
  };
  for (const register of registers[kind]) take(register);
  if (kind !== "project")
    for (const field of modelClass.allFields) {
      if (claimed.has(field.name) || field.persist === false || field.type === "store" || never.has(field.name) || ofTheView[kind].has(field.name)) continue;
      if (!fieldName.test(field.name)) continue;
      mapped.push({ name: field.name, fields: [field.name], leafOnly: false, fixed: false });
      fields.set(field.name, { name: field.name, fallback: undefined, model: field });
    }
  return { kind, registers: mapped, fields };
}

/** Fields of stored tasks, resources, … that neither the product nor the chart's model knows: custom fields that another client brought. */
export function unknownFields(kind: SyncedKind, map: KindMap, record: Readonly<Record<string, unknown>>): string[] {
  if (kind === "project") return [];
  return Object.keys(record).filter(
    (name) =>
      name !== "id" &&
      fieldName.test(name) &&
      !map.fields.has(name) &&
      !never.has(name) &&
      !ofTheView[kind].has(name) &&
      !registers[kind].some((r) => name in r.fields),
  );
}

export const syncedKinds: readonly SyncedKind[] = [...syncedCollections, "project"];
