import { describe, expect, it } from "vitest";
import type { RecordKind } from "./collections.ts";
import { fieldsOf, registerOf, sameValue, withFields } from "./fields.ts";
import { canonicalJson, equalJson } from "./json.ts";
import { derivedFields, registers } from "./registers.ts";
import { checkField, isRecordId } from "./validate.ts";

const code = (kind: RecordKind, name: string, value: unknown): string => {
  const checked = checkField(kind, name, value);
  return "code" in checked ? checked.code : "ok";
};
const message = (kind: RecordKind, name: string, value: unknown): string => {
  const checked = checkField(kind, name, value);
  return "code" in checked ? checked.message : "";
};

describe("values of registers", () => {
  it.each([
    ["tasks", "duration", 0, "ok"],
    ["tasks", "duration", -0.001, "invalid_value"],
    ["tasks", "duration", Number.NaN, "invalid_value"],
    ["tasks", "duration", Number.POSITIVE_INFINITY, "invalid_value"],
    ["tasks", "duration", "5", "invalid_value"],
    ["tasks", "percentDone", 100, "ok"],
    ["tasks", "percentDone", 100.01, "invalid_value"],
    ["tasks", "name", "x".repeat(255), "ok"],
    ["tasks", "name", "x".repeat(256), "invalid_value"],
    ["tasks", "name", { toString: "x" }, "invalid_value"],
    ["tasks", "note", "x".repeat(65_536), "ok"],
    ["tasks", "note", "x".repeat(65_537), "invalid_value"],
    ["tasks", "durationUnit", "fortnight", "invalid_value"],
    ["tasks", "constraintType", "asap", "invalid_value"],
    ["tasks", "constraintDate", "2026-02-30", "invalid_date"],
    ["tasks", "orderKey", "a00", "invalid_order_key"],
    ["tasks", "parentId", "", "invalid_value"],
    ["tasks", "parentId", null, "ok"],
    ["tasks", "manuallyScheduled", 1, "invalid_value"],
    ["tasks", "baselines.0", { startDate: "2026-03-02" }, "ok"],
    ["tasks", "baselines.11", { startDate: "2026-03-02" }, "invalid_field"],
    ["tasks", "baselines.x", {}, "invalid_field"],
    ["tasks", "baselines.0", { startDate: "soon" }, "invalid_date"],
    ["dependencies", "type", 4, "invalid_value"],
    ["dependencies", "lag", -5, "ok"],
    ["assignments", "units", -1, "invalid_value"],
    ["project", "timeZone", "Moon", "invalid_value"],
    ["project", "hoursPerDay", 0, "invalid_value"],
    ["calendars", "intervals.i", null, "ok"],
    ["calendars", "intervals.i", { startDate: "2026-03-02", endDate: "2026-03-01", isWorking: false }, "invalid_interval"],
    ["calendars", "intervals.i", { recurrentStartDate: "on Caturday", recurrentEndDate: "EOD" }, "invalid_interval"],
    ["calendars", "intervals.__proto__", { startDate: "2026-03-02" }, "invalid_field"],
  ] as const)("V8 %s.%s = %j is %s", (kind, name, value, outcome) => {
    expect(code(kind, name, value)).toBe(outcome);
  });

  it("V8 a message names the field, what it may be, and what it was, shortly", () => {
    expect(message("tasks", "percentDone", 900)).toBe("percentDone must be a number from 0 to 100, not 900");
    expect(message("tasks", "durationUnit", "fortnight")).toContain('"minute", "hour", "day"');
    expect(message("tasks", "name", "x".repeat(100_000)).length).toBeLessThan(250);
    expect(
      message(
        "tasks",
        "name",
        Array.from({ length: 1000 }, () => 1),
      ),
    ).toContain("a list of 1000");
  });

  it.each([
    ["one segment", [{ id: "a", offset: 0, duration: 10 }]],
    [
      "an overlap",
      [
        { id: "a", offset: 0, duration: 10 },
        { id: "b", offset: 5, duration: 10 },
      ],
    ],
    [
      "the wrong order",
      [
        { id: "a", offset: 20, duration: 10 },
        { id: "b", offset: 0, duration: 10 },
      ],
    ],
    [
      "one id twice",
      [
        { id: "a", offset: 0, duration: 10 },
        { id: "a", offset: 20, duration: 10 },
      ],
    ],
    [
      "a late first",
      [
        { id: "a", offset: 5, duration: 10 },
        { id: "b", offset: 20, duration: 10 },
      ],
    ],
  ])("V9 segments with %s are refused", (_, segments) => {
    expect(code("tasks", "segments", segments)).toBe("invalid_segments");
  });

  it("V9 segments may touch", () => {
    expect(
      code("tasks", "segments", [
        { id: "a", offset: 0, duration: 10 },
        { id: "b", offset: 10, duration: 10 },
      ]),
    ).toBe("ok");
  });

  it("M5 every register of the table takes its own default, and no field is in two", () => {
    for (const [kind, list] of Object.entries(registers) as [RecordKind, (typeof registers)[RecordKind]][]) {
      const names = list.flatMap(({ fields }) => Object.keys(fields));
      expect(new Set(names).size).toBe(names.length);
      for (const { name, fields } of list)
        for (const [field, { fallback }] of Object.entries(fields)) {
          expect(code(kind, field, fallback ?? null)).toBe("ok");
          expect(registerOf(kind, field)).toBe(name);
          expect(fieldsOf(kind, name)).toContain(field);
          expect(derivedFields[kind]?.has(field) ?? false).toBe(false);
        }
    }
  });
});

