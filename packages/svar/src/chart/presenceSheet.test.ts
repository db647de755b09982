import { describe, expect, test } from "vitest";
import { columnOfField } from "./cellEdits.ts";
import { presenceRules } from "./presenceSheet.ts";

// The browser's own, where there is none: enough for the ids of these stories.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, "\\$&") } as typeof CSS;

const selection = { clientId: "c", userName: "Ana", color: "#3f63c8", taskId: "t1" };
const rules = (more: object): string => presenceRules([{ ...selection, ...more }], columnOfField, (name) => `${name} is editing`).join("\n");

describe("frames of others", () => {
  test("A3 a selection frames the row and the bar in that person's colour, with the name", () => {
    const text = rules({});
    expect(text).toContain('.wx-row[data-id="\\:t1"]{outline:var(--lg-frame-width,2px) solid #3f63c8');
    expect(text).toContain('content:"Ana"');
    expect(text).toContain(".wx-bar");
  });

  test("A3 an edit frames the cell of the field", () => {
    expect(rules({ mode: "edit", field: "name" })).toContain('.wx-cell[data-row-id="\\:t1"][data-col-id="\\:text"]');
    expect(rules({ mode: "edit", field: "name" })).toContain('content:"Ana is editing"');
  });

  test("A3 a person who selects nothing leaves no frame", () => {
    expect(presenceRules([{ ...selection, taskId: null }], columnOfField, String)).toEqual([]);
  });

  test("A3 a name or a colour cannot smuggle in rules of its own", () => {
    const text = rules({ userName: 'x"}*{display:none}\n', color: "red;}*{display:none" });
    expect(text).not.toContain("display:none}\n");
    expect(text).toContain('content:"x\\"}*{display:none} "');
    expect(text).toContain("currentColor");
  });
});
