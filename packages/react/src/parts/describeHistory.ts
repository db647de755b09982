import { equalJson, type RecordKind } from "@livegantt/core";
import type { HistoryChange } from "../hooks/historyEntries.ts";
import { fieldLabel, formatValue } from "../texts/format.ts";
import type { PartTexts } from "../texts/texts.ts";

/** Fields that say nothing to a person: keys of order, and ids of what is told by name. */
const silent = new Set(["orderKey", "id"]);

/** One line per changed record: what was added or deleted, or each field before and after. */
export function describeHistory(texts: PartTexts, changes: readonly HistoryChange[], nameOf: (kind: RecordKind, id: string) => string): readonly string[] {
  return changes.flatMap(({ collection, id, action, name, fields }) => {
    const noun = texts.kinds[collection] ?? collection;
    const called = name || nameOf(collection, id);
    if (action === "added") return [texts.added(`${noun} ${called}`.trim())];
    if (action === "removed") return [texts.removed(`${noun} ${called}`.trim())];
    const told = Object.entries(fields).filter(([field, { before, after }]) => !silent.has(field) && !equalJson(before, after));
    if (told.length === 0) return [`${called || noun}: ${fieldLabel(texts, "orderKey")}`];
    const values = told.map(([field, { before, after }]) => {
      const show = (value: unknown): string =>
        field === "parentId" && typeof value === "string" ? nameOf("tasks", value) || value : formatValue(texts, field, value);
      return before === null || before === "" ? `${fieldLabel(texts, field)} → ${show(after)}` : `${fieldLabel(texts, field)} ${show(before)} → ${show(after)}`;
    });
    return [`${called || noun}: ${values.join(", ")}`];
  });
}
