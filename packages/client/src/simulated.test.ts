import { type Changeset, checkInvariants, projectFromJSON } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import type { LiveEvents } from "./api.ts";
import { type KeptConflict, OfflineQueue } from "./offlineQueue.ts";
import { type HelperClient, Orphans } from "./orphans.ts";
import { Replica } from "./replica.ts";
import { sawMine } from "./resolution.ts";
import { lockName } from "./tabIdentity.ts";
import { settle } from "./testing/fakeClock.ts";
import { DeviceStorage, FakeTab, record, smallPlan, World } from "./testing/world.ts";

/** Stories that the simulation found, each told once. */
describe("what the simulation found", () => {
  it("P2 an edit that the server took as it was sent stands, also where the laws alone would not allow it", () => {
    // Given a percentage typed into a leaf that, unseen, got a child meanwhile (catalogue row 36)
    const replica = new Replica(projectFromJSON(smallPlan), { clientId: "ann", name: "Ann" });
    replica.push({ seq: 1, payload: { tasks: { updated: [{ id: "a", changes: { percentDone: 40 }, was: { percentDone: null } }] } }, madeAt: "" });
    replica.remote(1, { tasks: { added: [{ id: "n", name: "N", parentId: "a", orderKey: "a0" }] } });
    // When the server acknowledges it without a word about what it did
    replica.settle(1, 2, undefined);
    // Then the plan holds it
    expect(replica.state.tasks.get("a")?.percentDone).toBe(40);
    expect(replica.revision).toBe(2);
  });

  it("P1 a place that somebody else takes too is nobody's twice, not even in a view", () => {
    const replica = new Replica(projectFromJSON(smallPlan), { clientId: "ann", name: "Ann" });
    replica.push({ seq: 1, payload: { tasks: { updated: [{ id: "a", changes: { orderKey: "a8" }, was: { orderKey: "a0" } }] } }, madeAt: "" });
    replica.remote(1, { tasks: { updated: [{ id: "b", changes: { orderKey: "a8" } }] } });
    expect(checkInvariants(replica.state)).toEqual([]);
    // Also where the own place was keyed anew already
    const key = replica.state.tasks.get("a")?.orderKey ?? "";
    replica.remote(2, { tasks: { added: [{ id: "n", orderKey: key }] } });
    expect(checkInvariants(replica.state)).toEqual([]);
  });

  it("O1 a helper that gives up lets go of the outbox, and the next look takes it again", async () => {
    const world = new World();
    const storage = new DeviceStorage();
    const lost = new OfflineQueue(storage, "outbox/", "lost", "Ann", () => {});
    lost.put({ seq: 1, baseRevision: 0, payload: { tasks: { added: [{ id: "n" }] } }, madeAt: "2026-01-05T09:00:00.000Z" });
    lost.commit();
    const helpers: { status: (payload: LiveEvents["status"]) => void; ended: boolean }[] = [];
    const openHelper = (_: unknown, env: Parameters<ConstructorParameters<typeof Orphans>[0]["openHelper"]>[1]): HelperClient => {
      const helper = { status: (_payload: LiveEvents["status"]) => {}, ended: false };
      helpers.push(helper);
      return {
        saved: () => new Promise(() => {}),
        on: (event: string, listener: (payload: never) => void) => {
          if (event === "status") helper.status = listener as typeof helper.status;
          return () => {};
        },
        destroy: () => {
          helper.ended = true;
          void env.locks.tryAcquire("").then((lock) => lock?.release());
        },
      };
    };
    const orphans = new Orphans({
      options: { url: "ws://server", project: "p" },
      env: { locks: world.locks, clock: world.clock } as unknown as ConstructorParameters<typeof Orphans>[0]["env"],
      storage,
      outboxScope: "outbox/",
      lockScope: "",
      owner: "Ann",
      own: new OfflineQueue(storage, "outbox/", "own", "Ann", () => {}),
      openHelper,
      inherited: () => {},
      told: () => {},
    });
    await orphans.scan();
    await settle();
    expect(helpers).toHaveLength(1);

    helpers[0]?.status({ status: "offline" });
    await settle();
    await orphans.scan();
    await settle();

    expect(helpers.map(({ ended }) => ended)).toEqual([true, false]);
    orphans.destroy();
  });

  it("O1 an outbox is not to be had before its old entries are wiped, also where the disk is full meanwhile", async () => {
    const world = new World();
    const storage = new DeviceStorage();
    const lost = new OfflineQueue(storage, "outbox/", "lost", "Ann", () => {});
    lost.putRejection({ id: "r", seq: 1, payload: {}, code: "x", message: "x", madeAt: "2026-01-05T09:00:00.000Z" });
    lost.commit();
    const own = new OfflineQueue(storage, "outbox/", "own", "Ann", () => {});
    const env = { locks: world.locks, clock: world.clock } as unknown as ConstructorParameters<typeof Orphans>[0]["env"];
    const parts = { options: { url: "ws://server", project: "p" }, env, storage, outboxScope: "outbox/", lockScope: "", owner: "Ann", own };
    const openHelper = (): HelperClient => {
      throw new Error("there is nothing to be sent");
    };
    const orphans = new Orphans({ ...parts, openHelper, inherited: () => {}, told: () => {} });
    storage.full = true;
    await orphans.scan();
    await settle();
    expect(await world.locks.tryAcquire(lockName("", "lost"))).toBeUndefined();
    storage.full = false;
    await own.commit();
    await settle();
    expect(await world.locks.tryAcquire(lockName("", "lost"))).toBeDefined();
    orphans.destroy();
  });

  it("P4 an own edit never hides the value of another tab that waits in the inbox", async () => {
    const world = new World();
    const storage = new DeviceStorage();
    const stays = await world.enter("Ann", { storage, tab: new FakeTab() });
    const goes = await world.enter("Ann", { storage, tab: new FakeTab() });
    const ben = await world.enter("Ben");
    await world.calm();
    // Given a conflict that came from a tab that is gone
    goes.disconnect();
    goes.update("tasks", "a", { name: "typed there" });
    goes.destroy();
    ben.update("tasks", "a", { name: "Ben's" });
    await world.calm(130_000);
    expect(stays.conflicts).toHaveLength(1);
    // When this tab comes into conflict about the same name
    stays.disconnect();
    stays.update("tasks", "a", { name: "typed here" });
    ben.update("tasks", "a", { name: "Ben's again" });
    await world.calm();
    stays.connect();
    await world.calm(5000);
    // Then both values are there to choose from
    expect(stays.conflicts.map(({ payload }) => payload.tasks?.updated?.[0]?.changes.name).sort()).toEqual(["typed here", "typed there"]);
    world.end();
  });

  it("R1 of edits that wait behind a conflict the last one made is the last word, however they come there", async () => {
    const world = new World();
    const ann = await world.enter("Ann", { batchDelayMs: 0 });
    const ben = await world.enter("Ben");
    ann.disconnect();
    // Given more edits of one task than may be on their way at a time
    for (let i = 1; i <= 40; i++) ann.update("tasks", "a", { name: `name ${i}` });
    ben.remove("tasks", "a");
    await world.calm();
    // When the first of them comes into conflict
    ann.connect();
    await world.calm(5000);
    // Then what Ann sees as hers is what she typed last
    expect(ann.conflicts.map(({ payload }) => payload.tasks?.updated?.[0]?.changes.name)).toEqual(["name 40"]);
    world.end();
  });

  it("R3 a policy that took its time does not overrule what its person entered meanwhile", async () => {
    const world = new World();
    let decide: (choice: "keep_local") => void = () => {};
    const ann = await world.enter("Ann", { policies: { "tasks.name": () => new Promise((done) => (decide = done)) } });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.update("tasks", "a", { name: "first word" });
    ben.update("tasks", "a", { name: "Ben's" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    ann.update("tasks", "a", { name: "last word" });
    await world.calm();
    decide("keep_local");
    await world.calm();
    expect(world.server.state.tasks.get("a")?.name).toBe("last word");
    expect(ann.conflicts).toHaveLength(1);
    world.end();
  });

  it("R3 a policy that decides after its page was closed decides nothing", async () => {
    const world = new World();
    const storage = new DeviceStorage();
    let decide: (choice: "accept_server") => void = () => {};
    const ann = await world.enter("Ann", { storage, policies: { "tasks.name": () => new Promise((done) => (decide = done)) } });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.update("tasks", "a", { name: "Excavate" });
    ben.update("tasks", "a", { name: "Ben's" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    ann.destroy();
    decide("accept_server");
    await world.calm();
    const next = await world.enter("Ann", { storage });
    await world.calm();
    expect(next.conflicts).toHaveLength(1);
    world.end();
  });

  it("R2 keeping a link that met another keeps what was written into it since", async () => {
    const world = new World();
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    ben.disconnect();
    ben.add("dependencies", { id: "mine", fromTask: "b", toTask: "c" });
    ben.update("dependencies", "mine", { ticket: "T-4" });
    ann.add("dependencies", { id: "theirs", fromTask: "b", toTask: "c", lag: 2, lagUnit: "hour" });
    await world.calm();
    ben.connect();
    await world.calm(5000);
    ben.resolve(ben.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    const link = world.server.state.dependencies.get("theirs");
    expect({ lag: link?.lag ?? 0, ticket: link?.ticket }).toEqual({ lag: 0, ticket: "T-4" });
    world.end();
  });

  it("R2 K6 keeping a link that met an inactive one makes a link that counts", async () => {
    const world = new World();
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    ben.update("dependencies", "ab", { active: false });
    await world.calm();
    ben.update("dependencies", "ab", { type: 0 });
    ann.add("dependencies", { fromTask: "a", toTask: "b", type: 1 });
    await world.calm();
    ann.resolve(ann.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    expect(world.server.state.dependencies.get("ab")).toMatchObject({ type: 1 });
    expect(world.server.state.dependencies.get("ab")?.active).toBeUndefined();
    world.end();
  });

  it("S5 a start date is the last word over the constraint before it, also where both wait in the inbox", async () => {
    const world = new World();
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.update("tasks", "a", { constraintType: "startnolaterthan", constraintDate: "2026-02-02T08:00:00" });
    ann.update("tasks", "a", { startDate: "2026-01-14T08:00:00" });
    ben.update("tasks", "a", { constraintType: "muststarton", constraintDate: "2026-03-02T08:00:00" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    ann.resolve(ann.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    expect(world.server.state.tasks.get("a")).toMatchObject({ constraintType: "startnoearlierthan", constraintDate: "2026-01-14T08:00:00" });
    world.end();
  });

  it("R3 a policy that keeps mine sends the last of what I entered, not the first", async () => {
    const world = new World();
    const ann = await world.enter("Ann", { policies: { "tasks.note": "local", "tasks.percentDone": "server" }, batchDelayMs: 0 });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.transact("group", (tx) => {
      tx.update("tasks", "a", { note: "first", percentDone: 10 });
      tx.update("tasks", "b", { note: "there" });
    });
    for (let i = 1; i <= 40; i++) ann.update("tasks", "a", { note: `word ${i}` });
    ben.update("tasks", "a", { note: "Ben's", percentDone: 20 });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    expect(world.server.state.tasks.get("a")).toMatchObject({ note: "word 40", percentDone: 20 });
    expect(ann.conflicts).toEqual([]);
    world.end();
  });

  it.each([{}, { "tasks.note": "local" } as const])("R1 whoever comes to what the other wrote has no conflict any more (policies %j)", async (policies) => {
    const world = new World();
    const ann = await world.enter("Ann", { policies, batchDelayMs: 0 });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.transact("note", (tx) => {
      tx.update("tasks", "a", { note: "first thought" });
      tx.update("tasks", "b", { name: "x" });
    });
    ann.transact("note", (tx) => {
      tx.update("tasks", "a", { note: "deep" });
      // Is said once more, after the rest of the first edit
      tx.update("tasks", "b", { name: "y" });
    });
    ben.update("tasks", "a", { note: "deep" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    expect(ann.conflicts).toEqual([]);
    expect(world.server.state.tasks.get("b")?.name).toBe("y");
    expect(world.server.state.tasks.get("a")?.note).toBe("deep");
    world.end();
  });

  it("R1 what its author took back before it came into conflict needs no decision, and a later edit is shown by itself", async () => {
    const world = new World();
    const ann = await world.enter("Ann", { batchDelayMs: 0 });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.remove("tasks", "b");
    ann.undo();
    ann.update("tasks", "a", { note: "mine" });
    ann.undo();
    ben.update("tasks", "b", { name: "Ben's" });
    ben.update("tasks", "a", { note: "Ben's" });
    await world.calm();
    ann.update("tasks", "b", { name: "Ann's" });
    const notices = record(ann, "notice");
    ann.connect();
    await world.calm(5000);
    expect(ann.conflicts).toMatchObject([{ conflicts: [{ type: "concurrent_edit", id: "b", fields: { name: { local: "Ann's", server: "Ben's" } } }] }]);
    expect(notices.map(({ reason }) => reason)).toContain("undo_skipped");
    expect(world.server.state.tasks.get("a")?.note).toBe("Ben's");
    ann.resolve(ann.conflicts[0]?.id ?? "", "keep_local");
    await world.calm(5000);
    expect(world.server.state.tasks.get("b")?.name).toBe("Ann's");
    world.end();
  });

  it.each(["taken back", "given up for the other's"])(
    "R1 what was entered after something was %s goes on by itself, however many edits there are",
    async (how) => {
      const world = new World();
      const ann = await world.enter("Ann", { batchDelayMs: 0, policies: { "tasks.name": "server" } });
      const ben = await world.enter("Ben");
      ann.disconnect();
      if (how === "taken back") {
        ann.remove("tasks", "b");
        ann.undo();
      } else {
        ann.update("tasks", "b", { note: "first thought" });
        ann.update("tasks", "b", { note: "deep" });
      }
      // More than are on their way at one time: the last one waits here while the first ones are judged.
      for (let i = 0; i < 40; i++) ann.update("tasks", "a", { percentDone: i });
      ann.update("tasks", "b", { note: "Ann's last" });
      ben.update("tasks", "b", { note: "deep", name: "Ben's" });
      await world.calm();
      ann.connect();
      await world.calm(5000);
      for (const { id } of ann.conflicts) ann.resolve(id, "keep_local");
      await world.calm(5000);
      expect(world.server.state.tasks.get("b")).toMatchObject({ name: "Ben's", note: "Ann's last" });
      expect(ann.conflicts).toEqual([]);
      world.end();
    },
  );

  it("R1 of two values in conflict, the one that its author gave up for the other's is decided", async () => {
    const world = new World();
    const ann = await world.enter("Ann", { batchDelayMs: 0 });
    const ben = await world.enter("Ben");
    ann.disconnect();
    ann.update("tasks", "a", { note: "first thought", percentDone: 10 });
    ann.update("tasks", "a", { note: "deep" });
    ben.update("tasks", "a", { note: "deep", percentDone: 20 });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    ann.resolve(ann.conflicts[0]?.id ?? "", "keep_local");
    await world.calm(5000);
    expect(world.server.state.tasks.get("a")).toMatchObject({ note: "deep", percentDone: 10 });
    expect(ann.conflicts).toEqual([]);
    world.end();
  });

  it("O3 undoing the removal of a link leaves the one alone that somebody made since", async () => {
    const world = new World();
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    ann.update("dependencies", "ab", { lag: 3 });
    ann.remove("dependencies", "ab");
    await world.calm();
    ben.add("dependencies", { id: "ben's", fromTask: "a", toTask: "b", lag: 1 });
    await world.calm();
    const notices = record(ann, "notice");
    ann.undo();
    await world.calm();
    expect(world.server.state.dependencies.get("ben's")?.lag).toBe(1);
    expect(notices[0]).toMatchObject({ reason: "undo_skipped" });
    world.end();
  });

  it("M4 a duration kept against another's unit keeps its own", async () => {
    const world = new World({ project: smallPlan.project, tasks: [{ id: "a", name: "Dig" }] });
    const ann = await world.enter("Ann");
    const ben = await world.enter("Ben");
    ann.disconnect();
    // Given 3 of the default unit, days, against 49 minutes
    ann.update("tasks", "a", { duration: 3 });
    ben.update("tasks", "a", { duration: 49, durationUnit: "minute" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    ann.resolve(ann.conflicts[0]?.id ?? "", "keep_local");
    await world.calm();
    const { duration, durationUnit = "day" } = world.server.state.tasks.get("a") ?? {};
    expect({ duration, durationUnit }).toEqual({ duration: 3, durationUnit: "day" });
    world.end();
  });

  it("P4 a later edit takes its place behind a conflict only where its author saw the earlier one", () => {
    const named = (name: string, was: string): Changeset => ({ tasks: { updated: [{ id: "a", changes: { name }, was: { name: was } }] } });
    const kept: KeptConflict = {
      id: "k",
      seq: 1,
      upTo: 9,
      conflicts: [],
      payload: named("one", "Dig"),
      waiting: [],
      parked: 0,
      madeAt: "2026-01-05T09:00:00.000Z",
      arrivedAt: "2026-01-05T09:00:01.000Z",
    };
    expect(sawMine(kept, [], named("two", "one"))).toBe(true);
    expect(sawMine(kept, [named("two", "one")], named("three", "two"))).toBe(true);
    // The first edit was hidden, since the rest of it fitted no more: what was typed next stood on the server's value.
    expect(sawMine(kept, [], named("two", "Dig"))).toBe(false);
    expect(sawMine(kept, [named("two", "Dig")], named("three", "two"))).toBe(false);
  });

  it.each(["server", "local"] as const)("P4 the policy %s leaves an edit of all or nothing to the person", async (policy) => {
    const world = new World();
    const ann = await world.enter("Ann", { policies: { "tasks.name": policy } });
    const ben = await world.enter("Ben");
    const notices = record(ann, "notice");
    ann.disconnect();
    ann.transact(
      "group",
      (tx) => {
        tx.update("tasks", "a", { name: "Excavate" });
        tx.update("tasks", "b", { note: "Wet" });
      },
      { atomic: true },
    );
    ben.update("tasks", "a", { name: "Ben was first" });
    await world.calm();
    ann.connect();
    await world.calm(5000);
    expect(ann.conflicts.map(({ payload }) => payload.tasks?.updated?.map(({ id }) => id))).toEqual([["a", "b"]]);
    expect(notices).toEqual([]);
    world.end();
  });
});
