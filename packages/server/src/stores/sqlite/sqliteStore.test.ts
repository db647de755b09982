import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { firstVersionRows, firstVersionWorks } from "../../test/firstVersion.ts";
import { storeSuite } from "../../test/storeSuite.ts";
import { drivers, openDatabase } from "./database.ts";
import { migrate, migrations } from "./migrations.ts";
import { openSqliteStore, SqliteStore } from "./sqliteStore.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "livegantt-store-"));
  folders.push(made);
  return made;
};
const loads = (driver: (typeof drivers)[number]): boolean => {
  try {
    return driver.load() !== undefined;
  } catch {
    return false;
  }
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

for (const driver of drivers.filter(loads))
  storeSuite(`sqlite by ${driver.module}`, async () => {
    const at = join(mkdtempSync(join(tmpdir(), "livegantt-store-")), "livegantt.db");
    let db = openDatabase(at, [driver]);
    let store = new SqliteStore(db);
    return {
      store,
      reopen: async () => {
        await store.close();
        db = openDatabase(at, [driver]);
        store = new SqliteStore(db);
        return store;
      },
      failWrites: () => {
        const { page_count } = db.prepare("PRAGMA page_count").get() as { page_count: number };
        db.exec(`PRAGMA max_page_count = ${page_count}`);
        return () => db.exec("PRAGMA max_page_count = 1073741823");
      },
      destroy: async () => {
        await store.close();
        rmSync(join(at, ".."), { recursive: true, force: true });
      },
    };
  });

describe("sqlite file", () => {
  it("D2 a file that is no database is refused with a report of what to do", () => {
    const at = folder();
    writeFileSync(join(at, "livegantt.db"), "this is a text file, not a database; ".repeat(100));
    expect(() => openSqliteStore(at)).toThrowError(expect.objectContaining({ code: "corrupt", message: expect.stringMatching(/damaged.*backup/) }));
  });

  it("D2 a half-written database is refused", async () => {
    const at = folder();
    const store = openSqliteStore(at);
    for (let i = 0; i < 40; i++) {
      await store.create(
        { id: `p${i}`, name: "x".repeat(200), epoch: "e", revision: 0, tasks: 0, createdAt: 1, updatedAt: 1, archivedAt: null },
        Buffer.alloc(3000, i),
      );
    }
    await store.close();
    const { readFileSync } = await import("node:fs");
    const bytes = readFileSync(join(at, "livegantt.db"));
    bytes.fill(0xee, 4096, bytes.length - 4096);
    writeFileSync(join(at, "livegantt.db"), bytes);
    expect(() => openSqliteStore(at)).toThrowError(expect.objectContaining({ code: "corrupt" }));
  });

  it("a database of a newer livegantt is left alone", async () => {
    const at = folder();
    await openSqliteStore(at).close();
    const db = openDatabase(join(at, "livegantt.db"));
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    expect(() => openSqliteStore(at)).toThrowError(expect.objectContaining({ code: "newer_schema" }));
  });

  it("D6 rows of the audit log cannot be deleted, and of their texts only the person's can be written anew", async () => {
    const at = folder();
    const store = openSqliteStore(at);
    await store.audit.append({ project: "p", at: 1, action: "exported", actor: "Ada", sub: "ada", detail: null });
    await store.close();
    const db = openDatabase(join(at, "livegantt.db"));
    expect(() => db.exec("DELETE FROM audit")).toThrow(/never deleted/);
    expect(() => db.exec("UPDATE audit SET action = 'refused'")).toThrow(/never changed/);
    db.exec("UPDATE audit SET actor = 'Somebody', sub = NULL");
    db.close();
  });

  it("a database of the first version opens with its data, and takes what the newer ones added", async () => {
    const at = folder();
    const db = openDatabase(join(at, "livegantt.db"));
    migrate(db, migrations.slice(0, 1));
    db.exec(firstVersionRows);
    db.close();
    await firstVersionWorks(openSqliteStore(at));
  });

  it("a migration that fails leaves the schema it started from", () => {
    const db = openDatabase(":memory:");
    expect(() => migrate(db, ["CREATE TABLE a(x) STRICT; SELECT nonsense;"])).toThrow();
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 0 });
    migrate(db, ["CREATE TABLE a(x INTEGER)"]);
    migrate(db, ["CREATE TABLE a(x INTEGER)", "CREATE TABLE b(y INTEGER)"]);
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    db.close();
  });

  it("without any SQLite library the error names each reason and the way out", () => {
    const broken = [
      {
        module: "better-sqlite3",
        load: () => {
          throw new Error("no binary");
        },
      },
    ];
    expect(() => openDatabase(":memory:", broken)).toThrowError(/better-sqlite3: no binary.*Node 22/);
  });
});
