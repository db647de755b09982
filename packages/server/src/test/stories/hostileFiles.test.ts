import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createProject } from "../../http/createProject.ts";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { livegantt } from "../commandLine.ts";
import { newProject, Probe, rename, request, startServer, temporaryFolder, twoTasks } from "../harness.ts";
import { buildServer, ServerProcess } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

const post = async (url: string, body: string | Uint8Array<ArrayBuffer>, query = "format=auto&filename=x", type = "application/octet-stream") => {
  const response = await fetch(`${url}/api/projects?${query}`, { method: "POST", body, headers: { "content-type": type } });
  // biome-ignore lint/suspicious/noExplicitAny: answers of two shapes
  return { status: response.status, body: (await response.json()) as any };
};

const head = '<?xml version="1.0"?>';
const project = (inner: string): string => `${head}<Project xmlns="http://schemas.microsoft.com/project">${inner}</Project>`;
const zip = new Uint8Array([0x50, 0x4b, 0x03, 0x04, ...new Array<number>(60_000).fill(0)]);

describe("Q8 bombs through the import", () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ["a zip", zip, "unknown_format"],
    ["a gzip", new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, ...new Array<number>(1000).fill(0)]), "unknown_format"],
    [
      "a billion laughs",
      `${head}<!DOCTYPE Project [${Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("")}<!ENTITY l0 "ha">]><Project><Name>&l10;</Name></Project>`,
      "unsafe_xml",
    ],
    ["a quadratic blowup", `${head}<!DOCTYPE p [<!ENTITY a "${"a".repeat(50_000)}">]><Project>${"<Name>&a;</Name>".repeat(5_000)}</Project>`, "unsafe_xml"],
    [
      "a file of this machine as an entity",
      `<!DOCTYPE Project [<!ENTITY f SYSTEM "file:///etc/passwd">]>${"<Project><Name>&f;</Name></Project>"}`,
      "unsafe_xml",
    ],
    ["elements nested a hundred thousand deep", project(`${"<Tasks>".repeat(100_000)}${"</Tasks>".repeat(100_000)}`), "broken_xml"],
    ["an element that never ends", `${head}<Project ${"a".repeat(300_000)}`, "broken_xml"],
    ["JSON nested a hundred thousand deep", `{"tasks":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "invalid_plan"],
    ["a table without names", `${"x,".repeat(50_000)}\r\n`, "broken_csv"],
  ])("Q8 %s is refused by name, quickly, and nothing is created", async (_name, file, code) => {
    const { url } = await startServer();
    const started = performance.now();
    const { status, body } = await post(url, file);
    expect([status, body.error.code, body.error.action]).toEqual([422, code, "fix"]);
    expect(body.error.message.length).toBeLessThan(1_000);
    expect(JSON.stringify(body)).not.toMatch(/root:/);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await request(`${url}/api/projects`)).body.projects).toEqual([]);
  });

  it("Q8 a real server lives through all of it at once while others work", async () => {
    const server = new ServerProcess({ LIVEGANTT_DATA: temporaryFolder(), LIVEGANTT_SAMPLE: "false", LIVEGANTT_LIMITS: "importSeconds=5" });
    const { origin: url } = await server.link();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const wide = project(`<Tasks>${"<Task><UID>1</UID><Name>x</Name></Task>".repeat(200_000)}</Tasks>`);
    const names = project(`<Tasks>${Array.from({ length: 30_000 }, (_, i) => `<Task${i}/>`).join("")}</Tasks>`);
    const bombs = Promise.all([post(url, wide), post(url, names), post(url, zip), post(url, `${head}<!DOCTYPE x []><Project/>`)]);
    for (let i = 0; i < 20; i++) expect((await ada.change(rename("a", `A${i}`))).type).toBe("ack");
    for (const { status, body } of await bombs) {
      expect([201, 413, 422, 503]).toContain(status);
      if (status !== 201) expect(body.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    }
    expect((await request(`${url}/readyz`)).status).toBe(200);
    expect(server.child.exitCode).toBeNull();
  }, 60_000);

  it("D7 a body over the limit is refused before it is read", async () => {
    const { url } = await startServer({ limits: { importBytes: 10_000 } });
    expect(await post(url, project("x".repeat(20_000)))).toMatchObject({
      status: 413,
      body: { error: { code: "body_too_large", message: expect.stringMatching(/importBytes/) } },
    });
  });
});

/** A request as it is written, which `fetch` would tidy up first. */
function raw(url: string, target: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`),
    );
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("end", () => done(answer));
    socket.on("error", failed);
  });
}

