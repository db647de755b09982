import { type Changeset, type CollectionChanges, Ledger, projectFromJSON, projectToJSON, replayChange } from "@livegantt/core";
import { describe, expect, it } from "vitest";
import type { Committed } from "../../embedding/committed.ts";
import { type Scheduler, systemScheduler } from "../../interfaces/scheduler.ts";
import type { ServerOptions } from "../../server.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder, twoTasks } from "../harness.ts";
import { emptyDatabase, hasPostgres, sql } from "../postgres.ts";

/** A product that hears of changes; `react` may wait or throw. */
class Listener {
  readonly heard: Committed[] = [];
  readonly #waiting = new Set<() => void>();
  react: (change: Committed) => unknown = () => {};

  readonly onCommitted = async (change: Committed): Promise<void> => {
    await this.react(change);
    this.heard.push(change);
    for (const wake of this.#waiting) wake();
  };

  /** Revisions of a project, in the order in which they were heard. */
  revisions(project: string): number[] {
    return this.heard.filter((change) => change.project === project).map(({ revision }) => revision);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((done) => this.#waiting.add(done));
  }

  count(n: number): Promise<void> {
    return this.until(() => this.heard.length >= n);
  }
}

async function listening(options: ServerOptions = {}) {
  const listener = new Listener();
  const server = await startServer({ onCommitted: listener.onCommitted, ...options });
  return { listener, ...server };
}

/** A gate: `pass` waits for `open`; `reached` tells that somebody is waiting. */
function gate() {
  let open = (): void => {};
  let arrive = (): void => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  const reached = new Promise<void>((done) => {
    arrive = done;
  });
  const pass = (): Promise<void> => {
    arrive();
    return opened;
  };
  return { pass, reached, open: () => open() };
}

/** Names of tasks as a mirror has them that takes changes over without looking. */
function mirrorOf(changes: readonly Committed[]): Record<string, unknown> {
  let names: Record<string, unknown> = {};
  for (const { changeset, whole } of changes) {
    if (whole) names = {};
    const { added = [], updated = [], removed = [] } = (changeset as { tasks?: CollectionChanges }).tasks ?? {};
    for (const { id, name } of added) names[id] = name;
    for (const { id, changes } of updated) if ("name" in changes) names[id] = changes.name;
    for (const { id } of removed) delete names[id];
  }
  return names;
}

describe("D11 onCommitted", () => {
  it("D11 hears the plan that a project began with, then each change in order, with who, when and why", async () => {
    const { listener, url } = await listening({
      authorize: async (token) => ({ role: "admin", ...(token !== undefined && { sub: `id of ${token}`, name: token }) }),
    });
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { token: "Ada", clientId: "ada" });
    await ada.change(rename("a", "Dig"), { intent: "task.rename", madeAt: "2026-01-01T10:00:00Z" });
    await ada.change({ tasks: { added: [{ id: "c", name: "C", parentId: "b" }] } });
    await ada.change({ tasks: { removed: [{ id: "b", seen: { tasks: ["c"] } }] } });
    await listener.count(4);
    expect(listener.revisions(id)).toEqual([0, 1, 2, 3]);
    const [begin, first, , last] = listener.heard as [Committed, Committed, Committed, Committed];
    expect(begin).toMatchObject({ whole: true, author: null, changeset: { tasks: { added: twoTasks.tasks } } });
    expect(first).toMatchObject({
      project: id,
      whole: false,
      author: { name: "Ada", sub: "id of Ada", clientId: "ada" },
      at: expect.any(Number),
      madeAt: "2026-01-01T10:00:00Z",
      intent: "task.rename",
      changeset: rename("a", "Dig"),
    });
    expect(last.changeset.tasks?.removed?.map((gone) => gone.id).sort()).toEqual(["b", "c"]);
    expect(new Set(listener.heard.map(({ cursor }) => cursor)).size).toBe(4);
  });

  it("D11 what was heard, taken over without looking, is the plan", async () => {
    const { listener, url } = await listening();
    const id = await newProject(url);
    const [ada, bob] = [await Probe.join(url, id), await Probe.join(url, id)];
    for (let i = 0; i < 40; i++) {
      ada.post({ tasks: { added: [{ id: `t${i}`, name: `T${i}`, duration: i }] } });
      bob.post({ tasks: { updated: [{ id: "a", changes: { note: `${i}`, percentDone: i } }] } });
    }
    await listener.count(81);
    const { body } = await request(`${url}/api/projects/${id}`);
    const whole = listener.heard[0] as Committed;
    const state = projectFromJSON({ tasks: whole.changeset.tasks?.added, project: whole.changeset.project?.updated[0]?.changes }, { id });
    state.revision = 0;
    const ledger = new Ledger();
    for (const { revision, changeset, at } of listener.heard.slice(1))
      replayChange(state, ledger, { payload: changeset as Changeset, notices: [], stamp: { revision, clientId: "m", name: "m", at } });
    expect(projectToJSON(state).tasks).toEqual(body.tasks);
  });

  it("D11 the next change waits until this one was taken; other projects do not", async () => {
    const { listener, url } = await listening();
    const [slow, quick] = [await newProject(url), await newProject(url)];
    await listener.count(2);
    const held = gate();
    let atOnce = 0;
    listener.react = async ({ project }) => {
      if (project !== slow) return;
      expect(++atOnce).toBe(1);
      await held.pass();
      atOnce--;
    };
    const [ada, bob] = [await Probe.join(url, slow), await Probe.join(url, quick)];
    for (const name of ["1", "2", "3"]) await ada.change(rename("a", name));
    for (const name of ["1", "2", "3"]) await bob.change(rename("a", name));
    await listener.until(() => listener.revisions(quick).length === 4);
    expect(listener.revisions(slow)).toEqual([0]);
    held.open();
    await listener.until(() => listener.revisions(slow).length === 4);
    expect(listener.revisions(slow)).toEqual([0, 1, 2, 3]);
  });

  it("D11 what throws is called again with the same change, later each time, and nothing of the project overtakes it", async () => {
    const waits: number[] = [];
    let fail = 5;
    const scheduler: Scheduler = {
      ...systemScheduler,
      after(ms, run, options) {
        if (fail < 5 && ms <= 60_000 && ms >= 500 && options?.idle && waits.length < 5) {
          waits.push(ms);
          return systemScheduler.after(0, run);
        }
        return systemScheduler.after(ms, run, options);
      },
    };
    const { listener, url } = await listening({ scheduler });
    const [broken, fine] = [await newProject(url), await newProject(url)];
    await listener.count(2);
    const tried: number[] = [];
    listener.react = ({ project, revision }) => {
      if (project !== broken) return;
      tried.push(revision);
      if (fail-- > 0) throw new Error("the mirror's disk is full");
    };
    const [ada, bob] = [await Probe.join(url, broken), await Probe.join(url, fine)];
    await ada.change(rename("a", "1"));
    await ada.change(rename("a", "2"));
    await bob.change(rename("a", "1"));
    await listener.until(() => listener.revisions(broken).length === 3 && listener.revisions(fine).length === 2);
    expect(listener.revisions(broken)).toEqual([0, 1, 2]);
    expect(tried).toEqual([1, 1, 1, 1, 1, 1, 2]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000]);
    const metrics = (await request(`${url}/metrics`)).body as string;
    expect(metrics).toMatch(/livegantt_deliveries_total\{outcome="failed"\} 5/);
    expect(metrics).toMatch(/livegantt_deliveries_total\{outcome="delivered"\} 5/);
  });

  it("D11 after a restart it goes on where it stood; what was committed while nobody listened comes first", async () => {
    const data = temporaryFolder();
    const { listener, url, close } = await listening({ data });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "1"));
    await listener.count(2);
    await close();
    const deaf = await startServer({ data });
    const bob = await Probe.join(deaf.url, id);
    await bob.change(rename("a", "2"));
    await deaf.close();
    const again = await listening({ data });
    const carol = await Probe.join(again.url, id);
    await carol.change(rename("a", "3"));
    await again.listener.count(2);
    expect(again.listener.revisions(id)).toEqual([2, 3]);
  });

  it("D11 a change whose delivery was not over when the server ended comes again", async () => {
    const data = temporaryFolder();
    const { listener, url, close } = await listening({ data });
    const id = await newProject(url);
    await listener.count(1);
    const begun = gate();
    listener.react = () => {
      void begun.pass();
      throw new Error("ended in the middle");
    };
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "1"));
    await begun.reached;
    await close();
    const again = await listening({ data });
    await again.listener.count(1);
    expect(again.listener.revisions(id)).toEqual([1]);
  });

  it("D3 history that was not delivered is not folded; where it was folded before anybody listened, the whole plan comes", async () => {
    const data = temporaryFolder();
    let ahead = 0;
    const options = { data, limits: { keepRevisions: 1, keepDays: 1 }, clock: () => Date.now() + ahead };
    const { listener, url, sync, close } = await listening(options);
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await listener.count(1);
    const held = gate();
    listener.react = held.pass;
    for (const name of ["1", "2", "3"]) await ada.change(rename("a", name));
    ahead = 2 * 86_400_000;
    await sync.rooms.compact();
    expect(await sync.store.oldestChange(id)).toMatchObject({ revision: 1 });
    held.open();
    await listener.count(4);
    expect(listener.revisions(id)).toEqual([0, 1, 2, 3]);
    await close();

    const deaf = await startServer(options);
    const bob = await Probe.join(deaf.url, id);
    for (const name of ["4", "5", "6"]) await bob.change(rename("b", name));
    ahead = 4 * 86_400_000;
    await deaf.sync.rooms.compact();
    expect(await deaf.sync.store.oldestChange(id)).toMatchObject({ revision: 6 });
    await deaf.close();

    const again = await listening(options);
    await again.listener.count(2);
    expect(again.listener.heard.map(({ revision, whole }) => [revision, whole])).toEqual([
      [5, true],
      [6, false],
    ]);
    expect(mirrorOf([...listener.heard, ...again.listener.heard])).toEqual({ a: "3", b: "6" });
  });

  it("D11 catching up on a long log leaves time for everybody else", async () => {
    const data = temporaryFolder();
    const deaf = await startServer({ data });
    const id = await newProject(deaf.url);
    const ada = await Probe.join(deaf.url, id);
    for (let i = 0; i < 400; i++) ada.post(rename("a", `${i}`));
    for (let i = 0; i < 400; i++) await ada.next("ack");
    await deaf.close();
    const { listener } = await listening({ data });
    let turns = 0;
    let watched = true;
    const turn = () => {
      turns++;
      if (watched) setImmediate(turn);
    };
    turn();
    // A mirror that writes in the same thread, 2 ms for each change.
    listener.react = () => {
      const until = performance.now() + 2;
      while (performance.now() < until);
    };
    await listener.count(401);
    watched = false;
    expect(turns).toBeGreaterThan(100);
  });

  it("D11 replay gives everything after a change again, or everything; a text that is no cursor is refused", async () => {
    const { listener, url, replay } = await listening();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const name of ["1", "2"]) await ada.change(rename("a", name));
    await listener.count(3);
    await replay(id, listener.heard[1]?.cursor);
    await listener.count(4);
    await replay(id);
    await listener.count(7);
    expect(listener.revisions(id)).toEqual([0, 1, 2, 2, 0, 1, 2]);
    await expect(replay(id, "soon")).rejects.toMatchObject({ code: "invalid_value", path: "cursor" });
    await expect(replay("nowhere")).rejects.toMatchObject({ code: "project_not_found" });
    await ada.change(rename("a", "3"));
    await listener.count(8);
    expect(listener.revisions(id).at(-1)).toBe(3);
  });

  it("D11 a project of another epoch, as after a restored backup, is told anew", async () => {
    const { listener, url, sync } = await listening();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "1"));
    await listener.count(2);
    await sync.deliveries?.replay(id, "other:1");
    await listener.count(4);
    expect(listener.heard.map(({ revision, whole }) => [revision, whole]).slice(2)).toEqual([
      [0, true],
      [1, false],
    ]);
  });
});

