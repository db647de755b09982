import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChangeRow, ProjectCommit, ProjectInfo, Store } from "../interfaces/store.ts";
import { accessSuite } from "./accessSuite.ts";

/** One driver under test: a fresh, empty store; `reopen` closes it as a crash would (nothing flushed by us) and opens the same data again. */
export interface StoreUnderTest {
  readonly store: Store;
  reopen(): Promise<Store>;
  /** Makes every write fail as a full disk does; returns the function that heals it. */
  failWrites(): (() => unknown) | Promise<() => unknown>;
  destroy(): Promise<void>;
}

const info = (id: string, more: Partial<ProjectInfo> = {}): ProjectInfo => ({
  id,
  name: `Project ${id}`,
  epoch: "e1",
  revision: 0,
  tasks: 0,
  createdAt: 1_000,
  updatedAt: 1_000,
  archivedAt: null,
  ...more,
});

const change = (revision: number, more: Partial<ChangeRow> = {}): ChangeRow => ({
  revision,
  clientId: "c1",
  clientRevision: revision,
  author: "Ada",
  sub: null,
  at: 1_000 + revision,
  madeAt: null,
  intent: null,
  payload: `{"tasks":{"added":[{"id":"t${revision}"}]}}`,
  notices: null,
  inverse: `{"tasks":{"removed":[{"id":"t${revision}"}]}}`,
  ...more,
});

const newClient = (clientId: string, sub: string | null = null) => ({ clientId, sub });

const commit = (project: string, base: number, rows: readonly ChangeRow[], more: Partial<ProjectCommit> = {}): ProjectCommit => ({
  project,
  base,
  revision: base + rows.length,
  at: 2_000 + base,
  name: `Project ${project}`,
  tasks: 3,
  changes: rows,
  newClients: [],
  answers: [],
  ...more,
});

