import { type ProjectState, registers, type TaskRecord } from "@livegantt/core";
import type { XmlWriter } from "../xml/write.ts";

/** Fields that have an element of their own. */
const written = new Set([
  ...registers.tasks.flatMap((register) => Object.keys(register.fields)),
  "id",
  "outlineWbs",
  "priority",
  "fixedCost",
  "estimated",
  "hyperlink",
  "hyperlinkAddress",
  "hyperlinkSubAddress",
]);

/** MS Project's task field numbers count from here. */
const fieldBase = 188_743_680;
const run = (from: number, length: number): number[] => Array.from({ length }, (_, i) => fieldBase + from + i);
const slots = {
  Text: [fieldBase + 51, fieldBase + 54, fieldBase + 57, fieldBase + 60, fieldBase + 63, ...run(66, 5), ...run(317, 20)],
  Number: [...run(87, 5), ...run(302, 15)],
  Flag: [...run(72, 10), ...run(292, 10)],
} as const;
type Kind = keyof typeof slots;

interface Slot {
  readonly kind: Kind;
  readonly fieldId: number;
}

/** A slot for each custom field of tasks, by name; fields beyond MS Project's 30 texts, 20 numbers and 20 flags have none. */
export function writeFieldDefinitions(writer: XmlWriter, state: ProjectState): ReadonlyMap<string, Slot> {
  const kinds = new Map<string, Kind>();
  for (const task of state.tasks.values())
    for (const [name, value] of Object.entries(task)) {
      if (written.has(name) || name.startsWith("baselines.") || value == null) continue;
      const kind: Kind = typeof value === "number" ? "Number" : typeof value === "boolean" ? "Flag" : "Text";
      const known = kinds.get(name);
      kinds.set(name, known === undefined || known === kind ? kind : "Text");
    }
  const used = { Text: 0, Number: 0, Flag: 0 };
  const found = new Map<string, Slot>();
  writer.element("ExtendedAttributes", () => {
    for (const name of [...kinds.keys()].sort()) {
      const kind = kinds.get(name) as Kind;
      const fieldId = slots[kind][used[kind]];
      if (fieldId === undefined) continue;
      used[kind]++;
      found.set(name, { kind, fieldId });
      writer.element("ExtendedAttribute", () => {
        writer.leaves([
          ["FieldID", fieldId],
          ["FieldName", `${kind}${used[kind]}`],
          ["Alias", name],
        ]);
      });
    }
  });
  return found;
}

export function writeFieldValues(writer: XmlWriter, task: TaskRecord, fields: ReadonlyMap<string, Slot>): void {
  for (const [name, { fieldId }] of fields) {
    const value = task[name];
    if (value == null) continue;
    writer.element("ExtendedAttribute", () => {
      writer.leaves([
        ["FieldID", fieldId],
        ["Value", typeof value === "object" ? JSON.stringify(value) : (value as string | number | boolean)],
      ]);
    });
  }
}
