import { projectFromJSON } from "@livegantt/core";
import { describe, expect, it, vi } from "vitest";
import { addressesOf } from "./addresses.ts";
import { Backoff } from "./backoff.ts";
import { type Channel, ChannelLocks } from "./channelLocks.ts";
import { Draft } from "./draft.ts";
import { defaultEnvironment } from "./edge/default.ts";
import { subjectOf } from "./identity.ts";
import { makeId } from "./ids.ts";
import { MemoryLocks, type WebLockManager, WebLocks } from "./locks.ts";
import { FakeClock, seeded, settle } from "./testing/fakeClock.ts";
import { smallPlan } from "./testing/world.ts";

describe("addresses", () => {
  it.each([
    ["http://host:4600", undefined, "ws://host:4600/gantt-sync?project=p%2F1", "http://host:4600/api/projects/p%2F1"],
    ["wss://host/gantt-sync", undefined, "wss://host/gantt-sync?project=p%2F1", "https://host/api/projects/p%2F1"],
    ["https://host/team/gantt-sync?project=other&x=1", undefined, "wss://host/team/gantt-sync?project=p%2F1&x=1", "https://host/team/api/projects/p%2F1"],
    ["/", "https://page.example/p/7", "wss://page.example/gantt-sync?project=p%2F1", "https://page.example/api/projects/p%2F1"],
  ])("%s", (url, base, socket, snapshot) => {
    expect(addressesOf(url, "p/1", base)).toMatchObject({ socket, snapshot });
  });
});

