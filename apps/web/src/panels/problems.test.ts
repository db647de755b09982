import { expect, test } from "vitest";
import { problemText } from "./ProblemsPanel.tsx";

test("S4 a problem is told in a sentence, with who and by how much", () => {
  expect(problemText({ kind: "over-allocated", by: 16 }, "Marta")).toBe("Marta has 16 h more work than time.");
  expect(problemText({ kind: "deadline-missed", by: 8 }, undefined)).toBe("It misses its deadline by 8 h.");
  expect(problemText({ kind: "summary-link", by: 0 }, undefined)).toContain("no effect");
});
