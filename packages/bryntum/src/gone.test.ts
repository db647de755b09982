import { projectFromJSON } from "@livegantt/core";
import { expect, test } from "vitest";
import { withoutGone } from "./gone.ts";

const state = projectFromJSON({
  tasks: [
    { id: "a", name: "A" },
    { id: "b", name: "B" },
  ],
  resources: [{ id: "r", name: "R" }],
});
const parents: Record<string, string | null> = { gone: "goneToo", goneToo: "a" };
const part = (payload: Parameters<typeof withoutGone>[0]) => withoutGone(payload, state, (task) => parents[task] ?? null);

test("A2 edits of what has gone are told apart from the others", () => {
  const edits = [
    { id: "a", changes: { name: "x" } },
    { id: "gone", changes: { name: "y" } },
  ];
  const { payload, gone } = part({ tasks: { updated: edits, removed: [{ id: "gone" }] } });
  expect(payload).toEqual({ tasks: { updated: [edits[0]] } });
  expect(gone?.tasks?.updated).toEqual([edits[1]]);
});

test("K7 a task that was added under one that has gone is put under the nearest ancestor that lives", () => {
  const child = { id: "m", name: "M", parentId: "n" };
  const { payload, gone } = part({ tasks: { added: [{ id: "n", name: "N", parentId: "gone", orderKey: "a0" }, child] } });
  expect(payload).toEqual({ tasks: { added: [{ id: "n", name: "N", parentId: "a" }, child] } });
  expect(gone).toBeUndefined();
});

test("V6 a link or an assignment whose end has gone has nothing to stand on", () => {
  const good = { id: "1", event: "a", resource: "r" };
  const { payload, gone } = part({
    assignments: { added: [good, { id: "2", event: "gone", resource: "r" }] },
    dependencies: { added: [{ id: "3", fromTask: "a", toTask: "gone" }] },
  });
  expect(payload).toEqual({ assignments: { added: [good] } });
  expect([gone?.assignments?.added?.length, gone?.dependencies?.added?.length]).toEqual([1, 1]);
});
