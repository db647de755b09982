import { registers } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import { en } from "./en.ts";
import { fieldLabel, formatMoment, formatValue } from "./format.ts";
import { nl } from "./nl.ts";

const shapeOf = (value: unknown): unknown =>
  value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])) : typeof value;

describe("texts", () => {
  test("A7 English and Dutch name exactly the same things", () => {
    expect(shapeOf(nl)).toEqual(shapeOf(en));
  });

  test("A7 every field of a task, link and assignment that can conflict has a label in both languages", () => {
    const unnamed = new Set(["segments", "cls", "iconCls", "fromTask", "toTask", "event", "resource"]);
    for (const kind of ["tasks", "dependencies", "assignments"] as const)
      for (const register of registers[kind])
        for (const field of Object.keys(register.fields))
          if (!unnamed.has(field)) for (const texts of [en, nl]) expect(texts.fields[field], `${field} in ${texts.locale}`).toBeTypeOf("string");
  });

  test("M2 a wall-clock date is shown as it stands, whatever the machine's zone", () => {
    expect(formatValue(en, "constraintDate", "2026-03-29T02:30:00")).toMatch(/29 Mar 2026.*02:30/);
    expect(formatValue(en, "deadlineDate", "2026-03-29")).toMatch(/29 Mar 2026$/);
  });

  test("A7 values read as people say them", () => {
    expect(formatValue(en, "constraintType", "startnoearlierthan")).toBe("Start no earlier than");
    expect(formatValue(nl, "manuallyScheduled", true)).toBe("ja");
    expect(formatValue(en, "percentDone", 40)).toBe("40 %");
    expect(formatValue(en, "note", "")).toBe("(empty)");
    expect(formatValue(en, "note", null)).toBe("(empty)");
    expect(fieldLabel(en, "costCentre")).toBe("costCentre");
  });

  test("A7 a moment of today shows the time alone, another day its date too, garbage itself", () => {
    const now = new Date(2026, 4, 7, 15, 0).getTime();
    expect(formatMoment(en, new Date(2026, 4, 7, 9, 5).toISOString(), now)).toBe("09:05");
    expect(formatMoment(en, new Date(2026, 4, 1, 9, 5).toISOString(), now)).toMatch(/1 May.*09:05/);
    expect(formatMoment(en, "later", now)).toBe("later");
  });
});
