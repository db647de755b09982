import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { newProject, Probe, rename, request, startServer, twoTasks } from "../harness.ts";

const deploy = join(import.meta.dirname, "../../../../../deploy");

/** `name` → its labels, of everything that `/metrics` shows. Histograms have their three series. */
function seriesOf(text: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>();
  const add = (name: string) => series.set(name, series.get(name) ?? new Set());
  for (const line of text.split("\n")) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (declared !== undefined) for (const name of type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => declared + end) : [declared]) add(name);
    const [, name = "", labels = ""] = /^([a-z_]\w*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) series.get(name)?.add(label);
  }
  return series;
}

/** Metrics and labels that a PromQL expression reads. */
function readBy(expression: string): { readonly names: string[]; readonly labels: string[] } {
  const names = [...expression.matchAll(/\b(?:livegantt|nodejs|process)_\w+/g)].map(([name]) => name);
  const labels = [...expression.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(",").map((label) => label.trim()));
  return { names, labels: labels.filter((label) => !["le", "job", "instance", ""].includes(label)) };
}

/** A server on which everything that can be counted has happened at least once. */
async function lived() {
  const server = await startServer();
  const { url } = server;
  const id = await newProject(url);
  const [ada, bob] = [await Probe.join(url, id), await Probe.join(url, id)];
  await ada.change(rename("a", "A1", "A"));
  expect((await bob.change(rename("a", "A2", "A"))).type).toBe("conflict");
  await bob.change({ tasks: { updated: [{ id: "a", changes: { percentDone: -1 } }] } });
  const nobody = new Probe(url, "nowhere");
  await nobody.open();
  nobody.send({ type: "hello", protocol: 99 });
  await nobody.closed();
  const xml = (await request(`${url}/api/projects/${id}/export?format=mspdi`)).body as string;
  await fetch(`${url}/api/projects?format=mspdi`, { method: "POST", body: xml, headers: { "content-type": "application/xml" } });
  return server;
}

describe("D9 metrics", () => {
  it("D9 every metric and label that the dashboard and the alerts read is in /metrics of a real server", async () => {
    const { url } = await lived();
    const { body, status, headers } = await request(`${url}/metrics`);
    expect([status, headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
    const series = seriesOf(body);
    const dashboard = JSON.parse(readFileSync(join(deploy, "grafana/livegantt.json"), "utf8")) as { panels: { title: string; targets?: { expr: string }[] }[] };
    const alerts = parse(readFileSync(join(deploy, "prometheus/alerts.yaml"), "utf8")) as { groups: { rules: { expr: string }[] }[] };
    const expressions = [
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...alerts.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ];
    expect(expressions.length).toBeGreaterThan(30);
    for (const expression of expressions) {
      const { names, labels } = readBy(expression);
      expect(names, expression).not.toEqual([]);
      for (const name of names) expect([...series.keys()], expression).toContain(name);
      // Deliveries are only made where a product listens to them.
      if (names.includes("livegantt_deliveries_total")) continue;
      for (const label of labels) for (const name of names) expect([...(series.get(name) ?? [])], expression).toContain(label);
    }
  });

  it("D9 the dashboard shows what the server counts, and no two panels lie on each other", async () => {
    const { url } = await lived();
    const { panels } = JSON.parse(readFileSync(join(deploy, "grafana/livegantt.json"), "utf8")) as {
      panels: { id: number; title: string; gridPos: { x: number; y: number; w: number; h: number }; targets?: { expr: string }[] }[];
    };
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join("\n");
    const own = [...(await request(`${url}/metrics`)).body.matchAll(/^# TYPE (livegantt_\w+)/gm)].map(([, name]) => name as string);
    for (const name of own) expect(shown).toContain(name);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("D9 outcomes, conflicts and refusals are counted under their names", async () => {
    const { url } = await lived();
    const { body } = await request(`${url}/metrics`);
    for (const line of [
      /^livegantt_changes_total\{outcome="applied"\} 1$/m,
      /^livegantt_changes_total\{outcome="conflict"\} 1$/m,
      /^livegantt_changes_total\{outcome="rejected"\} 1$/m,
      /^livegantt_conflicts_total\{kind="concurrent_edit"\} 1$/m,
      /^livegantt_refusals_total\{code="protocol_mismatch"\} 1$/m,
      /^livegantt_connections 2$/m,
      /^livegantt_rooms 1$/m,
      /^livegantt_store_bytes [1-9]\d+$/m,
      /^livegantt_commit_seconds_count [1-9]/m,
      /^livegantt_broadcast_seconds_count [1-9]/m,
      /^livegantt_group_size_count [1-9]/m,
      /^livegantt_info\{version="\d+\.\d+\.\d+",store="sqlite"\} 1$/m,
    ])
      expect(body).toMatch(line);
  });
});

describe("D9 logs", () => {
  it("D9 every line about a project is one JSON object with project, and client and revision where they are known", async () => {
    const lines: Record<string, unknown>[] = [];
    const into = new Writable({
      write(chunk, _encoding, done) {
        for (const line of String(chunk).trim().split("\n")) lines.push(JSON.parse(line));
        done();
      },
    });
    let ahead = 0;
    const { url, sync } = await startServer({
      logger: pino({ level: "debug" }, into),
      limits: { keepRevisions: 1, keepDays: 1 },
      clock: () => Date.now() + ahead,
    });
    const id = await newProject(url, twoTasks);
    const ada = await Probe.join(url, id, { clientId: "ada" });
    for (const name of ["A1", "A2", "A3"]) await ada.change(rename("a", name));
    await Probe.join(url, id, { clientId: "ada" });
    await ada.closed();
    ahead = 2 * 86_400_000;
    await sync.rooms.compact();
    await request(`${url}/api/projects/${id}`, "DELETE");
    await request(`${url}/api/projects/${id}?purge=true`, "DELETE");
    const about = (text: string) => lines.find((line) => line.msg === text);
    expect(about("project created")).toMatchObject({ project: id, revision: 0 });
    expect(about("project opened")).toMatchObject({ project: id, revision: 0 });
    expect(about("connection ended by the server")).toMatchObject({ project: id, client: "ada", revision: 3, code: "replaced" });
    expect(about("history folded")).toMatchObject({ project: id, revision: 2 });
    expect(about("project archived")).toMatchObject({ project: id, revision: 3 });
    expect(about("project erased")).toMatchObject({ project: id, revision: 3 });
    for (const line of lines) expect(line).toMatchObject({ level: expect.any(Number), time: expect.any(Number), msg: expect.any(String) });
    for (const line of lines) if (JSON.stringify(line).includes(id)) expect(line).toMatchObject({ project: id });
  });
});

describe("D9 health", () => {
  it("D9 /healthz and /readyz answer without a token, and name neither a project nor a person", async () => {
    const { url } = await startServer({ auth: { secret: "s".repeat(40) } });
    expect(await request(`${url}/healthz`)).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await request(`${url}/readyz`)).toMatchObject({ status: 200, body: { status: "ready" } });
  });
});
