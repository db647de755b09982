import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { StoreError } from "../../interfaces/store.ts";
import { checkStore } from "../../operations/checkStore.ts";
import { openSqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { livegantt } from "../commandLine.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";
import { buildServer, ServerProcess } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

/** The files of a database with a hundred changes, as a process leaves them that is killed: with a write-ahead log. */
async function killed() {
  const { url, data } = await startServer({ limits: { snapshotEvery: 30 } });
  const id = await newProject(url);
  const ada = await Probe.join(url, id);
  for (let i = 0; i < 100; i++) await ada.change({ tasks: { updated: [{ id: "a", changes: { name: `A${i}`, note: "x".repeat(i * 40) } }] } });
  const folder = temporaryFolder();
  for (const end of ["", "-wal"]) copyFileSync(join(data, `livegantt.db${end}`), join(folder, `livegantt.db${end}`));
  return { id, folder, db: join(folder, "livegantt.db"), wal: join(folder, "livegantt.db-wal") };
}

/** Brings everything from the log into the file itself. */
async function settled() {
  const files = await killed();
  await openSqliteStore(files.folder).close();
  expect(existsSync(files.wal)).toBe(false);
  return files;
}

function refusal(folder: string): StoreError {
  try {
    void openSqliteStore(folder).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("the database was opened");
}

describe("D2 half-written database files", () => {
  it.each<[string, (db: string) => void]>([
    ["cut in the middle", (db) => truncateSync(db, Math.floor(statSync(db).size / 2))],
    ["cut within a page", (db) => truncateSync(db, statSync(db).size - 100)],
    [
      "a page of noise",
      (db) => {
        const bytes = readFileSync(db);
        bytes.fill(0xa5, 4096 * 3, 4096 * 4);
        writeFileSync(db, bytes);
      },
    ],
    [
      "a first page of noise",
      (db) => {
        const bytes = readFileSync(db);
        bytes.fill(0xa5, 100, 4096);
        writeFileSync(db, bytes);
      },
    ],
    [
      "another file under its name",
      (db) => writeFileSync(db, "PK\u0003\u0004 this is some other file altogether, long enough to have a header of its own\n".repeat(200)),
    ],
  ])("D2 %s: the server does not start on it and says what to do; not a byte of it changes", async (_name, hurt) => {
    const { folder, db } = await settled();
    hurt(db);
    const before = readFileSync(db);
    const error = refusal(folder);
    expect(error).toMatchObject({ code: "corrupt", message: expect.stringMatching(/damaged: .*Restore the last backup/) });
    expect(readFileSync(db).equals(before)).toBe(true);
  });

  it("D2 the process says it in one line, and check says it too", async () => {
    const { folder, db } = await settled();
    truncateSync(db, Math.floor(statSync(db).size / 2));
    const server = new ServerProcess({ LIVEGANTT_DATA: folder });
    expect(await server.end()).toBe(1);
    expect(server.output.trim().split("\n")).toEqual([expect.stringMatching(/^livegantt: The database is damaged: /)]);
    const checked = await livegantt(["check", "--json", "--data", folder]);
    expect([checked.code, checked.json.error.code]).toEqual([1, "corrupt"]);
  }, 30_000);

  it("D2 a write-ahead log that was cut anywhere gives the last whole commit before the cut, never half of one", async () => {
    const { id, folder, db, wal } = await killed();
    const [database, log] = [readFileSync(db), readFileSync(wal)];
    const found: number[] = [];
    for (let part = 0; part <= 16; part++) {
      const at = join(folder, `cut-${part}`);
      mkdirSync(at);
      writeFileSync(join(at, "livegantt.db"), database);
      writeFileSync(join(at, "livegantt.db-wal"), log.subarray(0, Math.floor((log.length * part) / 16)));
      let store: ReturnType<typeof openSqliteStore>;
      try {
        store = openSqliteStore(at);
      } catch (error) {
        // Without its log the file may be less than a database; that is said, not hidden.
        expect(error).toMatchObject({ code: "corrupt" });
        continue;
      }
      const { faults, projects } = await checkStore(store);
      expect([part, faults, projects.flatMap((project) => project.faults)]).toEqual([part, [], []]);
      found.push((await store.project(id))?.revision ?? -1);
      await store.close();
    }
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found.at(-1)).toBe(100);
  }, 30_000);

  it("D2 noise in the write-ahead log ends it there: what comes before is whole", async () => {
    const { id, folder, wal } = await killed();
    const log = readFileSync(wal);
    log.fill(0x5a, Math.floor(log.length / 2), Math.floor(log.length / 2) + 2_000);
    writeFileSync(wal, log);
    const store = openSqliteStore(folder);
    atEnd(() => store.close());
    const revision = (await store.project(id))?.revision ?? 0;
    expect(revision).toBeGreaterThan(0);
    expect(revision).toBeLessThan(100);
    expect((await checkStore(store)).projects).toMatchObject([{ revision, faults: [] }]);
  });
});

describe.skipIf(process.platform === "win32")("W4 a disk that is full, to a real process", () => {
  it("W4 writes are refused with a retry, reading goes on, and after the restart everything acknowledged is there", async () => {
    const data = temporaryFolder();
    const main = join(import.meta.dirname, "../../../dist/main.js");
    // The operating system refuses to let any file of this process grow past the limit, as a full disk does.
    const limited = spawn("/bin/bash", ["-c", `trap '' XFSZ; ulimit -f 600; exec "${process.execPath}" "${main}" serve`], {
      env: { PATH: process.env.PATH ?? "", PORT: "0", LIVEGANTT_DATA: data, LIVEGANTT_LOG_LEVEL: "silent", LIVEGANTT_SAMPLE: "false" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    atEnd(() => limited.kill("SIGKILL"));
    const [line] = (await once(limited.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(String(line))?.[0].replace(/\/$/, "") ?? "";
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    let acked = 0;
    let refused: unknown;
    for (let i = 1; i <= 200 && refused === undefined; i++) {
      const answer = await ada.change({ tasks: { updated: [{ id: "a", changes: { name: `A${i}`, note: `${i}`.repeat(10_000) } }] } });
      if (answer.type === "ack") acked = i;
      else refused = answer;
    }
    expect(acked).toBeGreaterThan(2);
    expect(refused).toMatchObject({ type: "error", payload: { code: "storage_unavailable", action: "retry" } });
    expect((await request(`${url}/readyz`)).status).toBe(503);
    const plan = (await request(`${url}/api/projects/${id}`)).body;
    expect([plan.revision, plan.tasks[0].name]).toEqual([acked, `A${acked}`]);
    limited.kill("SIGKILL");
    await once(limited, "exit");
    const again = new ServerProcess({ LIVEGANTT_DATA: data });
    const { origin } = await again.link();
    const after = (await request(`${origin}/api/projects/${id}`)).body;
    expect([after.revision, after.tasks[0].name]).toEqual([acked, `A${acked}`]);
    const bob = await Probe.join(origin, id);
    expect(await bob.change(rename("b", "B1"))).toMatchObject({ type: "ack", payload: { serverRevision: acked + 1 } });
  }, 60_000);

  it.skipIf(!existsSync("/dev/full"))(
    "W4 a file that cannot be written is said by name, and no half of it is taken for a whole",
    async () => {
      const { url } = await startServer();
      const id = await newProject(url);
      const { code, stderr } = await livegantt(["export", id, "--out", "/dev/full", "--url", url]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/"\/dev\/full" cannot be written: ENOSPC/)]);
      const folder = temporaryFolder();
      writeFileSync(join(folder, "no-folder"), "");
      const backup = await livegantt(["backup", join(folder, "no-folder", "b.db"), "--json", "--data", join(folder, "none")]);
      expect(backup.code).toBe(1);
    },
    30_000,
  );
});
