import { mkdirSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, startServer, temporaryFolder, twoTasks } from "../harness.ts";

/** A request with headers that `fetch` does not let through. */
function raw(url: string, headers: Record<string, string>, method = "GET"): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  return new Promise((done, fail) => {
    const outgoing = httpRequest(url, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
}

const bigPlan = { tasks: Array.from({ length: 300 }, (_, i) => ({ id: `t${i}`, name: `Task ${i}`, duration: 1 })) };

describe("projects over HTTP", () => {
  it("are created, listed, renamed by an edit, archived, brought back and erased", async () => {
    const { url } = await startServer();
    const created = await request(`${url}/api/projects`, "POST", { name: " House ", plan: twoTasks });
    expect(created).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^[0-9a-f]{20}$/), name: "House", revision: 0 } });
    const { id } = created.body;
    const list = async (query = "") => (await request(`${url}/api/projects${query}`)).body.projects;
    expect(await list()).toEqual([{ id, name: "House", revision: 0, tasks: 2, createdAt: expect.any(Number), updatedAt: expect.any(Number), archived: false }]);
    const ada = await Probe.join(url, id);
    await ada.change({ project: { updated: [{ id, changes: { name: "Villa" } }] }, tasks: { added: [{ id: "c", name: "C" }] } });
    expect(await list()).toMatchObject([{ name: "Villa", revision: 1, tasks: 3 }]);
    expect((await request(`${url}/api/projects/${id}`, "DELETE")).status).toBe(204);
    expect(await ada.closed()).toMatchObject({ code: 4404, error: { code: "project_archived" } });
    expect(await list()).toEqual([]);
    expect(await list("?archived=true")).toMatchObject([{ id, archived: true }]);
    expect(await request(`${url}/api/projects/${id}`)).toMatchObject({ status: 404, body: { error: { code: "project_archived" } } });
    expect(await request(`${url}/api/projects/${id}/unarchive`, "POST")).toMatchObject({ status: 200, body: { name: "Villa" } });
    expect((await request(`${url}/api/projects/${id}`)).body.tasks.length).toBe(3);
    expect((await request(`${url}/api/projects/${id}?purge=true`, "DELETE")).status).toBe(204);
    expect(await request(`${url}/api/projects/${id}`)).toMatchObject({ status: 404, body: { error: { code: "project_not_found" } } });
    expect(await request(`${url}/api/projects/${id}`, "DELETE")).toMatchObject({ status: 404 });
  });

  it("an empty project has a name and a start", async () => {
    const { url } = await startServer();
    const { body } = await request(`${url}/api/projects`, "POST", {});
    const { project, tasks } = (await request(`${url}/api/projects/${body.id}`)).body;
    expect(project).toMatchObject({ id: body.id, name: "Untitled project", startDate: expect.stringMatching(/T08:00:00$/) });
    expect(tasks).toEqual([]);
  });

  it("Bryntum JSON with nested tasks is taken, and given back in Bryntum's load format", async () => {
    const { url } = await startServer();
    const plan = {
      project: { startDate: "2026-01-05T08:00:00", calendar: "week" },
      calendars: {
        rows: [{ id: "week", name: "Week", intervals: [{ recurrentStartDate: "on Sat at 0:00", recurrentEndDate: "on Mon at 0:00", isWorking: false }] }],
      },
      tasks: {
        rows: [
          { id: 1, name: "Phase", expanded: true, children: [{ id: 2, name: "Do", duration: 3 }] },
          { id: 3, name: "End" },
        ],
      },
      dependencies: { rows: [{ id: 1, from: 2, to: 3, lag: 1 }] },
    };
    const id = await newProject(url, plan);
    const { status, body } = await request(`${url}/api/project/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      revision: 0,
      project: { startDate: "2026-01-05T08:00:00", calendar: "week" },
      calendars: { rows: [{ id: "week", intervals: [{ isWorking: false }] }] },
      tasks: { rows: [{ id: "1", name: "Phase", expanded: true, children: [{ id: "2", duration: 3 }] }, { id: "3" }] },
      dependencies: { rows: [{ id: "1", fromTask: "2", toTask: "3", lag: 1 }] },
    });
  });

  it("a plan that breaks laws is refused whole with every reason", async () => {
    const { url } = await startServer();
    const plan = {
      tasks: [
        { id: "a", name: "A", percentDone: 900 },
        { id: "b", name: "B", parentId: "nowhere" },
        { id: "b", name: "twice" },
      ],
      dependencies: [{ id: "d", fromTask: "a", toTask: "a" }],
    };
    const { status, body } = await request(`${url}/api/projects`, "POST", { name: "Bad", plan });
    expect(status).toBe(422);
    expect(body.error).toMatchObject({ code: "invalid_plan", action: "fix" });
    expect(body.error.problems.length).toBeGreaterThanOrEqual(2);
    for (const problem of body.error.problems)
      expect(problem).toMatchObject({ code: expect.any(String), message: expect.any(String), path: expect.any(String) });
    expect((await request(`${url}/api/projects`)).body.projects).toEqual([]);
  });

  it.each([
    ["no JSON", "{", "application/json", 400],
    ["a list", "[]", "application/json", 400],
    ["a name that is a number", '{"name":7}', "application/json", 400],
    ["an empty name", '{"name":"  "}', "application/json", 400],
    ["a prototype key", '{"name":"x","plan":{"tasks":[{"id":"a","name":"A","__proto__":{"x":1}}]}}', "application/json", 422],
    ["a form", "name=x", "application/x-www-form-urlencoded", 415],
    ["an unknown format", "{}", "application/json", 400, "?format=zip"],
  ])("%s is refused with a coded error", async (_name, body, type, status, query = "") => {
    const { url } = await startServer();
    const response = await fetch(`${url}/api/projects${query}`, { method: "POST", body, headers: { "content-type": type } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String), action: "fix" } });
  });

  it("a body over the limit is refused", async () => {
    const { url } = await startServer({ limits: { importBytes: 2_000 } });
    expect(await request(`${url}/api/projects`, "POST", { plan: bigPlan })).toMatchObject({ status: 413, body: { error: { code: "body_too_large" } } });
  });

  it("a copy has the plan of now and goes its own way", async () => {
    const { url } = await startServer();
    const id = await newProject(url, twoTasks, "House");
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    const copy = await request(`${url}/api/projects/${id}/duplicate`, "POST");
    expect(copy).toMatchObject({ status: 201, body: { name: "Copy of House", revision: 0 } });
    await ada.change(rename("a", "A2"));
    expect((await request(`${url}/api/projects/${copy.body.id}`)).body.tasks.map((task: { name: string }) => task.name)).toEqual(["A1", "B"]);
  });
});

describe("W7 the snapshot", () => {
  it("W7 has an ETag of epoch and revision, answers 304, and is compressed as asked", async () => {
    const { url } = await startServer();
    const id = await newProject(url, bigPlan);
    const at = `${url}/api/projects/${id}`;
    const plain = await raw(at, {});
    const etag = String(plain.headers.etag);
    expect((await raw(at, { "if-none-match": etag })).status).toBe(304);
    expect((await raw(at, { "if-none-match": `"other", W/${etag}` })).status).toBe(304);
    const br = await raw(at, { "accept-encoding": "gzip, br" });
    const gz = await raw(at, { "accept-encoding": "gzip, br;q=0" });
    expect([br.headers["content-encoding"], gz.headers["content-encoding"]]).toEqual(["br", "gzip"]);
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    expect(gunzipSync(gz.body).equals(plain.body)).toBe(true);
    expect(br.body.length * 4).toBeLessThan(plain.body.length);
    const ada = await Probe.join(url, id);
    await ada.change(rename("t1", "changed"));
    const moved = await raw(at, { "if-none-match": etag });
    expect([moved.status, JSON.parse(String(moved.body)).revision]).toEqual([200, 1]);
  });
});

describe("security of HTTP", () => {
  it("foreign origins and hosts are refused, listed ones get CORS headers", async () => {
    const { url } = await startServer({ allowedOrigins: ["https://plans.example.com"] });
    const at = `${url}/api/projects`;
    expect((await raw(at, { origin: "https://evil.example" })).status).toBe(403);
    expect((await raw(at, { host: "evil.example" })).status).toBe(403);
    expect((await raw(`${url}/`, { host: "evil.example", accept: "text/html" })).status).toBe(403);
    const allowed = await raw(at, { origin: "https://plans.example.com" });
    expect([allowed.status, allowed.headers["access-control-allow-origin"]]).toEqual([200, "https://plans.example.com"]);
    const preflight = await raw(at, { origin: "https://plans.example.com", "access-control-request-method": "POST" }, "OPTIONS");
    expect([preflight.status, preflight.headers["access-control-allow-headers"]]).toEqual([204, expect.stringContaining("authorization")]);
    expect((await raw(at, { origin: url })).status).toBe(200);
  });

  it("every answer carries a content policy without other hosts", async () => {
    const { url } = await startServer();
    const { headers } = await raw(`${url}/api/projects`, {});
    expect(headers["content-security-policy"]).toMatch(/default-src 'self'.*script-src 'self';/);
    expect(headers["content-security-policy"]).not.toMatch(/https?:|unsafe-eval/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it.each(["/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2f..%2fetc/passwd", "/api/projects/..%2f..%2fetc"])(
    "a path out of the folder (%s) gets nothing",
    async (path) => {
      const webRoot = temporaryFolder();
      writeFileSync(join(webRoot, "index.html"), "<p>page</p>");
      const { url } = await startServer({ webRoot });
      const { body, status } = await raw(url + path, {});
      expect(status).toBeGreaterThanOrEqual(400);
      expect(String(body)).not.toContain("root:");
    },
  );

  it("D7 a flood of requests is told to wait", async () => {
    const { url } = await startServer({ limits: { requestsPerSecond: 5 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(`${url}/healthz`)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ body: { error: { code: "too_many_requests", action: "backoff" } } });
    expect(refused[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("D6 without a secret other addresses than this machine's are refused, unless told in so many words", async () => {
    await expect(startServer({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "insecure_address", message: expect.stringContaining("--insecure") });
    const { url } = await startServer({ host: "0.0.0.0", insecure: true });
    expect((await request(`${url}/healthz`)).status).toBe(200);
  });
});

describe("the page", () => {
  it("is served with its assets; every other path of the page is index.html; unknown API paths are coded errors", async () => {
    const webRoot = temporaryFolder();
    mkdirSync(join(webRoot, "assets"));
    writeFileSync(join(webRoot, "index.html"), "<p>page</p>");
    writeFileSync(join(webRoot, "assets", "app-1a2b.js"), "1");
    const { url } = await startServer({ webRoot });
    const html = { accept: "text/html,*/*" };
    expect(String((await raw(`${url}/`, html)).body)).toBe("<p>page</p>");
    expect(String((await raw(`${url}/p/some-project`, html)).body)).toBe("<p>page</p>");
    expect((await raw(`${url}/assets/app-1a2b.js`, {})).headers["cache-control"]).toContain("immutable");
    expect((await raw(`${url}/`, html)).headers["cache-control"]).toBe("no-cache");
    expect((await raw(`${url}/assets/gone.js`, {})).status).toBe(404);
    expect(await request(`${url}/api/nothing`)).toMatchObject({ status: 404, body: { error: { code: "not_found", action: "fix" } } });
  });
});

describe("operations", () => {
  it("D9 health, readiness and metrics", async () => {
    const { url } = await startServer();
    expect(await request(`${url}/healthz`)).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await request(`${url}/readyz`)).toMatchObject({ status: 200, body: { status: "ready" } });
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1", "A"));
    await ada.change(rename("a", "A2", "wrong"), { baseRevision: 0 });
    const { body } = await request(`${url}/metrics`);
    for (const line of [
      "livegantt_connections 1",
      "livegantt_rooms 1",
      'livegantt_changes_total{outcome="applied"} 2',
      "livegantt_commit_seconds_count 2",
      "livegantt_group_size_sum 2",
      "livegantt_store_bytes",
      "nodejs_eventloop_lag_seconds",
    ]) {
      expect(body).toContain(line);
    }
  });

  it("the OpenAPI document names every route", async () => {
    const { url } = await startServer();
    const { body } = await request(`${url}/api/openapi.json`);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        "/api/projects",
        "/api/projects/{id}",
        "/api/project/{id}",
        "/api/projects/{id}/changes",
        "/api/projects/{id}/history",
        "/healthz",
      ]),
    );
    expect(body.paths["/api/projects"].get.parameters).toMatchObject([{ name: "archived", in: "query", required: false }]);
  });
});
