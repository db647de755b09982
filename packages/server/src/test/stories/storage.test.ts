import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ProjectCommit, StoreError } from "../../interfaces/store.ts";
import { openDatabase } from "../../stores/sqlite/database.ts";
import type { Database } from "../../stores/sqlite/library.ts";
import { openSqliteStore, SqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";

/** A server on a database that the test can fill up or make read-only. */
async function onDatabase() {
  const db: Database = openDatabase(join(temporaryFolder(), "livegantt.db"));
  const store = new SqliteStore(db);
  atEnd(() => store.close());
  return { ...(await startServer({ store })), db };
}

const retried = { type: "error", payload: { code: "storage_unavailable", action: "retry", retryAfterMs: expect.any(Number) } };

describe.each([
  [
    "a full disk",
    (db: Database) => {
      const { page_count } = db.prepare("PRAGMA page_count").get() as { page_count: number };
      db.exec(`PRAGMA max_page_count = ${page_count}`);
    },
    (db: Database) => db.exec("PRAGMA max_page_count = 1073741823"),
  ],
  ["a read-only database", (db: Database) => db.exec("PRAGMA query_only = ON"), (db: Database) => db.exec("PRAGMA query_only = OFF")],
])("W4 %s", (_name, breakIt, heal) => {
  it("W4 refuses writes, keeps serving reads, and recovers without a restart", async () => {
    const { url, db } = await onDatabase();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const bob = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    await bob.next("changes");
    breakIt(db);
    const note = randomBytes(20_000).toString("hex");
    const big = (of: string) => ({ tasks: { updated: [{ id: of, changes: { note, name: "lost?" } }] } });
    expect(await ada.change(big("a"), { revision: 2 })).toMatchObject(retried);
    expect((await request(`${url}/readyz`)).status).toBe(503);
    const { body } = await request(`${url}/api/projects/${id}`);
    expect([body.revision, body.tasks[0].name, body.tasks[0].note]).toEqual([1, "A1", undefined]);
    expect(await request(`${url}/api/projects`, "POST", { name: "more", plan: { tasks: [{ id: "t", name: "T", note }] } })).toMatchObject({
      status: 503,
      body: { error: { code: "storage_unavailable", action: "retry" } },
    });
    heal(db);
    expect(await ada.change(big("a"), { revision: 2 })).toMatchObject({ type: "ack", payload: { clientRevision: 2, serverRevision: 2 } });
    expect((await bob.next("changes")).revision).toBe(2);
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });
});

describe("W4 a failed commit", () => {
  it("W4 takes back every change of its group in reverse, in all projects, and nobody heard of one", async () => {
    const { url, db } = await onDatabase();
    const ids = [await newProject(url), await newProject(url)];
    const probes = await Promise.all(ids.map((id) => Probe.join(url, id)));
    const watcher = await Probe.join(url, ids[0] as string);
    db.exec("PRAGMA query_only = ON");
    for (const probe of probes) {
      probe.post({ tasks: { added: [{ id: "n", name: "N", parentId: "a" }] } });
      probe.post({ dependencies: { added: [{ id: "d", fromTask: "n", toTask: "b" }] } });
      probe.post({ tasks: { removed: [{ id: "a" }] } });
    }
    for (const probe of probes) for (let i = 0; i < 3; i++) expect(await probe.next("error")).toMatchObject(retried);
    for (const id of ids) {
      const { body } = await request(`${url}/api/projects/${id}`);
      expect([body.revision, body.tasks.map((task: { id: string }) => task.id), body.dependencies]).toEqual([0, ["a", "b"], []]);
    }
    db.exec("PRAGMA query_only = OFF");
    // The same three again: the numbers were not used up, and K8 still finds everything where it was.
    for (const probe of probes) {
      probe.post({ tasks: { added: [{ id: "n", name: "N", parentId: "a" }] } }, { revision: 1 });
      probe.post({ dependencies: { added: [{ id: "d", fromTask: "n", toTask: "b" }] } }, { revision: 2 });
      probe.post({ tasks: { removed: [{ id: "a", seen: { tasks: ["n"] } }] } }, { revision: 3 });
      for (const revision of [1, 2, 3]) expect(await probe.next("ack")).toMatchObject({ payload: { serverRevision: revision } });
    }
    expect((await watcher.next("changes")).revision).toBe(1);
    expect((await request(`${url}/api/projects/${ids[0]}`)).body.tasks.map((task: { id: string }) => task.id)).toEqual(["b"]);
  });

  it("W4 after a commit of unknown outcome the store itself tells what happened", async () => {
    const folder = temporaryFolder();
    let mode: "works" | "wrote" | "did not" = "works";
    class Unsure extends SqliteStore {
      override async commit(batch: readonly ProjectCommit[]) {
        if (mode === "works") return super.commit(batch);
        if (mode === "wrote") await super.commit(batch);
        mode = "works";
        throw new StoreError("unknown_outcome", "the connection was lost in COMMIT");
      }
    }
    const store = new Unsure(openDatabase(join(folder, "livegantt.db")));
    atEnd(() => store.close());
    const { url } = await startServer({ store });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    mode = "wrote";
    expect(await ada.change(rename("a", "A1"))).toMatchObject({ type: "ack", payload: { serverRevision: 1 } });
    mode = "did not";
    expect(await ada.change(rename("a", "A2"))).toMatchObject(retried);
    expect(await ada.change(rename("a", "A2"), { revision: 2 })).toMatchObject({ type: "ack", payload: { serverRevision: 2 } });
    mode = "wrote";
    const refused = await ada.change({ tasks: { updated: [{ id: "a", changes: { percentDone: -1 } }] } }, { revision: 3 });
    expect(refused).toMatchObject({ type: "error", payload: { action: "fix", clientRevision: 3 } });
    expect((await store.client(id, "nobody"))?.client).toBeUndefined();
  });

  it("D4 two servers on one store never overwrite each other: who is behind catches up and judges what waits on top of that", async () => {
    const data = temporaryFolder();
    const [north, south] = [await startServer({ data }), await startServer({ data })];
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id, { user: { name: "Ada" } });
    const bob = await Probe.join(south.url, id, { clientId: "bob" });
    expect(await ada.change(rename("a", "north", "A"))).toMatchObject({ type: "ack", payload: { serverRevision: 1 } });
    bob.post(rename("a", "south", "A"));
    expect(await bob.next("changes")).toMatchObject({ revision: 1, payload: { tasks: { updated: [{ changes: { name: "north" } }] } } });
    expect(await bob.next("conflict")).toMatchObject({ payload: { clientRevision: 1, conflicts: [{ by: { name: "Ada" } }] } });
    expect(await bob.change(rename("b", "south"), { revision: 2 })).toMatchObject({ type: "ack", payload: { serverRevision: 2 } });
  });
});

