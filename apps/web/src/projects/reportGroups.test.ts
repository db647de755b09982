import { expect, test } from "vitest";
import { groupReport } from "./reportGroups.ts";

test("U3 an import tells the same reason once, with every place", () => {
  const item = (what: string, where: string, why: string) => ({ kind: "omitted" as const, what, where, why });
  expect(
    groupReport([item("assignment", "nobody on A", "no resource"), item("field", "Text1", "unknown"), item("assignment", "nobody on B", "no resource")]),
  ).toEqual([
    { what: "assignment", why: "no resource", where: ["nobody on A", "nobody on B"] },
    { what: "field", why: "unknown", where: ["Text1"] },
  ]);
});
