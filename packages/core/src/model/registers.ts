import { type TSchema, Type } from "@sinclair/typebox";
import type { Collection, RecordKind } from "./collections.ts";
import type { Json } from "./json.ts";

/**
 * R3: what happens when two people write one register without having seen each other.
 * `ask`: a conflict, the author chooses. `local`: the later edit wins and both are told. `server`: the earlier edit stays and the author is told.
 */
export type Policy = "ask" | "local" | "server";

export interface Field {
  readonly schema: TSchema;
  /** Value of a record that does not have the field. */
  readonly fallback?: Json;
  /** A wall-clock date (M2): an offset is converted to the project's zone where it enters. */
  readonly date?: true;
  /** A duration unit: written aliases (`d`, `days`) are understood. */
  readonly unit?: true;
  /** Names a record of this collection. */
  readonly refers?: Collection;
}

/** M4: inputs that only make sense together; written, compared and undone as a whole. */
export interface Register {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly policy: Policy;
  /** `creation`: set when the record is added, never changed. `server`: set by the server alone. */
  readonly written?: "creation" | "server";
}

const nullable = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const text = (maxLength: number, fallback?: string): Field => ({
  schema: nullable(Type.String({ maxLength })),
  ...(fallback === undefined ? {} : { fallback }),
});
const number = (minimum: number, maximum: number, fallback?: number): Field => ({
  schema: nullable(Type.Number({ minimum, maximum })),
  ...(fallback === undefined ? {} : { fallback }),
});
const flag = (fallback: boolean): Field => ({ schema: nullable(Type.Boolean()), fallback });
const choice = (values: readonly (string | number)[], fallback?: string | number): Field => ({
  schema: nullable(Type.Union(values.map((value) => Type.Literal(value)))),
  ...(fallback === undefined ? {} : { fallback }),
});
const date: Field = { schema: nullable(Type.String({ maxLength: 40 })), date: true };
const unit = (fallback: string): Field => ({
  schema: nullable(Type.Union(["minute", "hour", "day", "week", "month", "quarter", "year"].map((value) => Type.Literal(value)))),
  fallback,
  unit: true,
});
const refers = (collection: Collection): Field => ({ schema: nullable(Type.String({ minLength: 1, maxLength: 64 })), refers: collection });

const alone = (name: string, field: Field, policy: Policy = "ask"): Register => ({ name, fields: { [name]: field }, policy });
const together = (name: string, fields: Record<string, Field>, policy: Policy = "ask", written?: Register["written"]): Register => ({
  name,
  fields,
  policy,
  ...(written ? { written } : {}),
});

const longText = 65_536;
const css = text(255);