describe("D2 a damaged project", () => {
  const damage = async (hurt: (db: Database, id: string) => void) => {
    const first = await startServer();
    const [id, healthy] = [await newProject(first.url), await newProject(first.url)];
    const ada = await Probe.join(first.url, id);
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    await first.close();
    const db = openDatabase(join(first.data, "livegantt.db"));
    hurt(db, id);
    db.close();
    const { url } = await startServer({ data: first.data });
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol: 1 });
    const closed = await probe.closed();
    expect((await request(`${url}/api/projects/${healthy}`)).status).toBe(200);
    return closed.error;
  };
  const keepFirstSnapshot = "DELETE FROM snapshots WHERE revision > 0 AND project = ?";

  it("D2 a hole in the log is reported and the project stays closed; others work", async () => {
    const error = await damage((db, id) => {
      db.prepare(keepFirstSnapshot).run(id);
      db.prepare("DELETE FROM changes WHERE project = ? AND revision = 2").run(id);
    });
    expect(error).toMatchObject({ code: "project_corrupt", action: "fatal", message: expect.stringMatching(/revision 2 is missing/) });
  });

  it("D2 a log that ends too early is reported", async () => {
    const error = await damage((db, id) => {
      db.prepare(keepFirstSnapshot).run(id);
      db.prepare("DELETE FROM changes WHERE project = ? AND revision = 3").run(id);
    });
    expect(error).toMatchObject({ code: "project_corrupt", message: expect.stringMatching(/ends at revision 2, the project stands at 3/) });
  });

  it("D2 a plan that breaks an invariant is reported with the rule and the record", async () => {
    const error = await damage((db, id) => {
      db.prepare(keepFirstSnapshot).run(id);
      db.prepare('UPDATE changes SET payload = replace(payload, \'"name":"A3"\', \'"percentDone":900\') WHERE project = ? AND revision = 3').run(id);
    });
    expect(error).toMatchObject({ code: "project_corrupt", message: expect.stringMatching(/V8 tasks\/a/) });
  });

  it("D2 a snapshot that cannot be read is reported", async () => {
    const error = await damage((db, id) => db.prepare("UPDATE snapshots SET body = x'00ff' WHERE project = ?").run(id));
    expect(error).toMatchObject({ code: "project_corrupt" });
  });
});

describe("D2 start-up", () => {
  it("D2 replays the log after the newest snapshot and the plan is the same", async () => {
    const first = await startServer({ limits: { snapshotEvery: 7 } });
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id);
    for (let i = 0; i < 20; i++) await ada.change({ tasks: { added: [{ id: `n${i}`, name: `N${i}`, parentId: i % 3 === 0 ? null : `n${i - 1}` }] } });
    const before = (await request(`${first.url}/api/projects/${id}`)).body;
    const store = openSqliteStore(first.data);
    expect((await store.snapshot(id))?.revision).toBeGreaterThanOrEqual(7);
    expect((await store.snapshot(id))?.revision).toBeLessThan(20);
    await store.close();
    const { url } = await startServer({ data: first.data });
    expect((await request(`${url}/api/projects/${id}`)).body).toEqual(before);
  });
});
