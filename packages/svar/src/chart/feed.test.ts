import { applyChangeset, type Changeset, type Json, type ProjectState, projectFromJSON, ScheduleEngine } from "@livegantt/core";
import { DataStore } from "@svar-ui/gantt-store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../edits/plan.ts";
import { Feed } from "./feed.ts";
import { Holds } from "./holds.ts";
import { chartData } from "./rows.ts";
import type { SvarApi, TreeRow } from "./svarApi.ts";

const task = (id: string, parentId: string | null, orderKey: string, more: Record<string, Json> = {}) => ({
  id,
  name: id,
  parentId,
  orderKey,
  duration: 1,
  durationUnit: "day",
  ...more,
});
const planJson = {
  project: { id: "p", startDate: "2026-05-04T08:00:00" },
  tasks: [task("a", null, "a0"), task("b", "a", "a0"), task("c", "a", "a1"), task("d", null, "a1"), task("e", null, "a2")],
  dependencies: [{ id: "l1", fromTask: "b", toTask: "c", type: 2 }],
};

interface Bench {
  readonly plan: Plan & { readonly state: ProjectState };
  readonly api: SvarApi;
  readonly holds: Holds;
  readonly feed: Feed;
  /** Somebody changes the plan; the chart has not heard of it yet. */
  change(payload: Changeset): void;
}

/** The chart's real store, without a page, fed from a real plan. */
function bench(): Bench {
  const state = projectFromJSON(planJson);
  const engine = new ScheduleEngine(state);
  const plan = { state, schedule: engine.schedule };
  const store = new DataStore(((value: unknown) => {
    let current = value;
    const listeners = new Set<(value: unknown) => void>();
    return {
      subscribe: (listener: (value: unknown) => void) => {
        listeners.add(listener);
        listener(current);
        return () => listeners.delete(listener);
      },
      set: (next: unknown) => {
        current = next;
        for (const listener of listeners) listener(next);
      },
    };
  }) as never);
  const { tasks, links } = chartData(plan);
  store.init({
    tasks,
    links,
    columns: [],
    scales: [{ unit: "day", step: 1, format: () => "" }],
    start: new Date(2026, 3, 1),
    end: new Date(2026, 8, 1),
    lengthUnit: "hour",
    durationUnit: "hour",
    cellWidth: 24,
    cellHeight: 30,
    scaleHeight: 30,
    zoom: false,
  } as never);
  const bus = store.in;
  const api = {
    exec: bus.exec,
    on: bus.on.bind(bus),
    intercept: bus.intercept.bind(bus),
    detach: bus.detach.bind(bus),
    getState: () => store.getState(),
    getTable: () => null,
  } as unknown as SvarApi;
  // As the adapter does: the chart's own roll-ups never run.
  api.intercept("update-task", (event) => Object.getOwnPropertySymbols(event).length > 0 || event.eventSource === undefined);
  const holds = new Holds();
  const moved = { all: true, changed: new Set<string>(), late: new Set<string>() };
  const take = () => {
    const moves = { all: moved.all, changed: new Set(moved.changed), late: new Set(moved.late) };
    moved.all = false;
    moved.changed.clear();
    moved.late.clear();
    return moves;
  };
  const feed = new Feed(api, plan, holds, { take });
  return {
    plan,
    api,
    holds,
    feed,
    change(payload) {
      const outcome = applyChangeset(state, { clientId: "x", revision: 1, baseRevision: 0, payload });
      if (outcome.outcome !== "applied" && outcome.outcome !== "merged") throw new Error(JSON.stringify(outcome));
      const update = engine.update(outcome.touched);
      for (const id of update.changed) moved.changed.add(id);
      for (const id of update.late()) moved.late.add(id);
      feed.note({ origin: "remote", touched: outcome.touched });
    },
  };
}

interface Drawn {
  readonly id: string;
  readonly text: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly type: string;
  readonly progress: number;
  readonly data: readonly Drawn[];
}

function drawn(api: SvarApi): readonly Drawn[] {
  const tree = (api.getState() as { tasks: { byId(id: 0): TreeRow } }).tasks;
  const shape = (row: TreeRow): Drawn => ({
    id: row.id,
    text: row.text,
    start: row.start.getTime(),
    end: row.type === "milestone" ? undefined : row.end?.getTime(),
    type: row.type,
    progress: row.progress,
    data: (row.data ?? []).map(shape),
  });
  return (tree.byId(0).data ?? []).map(shape);
}

/** What a chart that is drawn anew from the plan would show. */
function wanted({ plan }: Bench): readonly Drawn[] {
  const rows = chartData(plan).tasks;
  const under = (parent: string | 0): readonly Drawn[] =>
    rows
      .filter((row) => row.parent === parent)
      .map((row) => ({
        id: row.id,
        text: row.text,
        start: row.start.getTime(),
        end: row.type === "milestone" ? undefined : row.end?.getTime(),
        type: row.type,
        progress: row.progress,
        data: under(row.id),
      }));
  return under(0);
}

const linksOf = (api: SvarApi): string[] =>
  (api.getState() as { links: { map<T>(pick: (link: { id: string; type: string }) => T): T[] } }).links.map((link) => `${link.id}:${link.type}`).sort();

