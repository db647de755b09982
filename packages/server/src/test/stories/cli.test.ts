import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { livegantt } from "../commandLine.ts";
import { newProject, Probe, rename, request, startServer, temporaryFolder, twoTasks } from "../harness.ts";
import { buildServer } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

/** A running server with one project, of which revision 1 to 3 rename a task. */
async function workshop() {
  const server = await startServer();
  const id = await newProject(server.url);
  const ada = await Probe.join(server.url, id, { user: { name: "Ada" } });
  for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
  return { ...server, id, ada };
}

describe("U7 the command line", () => {
  it("U7 exit codes: 0 done, 1 it could not be done, 2 not understood, each said in one line without a stack", async () => {
    const nowhere = join(temporaryFolder(), "nowhere");
    const [help, refused, misread] = await Promise.all([livegantt(["--help"]), livegantt(["plans", "--data", nowhere]), livegantt(["plans", "--prot", "1"])]);
    expect([help.code, refused.code, misread.code]).toEqual([0, 1, 2]);
    for (const { stderr } of [refused, misread]) expect(stderr.trim().split("\n").length).toBe(1);
  }, 60_000);

  it("U7 with --json a refusal is JSON too", async () => {
    const { code, json } = await livegantt(["plans", "--json", "--data", join(temporaryFolder(), "nowhere")]);
    expect([code, json.error]).toMatchObject([1, { code: "no_database", message: expect.stringContaining("nowhere") }]);
  }, 60_000);

  it("U7 plans and history read the database beside the server that writes it, and say the same as the server itself", async () => {
    const { url, data, id, ada } = await workshop();
    for (const where of [
      ["--data", data],
      ["--url", url],
    ]) {
      const { json } = await livegantt(["plans", "--json", ...where]);
      expect(json.projects).toMatchObject([{ id, name: "Test", revision: 3, tasks: 2, archived: false }]);
      const history = (await livegantt(["history", id, "--limit", "2", "--json", ...where])).json;
      expect(history.entries.map((entry: { revision: number; author: string }) => [entry.revision, entry.author])).toEqual([
        [3, "Ada"],
        [2, "Ada"],
      ]);
      expect(history.next).toBe(1);
    }
    expect(String((await livegantt(["history", id, "--data", data])).stdout)).toContain('updated tasks/a "A3" name: "A2" → "A3"');
    expect(await ada.change(rename("a", "A4"))).toMatchObject({ type: "ack" });
  }, 60_000);

  it("U7 what a terminal would obey in a name is only shown", async () => {
    const { url, data } = await startServer();
    await newProject(url, twoTasks, "\u001b[2Jgone");
    expect(String((await livegantt(["plans", "--data", data])).stdout)).toContain("\\x1b[2Jgone");
  }, 60_000);

  it("U7 export writes every format, to a file or to standard output, and --all writes every project", async () => {
    const { data, id, url } = await workshop();
    await newProject(url, twoTasks, "Second");
    for (const [format, head] of Object.entries({ csv: "\ufeffRow,", ical: "BEGIN:VCALENDAR" })) {
      const { code, stdout } = await livegantt(["export", id, "--format", format, "--data", data]);
      expect([format, code, String(stdout).slice(0, head.length)]).toEqual([format, 0, head]);
    }
    const folder = temporaryFolder();
    const archive = join(folder, "a.json");
    expect((await livegantt(["export", id, "--format", "archive", "--out", archive, "--url", url])).code).toBe(0);
    expect(JSON.parse(readFileSync(archive, "utf8"))).toMatchObject({
      plan: { revision: 3, tasks: [{ name: "A3" }, { name: "B" }] },
      history: [{ revision: 3 }, { revision: 2 }, { revision: 1 }],
      versions: [],
    });
    const all = join(folder, "all");
    expect((await livegantt(["export", "--all", "--format", "mspdi", "--out", all, "--data", data])).code).toBe(0);
    expect(readdirSync(all).length).toBe(2);
  }, 60_000);

  it("U7 purge asks for --yes, is refused while a server has the embedded database open, and works through the server and without one", async () => {
    const { url, data, id, close } = await workshop();
    const other = await newProject(url);
    const refused = await livegantt(["purge", id, "--yes", "--data", data]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/Another process has the database open.*--url/)]);
    expect((await livegantt(["purge", id, "--yes", "--url", url])).code).toBe(0);
    expect((await livegantt(["purge", id, "--yes", "--url", url])).stderr).toContain(`There is no project "${id}"`);
    await close();
    expect((await livegantt(["purge", other, "--yes", "--data", data])).code).toBe(0);
    expect((await livegantt(["plans", "--json", "--data", data])).json.projects).toEqual([]);
  }, 60_000);

  it("U7 a token of the command line opens what it names, as whom it names, and nothing else", async () => {
    const secret = "s".repeat(40);
    const { url, sync } = await startServer({ auth: { secret } });
    const env = { LIVEGANTT_SECRET: secret };
    const admin = (await livegantt(["token", "--sub", "root", "--project", "*=admin", "--json"], env)).json.token;
    const made = await request(`${url}/api/projects`, "POST", { name: "P" }, { authorization: `Bearer ${admin}` });
    const { json } = await livegantt(["token", "--sub", "ada", "--name", "Ada", "--project", `${made.body.id}=viewer`, "--expires", "30m", "--json"], env);
    expect(json).toMatchObject({ sub: "ada", projects: { [made.body.id]: "viewer" }, expiresAt: expect.stringMatching(/^\d{4}-/) });
    expect(await sync.authorize(json.token, made.body.id, {} as never)).toMatchObject({ role: "viewer", sub: "ada", name: "Ada" });
    const listed = await livegantt(["plans", "--json", "--url", url], { LIVEGANTT_TOKEN: json.token });
    expect(listed.json.projects.map((plan: { id: string }) => plan.id)).toEqual([made.body.id]);
    const refused = await livegantt(["purge", made.body.id, "--yes", "--url", url, "--token", json.token]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/needs the role admin/)]);
    expect((await livegantt(["token", "--sub", "ada", "--project", "x=boss"], env)).code).toBe(2);
  }, 60_000);

  it("D3 compact folds the history of every project beside the running server, whose clients go on", async () => {
    const { data, id, ada, url } = await workshop();
    const old = openDatabase(join(data, "livegantt.db"));
    old.exec("UPDATE changes SET at = 1000");
    old.close();
    const folded = await livegantt(["compact", "--keep-revisions", "1", "--keep-days", "1", "--json", "--data", data]);
    expect(folded.json.projects).toMatchObject([{ id, folded: 2 }]);
    expect(await ada.change(rename("a", "A4"))).toMatchObject({ type: "ack", payload: { serverRevision: 4 } });
    expect((await livegantt(["history", id, "--json", "--data", data])).json.entries.map((entry: { revision: number }) => entry.revision)).toEqual([4, 3]);
    expect((await livegantt(["check", "--data", data])).code).toBe(0);
    expect((await livegantt(["compact", "--shrink", "--data", data])).code).toBe(1);
    expect((await request(`${url}/readyz`)).status).toBe(200);
  }, 60_000);

  it("U7 import makes a project of a file beside the running server, which has it at once", async () => {
    const { url, data } = await startServer();
    const folder = temporaryFolder();
    const id = await newProject(url, { ...twoTasks, dependencies: [{ id: "d", fromTask: "a", toTask: "b" }] });
    for (const [format, name] of [
      ["mspdi", "plan.xml"],
      ["json", "plan.json"],
      ["csv", "plan.csv"],
    ] as const) {
      const file = join(folder, name);
      writeFileSync(file, (await livegantt(["export", id, "--format", format, "--url", url])).stdout);
      for (const where of [
        ["--data", data],
        ["--url", url],
      ]) {
        const { code, json, stderr } = await livegantt(["import", file, "--name", "Again", "--json", ...where]);
        expect([code, stderr]).toEqual([0, ""]);
        expect(json).toMatchObject({ name: "Again", report: { counts: { tasks: { imported: 2 }, dependencies: { imported: 1 } } } });
        expect((await request(`${url}/api/projects/${json.id}`)).body.tasks.length).toBe(2);
      }
    }
  }, 60_000);

  it("U7 an import that cannot be done says why, ends with 1 and leaves nothing", async () => {
    const data = join(temporaryFolder(), "new");
    const file = join(temporaryFolder(), "broken.xml");
    writeFileSync(file, "<Project><Tasks><Task>");
    const broken = await livegantt(["import", file, "--data", data]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/truncated/)]);
    expect((await livegantt(["plans", "--json", "--data", data])).json.projects).toEqual([]);
    expect((await livegantt(["import", join(data, "none.xml"), "--data", data])).stderr).toMatch(/cannot be read/);
    const lost = await livegantt(["import", file, "--url", "http://127.0.0.1:1"]);
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringMatching(/does not answer/)]);
    expect(existsSync(join(data, "livegantt.db"))).toBe(true);
  }, 60_000);
});
