import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { SqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { bearer, enter, exchange, guarded } from "../guarded.ts";
import { newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";

/** Refusals are written beside the answer: asked for until they are there. */
async function refusals(read: () => Promise<Line[]>, count: number): Promise<Line[]> {
  for (let i = 0; i < 200; i++) {
    const lines = (await read()).filter(({ action }) => action === "refused");
    if (lines.length >= count) return lines;
    await new Promise((done) => setImmediate(done));
  }
  throw new Error("the refusals never came");
}

interface Line {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly sub: string | null;
  readonly detail: Record<string, unknown> | null;
}

describe("D6 the audit log", () => {
  it("D6 tells who made and revoked links, came by them, named, restored, exported, archived", async () => {
    const { url, at, admin, share, revoke, token } = await guarded();
    const link = await share("editor");
    const { body: session } = await exchange(url, link.token);
    await exchange(url, link.token, { session: session.token }); // comes back: no line of its own
    await request(`${at}/changes`, "POST", { clientId: "c", revision: 1, baseRevision: 0, payload: rename("a", "B") }, bearer(session.token));
    await request(`${at}/versions`, "POST", { name: "Signed", author: "Gus" }, bearer(session.token));
    await request(`${at}/revisions/0/restore`, "POST", undefined, bearer(await token("editor", "ed")));
    await request(`${at}/export?format=csv`, "GET", undefined, bearer(await token("viewer", "vera")));
    await revoke(link.id);
    await request(at, "DELETE", undefined, bearer(admin));
    await request(`${at}/unarchive`, "POST", {}, bearer(admin));
    const { entries } = (await request(`${at}/audit`, "GET", undefined, bearer(admin))).body as { entries: Line[] };
    expect(entries.map(({ action, actor, sub, detail }) => [action, actor, sub, detail]).reverse()).toEqual([
      ["link.created", "Root", "root", { link: link.id, role: "editor", expiresAt: null }],
      ["link.opened", "Guest (by link)", session.sub, { link: link.id, role: "editor" }],
      ["version.named", "Gus (by link)", session.sub, { revision: 1 }],
      ["restored", "The editor", "ed", { revision: 0 }],
      ["exported", "The viewer", "vera", { format: "csv", revision: 2 }],
      ["link.revoked", "Root", "root", { link: link.id }],
      ["archived", "Root", "root", null],
      ["unarchived", "Root", "root", null],
    ]);
  });

  it("D6 stays when the project is erased, for who may see all projects; one that never was has none", async () => {
    const { url, at, admin, token } = await guarded();
    expect((await request(`${at}?purge=true`, "DELETE", undefined, bearer(await token("admin", "owner")))).status).toBe(204);
    const { entries } = (await request(`${at}/audit`, "GET", undefined, bearer(admin))).body;
    expect(entries).toMatchObject([{ action: "purged", actor: "The admin", sub: "owner" }]);
    expect((await request(`${url}/api/projects/never/audit`, "GET", undefined, bearer(admin))).status).toBe(404);
  });

  it("D6 tells who was refused, once in a minute for each reason, and nothing about who does not exist", async () => {
    let now = Date.now();
    const { url, id, at, admin, token, share, revoke } = await guarded({ clock: () => now });
    const read = async () => (await request(`${at}/audit`, "GET", undefined, bearer(admin))).body.entries as Line[];
    const viewer = await token("viewer", "vera");
    for (let i = 0; i < 5; i++) expect((await request(at, "DELETE", undefined, bearer(viewer))).status).toBe(403);
    const probe = await enter(url, id, { token: viewer });
    await probe.next("init");
    for (let i = 0; i < 5; i++) expect((await probe.change(rename("a", "X"))).type).toBe("error");
    const link = await share("viewer");
    await revoke(link.id);
    expect(await (await enter(url, id, { token: link.token })).closed()).toMatchObject({ code: 4401 });
    await request(at, "GET", undefined, bearer("junk"));
    expect((await refusals(read, 3)).map(({ actor, sub, detail }) => [actor, sub, detail]).reverse()).toEqual([
      ["The viewer", "vera", { what: "DELETE /api/projects/:id", role: "viewer" }],
      ["The viewer", "vera", { what: "change", role: "viewer" }],
      ["Unknown", null, { what: "connection", code: "link_revoked" }],
    ]);
    now += 61_000;
    await request(at, "DELETE", undefined, bearer(viewer));
    expect((await refusals(read, 4)).length).toBe(4);
  });

  it("D6 a change over HTTP that was not allowed is there as well", async () => {
    const { at, admin, token } = await guarded();
    const read = async () => (await request(`${at}/audit`, "GET", undefined, bearer(admin))).body.entries as Line[];
    const change = { clientId: "c", revision: 1, baseRevision: 0, payload: rename("a", "B") };
    expect((await request(`${at}/changes`, "POST", change, bearer(await token("commenter", "cora")))).status).toBe(403);
    expect(await refusals(read, 1)).toMatchObject([{ actor: "The commenter", sub: "cora", detail: { what: "change", role: "commenter" } }]);
  });

  it("D6 where no line can be written nothing is shared or erased; a file is given all the same, since it may be the last way out", async () => {
    const db = openDatabase(join(temporaryFolder(), "livegantt.db"));
    const store = new SqliteStore(db);
    const { url } = await startServer({ store });
    const id = await newProject(url);
    const at = `${url}/api/projects/${id}`;
    db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    expect((await request(`${at}?purge=true`, "DELETE")).status).toBe(503);
    expect((await request(`${at}/links`, "POST", { role: "viewer" })).status).toBe(503);
    expect((await request(`${at}/versions`, "POST", { name: "V" })).status).toBe(503);
    expect((await request(`${at}/export?format=json`)).status).toBe(200);
    expect((await request(`${at}/links`)).body.links).toEqual([]);
    expect((await request(`${at}/versions`)).body.versions).toEqual([]);
    expect((await request(at)).status).toBe(200);
  });

  it("D6 is read page by page and by kind, within limits", async () => {
    const { url } = await startServer({ limits: { historyPage: 50 } });
    const id = await newProject(url);
    const at = `${url}/api/projects/${id}`;
    for (let i = 0; i < 5; i++) await request(`${at}/export?format=json`);
    await request(`${at}/links`, "POST", { role: "viewer" });
    const first = (await request(`${at}/audit?limit=4`)).body;
    expect(first.entries.map((entry: Line) => entry.action)).toEqual(["link.created", "exported", "exported", "exported"]);
    const rest = (await request(`${at}/audit?limit=4&before=${first.next}`)).body;
    expect([rest.entries.length, rest.next]).toEqual([2, undefined]);
    expect((await request(`${at}/audit?action=link.created`)).body).toMatchObject({ entries: [{ actor: "Anybody", sub: null }] });
    expect(await request(`${at}/audit?limit=51`)).toMatchObject({ status: 400, body: { error: { code: "limit_exceeded", path: "limit" } } });
    expect(await request(`${at}/audit?action=nonsense`)).toMatchObject({ status: 400, body: { error: { path: "action" } } });
    const ada = await Probe.join(url, id);
    expect((await ada.change(rename("a", "A1"))).type).toBe("ack");
    expect((await request(`${at}/audit`)).body.entries.length).toBe(6);
  });
});
