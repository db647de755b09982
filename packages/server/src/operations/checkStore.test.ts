import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../stores/sqlite/database.ts";
import type { Database } from "../stores/sqlite/library.ts";
import { openSqliteStore } from "../stores/sqlite/sqliteStore.ts";
import { newProject, Probe, rename, request, startServer } from "../test/harness.ts";
import { checkStore } from "./checkStore.ts";

const plan = {
  tasks: [
    { id: "a", name: "A", duration: 2, durationUnit: "day" },
    { id: "b", name: "B", duration: 1, durationUnit: "day" },
  ],
  dependencies: [{ id: "d", fromTask: "a", toTask: "b" }],
};

/** A database with a project at revision 5, snapshots of revisions 0, 3 (a named version) and 5, on which `hurt` was let loose. */
async function checked(hurt: (db: Database) => void = () => {}) {
  const { url, data, close } = await startServer();
  const id = await newProject(url, plan);
  const ada = await Probe.join(url, id);
  for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
  expect((await request(`${url}/api/projects/${id}/versions`, "POST", { name: "V", revision: 3 })).status).toBe(201);
  await ada.change({ tasks: { added: [{ id: "c", name: "C", parentId: "a" }] } });
  await ada.change({ comments: { added: [{ id: "k", task: "c", text: "!" }] } });
  await close();
  const db = openDatabase(join(data, "livegantt.db"));
  db.exec("PRAGMA foreign_keys = OFF");
  hurt(db);
  db.close();
  const store = openSqliteStore(data, "read");
  try {
    const { faults, projects } = await checkStore(store);
    return { projects, faults: [...faults, ...projects.flatMap((project) => project.faults)].map(({ code, message }) => `${code}: ${message}`) };
  } finally {
    await store.close();
  }
}

/** Writes the JSON of a snapshot anew. */
function inSnapshot(db: Database, revision: number, from: string, to: string): void {
  const { body } = db.prepare("SELECT body FROM snapshots WHERE revision = ?").get(revision) as { body: Uint8Array };
  const text = String(gunzipSync(body));
  expect(text).toContain(from);
  db.prepare("UPDATE snapshots SET body = ? WHERE revision = ?").run(gzipSync(text.replace(from, to)), revision);
}

describe("U7 check", () => {
  it("U7 a sound database has no fault: every change was replayed, every snapshot compared", async () => {
    expect(await checked()).toMatchObject({ faults: [], projects: [{ revision: 5, tasks: 3, snapshots: 3, replayed: 5 }] });
  });

  it("U7 a compacted log whose named version stayed behind is sound", async () => {
    const { faults } = await checked((db) => {
      db.exec("DELETE FROM changes");
      db.exec("DELETE FROM snapshots WHERE revision = 0");
    });
    expect(faults).toEqual([]);
  });

  it.each<[string, (db: Database) => void, RegExp]>([
    ["a hole in the log", (db) => db.exec("DELETE FROM changes WHERE revision = 2"), /^log_gap: revision 2 is missing/],
    [
      "a log that ends early",
      (db) => db.exec("DELETE FROM changes WHERE revision = 5"),
      /^log_ends_early: the log ends at revision 4, the project stands at 5/,
    ],
    ["a change that is no JSON", (db) => db.exec("UPDATE changes SET payload = '{' WHERE revision = 4"), /^change_unreadable: revision 4/],
    ["an undo that is no JSON", (db) => db.exec("UPDATE changes SET inverse = '' WHERE revision = 4"), /^change_unreadable: revision 4/],
    ["a number used twice", (db) => db.exec("UPDATE changes SET client_revision = 1 WHERE revision = 4"), /^number_twice: revision 4 has number 1/],
    ["time that runs backwards", (db) => db.exec("UPDATE changes SET at = 5 WHERE revision = 4"), /^time_backwards: revision 4/],
    ["a client without a counter", (db) => db.exec("DELETE FROM clients"), /^client_unknown: changes of the client/],
    ["no snapshot", (db) => db.exec("DELETE FROM snapshots"), /^no_snapshot: /],
    ["a snapshot of nothing", (db) => db.exec("UPDATE snapshots SET body = x'00' WHERE revision = 0"), /^snapshot_unreadable: the snapshot of revision 0/],
    ["a snapshot that is not what the log gives", (db) => inSnapshot(db, 5, '"A3"', '"Z"'), /^snapshot_differs: the snapshot of revision 5/],
    ["a snapshot from the future", (db) => db.exec("UPDATE snapshots SET revision = 9 WHERE revision = 5"), /^snapshot_ahead: .* revision 9/],
    ["a version without its snapshot", (db) => db.exec("DELETE FROM snapshots WHERE revision = 3"), /^version_lost: the version "V"/],
    ["a list of projects that knows another name", (db) => db.exec("UPDATE projects SET name = 'Other'"), /^head_differs: .*"Other"/],
    ["a list of projects that counts otherwise", (db) => db.exec("UPDATE projects SET tasks = 9"), /^head_differs: .* 9 tasks/],
    [
      "rows of no project",
      (db) => db.exec("INSERT INTO snapshots VALUES ('ghost', 0, x'00')"),
      /^database_damaged: a row of snapshots belongs to no row of projects/,
    ],
    ["V8 a value out of range", (db) => db.exec(`UPDATE changes SET payload = replace(payload, '"name":"A3"', '"percentDone":900')`), /^V8: tasks\/a /],
    [
      "V2 a parent that does not live",
      (db) => db.exec(`UPDATE changes SET payload = replace(payload, '"parentId":"a"', '"parentId":"gone"')`),
      /^V2: tasks\/c /,
    ],
    ["V4 a link to itself", (db) => inSnapshot(db, 0, '"toTask":"b"', '"toTask":"a"'), /^V4: dependencies\/d /],
    ["V11 a comment on nothing", (db) => db.exec(`UPDATE changes SET payload = replace(payload, '"task":"c"', '"task":"gone"')`), /^V11: comments\/k /],
  ])("U7 %s is found and named", async (_name, hurt, said) => {
    const { faults } = await checked(hurt);
    expect(faults).toContainEqual(expect.stringMatching(said));
  });
});