describe("custom fields", () => {
  it.each([
    ["risk", { level: [1, 2, null], note: "ok" }, "ok"],
    ["_risk", 1, "invalid_field"],
    ["1risk", 1, "invalid_field"],
    ["a".repeat(64), 1, "ok"],
    ["a".repeat(65), 1, "invalid_field"],
    ["ri sk", 1, "invalid_field"],
    ["__proto__", 1, "forbidden_name"],
    ["prototype", 1, "forbidden_name"],
    ["risk", "x".repeat(65_536), "ok"],
    ["risk", "x".repeat(65_537), "limit_exceeded"],
    ["risk", Array.from({ length: 40_000 }, () => 1), "limit_exceeded"],
    ["risk", { value: Number.NaN }, "invalid_value"],
    ["risk", () => 1, "invalid_value"],
    ["risk", 1n, "invalid_value"],
    ["wbsValue", "1.1", "derived_field"],
    ["endDate", "2026-03-02", "derived_field"],
  ])("M7 %s is checked", (name, value, outcome) => {
    expect(code("tasks", name, value)).toBe(outcome);
  });

  it("M7 forbidden keys are found at any depth, and deep nesting is refused without exhausting the stack", () => {
    expect(code("tasks", "risk", JSON.parse('{"a":[{"__proto__":{"x":1}}]}'))).toBe("invalid_value");
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(code("tasks", "risk", deep)).toBe("invalid_value");
  });
});

describe("equality", () => {
  it("K1 unset equals the default, in either form", () => {
    expect(sameValue("tasks", "duration", undefined, 1)).toBe(true);
    expect(sameValue("tasks", "percentDone", null, 0)).toBe(true);
    expect(sameValue("tasks", "effort", null, 0)).toBe(false);
    expect(sameValue("tasks", "risk", { a: 1, b: null }, { a: 1 })).toBe(true);
    expect(equalJson([1, null], [1])).toBe(false);
    expect(equalJson({ 0: 1 }, [1])).toBe(false);
  });

  it("P2 equal values have one text", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: undefined })).toBe('{"b":[1,{"c":"x"}]}');
    expect(canonicalJson(undefined)).toBe("null");
  });

  it("V8 a record has no unset fields", () => {
    expect(withFields({ id: "a", name: "A", note: "N" }, { name: null, cls: undefined, duration: 2 })).toEqual({ id: "a", note: "N", duration: 2 });
  });

  it.each([
    ["a", true],
    ["x".repeat(64), true],
    ["x".repeat(65), false],
    ["", false],
    ["__proto__", false],
    [5, false],
    [null, false],
  ])("M1 %j as an id: %s", (id, sound) => {
    expect(isRecordId(id)).toBe(sound);
  });
});
