import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClientError } from "./errors.ts";
import type { OutboxStorage } from "./storage/storage.ts";
import { DeviceStorage, FakeTab, record, World } from "./testing/world.ts";

let world: World;
let device: DeviceStorage;
beforeEach(() => {
  world = new World();
  device = new DeviceStorage();
});
afterEach(() => world.end());

const numbersOf = (clientId: string): number[] => world.server.log.filter(({ sender }) => sender === clientId).map(({ clientRevision }) => clientRevision);
const week = 7 * 24 * 3600 * 1000;

describe("unsent edits outlive the page", () => {
  it("O1 O6 edits made offline are there after a reload, shown at once, and sent a week later with the time when they were made", async () => {
    const tab = new FakeTab();
    const before = await world.enter("Ann", { storage: device, tab });
    const made = new Date(world.clock.now()).toISOString();
    world.network.set(false);
    before.update("tasks", "a", { name: "Excavate" });
    before.add("tasks", { id: "new", name: "Fence" });
    expect(before.pendingKept).toBe(true);
    before.destroy();

    await world.clock.advance(week);
    const after = await world.enter("Ann", { storage: device, tab });
    expect(after.status).toBe("offline");
    expect(after.clientId).toBe(before.clientId);
    expect(after.state.tasks.get("a")?.name).toBe("Excavate");
    expect(after.state.tasks.has("new")).toBe(true);
    world.network.set(true);
    await after.saved().then(() => {}, expect.unreachable);
    expect(world.server.state.tasks.get("a")?.name).toBe("Excavate");
    const sent = world.server.received.filter(({ type }) => type === "changes");
    expect(sent.map((message) => message.type === "changes" && message.madeAt)).toEqual([made, made]);
  });

  it("O1 a crash between sending and the answer: the edit keeps its number and counts once", async () => {
    const tab = new FakeTab();
    const before = await world.enter("Ann", { storage: device, tab });
    world.server.held = true;
    before.add("tasks", { id: "new", name: "Fence" });
    await world.calm(10);
    expect(world.server.state.tasks.has("new")).toBe(true);
    before.destroy();
    world.server.held = false;
    const after = await world.enter("Ann", { storage: device, tab });
    await world.calm();
    expect(after.pendingCount).toBe(0);
    expect(numbersOf(after.clientId)).toEqual([1]);
    after.add("tasks", { id: "next", name: "Gate" });
    await world.calm();
    expect(numbersOf(after.clientId)).toEqual([1, 2]);
  });

  it("O1 a duplicated tab is another client; neither sends the other's edits", async () => {
    const tab = new FakeTab();
    const first = await world.enter("Ann", { storage: device, tab });
    const second = await world.enter("Ann", { storage: device, tab: tab.duplicate() });
    expect(second.clientId).not.toBe(first.clientId);
    world.network.set(false);
    first.add("tasks", { id: "x", name: "X" });
    second.add("tasks", { id: "y", name: "Y" });
    world.network.set(true);
    await world.calm(5000);
    expect(numbersOf(first.clientId)).toEqual([1]);
    expect(numbersOf(second.clientId)).toEqual([1]);
    expect(first.snapshot()).toEqual(second.snapshot());
  });

  it("O1 the outbox of a tab that was closed becomes the next tab's own", async () => {
    const closed = await world.enter("Ann", { storage: device });
    world.network.set(false);
    closed.update("tasks", "a", { name: "Excavate" });
    closed.destroy();
    const next = await world.enter("Ann", { storage: device, tab: new FakeTab() });
    expect(next.clientId).toBe(closed.clientId);
    expect(next.state.tasks.get("a")?.name).toBe("Excavate");
    world.network.set(true);
    await world.calm(5000);
    expect(numbersOf(closed.clientId)).toEqual([1]);
  });

  it("O1 several orphans: one is taken over, the others are sent under their own ids and their conflicts inherited", async () => {
    const tabs = [new FakeTab(), new FakeTab(), new FakeTab()];
    const closed = [];
    for (const tab of tabs) closed.push(await world.enter("Ann", { storage: device, tab }));
    const ben = await world.enter("Ben");
    closed.forEach((live) => {
      live.disconnect();
    });
    closed[0]?.update("tasks", "a", { name: "One" });
    closed[1]?.add("tasks", { id: "two", name: "Two" });
    closed[2]?.update("tasks", "b", { name: "Three" });
    for (const live of closed) live.destroy();
    ben.update("tasks", "a", { name: "Ben was first" });
    ben.update("tasks", "b", { name: "Ben was first here too" });
    await world.calm();

    const next = await world.enter("Ann", { storage: device });
    await world.calm(5000);
    expect(world.server.state.tasks.get("two")?.name).toBe("Two");
    const mine = next.conflicts.map(({ conflicts }) => conflicts[0]?.fields?.name?.local);
    expect(mine.sort()).toEqual(["One", "Three"]);
    for (const { id } of next.conflicts) next.resolve(id, "keep_local");
    await world.calm();
    expect(world.server.state.tasks.get("a")?.name).toBe("One");
    expect(world.server.state.tasks.get("b")?.name).toBe("Three");
    expect(device.read("").filter(([key]) => /\/(edit|conflict)\//.test(key))).toEqual([]);
    expect(closed.filter(({ clientId }) => device.read("").some(([key]) => key.includes(clientId)))).toHaveLength(1);
  });

  it("O1 a tab that is gone while this one lives on is found and emptied", async () => {
    const stays = await world.enter("Ann", { storage: device });
    const goes = await world.enter("Ann", { storage: device });
    await world.calm(70_000);
    goes.disconnect();
    goes.add("tasks", { id: "late", name: "Late" });
    goes.destroy();
    await world.calm(130_000);
    expect(stays.state.tasks.get("late")?.name).toBe("Late");
    expect(numbersOf(goes.clientId)).toEqual([1]);
  });

  it("O1 another login never sends these edits, and the right one still does", async () => {
    const ann = await world.enter("Ann", { storage: device, user: { name: "Ann", id: "u-ann" } });
    world.network.set(false);
    ann.update("tasks", "a", { name: "Excavate" });
    ann.destroy();
    world.network.set(true);
    const ben = await world.enter("Ben", { storage: device, user: { name: "Ben", id: "u-ben" } });
    await world.calm(70_000);
    expect(ben.clientId).not.toBe(ann.clientId);
    expect(world.server.log).toEqual([]);
    ben.destroy();
    await world.enter("Ann", { storage: device, user: { name: "Ann", id: "u-ann" } });
    await world.calm(5000);
    expect(numbersOf(ann.clientId)).toHaveLength(1);
  });

  it("O1 a token of somebody else in the middle of a session ends it with the edits kept", async () => {
    const tokenOf = (sub: string): string => `x.${btoa(JSON.stringify({ sub }))}.y`;
    let who = "ann";
    const live = await world.enter("Ann", { storage: device, token: () => tokenOf(who) });
    const errors = record(live, "error");
    live.disconnect();
    live.update("tasks", "a", { name: "Excavate" });
    who = "ben";
    live.connect();
    await world.calm();
    expect(live.status).toBe("denied");
    expect(errors[0]).toMatchObject({ code: "user_changed", action: "reauth" });
    expect(world.server.log).toEqual([]);
    expect(live.pendingKept).toBe(true);
  });

  it("O1 a full device: the edit is sent all the same, and the person is told that it would not survive", async () => {
    const full: OutboxStorage = {
      durable: true,
      read: () => [],
      write: () => {
        throw new DOMException("no room", "QuotaExceededError");
      },
    };
    const live = await world.enter("Ann", { storage: full });
    const errors = record(live, "error");
    live.disconnect();
    live.update("tasks", "a", { name: "Excavate" });
    expect(errors[0]).toMatchObject({ code: "storage_full", action: "fix" });
    expect(live.pendingKept).toBe(false);
    live.connect();
    await world.calm();
    expect(world.server.state.tasks.get("a")?.name).toBe("Excavate");
  });

  it("O1 a damaged entry is shown as refused, and the others go on without a gap in their numbers", async () => {
    const tab = new FakeTab();
    const before = await world.enter("Ann", { storage: device, tab });
    world.server.held = true;
    for (const id of ["x", "y", "z"]) before.add("tasks", { id, name: id });
    world.server.cut();
    await world.calm(1);
    before.destroy();
    world.server.restore(world.server.snapshot(), "epoch-1");
    const edits = device.read("").filter(([key]) => key.includes("/edit/"));
    device.write([[edits[1]?.[0] ?? "", { seq: "nonsense" }]], []);
    world.server.held = false;
    const after = await world.enter("Ann", { storage: device, tab });
    await world.calm(3000);
    expect(after.rejections).toMatchObject([{ code: "damaged_entry" }]);
    expect(after.pendingCount).toBe(0);
    after.dismiss(after.rejections[0]?.id ?? "");
    expect(after.rejections).toEqual([]);
  });

  it("leave guard: leaving is asked about only where something would be lost", async () => {
    let mayLeave: () => boolean = () => true;
    const page = {
      guardLeave: (ask: () => boolean) => {
        mayLeave = ask;
        return () => {};
      },
    };
    const live = await world.enter("Ann", { page });
    expect(mayLeave()).toBe(true);
    live.disconnect();
    live.update("tasks", "a", { name: "Excavate" });
    expect(mayLeave()).toBe(false);
    const kept = await world.enter("Ann", { page, storage: device });
    kept.disconnect();
    kept.update("tasks", "b", { name: "Concrete" });
    expect(mayLeave()).toBe(true);
  });

  it("O1 an edit counts as kept on this device only when the device has written it", async () => {
    const waiting: (() => void)[] = [];
    class SlowDevice extends DeviceStorage {
      override write(...change: Parameters<OutboxStorage["write"]>): Promise<void> {
        return new Promise((done) => {
          waiting.push(() => {
            super.write(...change);
            done();
          });
        });
      }
    }
    const live = await world.enter("Ann", { storage: new SlowDevice() });
    const flush = async (): Promise<void> => {
      for (let write = waiting.shift(); write; write = waiting.shift()) {
        write();
        await world.calm(1);
      }
    };
    await flush();
    live.disconnect();
    const heard = record(live, "saved");
    live.update("tasks", "a", { name: "Excavate" });
    expect(live.pendingKept).toBe(false);
    await flush();
    expect(live.pendingKept).toBe(true);
    expect(heard).toEqual([
      { saved: false, pending: 1, kept: false },
      { saved: false, pending: 1, kept: true },
    ]);
  });

  it("saved tells when everything done so far is on the server", async () => {
    const live = await world.enter("Ann");
    const heard = record(live, "saved");
    world.server.held = true;
    live.update("tasks", "a", { name: "Excavate" });
    let done = false;
    live.saved().then(() => {
      done = true;
    });
    await world.calm();
    expect(done).toBe(false);
    world.server.release();
    await world.calm(1);
    expect(done).toBe(true);
    expect(heard).toEqual([
      { saved: false, pending: 1, kept: false },
      { saved: true, pending: 0, kept: true },
    ]);
  });

  it("saved() of a project that is closed is refused", async () => {
    const live = await world.enter("Ann");
    live.disconnect();
    live.update("tasks", "a", { name: "Excavate" });
    const saved = live.saved();
    live.destroy();
    await expect(saved).rejects.toBeInstanceOf(ClientError);
  });

  it("W7 the plan of this device is there offline, and the next greeting asks only for what came since", async () => {
    const tab = new FakeTab();
    const first = await world.enter("Ann", { storage: device, tab });
    first.destroy();
    world.network.set(false);
    const second = await world.enter("Ann", { storage: device, tab });
    await second.ready();
    expect(second.state.tasks.get("a")?.name).toBe("Dig");
    expect(second.role).toBe("editor");
    const ben = world.open("Ben");
    world.network.set(true);
    await world.calm();
    ben.update("tasks", "a", { name: "Excavate" });
    await world.calm();
    expect(second.state.tasks.get("a")?.name).toBe("Excavate");
    expect(world.server.received.filter(({ type }) => type === "hello").at(-2)).toMatchObject({ lastRevision: 0 });
  });
});
