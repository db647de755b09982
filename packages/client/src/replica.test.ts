import { applyChangeset, type Changeset, canonicalJson, Ledger, type ProjectState, projectFromJSON, projectFromSnapshot, projectToJSON } from "@livegantt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isApplied } from "./optimistic.ts";
import { Replica } from "./replica.ts";
import { smallPlan } from "./testing/world.ts";

const plan = (): ProjectState => projectFromJSON(smallPlan);
const json = (state: ProjectState): string => canonicalJson({ ...projectToJSON(state), revision: 0 });
const rename = (id: string, name: string): Changeset => ({ tasks: { updated: [{ id, changes: { name } }] } });
const edit = (seq: number, payload: Changeset) => ({ seq, payload, madeAt: "2026-01-05T09:00:00.000Z" });
const replicaOf = (): Replica => new Replica(plan(), { clientId: "me", name: "Me" });

describe("a replica", () => {
  it("O2 a remote change that meets no pending edit goes straight in: only its own records are touched", () => {
    const replica = replicaOf();
    replica.push(edit(1, rename("a", "Mine")));
    replica.takeTouched();
    replica.remote(1, rename("b", "Theirs"));
    expect([...replica.takeTouched()]).toEqual([["tasks", new Set(["b"])]]);
    expect([replica.state.tasks.get("a")?.name, replica.state.tasks.get("b")?.name, replica.revision]).toEqual(["Mine", "Theirs", 1]);
  });

  it("O2 one that meets it goes beneath: mine stays on top until the server answers", () => {
    const replica = replicaOf();
    replica.push(edit(1, rename("a", "Mine")));
    replica.remote(1, { tasks: { updated: [{ id: "a", changes: { name: "Theirs", duration: 9 } }] } });
    expect(replica.state.tasks.get("a")).toMatchObject({ name: "Mine", duration: 9 });
    replica.replace(1, undefined);
    expect(replica.state.tasks.get("a")).toMatchObject({ name: "Theirs", duration: 9 });
  });

  it("P1 links that close a loop only together never stand together: the pending one is hidden until it fits", () => {
    const replica = replicaOf();
    replica.push(edit(1, { dependencies: { added: [{ id: "ca", fromTask: "c", toTask: "a" }] } }));
    replica.remote(1, { dependencies: { added: [{ id: "bc", fromTask: "b", toTask: "c" }] } });
    expect(replica.isHidden(1)).toBe(true);
    expect(replica.state.dependencies.has("ca")).toBe(false);
    replica.remote(2, { dependencies: { removed: [{ id: "ab" }] } });
    expect(replica.isHidden(1)).toBe(false);
    expect(replica.state.dependencies.has("ca")).toBe(true);
  });

  it("O2 the answer to the oldest edit, done as sent, touches nothing", () => {
    const replica = replicaOf();
    replica.push(edit(1, rename("a", "Mine")));
    replica.takeTouched();
    const settled = replica.settle(1, 1, undefined);
    expect(replica.takeTouched().size).toBe(0);
    expect(settled?.inverse).toEqual({ tasks: { updated: [{ id: "a", changes: { name: "Dig" }, was: { name: "Mine" } }] } });
    expect(replica.revision).toBe(1);
  });

  it("O2 a full sync puts another plan beneath the pending edits", () => {
    const replica = replicaOf();
    replica.push(edit(1, rename("a", "Mine")));
    const other = plan();
    applyChangeset(other, { clientId: "x", revision: 1, baseRevision: 0, payload: rename("b", "Theirs") });
    other.revision = 7;
    replica.load(other);
    expect([replica.state.tasks.get("a")?.name, replica.state.tasks.get("b")?.name, replica.revision]).toEqual(["Mine", "Theirs", 7]);
    expect(replica.serverSnapshot().tasks[0]?.name).toBe("Dig");
    expect(replica.state.tasks.get("a")?.name).toBe("Mine");
  });
});

const ids = ["a", "b", "c", "s", "n1", "n2"];
const id = fc.constantFrom(...ids);
const change: fc.Arbitrary<Changeset> = fc.oneof(
  fc.tuple(id, fc.string({ maxLength: 3 })).map(([task, name]) => rename(task, name)),
  fc.tuple(id, fc.integer({ min: 0, max: 9 })).map(([task, duration]): Changeset => ({ tasks: { updated: [{ id: task, changes: { duration } }] } })),
  fc.tuple(id, fc.option(id)).map(([task, parentId]): Changeset => ({ tasks: { updated: [{ id: task, changes: { parentId } }] } })),
  fc.tuple(id, fc.option(id)).map(([task, parentId]): Changeset => ({ tasks: { added: [{ id: task, name: "added", parentId }] } })),
  id.map((task): Changeset => ({ tasks: { removed: [{ id: task }] } })),
  fc.tuple(id, id).map(([fromTask, toTask]): Changeset => ({ dependencies: { added: [{ id: `${fromTask}${toTask}`, fromTask, toTask }] } })),
);
type Event = { readonly who: "me" | "they"; readonly payload: Changeset } | { readonly who: "answer" };
const event: fc.Arbitrary<Event> = fc.oneof(
  change.map((payload): Event => ({ who: "me", payload })),
  change.map((payload): Event => ({ who: "they", payload })),
  fc.constant<Event>({ who: "answer" }),
);

describe("O2 view = server's plan + pending edits", () => {
  it("O2 whatever the order of edits, changes and answers, the view is the server's plan with the pending edits applied in order", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const server = plan();
        const ledger = new Ledger();
        const replica = replicaOf();
        const pending: { seq: number; payload: Changeset }[] = [];
        let seq = 0;
        for (const one of events) {
          if (one.who === "me") {
            seq++;
            if (isApplied(replica.push(edit(seq, one.payload)))) pending.push({ seq, payload: one.payload });
          } else if (one.who === "they") {
            const outcome = applyChangeset(server, { clientId: "they", revision: 0, baseRevision: server.revision, payload: one.payload }, { ledger });
            if (isApplied(outcome) && !outcome.empty) replica.remote(server.revision, outcome.normalised);
          } else {
            const mine = pending.shift();
            if (!mine) continue;
            const outcome = applyChangeset(server, { clientId: "me", revision: 0, baseRevision: 0, payload: mine.payload }, { ledger });
            if (isApplied(outcome) && !outcome.empty) replica.settle(mine.seq, server.revision, outcome.differs ? outcome.normalised : undefined);
            else replica.replace(mine.seq, undefined);
          }
          const expected = projectFromSnapshot(projectToJSON(server));
          for (const { payload } of pending) applyChangeset(expected, { clientId: "me", revision: 0, baseRevision: 0, payload });
          expect(json(replica.state)).toBe(json(expected));
          expect(replica.revision).toBe(server.revision);
        }
      }),
      { numRuns: 150 },
    );
  });
});
