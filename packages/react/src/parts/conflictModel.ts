import type { OpenConflict, Resolution } from "@livegantt/client";
import { type Changeset, type Conflict, collections, equalJson, type Json, type RecordKind, recordKinds, registerOf, toWallClock } from "@livegantt/core";
import { fieldLabel, formatValue } from "../texts/format.ts";
import type { PartTexts } from "../texts/texts.ts";

export interface FieldRow {
  readonly field: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** Fields of one register: chosen together, since they only make sense together. */
export interface RegisterRow {
  /** Unique in the inbox entry: which of its conflicts, and which register. */
  readonly key: string;
  readonly fields: readonly FieldRow[];
}

/** `other` holds what was typed for the field of the register that both sides wrote differently. */
export type Choice = { readonly take: "mine" | "theirs" } | { readonly take: "other"; readonly text: string };
export type Choices = { readonly [key: string]: Choice };

/** The field of a register that "something else" is typed for: the first on which both sides differ. The others stay mine. */
export const disputedField = (row: RegisterRow): FieldRow | undefined => row.fields.find((field) => !equalJson(field.mine, field.theirs)) ?? row.fields[0];

export const kindOf = (conflict: Conflict): RecordKind => recordKinds.find((kind) => kind === conflict.collection) ?? "tasks";

export function registerRows(conflict: Conflict, index: number): readonly RegisterRow[] {
  const groups = new Map<string, FieldRow[]>();
  for (const [field, { base, local, server }] of Object.entries(conflict.fields ?? {})) {
    const register = registerOf(kindOf(conflict), field);
    const rows = groups.get(register) ?? [];
    rows.push({ field, base, mine: local, theirs: server });
    groups.set(register, rows);
  }
  return [...groups].map(([register, fields]) => ({ key: `${index}:${register}`, fields }));
}

/** Something was deleted under the edit: keeping it means bringing the record back. */
export const isDeleted = (conflict: Conflict): boolean => conflict.type.endsWith("_not_found");

/** What the choices mean for the server: mine for all, theirs for all, or the chosen values. Registers without a choice stay mine. */
export function resolutionOf(entry: OpenConflict, choices: Choices): Resolution {
  const rows = entry.conflicts.flatMap(registerRows);
  const takes = rows.map((row) => choices[row.key]?.take ?? "mine");
  if (takes.every((take) => take === "mine")) return "keep_local";
  if (takes.every((take) => take === "theirs")) return "accept_server";
  const merge: Record<string, Json> = {};
  for (const row of rows) {
    const choice = choices[row.key] ?? { take: "mine" };
    const disputed = disputedField(row);
    for (const field of row.fields) {
      const value = choice.take === "theirs" ? field.theirs : field.mine;
      merge[field.field] = (choice.take === "other" && field === disputed ? parseTyped(choice.text, field) : (value ?? null)) as Json;
    }
  }
  return { merge };
}

/** A typed text in the type that the register holds: number where either side is one, unset where nothing was typed. */
export function parseTyped(text: string, field: FieldRow): string | number | boolean | null {
  const sample = [field.mine, field.theirs, field.base].find((value) => value !== null && value !== undefined);
  const trimmed = text.trim();
  if (trimmed === "") return typeof sample === "string" && !isDate(sample) ? "" : null;
  if (typeof sample === "number") {
    const number = Number(trimmed.replace(",", ".").replace(/\s*%$/, ""));
    return Number.isFinite(number) ? number : sample;
  }
  if (typeof sample === "boolean") return trimmed === "true";
  if (typeof sample === "string" && isDate(sample)) return toWallClock(trimmed) ?? sample;
  return text;
}

export const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value);

/** One line per changed register or record of an edit: what its author wanted. */
export function describeChangeset(texts: PartTexts, payload: Changeset, nameOf: (kind: RecordKind, id: string) => string): readonly string[] {
  const lines: string[] = [];
  for (const kind of collections) {
    const part = payload[kind];
    if (!part) continue;
    const noun = texts.kinds[kind] ?? kind;
    for (const record of part.added ?? []) lines.push(texts.added(`${noun} ${typeof record.name === "string" ? record.name : nameOf(kind, record.id)}`.trim()));
    for (const { id, changes } of part.updated ?? []) lines.push(`${nameOf(kind, id)}: ${describeFields(texts, changes)}`);
    for (const { id } of part.removed ?? []) lines.push(texts.removed(`${noun} ${nameOf(kind, id)}`.trim()));
  }
  for (const { changes } of payload.project?.updated ?? []) lines.push(`${texts.kinds.project}: ${describeFields(texts, changes)}`);
  return lines;
}

const describeFields = (texts: PartTexts, changes: { readonly [field: string]: unknown }): string =>
  Object.entries(changes)
    .filter(([field]) => field !== "orderKey")
    .map(([field, value]) => texts.changedTo(fieldLabel(texts, field), formatValue(texts, field, value)))
    .join(", ");
