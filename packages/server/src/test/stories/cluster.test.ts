import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scheduler, systemScheduler } from "../../interfaces/scheduler.ts";
import { createSample } from "../../sample.ts";
import { Database } from "../../stores/postgres/database.ts";
import { openPostgresStore, PostgresStore } from "../../stores/postgres/postgresStore.ts";
import { atEnd, newProject, Probe, rename, request, startServer } from "../harness.ts";
import { type Cluster, emptyDatabase, hasBinaries, hasPostgres, ownCluster, sql } from "../postgres.ts";

/** Hears no hint. */
class Deaf extends PostgresStore {
  override watch(): () => void {
    return () => {};
  }
}

async function twoNodes() {
  const { url, drop } = await emptyDatabase();
  atEnd(drop);
  return [await startServer({ database: url }), await startServer({ database: url })] as const;
}

const names = async (url: string, id: string): Promise<Record<string, string>> => {
  const { body } = await request(`${url}/api/projects/${id}`);
  return Object.fromEntries(body.tasks.map((task: { id: string; name: string }) => [task.id, task.name]));
};

describe.skipIf(!hasPostgres)("D4 two servers on one PostgreSQL", () => {
  it("D4 an edit on one reaches everybody on the other, in the order of revisions", async () => {
    const [north, south] = await twoNodes();
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    for (const name of ["A1", "A2", "A3"]) ada.post(rename("a", name));
    for (const revision of [1, 2, 3]) expect(await bob.next("changes")).toMatchObject({ revision, sender: expect.any(String) });
    await bob.change(rename("b", "B1"));
    expect(await ada.next("changes")).toMatchObject({ revision: 4, payload: { tasks: { updated: [{ id: "b", changes: { name: "B1" } }] } } });
    expect(await names(north.url, id)).toEqual({ a: "A3", b: "B1" });
    expect(await names(south.url, id)).toEqual({ a: "A3", b: "B1" });
  });

  it("D4 of two edits that contradict each other one stands, the other comes back as a conflict, each judged once", async () => {
    const [north, south] = await twoNodes();
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id, { user: { name: "Ada" } });
    const bob = await Probe.join(south.url, id, { user: { name: "Bob" } });
    let last = "A";
    for (let round = 1; round <= 10; round++) {
      const answers = await Promise.all([ada.change(rename("a", `ada ${round}`, last)), bob.change(rename("a", `bob ${round}`, last))]);
      expect(answers.map(({ type }) => type).sort()).toEqual(["ack", "conflict"]);
      last = answers[0].type === "ack" ? `ada ${round}` : `bob ${round}`;
      await Promise.all([ada, bob].map((probe) => until(() => probe.seen.some((message) => revisionIn(message) === round))));
      ada.revision = bob.revision = round;
    }
    const { body } = await request(`${south.url}/api/projects/${id}`);
    expect([body.revision, body.tasks[0].name]).toEqual([10, last]);
  });

  it("W3 a client that goes to the other server resumes there, and its repeat gets the first answer", async () => {
    const [north, south] = await twoNodes();
    const id = await newProject(north.url);
    await Probe.join(south.url, id);
    const ada = await Probe.join(north.url, id, { clientId: "ada" });
    const acked = await ada.change(rename("a", "A1"));
    const refused = await ada.change({ tasks: { updated: [{ id: "a", changes: { percentDone: 900 } }] } });
    const moved = new Probe(south.url, id);
    await moved.open();
    expect((await moved.hello({ clientId: "ada", lastRevision: 1 })).payload).toMatchObject({ revision: 1, lastClientRevision: 2 });
    expect(await moved.change(rename("a", "A1"), { revision: 1 })).toEqual(acked);
    expect(await moved.change({}, { revision: 2 })).toEqual(refused);
    expect(await moved.change(rename("a", "A2"), { revision: 3 })).toMatchObject({ type: "ack", payload: { serverRevision: 2 } });
    // The old connection did not hear yet that it is out of date: its number is one that the other server has judged.
    expect(await ada.change(rename("a", "late"), { revision: 3 })).toMatchObject({ type: "ack", payload: { clientRevision: 3, serverRevision: 2 } });
    expect(await names(north.url, id)).toMatchObject({ a: "A2" });
  });

  it("W3 a refusal given by one server is not given anew by the other, though it moves no revision", async () => {
    const [north, south] = await twoNodes();
    const id = await newProject(north.url);
    const here = await Probe.join(north.url, id, { clientId: "ada" });
    const there = await Probe.join(south.url, id, { clientId: "ada" });
    const refused = await here.change({ tasks: { updated: [{ id: "a", changes: { percentDone: 900 } }] } });
    expect(await there.change(rename("a", "judged twice?"))).toEqual(refused);
    expect(await names(south.url, id)).toMatchObject({ a: "A" });
  });

  it("W3 a clientId that two people take at once on two servers stays with the first who wrote", async () => {
    const { url, drop } = await emptyDatabase();
    atEnd(drop);
    const authorize = async (token: string | undefined) => ({ role: "editor" as const, sub: token ?? "", name: token ?? "" });
    const [north, south] = [await startServer({ database: url, authorize }), await startServer({ database: url, authorize })];
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id, { clientId: "c", token: "ada" });
    const eve = await Probe.join(south.url, id, { clientId: "c", token: "eve" });
    await ada.change(rename("a", "A1"));
    expect(await eve.change(rename("b", "B1"))).toMatchObject({ type: "error", payload: { code: "client_id_taken", action: "fatal" } });
  });

  it("D4 without any hint the poll brings the edit, and an archived project ends on every server", async () => {
    const { url, drop } = await emptyDatabase();
    atEnd(drop);
    const north = await startServer({ database: url });
    const ticks: (() => void)[] = [];
    const scheduler: Scheduler = {
      ...systemScheduler,
      every(_, run) {
        ticks.push(run);
        return { cancel: () => {} };
      },
    };
    const deaf = new Deaf(new Database(url), url, scheduler);
    atEnd(() => deaf.close());
    const south = await startServer({ store: deaf, scheduler });
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    await ada.change(rename("a", "A1"));
    for (const tick of ticks) tick();
    expect(await bob.next("changes")).toMatchObject({ revision: 1 });
    await request(`${north.url}/api/projects/${id}`, "DELETE");
    for (const tick of ticks) tick();
    expect(await bob.closed()).toMatchObject({ code: 4404, error: { code: "project_archived" } });
  });

  it("D3 history that one server folded is not promised by the other", async () => {
    const { url, drop } = await emptyDatabase();
    atEnd(drop);
    let ahead = 0;
    const north = await startServer({ database: url, limits: { keepRevisions: 1, keepDays: 1 }, clock: () => Date.now() + ahead });
    const south = await startServer({ database: url });
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    while ((await bob.next("changes")).revision < 3);
    ahead = 2 * 86_400_000;
    await north.sync.rooms.compact();
    const late = new Probe(south.url, id);
    await late.open();
    late.send({ type: "hello", protocol: 1, lastRevision: 0 });
    expect(await late.closed()).toMatchObject({ code: 4503, error: { code: "history_compacted", action: "retry" } });
    const again = new Probe(south.url, id);
    await again.open();
    await again.hello({ lastRevision: 0 });
    expect(await again.next("sync")).toMatchObject({ payload: { revision: 3 } });
  });

  it("U1 of servers that start at once on an empty database one makes the sample", async () => {
    const { url, drop } = await emptyDatabase();
    atEnd(drop);
    const nodes = await Promise.all([1, 2, 3].map(() => startServer({ database: url })));
    const made = await Promise.all(nodes.map(({ sync }) => createSample(sync)));
    expect(made.filter((id) => id !== undefined).length).toBe(1);
    expect((await request(`${nodes[0]?.url}/api/projects`)).body.projects.length).toBe(1);
  });

  it("D4 both servers under load on one project: every edit is acknowledged once, the log has no gap", async () => {
    const [north, south] = await twoNodes();
    const id = await newProject(north.url);
    const probes = await Promise.all([north, south, north, south].map(({ url }) => Probe.join(url, id)));
    const each = 40;
    for (const [p, probe] of probes.entries()) for (let i = 0; i < each; i++) probe.post({ tasks: { added: [{ id: `p${p}i${i}`, name: "N" }] } });
    const revisions: number[] = [];
    for (const probe of probes)
      for (let i = 0; i < each; i++) {
        const answer = await probe.next("ack", "error", "conflict");
        expect(answer.type).toBe("ack");
        if (answer.type === "ack") revisions.push(answer.payload.serverRevision);
      }
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: each * probes.length }, (_, i) => i + 1));
    expect(Object.keys(await names(south.url, id)).length).toBe(2 + each * probes.length);
  });
});