describe("Q8 path tricks", () => {
  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/%252e%252e/secret.txt",
    "//secret.txt",
    "/./.././secret.txt",
    "/.hidden",
    "/%00secret.txt",
    "/secret.txt%00.html",
  ])("Q8 %s reads no file outside of the page's folder", async (target) => {
    const folder = temporaryFolder();
    const webRoot = join(folder, "page");
    mkdirSync(join(webRoot, "assets"), { recursive: true });
    writeFileSync(join(webRoot, "index.html"), "<!doctype html>the page");
    writeFileSync(join(webRoot, ".hidden"), "top secret");
    writeFileSync(join(folder, "secret.txt"), "top secret");
    const { url } = await startServer({ webRoot });
    const answer = await raw(url, target);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|403|404) /);
    if (target !== "/.hidden") expect(answer).not.toContain("top secret");
    expect((await request(`${url}/healthz`)).status).toBe(200);
  });

  it.each(["../../evil", "..\\..\\evil", "/etc/passwd", "C:evil", "a\r\nSet-Cookie: x=1", 'say "hi".xml', "con", "x".repeat(255), "  . ", "Šárka 🏗"])(
    "Q8 a project called %j is exported under a name that is one, and no header of its own",
    async (name) => {
      const { url } = await startServer();
      const id = await newProject(url, twoTasks, name.trim() === "" ? "x" : name);
      const response = await fetch(`${url}/api/projects/${id}/export?format=json`);
      const disposition = response.headers.get("content-disposition") ?? "";
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(disposition).toMatch(/^attachment; filename="[^"\\/\r\n]+\.json"; filename\*=UTF-8''[^/\\;"]+\.json$/);
      expect(/filename="(.*?)"/.exec(disposition)?.[1]).not.toMatch(/^\./);
    },
  );

  it("Q8 the file name of an import names the project, and no file", async () => {
    const { url } = await startServer();
    for (const [filename, name] of [
      ["../../etc/Bridge.xml", "Bridge"],
      ["C:\\plans\\Bridge.xml", "Bridge"],
      ["<script>.xml", "<script>"],
    ] as const) {
      const made = await post(url, project("<StartDate>2026-11-02T08:00:00</StartDate>"), `format=auto&filename=${encodeURIComponent(filename)}`);
      expect(made).toMatchObject({ status: 201, body: { name } });
    }
  });

  it("Q8 export --all keeps every file in its folder, whatever the ids are", async () => {
    const { data, sync } = await startServer();
    const ids = ["../../evil", "a/b", "a%2Fb", ".hidden", "NUL", "x\u0000y", "'; DROP TABLE projects; --"];
    for (const id of ids) await createProject(sync, { id, name: id, plan: twoTasks });
    const folder = temporaryFolder();
    const out = join(folder, "in", "here");
    const { code, json, stderr } = await livegantt(["export", "--all", "--out", out, "--json", "--data", data]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(new Set(json.files.map(({ file }: { file: string }) => file)).size).toBe(ids.length);
    expect(readdirSync(out).length).toBe(ids.length);
    expect(readdirSync(folder)).toEqual(["in"]);
    for (const { file } of json.files as { file: string }[]) expect(JSON.parse(readFileSync(file, "utf8")).tasks.length).toBe(2);
  }, 30_000);
});

describe("Q8 SQL in ids", () => {
  const tricks = ["'; DROP TABLE projects; --", "x' OR '1'='1", '" OR ""="', "%", "_", "\\", "1; DELETE FROM changes", "$1", "?", "\u0000"];

  it("Q8 an id is only ever a value: every route answers, and nothing is lost or found", async () => {
    const { url, data } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    for (const trick of tricks) {
      const there = encodeURIComponent(trick);
      for (const path of ["", "/schedule", "/history", "/revisions/0", "/export?format=json", "/versions", "/links", "/audit"]) {
        const { status, body } = await request(`${url}/api/projects/${there}${path}`);
        expect([path, trick, status, body.error?.code]).toEqual([path, trick, 404, "project_not_found"]);
      }
      expect((await request(`${url}/api/projects/${id}/history?task=${there}`)).body).toEqual({ entries: [] });
      const bob = await Probe.join(url, id, { clientId: trick, user: { name: trick } });
      expect((await bob.change({ tasks: { added: [{ id: trick, name: trick }] } })).type).toBe("ack");
      expect((await request(`${url}/api/projects/${id}/history?task=${there}`)).body.entries.length).toBe(1);
    }
    const db = openDatabase(join(data, "livegantt.db"));
    expect(db.prepare("SELECT count(*) AS n FROM projects").get()).toEqual({ n: 1 });
    expect(db.prepare("SELECT count(*) AS n FROM changes").get()).toEqual({ n: 1 + tricks.length });
    db.close();
    const { code, json } = await livegantt(["history", tricks[0] as string, "--json", "--data", data]);
    expect([code, json.error.code]).toEqual([1, "project_not_found"]);
    expect((await livegantt(["check", "--data", data])).code).toBe(0);
    expect(existsSync(join(data, "livegantt.db"))).toBe(true);
  }, 60_000);
});
