import type { Json } from "@livegantt/core";
import { toWallClock } from "@livegantt/core";
import { childrenOf, numberOf, rowsOf, textOf, type XmlElement } from "../xml/read.ts";
import { cut, type ImportContext } from "./context.ts";

/** Names that are taken: inputs and computed fields of tasks and resources. A custom field with such a name gets `Field` behind it. */
const taken = new Set(
  (
    "id name note duration durationUnit constraintType constraintDate manuallyScheduled startDate endDate parentId orderKey percentDone effort effortUnit schedulingMode effortDriven " +
    "calendar ignoreResourceCalendar direction deadlineDate inactive rollup readOnly levelingDelay segments milestoneColor eventColor cls iconCls baselines parentIndex orderedParentIndex " +
    "wbs wbsCode wbsValue wbsIndex sequenceNumber critical milestone totalSlack freeSlack earlyStart earlyEnd lateStart lateEnd earlyStartDate earlyEndDate lateStartDate lateEndDate violations " +
    "children expanded leaf isLeaf earlyStartDateMs predecessors successors assigned effectiveCalendar slackUnit unscheduled type maxUnits image cost overtimeCost costPerUse currency events " +
    "constructor prototype tasks calendars hyperlink hyperlinkAddress hyperlinkSubAddress outlineWbs priority estimated fixedCost materialLabel emailAddress group initials code"
  ).split(" "),
);

interface CustomField {
  readonly name: string;
  /** MS Project's own name of the slot, such as `Text3`: it tells the type. */
  readonly slot: string;
  readonly lookup: ReadonlyMap<string, string>;
}

export type CustomFields = (element: XmlElement, where: string) => Record<string, Json>;

/** Reads `<ExtendedAttribute>` values of records into custom fields that are named by their alias. */
export function customFieldReader(project: XmlElement, context: ImportContext): CustomFields {
  const fields = new Map<string, CustomField>();
  const names = new Set<string>();
  for (const definition of rowsOf(project, "ExtendedAttributes", "ExtendedAttribute")) {
    const id = textOf(definition, "FieldID")?.trim();
    if (id === undefined || fields.has(id)) continue;
    const slot = textOf(definition, "FieldName") ?? `Field${id}`;
    const alias = textOf(definition, "Alias");
    const name = free(fieldName(alias, true) ?? fieldName(slot) ?? `field${id}`, names);
    if (alias !== undefined && alias !== name)
      context.report.adjusted("custom field", `"${cut(alias, 80)}" (${slot})`, `it is called "${name}": field names have only letters and digits`);
    const lookup = new Map(
      rowsOf(definition, "ValueList", "Value").flatMap((value) => {
        const [key, shown] = [textOf(value, "ID"), textOf(value, "Value")];
        return key !== undefined && shown !== undefined ? [[key, shown] as const] : [];
      }),
    );
    fields.set(id, { name, slot, lookup });
  }
  return (element, where) => {
    const values: Record<string, Json> = {};
    for (const attribute of childrenOf(element, "ExtendedAttribute")) {
      const id = textOf(attribute, "FieldID")?.trim() ?? "";
      let field = fields.get(id);
      if (!field) {
        if (!/^\d{1,12}$/.test(id)) {
          context.report.omitted("custom field", where, "a value without a FieldID");
          continue;
        }
        field = { name: free(`field${id}`, names), slot: "", lookup: new Map() };
        fields.set(id, field);
      }
      const raw = textOf(attribute, "Value") ?? field.lookup.get(textOf(attribute, "ValueID") ?? "") ?? field.lookup.get(textOf(attribute, "ValueGUID") ?? "");
      const value = raw === undefined ? undefined : typed(field.slot, raw, attribute);
      if (value !== undefined) values[field.name] = value;
    }
    return values;
  };
}

const maxText = 60_000;

function typed(slot: string, raw: string, attribute: XmlElement): Json {
  if (/^(?:Number|Cost)\d/.test(slot)) return numberOf(attribute, "Value") ?? raw;
  if (/^Flag\d/.test(slot)) return raw === "1" || raw.toLowerCase() === "true";
  if (/^(?:Date|Start|Finish)\d/.test(slot)) return toWallClock(raw) ?? raw;
  return cut(raw, maxText);
}

/** "Cost centre" → `costCentre`; `undefined` where no Latin letter or digit is left. */
function fieldName(label: string | undefined, verbatim = false): string | undefined {
  if (verbatim && label !== undefined && /^[A-Za-z][A-Za-z0-9_]{0,55}$/.test(label) && !taken.has(label)) return label;
  const words = label
    ?.normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .split(/[^A-Za-z0-9_]+/)
    .filter(Boolean);
  const [first, ...rest] = words ?? [];
  if (first === undefined) return undefined;
  const head =
    rest.length === 0 && /^[a-z]/.test(first) ? first : first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
  const joined = head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const name = (/^[A-Za-z]/.test(joined) ? joined : `field${joined}`).slice(0, 56);
  return taken.has(name) ? `${name}Field` : name;
}

function free(name: string, names: Set<string>): string {
  let candidate = name;
  for (let n = 2; names.has(candidate); n++) candidate = `${name}${n}`;
  names.add(candidate);
  return candidate;
}
