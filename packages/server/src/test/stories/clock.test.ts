import { describe, expect, it } from "vitest";
import { type Scheduler, systemScheduler } from "../../interfaces/scheduler.ts";
import { checkStore } from "../../operations/checkStore.ts";
import { openSqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { atEnd, newProject, Probe, rename, request, startServer } from "../harness.ts";

const day = 86_400_000;

/** A server whose clock can be put, and whose timers run when told. Time itself passes as it does. */
async function withClock(limits = {}) {
  let jumped = 0;
  let passed = 0;
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  const scheduler: Scheduler = {
    ...systemScheduler,
    elapsed: () => systemScheduler.elapsed() + passed,
    every(ms, run) {
      timers.push({ ms, run });
      return { cancel: () => {} };
    },
  };
  const server = await startServer({ clock: () => Date.now() + jumped + passed, scheduler, limits });
  return {
    ...server,
    jump: (ms: number) => {
      jumped += ms;
    },
    /** Time goes on, for the clock too. */
    pass: (ms: number) => {
      passed += ms;
    },
    /** Everything that would happen by itself. */
    tick: () => {
      for (const { run } of timers) run();
    },
  };
}

describe("a clock that jumps", () => {
  it("the log's times never run backwards, and after a jump back the order of revisions is that of the edits", async () => {
    const { url, data, jump } = await withClock();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const times: number[] = [];
    for (const [i, ms] of [0, 400 * day, -800 * day, 10 * day].entries()) {
      jump(ms);
      expect((await ada.change(rename("a", `A${i}`))).type).toBe("ack");
    }
    const { entries } = (await request(`${url}/api/projects/${id}/history`)).body;
    for (const entry of entries.reverse()) times.push(entry.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBe(4);
    const store = openSqliteStore(data, "read");
    atEnd(() => store.close());
    expect((await checkStore(store)).projects).toMatchObject([{ faults: [] }]);
  });

  it("nobody is sent away as silent because the clock went on by hours; who really says nothing is", async () => {
    const { url, sync, jump, pass } = await withClock();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const ms of [5 * 3_600_000, -10 * 3_600_000]) {
      jump(ms);
      sync.checkConnections();
      expect((await ada.change(rename("a", `A${ms}`))).type).toBe("ack");
    }
    pass(101_000);
    sync.checkConnections();
    expect(await ada.closed()).toMatchObject({ error: { code: "silent", action: "retry" } });
  });

  it("D3 history is not folded by a clock that stands years ahead; it is when the years have passed", async () => {
    const { url, sync, jump, pass } = await withClock({ keepRevisions: 1, keepDays: 1 });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    const oldest = async () => (await sync.store.oldestChange(id))?.revision;
    jump(700 * day);
    await sync.rooms.compactInTime();
    expect(await oldest()).toBe(1);
    jump(-700 * day);
    await sync.rooms.compactInTime();
    expect(await oldest()).toBe(1);
    pass(2 * day);
    await sync.rooms.compactInTime();
    expect(await oldest()).toBe(3);
  });

  it("D3 a clock that was put right is believed after a day", async () => {
    const { url, sync, jump, pass } = await withClock({ keepRevisions: 1, keepDays: 30 });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    jump(40 * day);
    await sync.rooms.compactInTime();
    pass(1.1 * day);
    await sync.rooms.compactInTime();
    expect((await sync.store.oldestChange(id))?.revision).toBe(3);
  });

  it("whatever is due by the new clock happens without harm: people work on, and the server is ready", async () => {
    const { url, jump, tick, sync } = await withClock();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    jump(365 * day);
    tick();
    await sync.checkAccess();
    expect((await ada.change(rename("a", "A1"))).type).toBe("ack");
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });
});