describe.skipIf(!hasPostgres)("D11 onCommitted on several servers", () => {
  it("D11 each change is heard once, in order and by one server at a time; when that one ends, the other goes on", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    const north = await listening({ database });
    const south = await listening({ database });
    const id = await newProject(north.url);
    let atOnce = 0;
    const all: number[] = [];
    const wakers = new Set<() => void>();
    const react = async ({ revision }: Committed) => {
      expect(++atOnce).toBe(1);
      await new Promise((done) => setImmediate(done));
      atOnce--;
      all.push(revision);
      for (const wake of wakers) wake();
    };
    north.listener.react = react;
    south.listener.react = react;
    const until = async (n: number) => {
      while (all.length < n) await new Promise<void>((done) => wakers.add(done));
    };
    const [ada, bob] = [await Probe.join(north.url, id), await Probe.join(south.url, id)];
    for (let i = 0; i < 20; i++) {
      ada.post({ tasks: { added: [{ id: `n${i}`, name: "N" }] } });
      bob.post({ tasks: { added: [{ id: `s${i}`, name: "S" }] } });
    }
    await until(41);
    expect(all).toEqual(Array.from({ length: 41 }, (_, i) => i));
    await north.close();
    for (let i = 0; i < 3; i++) bob.post(rename("a", `${i}`));
    await until(44);
    expect(all).toEqual(Array.from({ length: 44 }, (_, i) => i));
  });

  it("D11 what a server that died had taken is delivered by another when its time is over", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    /** Its timers stand still, so it renews nothing. */
    const frozen: Scheduler = { ...systemScheduler, every: () => ({ cancel: () => {} }) };
    const north = await listening({ database, scheduler: frozen });
    const held = gate();
    atEnd(held.open);
    north.listener.react = held.pass;
    const id = await newProject(north.url);
    await held.reached;
    const south = await listening({ database });
    await south.sync.deliveries?.poll();
    expect(south.listener.heard).toEqual([]);
    await sql(database, "UPDATE deliveries SET until = clock_timestamp() - interval '1 second'");
    await south.sync.deliveries?.poll();
    await south.listener.count(1);
    expect(south.listener.revisions(id)).toEqual([0]);
  });
});
