import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Maintenance } from "../../interfaces/maintenance.ts";
import { openPostgresStore } from "../../stores/postgres/postgresStore.ts";
import { openSqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { livegantt } from "../commandLine.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";
import { buildServer } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

const authorize = async (token: string | undefined) => ({ role: "admin" as const, sub: token ?? "anon", name: (token ?? "Anon").replace("-id", "") });
const as = (who: string) => ({ authorization: `Bearer ${who}` });

/** Ada and Bob work on a plan: comments, a conflict, a removal, a version, a link. Ada's name is to go. */
async function history(url: string): Promise<string> {
  const created = await request(
    `${url}/api/projects`,
    "POST",
    {
      name: "P",
      plan: {
        tasks: [
          { id: "a", name: "Ask Ada-id's boss" },
          { id: "b", name: "B" },
        ],
      },
    },
    as("Ada-id"),
  );
  const id = created.body.id as string;
  const open = async (token: string, clientId: string) => {
    const probe = new Probe(url, id);
    await probe.open();
    await probe.hello({ token, clientId });
    return probe;
  };
  const [ada, bob] = [await open("Ada-id", "c-ada"), await open("Bob-id", "c-bob")];
  await ada.change({
    comments: {
      added: [
        { id: "k1", task: "a", text: "by her" },
        { id: "k2", task: "a", text: "goes" },
      ],
    },
  });
  await bob.change({ comments: { added: [{ id: "k3", task: "a", text: "by him" }] } });
  await ada.change(rename("a", "A by her", "Ask Ada-id's boss"));
  expect(await bob.change(rename("a", "A by him", "Ask Ada-id's boss"))).toMatchObject({ type: "conflict", payload: { conflicts: [{ by: { name: "Ada" } }] } });
  bob.revision = 3;
  await bob.change({ comments: { removed: [{ id: "k2" }] } });
  await ada.change({ comments: { updated: [{ id: "k1", changes: { resolved: true } }] } });
  expect((await request(`${url}/api/projects/${id}/versions`, "POST", { name: "first", revision: 2 }, as("Ada-id"))).status).toBe(201);
  expect((await request(`${url}/api/projects/${id}/links`, "POST", { role: "viewer" }, as("Ada-id"))).status).toBe(201);
  return id;
}

/** Every text of the store, snapshots unpacked. */
async function everything({ moment }: Maintenance): Promise<string> {
  const tables = ["projects", "changes", "clients", "answers", "versions", "links", "audit", "snapshots"];
  const rows = await moment(async (query) => {
    const found: Record<string, unknown>[] = [];
    for (const table of tables) found.push(...(await query<Record<string, unknown>>(`SELECT * FROM ${table}`)));
    return found;
  });
  return rows.map((row) => JSON.stringify({ ...row, ...(row.body instanceof Uint8Array && { body: String(gunzipSync(row.body)) }) })).join("\n");
}

describe("D12 forgetting a person", () => {
  it("D12 in the embedded store: refused beside a server; then no trace of her is left but in what people typed, and everything still adds up", async () => {
    const data = temporaryFolder();
    const first = await startServer({ data, authorize });
    const id = await history(first.url);
    const forget = ["forget-user", "--sub", "Ada-id", "--yes", "--json", "--data", data];
    expect((await livegantt(forget)).json.error.code).toBe("in_use");
    await first.close();
    const { code, json } = await livegantt(forget);
    expect(code).toBe(0);
    expect(json).toMatchObject({ alias: expect.stringMatching(/^Former member [0-9a-f]{4}$/), projects: [{ project: id, comments: 1, answers: 2 }] });
    expect(json.projects[0].changes).toBeGreaterThanOrEqual(4);
    const store = openSqliteStore(data, "read");
    const text = await everything(store.maintenance);
    await store.close();
    expect(text.replaceAll("Ask Ada-id's boss", "")).not.toMatch(/Ada/);
    expect(text).toMatch(/Bob/);
    const checked = await livegantt(["check", "--json", "--data", data]);
    expect(checked.json).toMatchObject({ sound: true, faults: [] });
    const { url } = await startServer({ data, authorize });
    const plan = (await request(`${url}/api/projects/${id}`, "GET", undefined, as("Bob-id"))).body;
    expect(plan.comments.map((comment: { id: string; author: string }) => [comment.id, comment.author])).toEqual([
      ["k1", json.alias],
      ["k3", "Bob"],
    ]);
    const { entries } = (await request(`${url}/api/projects/${id}/history`, "GET", undefined, as("Bob-id"))).body;
    expect(new Set(entries.map((entry: { author: string }) => entry.author))).toEqual(new Set(["Operator", "Bob", json.alias]));
    expect(entries[0]).toMatchObject({ author: "Operator", intent: "person.forget", changes: [{ id: "k1", fields: { author: { after: json.alias } } }] });
    const stranger = new Probe(url, id);
    await stranger.open();
    stranger.send({ type: "hello", protocol: 1, token: "Eve-id", clientId: "c-ada" });
    expect((await stranger.closed()).error?.code).toBe("client_id_taken");
  }, 60_000);

  it("D12 a name without a token: what somebody else wrote under the same name with a token stays", async () => {
    const data = temporaryFolder();
    const first = await startServer({ data });
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id, { user: { name: "Ada" } });
    await ada.change({ comments: { added: [{ id: "k", task: "a", text: "hello" }] } });
    await first.close();
    const second = await startServer({ data, authorize });
    const other = new Probe(second.url, id);
    await other.open();
    await other.hello({ token: "Ada-id" });
    await other.change(rename("a", "A1"));
    await second.close();
    expect((await livegantt(["forget-user", "--name", "Ada", "--as", "N. N.", "--yes", "--data", data])).code).toBe(0);
    const { entries } = JSON.parse(String((await livegantt(["history", id, "--json", "--data", data])).stdout));
    expect(entries.map((entry: { author: string }) => entry.author)).toEqual(["Operator", "Ada", "N. N."]);
  }, 60_000);

  it.skipIf(!hasPostgres)(
    "D12 on PostgreSQL beside running servers: every replica has the new name, and no server writes the old one again",
    async () => {
      const { url: database, drop } = await emptyDatabase();
      atEnd(drop);
      const [north, south] = [await startServer({ database, authorize }), await startServer({ database, authorize })];
      const id = await history(north.url);
      const bob = new Probe(south.url, id);
      await bob.open();
      await bob.hello({ token: "Bob-id" });
      const closed = bob.closed();
      const { code, json } = await livegantt(["forget-user", "--sub", "Ada-id", "--yes", "--json"], { DATABASE_URL: database });
      expect(code).toBe(0);
      expect(await closed).toMatchObject({ code: 4503, error: { code: "project_rewritten", action: "retry" } });
      for (const { url } of [north, south]) {
        const { comments } = (await request(`${url}/api/projects/${id}`, "GET", undefined, as("Bob-id"))).body;
        expect(comments.find((comment: { id: string }) => comment.id === "k1").author).toBe(json.alias);
      }
      const again = new Probe(south.url, id);
      await again.open();
      await again.hello({ token: "Bob-id" });
      await again.change(rename("b", "B1"));
      await Promise.all([north.close(), south.close()]);
      const store = await openPostgresStore(database);
      expect((await everything(store.maintenance)).replaceAll("Ask Ada-id's boss", "")).not.toMatch(/Ada/);
      await store.close();
      expect((await livegantt(["check", "--json"], { DATABASE_URL: database })).json).toMatchObject({ sound: true, faults: [] });
    },
    60_000,
  );
});
