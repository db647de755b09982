import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { firstVersionRows, firstVersionWorks } from "../../test/firstVersion.ts";
import { emptyDatabase, hasPostgres, sql } from "../../test/postgres.ts";
import { storeSuite } from "../../test/storeSuite.ts";
import { Database } from "./database.ts";
import { migrate, migrations } from "./migrations.ts";
import { openPostgresStore, type PostgresStore } from "./postgresStore.ts";

describe.skipIf(!hasPostgres)("with PostgreSQL", () => {
  storeSuite("postgres", async () => {
    const { url, drop } = await emptyDatabase();
    let store = await openPostgresStore(url);
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openPostgresStore(url);
        return store;
      },
      failWrites: async () => {
        await sql(url, "ALTER TABLE changes ADD CONSTRAINT full_disk CHECK (length(payload) < 1000) NOT VALID");
        return () => sql(url, "ALTER TABLE changes DROP CONSTRAINT full_disk");
      },
      destroy: async () => {
        await store.close();
        await drop();
      },
    };
  });

  const endings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function place(): Promise<string> {
    const { url, drop } = await emptyDatabase();
    endings.push(drop);
    return url;
  }

  async function open(url: string): Promise<PostgresStore> {
    const store = await openPostgresStore(url);
    endings.push(() => store.close());
    return store;
  }

  const info = { id: "p", name: "P", epoch: "e", revision: 0, tasks: 0, createdAt: 1, updatedAt: 1, archivedAt: null };
  const answer = (clientId: string, clientRevision: number) => ({ clientId, clientRevision, body: `${clientRevision}` });
  const commit = (base: number, revision: number, client: string, number: number, sub: string | null = null) => ({
    project: "p",
    base,
    revision,
    at: 5,
    name: "P",
    tasks: 0,
    changes:
      revision === base
        ? []
        : [
            {
              revision,
              clientId: client,
              clientRevision: number,
              author: "A",
              sub,
              at: 5,
              madeAt: null,
              intent: null,
              payload: "{}",
              notices: null,
              inverse: "{}",
            },
          ],
    newClients: number === 1 ? [{ clientId: client, sub }] : [],
    answers: revision === base ? [answer(client, number)] : [],
  });

  it("D4 servers that start at the same moment migrate once", async () => {
    const url = await place();
    const stores = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    await stores[0]?.create(info, Buffer.from("x"));
    for (const store of stores) expect((await store.project("p"))?.name).toBe("P");
  });

  it("a database of a newer livegantt is left alone", async () => {
    const url = await place();
    await open(url);
    await sql(url, `UPDATE schema_version SET version = ${migrations.length + 1}`);
    await expect(openPostgresStore(url)).rejects.toMatchObject({ code: "newer_schema" });
  });

  it("D6 rows of the audit log cannot be deleted, and of their texts only the person's can be written anew", async () => {
    const url = await place();
    const store = await open(url);
    await store.audit.append({ project: "p", at: 1, action: "exported", actor: "Ada", sub: "ada", detail: null });
    for (const statement of ["DELETE FROM audit", "TRUNCATE audit", "UPDATE audit SET action = 'refused'"])
      await expect(sql(url, statement)).rejects.toThrow(/never deleted or changed/);
    await sql(url, "UPDATE audit SET actor = 'Somebody', sub = NULL");
    expect(await store.audit.page("p", { limit: 1 })).toMatchObject([{ actor: "Somebody", sub: null }]);
  });

  it("a database of the first version opens with its data, and takes what the newer ones added", async () => {
    const url = await place();
    const database = new Database(url);
    await database.transaction((query) => migrate(query, migrations.slice(0, 1)));
    await database.close();
    await sql(url, firstVersionRows.replaceAll(/x'([0-9a-f]*)'/g, "'\\x$1'"));
    await firstVersionWorks(await openPostgresStore(url));
  });

  it("a migration that fails leaves the schema it started from, a later one starts from there", async () => {
    const database = new Database(await place());
    endings.push(() => database.close());
    const version = () => database.query("SELECT version FROM schema_version");
    await database.transaction((query) => migrate(query, ["CREATE TABLE a(x integer)"]));
    await expect(database.transaction((query) => migrate(query, ["", "CREATE TABLE b(x integer); SELECT nonsense"]))).rejects.toThrow(/nonsense/);
    expect(await version()).toEqual([{ version: 1 }]);
    await database.transaction((query) => migrate(query, ["", "CREATE TABLE b(x integer)"]));
    expect(await version()).toEqual([{ version: 2 }]);
  });

  it("D4 of two servers that write the same revision at once one is behind, and nobody waits in a circle", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    for (const id of ["p", "q"]) await north.create({ ...info, id }, Buffer.from("x"));
    for (let revision = 1; revision <= 10; revision++) {
      const batch = (client: string) => ["p", "q"].map((project) => ({ ...commit(revision - 1, revision, client, revision), project }));
      const results = await Promise.all([north.commit(batch("n")), south.commit(batch("s").reverse())]);
      expect(results.map(([first]) => first).sort()).toEqual(["behind", "committed"]);
      const [winner] = await north.changes("p", { after: revision - 1 });
      const loser = winner?.clientId === "n" ? "s" : "n";
      // The loser's number goes with an answer, so that both count on.
      for (const project of ["p", "q"]) {
        const base = commit(revision, revision, loser, revision);
        expect(await north.commit([{ ...base, project }])).toEqual(["committed"]);
      }
    }
    expect((await north.changes("q", { after: 0 })).map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("D4 a project that is erased while another server writes to it leaves nothing behind", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    for (let round = 0; round < 10; round++) {
      await north.create(info, Buffer.from("x"));
      await north.commit([commit(0, 1, "c", 1)]);
      const [[written], erased] = await Promise.all([north.commit([commit(1, 2, "c", 2)]), south.purge("p")]);
      expect(["committed", "gone"]).toContain(written);
      expect(erased).toBe(true);
      expect(await south.changes("p", { after: 0 })).toEqual([]);
      expect(await north.commit([commit(2, 3, "c", 3)])).toEqual(["gone"]);
    }
  });

  it("W3 a number that another server has judged is not judged again, whatever each made of it", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    await north.create(info, Buffer.from("x"));
    expect(await north.commit([commit(0, 0, "c", 1)])).toEqual(["committed"]);
    expect(await south.commit([commit(0, 1, "c", 1)])).toEqual(["behind"]);
    expect(await south.commit([commit(0, 0, "c", 1)])).toEqual(["behind"]);
    expect(await south.commit([commit(0, 1, "c", 2)])).toEqual(["committed"]);
    expect(await north.commit([commit(1, 1, "c", 2)])).toEqual(["behind"]);
    await north.saveSnapshot("p", { revision: 1, body: Buffer.from("y") });
    await north.prune("p", 1);
    expect(await north.commit([commit(1, 1, "c", 2)])).toEqual(["behind"]);
    expect((await south.client("p", "c"))?.client.lastRevision).toBe(2);
  });

  it("W3 a client that belongs to somebody else by now is behind", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    await north.create(info, Buffer.from("x"));
    expect(await north.commit([commit(0, 0, "c", 1, "ada")])).toEqual(["committed"]);
    const stolen = { ...commit(0, 0, "c", 2, "eve"), newClients: [{ clientId: "c", sub: "eve" }] };
    expect(await south.commit([stolen])).toEqual(["behind"]);
  });

  it("D4 another server hears of a commit, odd ids included, and first of all that it may have missed some", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    const id = 'p"\u0000\u0001,1]';
    await north.create({ ...info, id }, Buffer.from("x"));
    const heard: unknown[] = [];
    let wake = (): void => {};
    const next = () => new Promise<void>((done) => (wake = done));
    let waiting = next();
    endings.push(
      south.watch((...hint) => {
        heard.push(hint);
        wake();
      }),
    );
    await waiting;
    expect(heard).toEqual([[]]);
    waiting = next();
    await sql(url, "NOTIFY livegantt, 'not ours'");
    await north.commit([{ ...commit(0, 1, "c", 1), project: id }]);
    await waiting;
    expect(heard).toEqual([[], [id, 1]]);
  });

  it("D4 what one server tells all hear, itself included, up to the size that it names", async () => {
    const url = await place();
    const [north, south] = [await open(url), await open(url)];
    const heard: string[] = [];
    let wake = (): void => {};
    const listening = [north, south].map(
      (store) =>
        new Promise<void>((done) =>
          endings.push(
            store.watch(
              () => done(),
              (text) => {
                heard.push(text);
                wake();
              },
            ),
          ),
        ),
    );
    await Promise.all(listening);
    const longest = `{"x":"${"y".repeat(north.tellBytes - 8)}"}`;
    const all = new Promise<void>((done) => {
      wake = () => void (heard.length === 4 && done());
    });
    await north.tell(['{"a":1}', longest]);
    await all;
    expect(heard.sort()).toEqual(['{"a":1}', '{"a":1}', longest, longest]);
    await expect(north.tell([`${longest} `])).rejects.toMatchObject({ code: "storage_unavailable" });
  });

  it("D11 a project is delivered by one server at a time, by another after it was let go or its time is over", async () => {
    const url = await place();
    const [north, south] = [(await open(url)).deliveries, (await open(url)).deliveries];
    await (await open(url)).create(info, Buffer.from(""));
    expect(await north.claim("p", "north", 60_000)).toBeNull();
    expect(await south.claim("p", "south", 60_000)).toBe(false);
    expect([await north.waiting("north"), await south.waiting("south")]).toEqual([["p"], []]);
    await north.release("p", "north");
    expect(await south.claim("p", "south", 0)).toBeNull();
    expect(await north.claim("p", "north", 60_000)).toBeNull();
    expect(await south.advance("p", "south", { epoch: "e", revision: 0 }, 60_000)).toBe(false);
    const claims = await Promise.all(["a", "b", "c", "d"].map((owner) => south.claim("p", owner, 60_000)));
    expect(claims).toEqual([false, false, false, false]);
  });

  /** Cuts the connection when COMMIT passes, once told to: before or after PostgreSQL has done it. */
  async function cutting(url: string) {
    let cut: "no" | "before" | "after" = "no";
    const target = new URL(url);
    const proxy = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      const end = (): void => {
        near.destroy();
        far.destroy();
      };
      let committing = false;
      near.on("data", (data) => {
        committing = cut !== "no" && data.includes("COMMIT\0");
        if (committing && cut === "before") end();
        else far.write(data);
      });
      far.on("data", (data) => (committing ? end() : near.write(data)));
      for (const socket of [near, far]) socket.on("error", end).on("close", end);
    });
    await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
    endings.push(() => proxy.close());
    const through = new URL(url);
    through.port = String((proxy.address() as AddressInfo).port);
    const store = await open(through.href);
    return {
      store,
      cut(when: typeof cut) {
        cut = when;
      },
    };
  }

  it("W4 a connection lost inside COMMIT is an unknown outcome, whether it happened or not; the next commit has another connection", async () => {
    const { store, cut } = await cutting(await place());
    await store.create(info, Buffer.from("x"));
    cut("before");
    await expect(store.commit([commit(0, 1, "c", 1)])).rejects.toMatchObject({ code: "unknown_outcome" });
    cut("no");
    expect((await store.project("p"))?.revision).toBe(0);
    cut("after");
    await expect(store.commit([commit(0, 1, "c", 1)])).rejects.toMatchObject({ code: "unknown_outcome" });
    cut("no");
    expect((await store.project("p"))?.revision).toBe(1);
    expect(await store.commit([commit(1, 2, "c", 2)])).toEqual(["committed"]);
  });

  it("W4 a database that cannot be reached is named as such, without the password", async () => {
    const gone = openPostgresStore("postgres://u:secret@127.0.0.1:1/x");
    await expect(gone).rejects.toMatchObject({ code: "storage_unavailable", message: expect.not.stringContaining("secret") });
  });
});
