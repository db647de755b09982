import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { livegantt } from "../commandLine.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";
import { buildServer } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

const slow = { timeout: 60_000 };

/** Renames a task until told to stop. */
async function busy(url: string, id: string) {
  const probe = await Probe.join(url, id);
  let going = true;
  const work = (async () => {
    for (let n = 1; going; n++) expect((await probe.change(rename("a", `A${n}`))).type).toBe("ack");
  })();
  const stop = async (): Promise<number> => {
    going = false;
    await work;
    return probe.revision;
  };
  return { probe, stop };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setImmediate(done));
}

describe("U7 backup and restore", () => {
  it("U7 a backup while the server writes is one moment of it, is sound, and is never overwritten", slow, async () => {
    const { url, data } = await startServer({ limits: { snapshotEvery: 50 } });
    const id = await newProject(url);
    const { probe, stop } = await busy(url, id);
    await until(() => probe.revision >= 100);
    const before = probe.revision;
    const file = join(temporaryFolder(), "daily", "one.db");
    const made = await livegantt(["backup", file, "--json", "--data", data]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(made.json).toMatchObject({ projects: 1, bytes: expect.any(Number) });
    const after = await stop();
    expect(readdirSync(join(file, ".."))).toEqual(["one.db"]);
    const checked = await livegantt(["check", file, "--json"]);
    expect([checked.code, checked.json.faults]).toEqual([0, []]);
    const { revision, replayed } = checked.json.projects[0];
    expect(revision).toBeGreaterThanOrEqual(before);
    expect(revision).toBeLessThanOrEqual(after);
    expect(replayed).toBe(revision);
    const again = await livegantt(["backup", file, "--json", "--data", data]);
    expect([again.code, again.json.error.code]).toEqual([1, "file_exists"]);
  });

  it("W0 after a restore no client follows a log that it does not know: its project has another epoch", slow, async () => {
    const first = await startServer();
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id, { clientId: "ada" });
    await ada.change(rename("a", "A1"));
    const { epoch } = (await Probe.join(first.url, id).then((probe) => probe.seen[0])) as unknown as { epoch: string };
    const file = join(temporaryFolder(), "b.db");
    expect((await livegantt(["backup", file, "--data", first.data])).code).toBe(0);
    for (const name of ["A2", "A3"]) await ada.change(rename("a", name));
    await first.close();

    const data = join(temporaryFolder(), "restored");
    expect((await livegantt(["restore", file, "--data", data])).code).toBe(0);
    const { url } = await startServer({ data });
    const back = new Probe(url, id);
    await back.open();
    const init = await back.hello({ clientId: "ada", lastRevision: 3 });
    expect(init.payload.epoch).not.toBe(epoch);
    expect(init.payload).toMatchObject({ revision: 1, lastClientRevision: 1 });
    expect(await back.next("sync")).toMatchObject({ payload: { revision: 1, tasks: [{ name: "A1" }, { name: "B" }] } });
    const refused = await livegantt(["restore", file, "--json", "--data", data]);
    expect([refused.code, refused.json.error.code]).toEqual([1, "exists"]);
  });

  it("W0 a database that was brought back by other means is made known as such with --in-place", slow, async () => {
    const { url, data, close } = await startServer();
    await newProject(url);
    await close();
    const epochs = () => {
      const db = openDatabase(join(data, "livegantt.db"));
      const rows = db.prepare("SELECT epoch FROM projects").all();
      db.close();
      return JSON.stringify(rows);
    };
    const before = epochs();
    expect((await livegantt(["restore", "--in-place", "--json", "--data", data])).json).toEqual({ projects: 1 });
    expect(epochs()).not.toBe(before);
  });

  it("U7 a damaged backup, and what is none, is refused and leaves nothing behind", slow, async () => {
    const folder = temporaryFolder();
    const file = join(folder, "b.db");
    writeFileSync(file, "no database at all, just text");
    const data = join(folder, "data");
    const refused = await livegantt(["restore", file, "--json", "--data", data]);
    expect([refused.code, refused.json.error.code]).toEqual([1, "corrupt"]);
    expect(existsSync(join(data, "livegantt.db"))).toBe(false);
    expect((await livegantt(["check", file, "--json"])).json.error.code).toBe("corrupt");
    expect((await livegantt(["check", join(folder, "none.db"), "--json"])).json.error.code).toBe("no_database");
  });

  it("U7 check of a damaged database ends with 1 and names project, revision and fault", slow, async () => {
    const { url, data, close } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (const name of ["A1", "A2"]) await ada.change(rename("a", name));
    await close();
    const db = openDatabase(join(data, "livegantt.db"));
    db.exec("DELETE FROM changes WHERE revision = 1");
    db.exec("DELETE FROM snapshots WHERE revision > 0");
    db.close();
    const { code, stdout } = await livegantt(["check", "--data", data]);
    expect([code, String(stdout)]).toEqual([1, expect.stringMatching(new RegExp(`${id} .*DAMAGED\\n.*FAULT`))]);
  });

  it.skipIf(!hasPostgres)("U7 a backup of PostgreSQL is a file that is sound by itself, and goes back into PostgreSQL or into a folder", slow, async () => {
    const [one, two] = [await emptyDatabase(), await emptyDatabase()];
    atEnd(one.drop);
    atEnd(two.drop);
    const first = await startServer({ database: one.url, limits: { snapshotEvery: 50 } });
    const name = "Šárka's \u0001 plan 🏗";
    const id = await newProject(first.url, undefined, name);
    expect((await request(`${first.url}/api/projects/${id}/links`, "POST", { role: "viewer", label: "guests" })).status).toBe(201);
    const { probe, stop } = await busy(first.url, id);
    await until(() => probe.revision >= 120);
    const file = join(temporaryFolder(), "b.db");
    const made = await livegantt(["backup", file, "--json"], { DATABASE_URL: one.url });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    await stop();
    const checked = await livegantt(["check", file, "--json"]);
    expect([checked.code, checked.json.faults]).toEqual([0, []]);
    const { revision } = checked.json.projects[0];
    expect(revision).toBeGreaterThanOrEqual(120);
    expect((await livegantt(["check", "--json"], { DATABASE_URL: one.url })).json).toMatchObject({ sound: true });

    const taken = await livegantt(["restore", file, "--json"], { DATABASE_URL: one.url });
    expect([taken.code, taken.json.error.code]).toEqual([1, "exists"]);
    expect((await livegantt(["restore", file], { DATABASE_URL: two.url })).code).toBe(0);
    const data = join(temporaryFolder(), "folder");
    expect((await livegantt(["restore", file, "--data", data])).code).toBe(0);
    for (const where of [{ database: two.url }, { data }]) {
      const { url } = await startServer(where);
      const { body } = await request(`${url}/api/projects/${id}`);
      expect([body.revision, body.project.name, body.tasks.length]).toEqual([revision, name, 2]);
      expect((await request(`${url}/api/projects/${id}/links`)).body.links).toMatchObject([{ label: "guests" }]);
      const { entries } = (await request(`${url}/api/projects/${id}/audit`)).body;
      expect(entries.length).toBeGreaterThan(0);
      const bob = await Probe.join(url, id);
      expect(await bob.change(rename("b", "B1"))).toMatchObject({ type: "ack", payload: { serverRevision: revision + 1 } });
      // The audit log goes on counting where the backup ended.
      expect((await request(`${url}/api/projects/${id}/links`, "POST", { role: "viewer" })).status).toBe(201);
    }
  });
});