describe("what the chart shows follows the plan", () => {
  test("A4 a remote rename and a longer duration change that row, its successor and its summary, and nothing is sent back", () => {
    const b = bench();
    const sent: string[] = [];
    for (const action of ["add-task", "move-task", "delete-task", "add-link"]) b.api.intercept(action, () => sent.push(action) > 0);
    b.change({ tasks: { updated: [{ id: "b", changes: { name: "Build", duration: 3 } }] } });
    b.feed.flush();
    expect(drawn(b.api)).toEqual(wanted(b));
    expect(sent).toEqual([]);
    expect(b.feed.idle).toBe(true);
  });

  test("A4 an added, a moved and a removed task stand where the plan has them", () => {
    const b = bench();
    b.change({
      tasks: {
        added: [task("f", "d", "a0"), task("g", null, "a0V")],
        updated: [{ id: "c", changes: { parentId: null, orderKey: "Zz" } }],
        removed: [{ id: "e" }],
      },
    });
    b.feed.flush();
    expect(drawn(b.api)).toEqual(wanted(b));
  });

  test("A4 two tasks that change places as parent and child come out right", () => {
    const b = bench();
    b.change({ tasks: { updated: [{ id: "e", changes: { parentId: "d", orderKey: "a0" } }] } });
    b.feed.flush();
    b.change({ tasks: { updated: [{ id: "e", changes: { parentId: null, orderKey: "a5" } }] } });
    b.change({ tasks: { updated: [{ id: "d", changes: { parentId: "e", orderKey: "a0" } }] } });
    b.feed.flush();
    expect(drawn(b.api)).toEqual(wanted(b));
  });

  test("K8 a removed summary takes its rows and links along", () => {
    const b = bench();
    b.change({ tasks: { removed: [{ id: "a", seen: { tasks: ["b", "c"], dependencies: ["l1"] } }] } });
    b.feed.flush();
    expect(drawn(b.api)).toEqual(wanted(b));
    expect(linksOf(b.api)).toEqual([]);
  });

  test("A1 links are added, change their type, are hidden while inactive, and go", () => {
    const b = bench();
    b.change({ dependencies: { added: [{ id: "l2", fromTask: "d", toTask: "e", type: 0 }], updated: [{ id: "l1", changes: { type: 3 } }] } });
    b.feed.flush();
    expect(linksOf(b.api)).toEqual(["l1:e2e", "l2:s2s"]);
    b.change({ dependencies: { updated: [{ id: "l1", changes: { active: false } }], removed: [{ id: "l2" }] } });
    b.feed.flush();
    expect(linksOf(b.api)).toEqual([]);
  });

  test("A2 a row in hand keeps what it shows until it is let go; the others go on", () => {
    const b = bench();
    const seen = b.plan.state.tasks.get("d");
    if (seen) b.holds.take("d", "drag", seen);
    b.change({
      tasks: {
        updated: [
          { id: "d", changes: { name: "Other" } },
          { id: "e", changes: { name: "E2" } },
        ],
      },
    });
    b.feed.flush();
    const names = (): string[] => drawn(b.api).map((row) => row.text);
    expect(names()).toEqual(["a", "d", "E2"]);
    b.holds.release();
    b.feed.noteTask("d");
    b.feed.flush();
    expect(names()).toEqual(["a", "Other", "E2"]);
  });

  test("A2 the removal of a summary waits for the row in hand under it", () => {
    const b = bench();
    const seen = b.plan.state.tasks.get("c");
    if (seen) b.holds.take("c", "drag", seen);
    b.change({ tasks: { removed: [{ id: "a" }] } });
    b.feed.flush();
    expect(drawn(b.api)[0]?.data.map((row) => row.id)).toEqual(["c"]);
    b.holds.release();
    b.feed.noteTask("c");
    b.feed.flush();
    expect(drawn(b.api)).toEqual(wanted(b));
  });

  test("A1 after any changes the chart shows the plan, exactly", () => {
    const op = fc.record({
      what: fc.constantFrom("name", "duration", "move", "add", "remove", "percent", "zero"),
      who: fc.nat(9),
      where: fc.nat(9),
      n: fc.nat(6),
    });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), fc.nat(3), (ops, every) => {
        const b = bench();
        ops.forEach(({ what, who, where, n }, i) => {
          const ids = [...b.plan.state.tasks.keys()];
          const id = ids[who % ids.length];
          const other = ids[where % ids.length];
          const update = (changes: Record<string, Json>): Changeset => ({ tasks: { updated: [{ id: id ?? "", changes }] } });
          const payload: Changeset =
            what === "add"
              ? { tasks: { added: [task(`n${i}`, n % 2 ? (other ?? null) : null, `a${n}`)] } }
              : what === "remove"
                ? { tasks: { removed: [{ id: id ?? "" }] } }
                : what === "move"
                  ? update({ parentId: n % 2 ? (other ?? null) : null, orderKey: `a${n}` })
                  : what === "percent"
                    ? update({ percentDone: n * 10 })
                    : what === "zero"
                      ? update({ duration: 0 })
                      : what === "duration"
                        ? update({ duration: n + 1 })
                        : update({ name: `x${n}` });
          const possible = id !== undefined && !(what === "move" && n % 2 && [other, ...b.plan.state.ancestors(other ?? "")].includes(id));
          try {
            if (possible) b.change(payload);
          } catch {
            // A law forbids it: nothing happened.
          }
          if (i % (every + 1) === 0) b.feed.flush();
        });
        b.feed.flush();
        expect(drawn(b.api)).toEqual(wanted(b));
      }),
      { numRuns: 80 },
    );
  });
});