describe.skipIf(!hasBinaries)("W4 PostgreSQL goes away", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await ownCluster();
  });
  afterAll(() => cluster.destroy());

  it("W4 while it is away the plan is still read and writes are refused with a retry; when it is back all goes on", async () => {
    const [north, south] = [await startServer({ database: cluster.url }), await startServer({ database: cluster.url })];
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    await ada.change(rename("a", "A1"));
    await bob.next("changes");
    await cluster.crash();
    expect(await ada.change(rename("a", "A2"))).toMatchObject({ type: "error", payload: { code: "storage_unavailable", action: "retry" } });
    expect((await request(`${north.url}/readyz`)).status).toBe(503);
    expect((await request(`${north.url}/metrics`)).status).toBe(200);
    expect(north.sync.rooms.peek(id)?.view().revision).toBe(1);
    await cluster.start();
    expect(await ada.change(rename("a", "A2"), { revision: 2 })).toMatchObject({ type: "ack", payload: { serverRevision: 2 } });
    expect(await bob.next("changes")).toMatchObject({ revision: 2 });
    expect((await request(`${north.url}/readyz`)).status).toBe(200);
  });

  it("P3 killed in the middle of writes, five times: nothing acknowledged is lost, nothing is doubled, no revision is missing", async () => {
    const [north, south] = [await startServer({ database: cluster.url }), await startServer({ database: cluster.url })];
    const id = await newProject(north.url);
    const acked = new Map<string, number>();
    let stop = false;
    /** One client: repeats what is refused with a retry, under the same number, until it has an answer. */
    const write = async (url: string, who: string) => {
      const probe = await Probe.join(url, id, { clientId: who });
      for (let n = 1; !stop; n++) {
        const payload = { tasks: { added: [{ id: `${who}${n}`, name: `${n}` }] } };
        for (;;) {
          const answer = await probe.change(payload, { revision: n });
          if (answer.type === "ack") {
            acked.set(`${who}${n}`, answer.payload.serverRevision);
            break;
          }
          expect(answer).toMatchObject({ payload: { action: "retry" } });
          await new Promise((done) => setImmediate(done));
        }
      }
    };
    const writers = [write(north.url, "n"), write(north.url, "m"), write(south.url, "s"), write(south.url, "t")];
    for (let round = 1; round <= 5; round++) {
      const goal = acked.size + 40;
      await until(() => acked.size >= goal);
      await cluster.crash();
      await cluster.start();
    }
    const goal = acked.size + 40;
    await until(() => acked.size >= goal);
    stop = true;
    await Promise.all(writers);
    const store = await openPostgresStore(cluster.url);
    const rows = await store.changes(id, { after: 0 });
    await store.close();
    expect(rows.map(({ revision }) => revision)).toEqual(rows.map((_, i) => i + 1));
    expect(rows.length).toBe(acked.size);
    for (const { clientId, clientRevision, revision } of rows) expect(acked.get(`${clientId}${clientRevision}`)).toBe(revision);
    const ids = Object.keys(await names(north.url, id)).sort();
    expect(ids).toEqual([...acked.keys(), "a", "b"].sort());
    expect(Object.keys(await names(south.url, id)).sort()).toEqual(ids);
  }, 60_000);

  it("D4 the listener comes back after its connection was cut, and asks what it missed", async () => {
    const [north, south] = [await startServer({ database: cluster.url }), await startServer({ database: cluster.url })];
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    await sql(cluster.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    await ada.change(rename("a", "A1"));
    expect(await bob.next("changes")).toMatchObject({ revision: 1 });
  });
});

const revisionIn = (message: { readonly type: string }): number | undefined =>
  message.type === "changes"
    ? (message as { revision?: number }).revision
    : message.type === "ack"
      ? (message as { payload?: { serverRevision?: number } }).payload?.serverRevision
      : undefined;

/** Looks again after everything that has arrived. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setImmediate(done));
}