/** Every register of every collection: validators, defaults and conflict policy. Adding a field is adding a line; nothing else in the code lists fields. */
export const registers: Readonly<Record<RecordKind, readonly Register[]>> = {
  tasks: [
    together("placement", { parentId: refers("tasks"), orderKey: text(4096) }, "local"),
    alone("name", text(255, "")),
    together("duration", { duration: number(0, 10_000_000, 1), durationUnit: unit("day") }),
    together("constraint", {
      constraintType: choice([
        "muststarton",
        "mustfinishon",
        "startnoearlierthan",
        "startnolaterthan",
        "finishnoearlierthan",
        "finishnolaterthan",
        "assoonaspossible",
        "aslateaspossible",
      ]),
      constraintDate: date,
    }),
    together("manual", { manuallyScheduled: flag(false), startDate: date }),
    alone("percentDone", number(0, 100, 0)),
    together("effort", { effort: number(0, 100_000_000), effortUnit: unit("hour") }),
    alone("schedulingMode", choice(["Normal", "FixedDuration", "FixedEffort", "FixedUnits"], "Normal")),
    alone("effortDriven", flag(false)),
    alone("calendar", refers("calendars")),
    alone("ignoreResourceCalendar", flag(false)),
    alone("direction", choice(["Forward", "Backward"])),
    alone("deadlineDate", date),
    alone("inactive", flag(false)),
    alone("rollup", flag(false)),
    alone("readOnly", flag(false)),
    alone("levelingDelay", number(0, 100_000_000, 0)),
    alone("segments", {
      schema: nullable(
        Type.Array(
          Type.Object({
            id: Type.String({ minLength: 1, maxLength: 64 }),
            offset: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
            duration: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
          }),
          { maxItems: 1000 },
        ),
      ),
    }),
    alone("note", text(longText, "")),
    alone("milestoneColor", css, "local"),
    alone("eventColor", css, "local"),
    alone("cls", css, "local"),
    alone("iconCls", css, "local"),
  ],
  dependencies: [
    together("ends", { fromTask: refers("tasks"), toTask: refers("tasks") }, "ask", "creation"),
    alone("type", choice([0, 1, 2, 3], 2)),
    together("lag", { lag: number(-10_000_000, 10_000_000, 0), lagUnit: unit("day") }),
    alone("active", flag(true)),
    alone("calendar", refers("calendars")),
  ],
  resources: [
    alone("name", text(255, "")),
    alone("type", text(64)),
    alone("calendar", refers("calendars")),
    alone("maxUnits", number(0, 1_000_000, 100)),
    alone("image", text(4096), "local"),
    alone("eventColor", css, "local"),
    together("cost", { cost: number(-1e12, 1e12), overtimeCost: number(-1e12, 1e12), costPerUse: number(-1e12, 1e12), currency: text(16) }),
  ],
  assignments: [together("ends", { event: refers("tasks"), resource: refers("resources") }, "ask", "creation"), alone("units", number(0, 1_000_000, 100))],
  calendars: [alone("name", text(255, "")), alone("parentId", refers("calendars")), alone("unspecifiedTimeIsWorking", flag(true))],
  comments: [
    together("ends", { task: refers("tasks"), parent: refers("comments") }, "ask", "creation"),
    alone("text", text(longText, "")),
    together("origin", { author: text(255), createdAt: text(40) }, "ask", "server"),
    alone("resolved", flag(false)),
  ],
  project: [
    alone("name", text(255, "")),
    alone("startDate", date),
    alone("calendar", refers("calendars")),
    together("units", { hoursPerDay: number(0.1, 24), daysPerWeek: number(0.1, 7), daysPerMonth: number(0.1, 31) }),
    alone("timeZone", text(64)),
    together("direction", { direction: choice(["Forward", "Backward"], "Forward"), endDate: date }),
    alone("honorConstraints", flag(true)),
    alone("dependenciesCalendar", choice(["ToEvent", "FromEvent", "Project", "AllWorking"], "ToEvent")),
    alone("statusDate", date),
  ],
};

/** Registers with one element per key: `intervals.<id>` of a calendar, `baselines.<n>` of a task. In snapshots they stand as arrays. */
export const listRegisters: Partial<Record<RecordKind, { readonly name: string; readonly element: TSchema; readonly key: RegExp }>> = {
  tasks: {
    name: "baselines",
    element: Type.Union([
      Type.Object({
        startDate: Type.Optional(date.schema),
        endDate: Type.Optional(date.schema),
        duration: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 10_000_000 }))),
        durationUnit: Type.Optional(unit("day").schema),
      }),
      Type.Null(),
    ]),
    key: /^(?:[0-9]|10)$/,
  },
  calendars: {
    name: "intervals",
    element: Type.Union([
      Type.Object({
        name: Type.Optional(text(255).schema),
        startDate: Type.Optional(date.schema),
        endDate: Type.Optional(date.schema),
        recurrentStartDate: Type.Optional(text(255).schema),
        recurrentEndDate: Type.Optional(text(255).schema),
        isWorking: Type.Optional(nullable(Type.Boolean())),
        priority: Type.Optional(nullable(Type.Number())),
        cls: Type.Optional(css.schema),
        iconCls: Type.Optional(css.schema),
      }),
      Type.Null(),
    ]),
    key: /^.{1,96}$/,
  },
};

/** Computed fields that charts put beside inputs. Never stored: a snapshot that carries them is read without them, a change of one is refused. */
export const derivedFields: Partial<Record<RecordKind, ReadonlySet<string>>> = {
  tasks: new Set([
    ...[
      "endDate",
      "parentIndex",
      "orderedParentIndex",
      "wbs",
      "wbsCode",
      "wbsValue",
      "wbsIndex",
      "sequenceNumber",
      "critical",
      "milestone",
      "totalSlack",
      "freeSlack",
    ],
    ...["earlyStart", "earlyEnd", "lateStart", "lateEnd", "earlyStartDate", "earlyEndDate", "lateStartDate", "lateEndDate", "violations"],
    ...[
      "children",
      "expanded",
      "leaf",
      "isLeaf",
      "earlyStartDateMs",
      "predecessors",
      "successors",
      "assigned",
      "effectiveCalendar",
      "slackUnit",
      "unscheduled",
    ],
  ]),
  dependencies: new Set(["fromEvent", "toEvent", "from", "to"]),
  resources: new Set(["assigned", "events"]),
  assignments: new Set(["eventId", "resourceId"]),
  calendars: new Set(["children", "expanded"]),
  comments: new Set([]),
  project: new Set([]),
};
