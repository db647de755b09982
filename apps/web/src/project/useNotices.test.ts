import { expect, test } from "vitest";
import { noticeText } from "./useNotices.ts";

test("K11 notices name the task and the other person; housekeeping is not told", () => {
  const about = { collection: "tasks", id: "t" };
  expect(noticeText({ ...about, kind: "rescued" }, "Dig", "Ana")).toBe("Dig was kept: its parent was deleted by Ana, so it moved one level up");
  expect(noticeText({ ...about, kind: "overwritten", by: "Ben" }, "Dig", undefined)).toContain("by Ben");
  expect(noticeText({ ...about, kind: "overwritten" }, "Dig", "Ben", "undo_skipped")).toBe(
    "Dig was left as it is: Ben changed it since, so undo does not touch it",
  );
  expect(noticeText({ ...about, kind: "key_repaired" }, "Dig", "Ana")).toBeUndefined();
  expect(noticeText({ ...about, kind: "cascaded" }, "Dig", "Ana")).toBeUndefined();
});
