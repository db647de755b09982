import { describe, expect, test } from "vitest";
import { parseHistory } from "./historyEntries.ts";

describe("history answers", () => {
  test("U2 revisions come newest first with author and time", () => {
    const answer = {
      entries: [
        { revision: 1, author: "Ana", at: 1000, intent: "task.rename", payload: { tasks: { updated: [{ id: "t", changes: { name: "A" } }] } } },
        { revision: 2, by: { clientId: "c", name: "Ben" }, at: "1970-01-01T00:00:02.000Z", payload: {} },
      ],
    };
    expect(parseHistory(answer).map(({ revision, author, at }) => [revision, author, at])).toEqual([
      [2, "Ben", 2000],
      [1, "Ana", 1000],
    ]);
  });

  test("U2 an answer of another shape is an empty history, never a crash", () => {
    for (const odd of [null, 7, "x", {}, { entries: [null, 3, { revision: "1" }] }]) expect(parseHistory(odd)).toEqual([]);
  });
});