describe("back-off", () => {
  it("full jitter under a bound that doubles up to its maximum, then an end", () => {
    const bounds: number[] = [];
    const backoff = new Backoff({ base: 100, max: 1000, attempts: 6 }, () => 0.999999);
    for (let wait = backoff.next(); wait !== undefined; wait = backoff.next()) bounds.push(wait);
    expect(bounds).toEqual([100, 200, 400, 800, 1000, 1000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
    expect(new Backoff({ base: 100, max: 1000, attempts: 6 }, () => 0).next()).toBe(0);
  });
});

describe("ids", () => {
  it("M1 are UUIDs of version 7, sorted by time, never twice", () => {
    const clock = new FakeClock();
    const random = seeded(7);
    const ids = Array.from({ length: 1000 }, () => makeId(clock, random));
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(makeId({ ...clock, now: () => 1e12 } as FakeClock, random) < makeId({ ...clock, now: () => 2e12 } as FakeClock, random)).toBe(true);
  });
});

describe("the subject of a token", () => {
  it("is read without trusting it", () => {
    const token = (claims: unknown): string => `h.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.s`;
    expect(subjectOf(token({ sub: "u-1" }))).toBe("u-1");
    expect(subjectOf(token({ sub: 7 }))).toBeUndefined();
    for (const broken of [undefined, "", "opaque", "a.b.c", `a.${btoa("null")}.c`]) expect(subjectOf(broken)).toBeUndefined();
  });
});

describe("locks", () => {
  it("O1 of one process: one holder, waiters in turn, abort ends a wait", async () => {
    const locks = new MemoryLocks();
    const first = await locks.tryAcquire("x");
    expect(await locks.tryAcquire("x")).toBeUndefined();
    const abort = new AbortController();
    const given = vi.fn();
    locks.acquire("x", abort.signal).then(given);
    const next = locks.acquire("x", new AbortController().signal);
    abort.abort();
    await settle();
    expect(given).toHaveBeenCalledWith(undefined);
    first?.release();
    first?.release();
    const second = await next;
    expect(second).toBeDefined();
    expect(await locks.tryAcquire("x")).toBeUndefined();
    second?.release();
    expect(await locks.tryAcquire("x")).toBeDefined();
  });

  it("O1 without Web Locks tabs ask each other: one holder, waiters hear of the release, a closed holder is noticed", async () => {
    const clock = new FakeClock();
    const channels: Channel[] = [];
    const channel = (): Channel => {
      const own: Channel = {
        onmessage: null,
        postMessage: (data) => {
          for (const other of channels) if (other !== own) queueMicrotask(() => other.onmessage?.({ data }));
        },
      };
      channels.push(own);
      return own;
    };
    const tabs = ["a", "b", "c"].map((mark) => new ChannelLocks(channel(), clock, mark)) as [ChannelLocks, ChannelLocks, ChannelLocks];
    const asked = Promise.all([tabs[1].tryAcquire("x"), tabs[0].tryAcquire("x"), tabs[2].tryAcquire("y")]);
    await clock.advance(300);
    const [second, first, other] = await asked;
    expect([second, first !== undefined, other !== undefined]).toEqual([undefined, true, true]);
    const waiting = tabs[1].acquire("x", new AbortController().signal);
    const aborted = new AbortController();
    const gaveUp = tabs[2].acquire("x", aborted.signal);
    await clock.advance(300);
    aborted.abort();
    expect(await gaveUp).toBeUndefined();
    first?.release();
    await clock.advance(300);
    expect(await waiting).toBeDefined();
    channels.splice(1, 1)[0]; // closed without a word
    const after = tabs[0].acquire("x", new AbortController().signal);
    await clock.advance(6000);
    expect(await after).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it("O1 Web Locks: held until released, given up when aborted, real failures told", async () => {
    const holders: Promise<void>[] = [];
    const manager: WebLockManager = {
      async request(name, options, callback) {
        if (name === "taken" && options.ifAvailable) return callback(null);
        if (name === "taken")
          return new Promise((_, reject) => options.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
        if (name === "broken") throw new Error("no locks here");
        const held = callback({});
        if (held) holders.push(held);
        return held;
      },
    };
    const locks = new WebLocks(manager);
    const lock = await locks.tryAcquire("free");
    expect(lock).toBeDefined();
    lock?.release();
    await holders[0];
    expect(await locks.tryAcquire("taken")).toBeUndefined();
    const abort = new AbortController();
    const waiting = locks.acquire("taken", abort.signal);
    abort.abort();
    expect(await waiting).toBeUndefined();
    await expect(locks.tryAcquire("broken")).rejects.toThrow("no locks here");
  });
});

describe("a draft", () => {
  const draft = (): Draft => new Draft(projectFromJSON(smallPlan), () => "id");

  it("C1 carries what the author saw, whole registers", () => {
    const edit = draft();
    edit.update("tasks", "a", { duration: 5, constraintType: "muststarton", constraintDate: "2026-02-02T08:00:00" });
    expect(edit.changeset().tasks?.updated).toEqual([
      {
        id: "a",
        changes: { duration: 5, durationUnit: "day", constraintType: "muststarton", constraintDate: "2026-02-02T08:00:00" },
        was: { duration: 2, durationUnit: "day", constraintType: null, constraintDate: null },
      },
    ]);
  });

  it("C2 lists what goes along with a removed task", () => {
    const edit = draft();
    edit.remove("tasks", "a");
    expect(edit.changeset()).toEqual({ tasks: { removed: [{ id: "a", seen: { tasks: [], dependencies: ["ab"], assignments: ["ra"] } }] } });
  });

  it("C4 folds edits of one record, and forgets a record that comes and goes", () => {
    const edit = draft();
    const id = edit.add("tasks", { name: "New" });
    edit.update("tasks", id, { name: "Newer" });
    edit.add("tasks", { id: "gone", name: "Gone" });
    edit.remove("tasks", "gone");
    edit.update("tasks", "b", { name: "x" });
    edit.update("tasks", "b", { name: "Pour" });
    expect(edit.changeset()).toEqual({ tasks: { added: [{ id: "id", name: "Newer", orderKey: expect.any(String) }] } });
  });

  it("M6 new rows without a place come last, in their order; a task moved under another comes last there", () => {
    const edit = draft();
    edit.add("tasks", { id: "x" });
    edit.add("tasks", { id: "y" });
    edit.update("tasks", "a", { parentId: "s" });
    const { added, updated } = edit.changeset().tasks ?? {};
    expect(String(added?.[0]?.orderKey) < String(added?.[1]?.orderKey)).toBe(true);
    expect(updated?.[0]?.changes).toMatchObject({ parentId: "s", orderKey: expect.any(String) });
  });
});

describe("the world as it is", () => {
  it("O4 needs no window, and finds a WebSocket in Node", async () => {
    const env = defaultEnvironment();
    expect(await env.webSocket()).toBeTypeOf("function");
    expect(env.connectivity.online()).toBe(true);
    env.connectivity.watch(() => {})();
    env.page.guardLeave(() => true)();
    expect(env.tab.get("x")).toBeUndefined();
    const numbers = Array.from({ length: 500 }, env.random);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBe(500);
  });
});