/** The rules every store driver keeps. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`store ${name}`, () => {
    let tested: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      tested = await make();
      store = tested.store;
    });
    afterEach(() => tested.destroy());

    it("D1 what commit resolved is there after a crash: changes, client counter and answers together", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      const answers = [{ clientId: "c1", clientRevision: 3, body: '{"type":"conflict"}' }];
      const rows = [change(1), change(2, { notices: "[]", madeAt: "2026-01-01T00:00:00Z", intent: "x", sub: "s" })];
      expect(await store.commit([commit("p", 0, rows, { newClients: [newClient("c1", "s")], answers })])).toEqual(["committed"]);
      store = await tested.reopen();
      expect(await store.project("p")).toMatchObject({ revision: 2, tasks: 3, updatedAt: 2_000 });
      expect(await store.changes("p", { after: 0 })).toEqual(rows);
      const known = await store.client("p", "c1");
      expect(known?.client).toMatchObject({ lastRevision: 3, sub: "s" });
      expect([...(known?.client.acks ?? [])].slice(0, 5)).toEqual([0, 1, 2, 0, 0]);
      expect(known?.answers).toEqual(answers);
    });

    it("D1 a commit that failed left nothing, and the store takes the next one", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      const heal = await tested.failWrites();
      const big = change(1, { payload: "x".repeat(300_000) });
      await expect(store.commit([commit("p", 0, [big], { newClients: [newClient("c1")] })])).rejects.toMatchObject({ code: "storage_unavailable" });
      expect(await store.project("p")).toMatchObject({ revision: 0 });
      expect(await store.changes("p", { after: 0 })).toEqual([]);
      expect(await store.client("p", "c1")).toBeUndefined();
      await heal();
      expect(await store.commit([commit("p", 0, [change(1)])])).toEqual(["committed"]);
      expect((await (await tested.reopen()).changes("p", { after: 0 })).length).toBe(1);
    });

    it("D4 compare and set: a writer that is behind writes nothing, the others of its batch are written", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      await store.create(info("q"), Buffer.from("zero"));
      await store.commit([commit("p", 0, [change(1)])]);
      const results = await store.commit([
        commit("p", 0, [change(1, { author: "late" })], { newClients: [newClient("c9")] }),
        commit("q", 0, [change(1)]),
        commit("erased", 0, [change(1)]),
        commit("p", 0, [], { newClients: [newClient("c9")] }),
      ]);
      expect(results).toEqual(["behind", "committed", "gone", "behind"]);
      expect((await store.changes("p", { after: 0 })).map((row) => row.author)).toEqual(["Ada"]);
      expect(await store.client("p", "c9")).toBeUndefined();
    });

    it("W3 an answer without a revision moves the client's counter, not the project's", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      const answers = [{ clientId: "c1", clientRevision: 1, body: "{}" }];
      expect(await store.commit([commit("p", 0, [], { newClients: [newClient("c1")], answers })])).toEqual(["committed"]);
      expect(await store.project("p")).toMatchObject({ revision: 0, updatedAt: 1_000 });
      expect((await store.client("p", "c1"))?.client.lastRevision).toBe(1);
    });

    it("W3 answers older than the last 64 numbers of a client are forgotten", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      for (const n of [1, 2, 65, 66]) {
        await store.commit([commit("p", 0, [], { newClients: [newClient("c1")], answers: [{ clientId: "c1", clientRevision: n, body: `${n}` }] })]);
      }
      expect((await store.client("p", "c1"))?.answers.map((row) => row.clientRevision)).toEqual([65, 66]);
    });

    it("W3 a counter is the same before and after snapshots and pruning, which fold the log", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      const rows = (from: number, to: number) =>
        Array.from({ length: to - from + 1 }, (_, i) => change(from + i, i % 2 === 0 ? {} : { clientId: "c2", clientRevision: (from + i) / 2 }));
      await store.commit([commit("p", 0, rows(1, 4), { newClients: [newClient("c1"), newClient("c2", "bob")] })]);
      const seen = async () => {
        const [one, two] = [await store.client("p", "c1"), await store.client("p", "c2")];
        return [
          one?.client.lastRevision,
          [...(one?.client.acks ?? [])].slice(1, 8),
          two?.client.lastRevision,
          two?.client.sub,
          [...(two?.client.acks ?? [])].slice(1, 8),
        ];
      };
      expect(await seen()).toEqual([3, [1, 0, 3, 0, 0, 0, 0], 2, "bob", [2, 4, 0, 0, 0, 0, 0]]);
      await store.saveSnapshot("p", { revision: 4, body: Buffer.from("four") });
      expect(await seen()).toEqual([3, [1, 0, 3, 0, 0, 0, 0], 2, "bob", [2, 4, 0, 0, 0, 0, 0]]);
      await store.commit([commit("p", 4, rows(5, 6))]);
      await store.prune("p", 4);
      store = await tested.reopen();
      expect(await seen()).toEqual([5, [1, 0, 3, 0, 5, 0, 0], 3, "bob", [2, 4, 6, 0, 0, 0, 0]]);
    });

    it("W1 changes come in revision order, by range, newest first, by text", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      const rows = [1, 2, 3, 4, 5].map((n) => change(n, n === 4 ? { payload: '{"id":"needle%"}' } : {}));
      await store.commit([commit("p", 0, rows)]);
      const numbers = async (query: Parameters<Store["changes"]>[1]) => (await store.changes("p", query)).map((row) => row.revision);
      expect(await numbers({ after: 0 })).toEqual([1, 2, 3, 4, 5]);
      expect(await numbers({ after: 1, upTo: 3 })).toEqual([2, 3]);
      expect(await numbers({ after: 0, limit: 2, newestFirst: true })).toEqual([5, 4]);
      expect(await numbers({ after: 0, containing: 'needle%"' })).toEqual([4]);
      expect(await numbers({ after: 0, containing: '"t2"' })).toEqual([2]);
      expect(await store.oldestChange("p")).toEqual({ revision: 1, at: 1_001 });
      expect(await store.revisionAt("p", 1_003)).toBe(2);
      expect(await store.revisionAt("p", 1_001)).toBeUndefined();
    });

    it("D2 the newest snapshot not after a revision is found", async () => {
      await store.create(info("p", { revision: 0 }), Buffer.from("zero"));
      await store.saveSnapshot("p", { revision: 5, body: Buffer.from("five") });
      const text = async (notAfter?: number) => Buffer.from((await store.snapshot("p", notAfter))?.body ?? []).toString();
      expect(await text()).toBe("five");
      expect(await text(4)).toBe("zero");
      expect((await store.snapshot("p"))?.revision).toBe(5);
      expect(await store.snapshot("nobody")).toBeUndefined();
    });

    it("D3 pruning drops the old log and older snapshots only", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      await store.commit([
        commit(
          "p",
          0,
          [1, 2, 3, 4].map((n) => change(n)),
        ),
      ]);
      await store.saveSnapshot("p", { revision: 2, body: Buffer.from("two") });
      await store.prune("p", 2);
      expect((await store.changes("p", { after: 0 })).map((row) => row.revision)).toEqual([3, 4]);
      expect(await store.snapshot("p", 1)).toBeUndefined();
      expect((await store.snapshot("p", 3))?.revision).toBe(2);
    });

    it("projects are listed, archived, brought back and erased with everything of theirs", async () => {
      await store.create(info("p"), Buffer.from("zero"));
      await store.create(info("q", { updatedAt: 5_000 }), Buffer.from("zero"));
      await store.commit([
        commit("p", 0, [change(1)], { newClients: [newClient("c1")], answers: [{ clientId: "c1", clientRevision: 1, body: "{}" }], name: "Renamed" }),
      ]);
      expect((await store.projects()).map((p) => [p.id, p.name])).toEqual([
        ["q", "Project q"],
        ["p", "Renamed"],
      ]);
      expect(await store.archive("p", 9_000)).toBe(true);
      expect((await store.project("p"))?.archivedAt).toBe(9_000);
      expect(await store.archive("p", null)).toBe(true);
      expect((await store.project("p"))?.archivedAt).toBeNull();
      expect(await store.archive("nobody", 1)).toBe(false);
      expect(await store.purge("p")).toBe(true);
      expect(await store.purge("p")).toBe(false);
      await store.create(info("p"), Buffer.from("again"));
      expect(await store.changes("p", { after: 0 })).toEqual([]);
      expect(await store.client("p", "c1")).toBeUndefined();
    });

    it("an id that is taken is refused and the first project stays", async () => {
      await store.create(info("p", { name: "first" }), Buffer.from("zero"));
      await expect(store.create(info("p", { name: "second" }), Buffer.from("zero"))).rejects.toMatchObject({ code: "exists" });
      expect((await store.project("p"))?.name).toBe("first");
    });

    it("text that looks like SQL is only text", async () => {
      const nasty = `p'); DROP TABLE projects; --"%_\u0000\ud83d\ude00`;
      await store.create(info(nasty, { name: nasty }), Buffer.from("zero"));
      await store.commit([commit(nasty, 0, [change(1, { clientId: nasty, author: nasty })], { newClients: [newClient(nasty)], name: nasty })]);
      expect((await store.projects()).map((p) => p.name)).toEqual([nasty]);
      expect((await store.changes(nasty, { after: 0 }))[0]?.author).toBe(nasty);
      expect((await store.client(nasty, nasty))?.client.lastRevision).toBe(1);
    });

    it("a setting is claimed once, also by several at once, and stays through a crash", async () => {
      expect(await store.setting("sample")).toBeUndefined();
      const claims = await Promise.all(["a", "b", "c"].map((value) => store.claimSetting("sample", value)));
      expect(claims.filter(Boolean).length).toBe(1);
      const value = await store.setting("sample");
      expect(["a", "b", "c"][claims.indexOf(true)]).toBe(value);
      store = await tested.reopen();
      expect(await store.claimSetting("sample", "d")).toBe(false);
      expect(await store.setting("sample")).toBe(value);
    });

    accessSuite(
      () => store,
      async () => {
        store = await tested.reopen();
        return store;
      },
      info,
      async (upTo) => {
        await store.commit([
          commit(
            "p",
            0,
            Array.from({ length: upTo }, (_, i) => change(i + 1)),
          ),
        ]);
      },
    );

    it("D11 how far a project was delivered stays through a crash, and what is not delivered is found", async () => {
      const { deliveries } = store;
      expect(await deliveries.claim("p", "north", 60_000)).toBe(false);
      await store.create(info("p"), Buffer.from("zero"));
      await store.create(info("q", { updatedAt: 900 }), Buffer.from("zero"));
      expect(await deliveries.waiting("north")).toEqual(["q", "p"]);
      expect(await deliveries.claim("p", "north", 60_000)).toBeNull();
      expect(await deliveries.advance("p", "north", { epoch: "e1", revision: 0 }, 60_000)).toBe(true);
      expect(await deliveries.waiting("north")).toEqual(["q"]);
      await store.commit([commit("p", 0, [change(1)])]);
      expect(await deliveries.waiting("north")).toEqual(["q", "p"]);
      store = await tested.reopen();
      expect(await store.deliveries.delivered("p")).toEqual({ epoch: "e1", revision: 0 });
      expect(await store.deliveries.claim("p", "north", 60_000)).toEqual({ epoch: "e1", revision: 0 });
      await store.deliveries.advance("p", "north", { epoch: "e0", revision: 1 }, 60_000);
      expect(await store.deliveries.waiting("north")).toEqual(["q", "p"]);
      await store.purge("p");
      expect(await store.deliveries.delivered("p")).toBeNull();
      expect(await store.deliveries.advance("p", "north", null, 60_000)).toBe(false);
    });

    it("D11 who goes back to an earlier place takes the project from whoever delivers it", async () => {
      const { deliveries } = store;
      await store.create(info("p"), Buffer.from("zero"));
      await deliveries.claim("p", "north", 60_000);
      await deliveries.advance("p", "north", { epoch: "e1", revision: 7 }, 60_000);
      expect(await deliveries.rewind("p", { epoch: "e1", revision: 3 })).toBe(true);
      expect(await deliveries.advance("p", "north", { epoch: "e1", revision: 8 }, 60_000)).toBe(false);
      expect(await deliveries.claim("p", "north", 60_000)).toEqual({ epoch: "e1", revision: 3 });
      expect(await deliveries.rewind("p", null)).toBe(true);
      expect(await deliveries.claim("p", "north", 60_000)).toBeNull();
      expect(await deliveries.rewind("nobody", null)).toBe(false);
    });

    it("it answers and knows its size", async () => {
      await store.ping();
      expect(await store.size()).toBeGreaterThan(0);
    });
  });
}
