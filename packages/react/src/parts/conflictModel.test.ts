import type { OpenConflict } from "@livegantt/client";
import type { Conflict } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import { en } from "../texts/en.ts";
import { describeChangeset, parseTyped, registerRows, resolutionOf } from "./conflictModel.ts";

const renamed: Conflict = { type: "concurrent_edit", collection: "tasks", id: "t1", fields: { name: { base: "Design", local: "Draw", server: "Sketch" } } };
const resized: Conflict = {
  type: "concurrent_edit",
  collection: "tasks",
  id: "t1",
  fields: {
    name: { base: "Design", local: "Draw", server: "Sketch" },
    duration: { base: 2, local: 3, server: 4 },
    durationUnit: { base: "day", local: "day", server: "week" },
  },
};
const entry = (...conflicts: Conflict[]): OpenConflict => ({
  id: "c1",
  conflicts,
  payload: {},
  madeAt: "2026-05-01T10:00:00Z",
  arrivedAt: "2026-05-01T10:00:01Z",
  parked: 0,
});

describe("conflict choices", () => {
  test("M4 fields of one register are chosen together", () => {
    expect(registerRows(resized, 0).map((row) => row.fields.map((field) => field.field))).toEqual([["name"], ["duration", "durationUnit"]]);
  });

  test("R2 mine everywhere keeps, theirs everywhere accepts, and nothing chosen means mine", () => {
    expect(resolutionOf(entry(renamed), {})).toBe("keep_local");
    expect(resolutionOf(entry(renamed), { "0:name": { take: "theirs" } })).toBe("accept_server");
    expect(resolutionOf(entry(renamed), { "0:name": { take: "mine" } })).toBe("keep_local");
  });

  test("R2 a mix merges, with every field of each register spelled out", () => {
    expect(resolutionOf(entry(resized), { "0:name": { take: "mine" }, "0:duration": { take: "theirs" } })).toEqual({
      merge: { name: "Draw", duration: 4, durationUnit: "week" },
    });
  });

  test("R2 a typed value replaces both, and keeps the unit that the author had", () => {
    expect(resolutionOf(entry(resized), { "0:name": { take: "theirs" }, "0:duration": { take: "other", text: "3,5" } })).toEqual({
      merge: { name: "Sketch", duration: 3.5, durationUnit: "day" },
    });
  });

  test("R2 where only the date of a constraint is disputed, something else means another date", () => {
    const moved: Conflict = {
      type: "concurrent_edit",
      collection: "tasks",
      id: "t1",
      fields: {
        constraintType: { base: null, local: "startnoearlierthan", server: "startnoearlierthan" },
        constraintDate: { base: null, local: "2026-11-24T08:00:00", server: "2026-11-20T08:00:00" },
      },
    };
    expect(resolutionOf(entry(moved), { "0:constraint": { take: "other", text: "2026-11-22T08:00" } })).toEqual({
      merge: { constraintType: "startnoearlierthan", constraintDate: "2026-11-22T08:00:00" },
    });
  });

  test("R2 typed text takes the type of the register", () => {
    const row = (mine: unknown) => ({ field: "x", base: null, mine, theirs: null });
    expect(parseTyped("40 %", row(10))).toBe(40);
    expect(parseTyped("soon", row(10))).toBe(10);
    expect(parseTyped("2026-05-04", row("2026-05-01T08:00:00"))).toBe("2026-05-04T00:00:00");
    expect(parseTyped("", row("2026-05-01T08:00:00"))).toBeNull();
    expect(parseTyped("", row("a name"))).toBe("");
    expect(parseTyped("true", row(false))).toBe(true);
  });

  test("O6 an edit is told in words: what was added, changed, deleted", () => {
    const lines = describeChangeset(
      en,
      {
        tasks: { added: [{ id: "t2", name: "Paint" }], updated: [{ id: "t1", changes: { percentDone: 50, orderKey: "a1" } }], removed: [{ id: "t3" }] },
        project: { updated: [{ id: "p", changes: { name: "House" } }] },
      },
      (_, id) => ({ t1: "Build", t3: "Sweep" })[id] ?? "",
    );
    expect(lines).toEqual(["added task Paint", "Build: Percent done → 50 %", "deleted task Sweep", "project: Name → House"]);
  });
});
