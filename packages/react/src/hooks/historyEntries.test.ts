import { describe, expect, test } from "vitest";
import { describeHistory } from "../parts/describeHistory.ts";
import { en } from "../texts/en.ts";
import { parseHistory } from "./historyEntries.ts";

const answer = {
  entries: [
    {
      revision: 1,
      author: "Ana",
      at: 1000,
      clientId: "c",
      changes: [{ collection: "tasks", id: "t", action: "added", name: "Dig", fields: { name: { before: null, after: "Dig" } } }],
    },
    {
      revision: 2,
      author: "Ben",
      at: 2000,
      intent: "task.progress",
      changes: [
        {
          collection: "tasks",
          id: "t",
          action: "updated",
          name: "Dig",
          fields: { percentDone: { before: 0, after: 40 }, orderKey: { before: "a0", after: "a1" } },
        },
      ],
    },
  ],
  next: 7,
};

describe("history answers", () => {
  test("U2 revisions come newest first with author, time and where to go on", () => {
    const page = parseHistory(answer);
    expect(page.entries.map(({ revision, author, at }) => [revision, author, at])).toEqual([
      [2, "Ben", 2000],
      [1, "Ana", 1000],
    ]);
    expect(page.next).toBe(7);
  });

  test("U2 a revision is told in words, with the value before", () => {
    const [second, first] = parseHistory(answer).entries;
    expect(describeHistory(en, second?.changes ?? [], () => "")).toEqual(["Dig: Percent done 0 % → 40 %"]);
    expect(describeHistory(en, first?.changes ?? [], () => "")).toEqual(["added task Dig"]);
  });

  test("U2 an answer of another shape is an empty history, never a crash", () => {
    for (const odd of [null, 7, "x", {}, [], { entries: [null, 3, { revision: "1" }] }]) expect(parseHistory(odd)).toEqual({ entries: [], next: undefined });
    expect(parseHistory({ entries: [{ revision: 1, changes: [null, { collection: "cats", id: "x", action: "added" }] }] }).entries[0]?.changes).toEqual([]);
  });
});
