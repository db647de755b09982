import { describe, expect, it } from "vitest";
import { bearer, enter, exchange, guarded, oneProject, secret, sign } from "../guarded.ts";
import { atEnd, newProject, Probe, rename, request, startServer } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";

const hour = 3_600_000;

describe("D6 share links", () => {
  it("D6 are made, listed and revoked; the token is told once, and only its hash is kept", async () => {
    const { url, at, admin, id, share, revoke, sync } = await guarded();
    const made = await share("editor", { label: " For the builders ", expiresAt: Date.now() + hour });
    expect(made).toEqual({
      id: expect.stringMatching(/^[\w-]{12}$/),
      role: "editor",
      label: "For the builders",
      createdBy: "Root",
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
      revokedAt: null,
      token: expect.stringMatching(/^lgl_[\w-]{43}$/),
      path: `/p/${id}#link=${made.token}`,
    });
    const list = await request(`${at}/links`, "GET", undefined, bearer(admin));
    expect(list.body).toMatchObject({ guarded: true, links: [{ id: made.id, role: "editor" }] });
    expect(JSON.stringify(list.body)).not.toContain(made.token);
    expect(JSON.stringify(await sync.store.links.list(id))).not.toContain(made.token);
    expect((await revoke(made.id)).status).toBe(204);
    expect((await revoke(made.id)).status).toBe(204);
    expect((await request(`${at}/links`, "GET", undefined, bearer(admin))).body.links).toMatchObject([{ id: made.id, revokedAt: expect.any(Number) }]);
    expect(await revoke("nothing")).toMatchObject({ status: 404, body: { error: { code: "link_not_found" } } });
    expect((await request(`${url}/api/projects/nowhere/links`, "GET", undefined, bearer(admin))).status).toBe(404);
  });

  it.each([
    [{ role: "owner" }, "role"],
    [{}, ""],
    [{ role: "viewer", expiresAt: 5 }, "expiresAt"],
    [{ role: "viewer", expiresAt: Date.now() + 4e12 }, "expiresAt"],
    [{ role: "viewer", expiresAt: "tomorrow" }, "expiresAt"],
    [{ role: "viewer", label: "x".repeat(200) }, "label"],
  ])("D6 a link of %j is refused and says where", async (wish, path) => {
    const { at, admin } = await guarded();
    expect(await request(`${at}/links`, "POST", wish, bearer(admin))).toMatchObject({ status: 400, body: { error: { action: "fix", path } } });
  });

  it("D7 a project has no more links than its limit; ended ones do not count", async () => {
    const { at, admin, share, revoke } = await guarded({ limits: { linksPerProject: 2 } });
    const first = await share("viewer");
    await share("viewer");
    const third = await request(`${at}/links`, "POST", { role: "viewer" }, bearer(admin));
    expect(third).toMatchObject({ status: 400, body: { error: { code: "limit_exceeded", message: expect.stringContaining("linksPerProject") } } });
    await revoke(first.id);
    await share("viewer");
  });

  it("D7 a link has no more sessions than its limit; whoever has one keeps it", async () => {
    const { url, at, share } = await guarded({ limits: { sessionsPerLink: 1 } });
    const { token } = await share("viewer");
    const first = await exchange(url, token);
    expect(await exchange(url, token)).toMatchObject({
      status: 403,
      set: "",
      body: { error: { code: "too_many_sessions", message: expect.stringContaining("sessionsPerLink") } },
    });
    expect((await exchange(url, token, { cookie: first.cookie })).status).toBe(200);
    expect((await request(at, "GET", undefined, { cookie: first.cookie })).status).toBe(200);
  });

  it("D6 a browser exchanges the token for a cookie that no script and no other site gets, and comes in by it over HTTP and socket", async () => {
    const { url, at, id, share } = await guarded();
    const link = await share("commenter");
    const opened = await exchange(url, link.token);
    expect(opened).toMatchObject({ status: 200, body: { project: id, role: "commenter", expiresAt: null, sub: expect.stringMatching(/^guest-/) } });
    expect(opened.set).toMatch(/^livegantt_link=lgs_[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect(opened.headers.get("cache-control")).toBe("no-store");
    const { cookie } = opened;
    expect((await request(at, "GET", undefined, { cookie })).status).toBe(200);
    expect((await request(`${url}/api/projects`, "GET", undefined, { cookie })).body.projects.map((project: { id: string }) => project.id)).toEqual([id]);
    const probe = await enter(url, id, { cookie });
    expect((await probe.next("init")).payload.role).toBe("commenter");
    expect(await probe.change(rename("a", "X"))).toMatchObject({ type: "error", payload: { code: "not_allowed", action: "fatal", clientRevision: 1 } });
    expect(await probe.change({ comments: { added: [{ id: "c", task: "a", text: "hm" }] } })).toMatchObject({ type: "ack" });
    const tls = await request(`${url}/api/session`, "POST", { link: link.token }, { origin: url.replace("http:", "https:") });
    expect(tls.headers.get("set-cookie")).toContain("; Secure");
    const left = await request(`${url}/api/session`, "DELETE");
    expect(left.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  it("D6 a program uses the link's token, or the session's, as its token", async () => {
    const { url, id, at, share } = await guarded();
    const { token } = await share("editor");
    const { body } = await exchange(url, token);
    for (const named of [token, body.token]) {
      expect((await request(at, "GET", undefined, bearer(named))).status).toBe(200);
      const probe = await enter(url, id, { token: named });
      const { payload } = await probe.next("init");
      expect(payload.role).toBe("editor");
      expect((await probe.change(rename("a", named.slice(0, 4)), { baseRevision: payload.revision })).type).toBe("ack");
    }
  });

  it("D6 a person stays the same person: another link adds to the session, and the higher role counts where it holds", async () => {
    let now = Date.now();
    const { url, id, at, admin, share } = await guarded({ clock: () => now });
    const viewer = await exchange(url, (await share("viewer")).token);
    const editor = await exchange(url, (await share("editor", { expiresAt: now + hour })).token, { cookie: viewer.cookie });
    expect([editor.body.sub, editor.body.token]).toEqual([viewer.body.sub, viewer.body.token]);
    const role = async () => {
      const probe = await enter(url, id, { cookie: viewer.cookie });
      return (await probe.next("init")).payload.role;
    };
    expect(await role()).toBe("editor");
    now += 2 * hour;
    expect(await role()).toBe("viewer");
    const kept = await exchange(url, (await share("commenter")).token, { session: viewer.body.token });
    expect(kept.body.sub).toBe(viewer.body.sub);
    const other = await exchange(url, (await share("commenter")).token, { session: "lgs_guest-x.forged" });
    expect(other.body.sub).not.toBe(viewer.body.sub);
    // Who is signed in stays that person, with the higher of both roles.
    const account = `livegantt_session=${admin}; ${viewer.cookie}`;
    expect((await request(`${at}/links`, "GET", undefined, { cookie: account })).status).toBe(200);
  });

  it("D6 an account of a lower role gets the link's, and goes on as itself when the link ends", async () => {
    const { url, id, token, share, revoke } = await guarded();
    const link = await share("editor");
    const { cookie } = await exchange(url, link.token);
    const both = `livegantt_session=${await token("viewer", "vera")}; ${cookie}`;
    const vera = await enter(url, id, { cookie: both, clientId: "tab" });
    const { payload } = await vera.next("init");
    expect([payload.role, payload.users[0]?.name]).toEqual(["editor", "The viewer"]);
    expect((await vera.change(rename("a", "A1"))).type).toBe("ack");
    await revoke(link.id);
    expect(await vera.closed()).toMatchObject({ code: 4503, error: { code: "rights_changed", action: "retry" } });
    const again = await enter(url, id, { cookie: both, clientId: "tab" });
    expect((await again.next("init")).payload).toMatchObject({ role: "viewer", lastClientRevision: 1 });
  });

  it("D6 an account whose link expires goes on as itself, too", async () => {
    let now = Date.now();
    const { url, id, token, share, sync } = await guarded({ clock: () => now });
    const { cookie } = await exchange(url, (await share("editor", { expiresAt: now + 60_000 })).token);
    const vera = await enter(url, id, { cookie: `livegantt_session=${await token("viewer", "vera")}; ${cookie}` });
    expect((await vera.next("init")).payload.role).toBe("editor");
    now += 60_000;
    sync.checkConnections();
    expect(await vera.closed()).toMatchObject({ code: 4503, error: { code: "rights_changed" } });
  });

  it("W3 two people with one link are two people: neither is taken for the other", async () => {
    const { url, id, share } = await guarded();
    const { token } = await share("editor");
    const [ann, eve] = [await exchange(url, token), await exchange(url, token)];
    const first = await enter(url, id, { token: ann.body.token, clientId: "tab" });
    await first.next("init");
    await first.change(rename("a", "A1"));
    const second = await enter(url, id, { token: eve.body.token, clientId: "tab" });
    expect(await second.closed()).toMatchObject({ code: 4403, error: { code: "client_id_taken" } });
  });

  it("D6 a revoked link closes its sockets and gets 401, other people stay", async () => {
    const { url, id, at, share, revoke, token } = await guarded();
    const [link, other] = [await share("editor"), await share("viewer")];
    const session = await exchange(url, link.token);
    const sockets = [
      await enter(url, id, { token: link.token }),
      await enter(url, id, { cookie: session.cookie }),
      await enter(url, id, { token: session.body.token }),
    ];
    const stays = [await enter(url, id, { token: other.token }), await enter(url, id, { token: await token("editor") })];
    for (const probe of [...sockets, ...stays]) await probe.next("init");
    await revoke(link.id);
    for (const probe of sockets) expect(await probe.closed()).toMatchObject({ code: 4401, error: { code: "link_revoked", action: "reauth" } });
    for (const headers of [bearer(link.token), bearer(session.body.token), { cookie: session.cookie }]) {
      for (const path of [at, `${at}/history`, `${url}/api/projects`])
        expect(await request(path, "GET", undefined, headers)).toMatchObject({ status: 401, body: { error: { action: "reauth" } } });
      const change = { clientId: "x", revision: 1, baseRevision: 0, payload: rename("a", "X") };
      expect(await request(`${at}/changes`, "POST", change, headers)).toMatchObject({ status: 401, body: { error: { code: "link_revoked" } } });
    }
    expect(await exchange(url, link.token)).toMatchObject({ status: 401, body: { error: { code: "link_revoked" } } });
    expect((await stays[1]?.change(rename("a", "A1")))?.type).toBe("ack");
    expect(stays.map(({ closeCode }) => closeCode)).toEqual([undefined, undefined]);
  });

  it("D6 an expired link ends its sockets at once and gets 401", async () => {
    let now = Date.now();
    const { url, id, at, share, sync } = await guarded({ clock: () => now });
    const link = await share("editor", { expiresAt: now + hour });
    const session = await exchange(url, link.token);
    const probe = await enter(url, id, { cookie: session.cookie });
    await probe.next("init");
    now += hour;
    sync.checkConnections();
    expect(await probe.closed()).toMatchObject({ code: 4401, error: { code: "link_expired", action: "reauth" } });
    expect(await request(at, "GET", undefined, { cookie: session.cookie })).toMatchObject({ status: 401, body: { error: { code: "link_expired" } } });
    expect(await exchange(url, link.token)).toMatchObject({ status: 401, body: { error: { code: "link_expired" } } });
  });

  it.each([
    ["junk", "junk"],
    ["an unknown link", `lgl_${"x".repeat(43)}`],
    ["an unknown session", `lgs_guest-x.${"x".repeat(43)}`],
    ["SQL", "lgl_' OR 1=1 --"],
  ])("D6 %s opens nothing", async (_name, given) => {
    const { url, id, at, share } = await guarded();
    await share("admin");
    expect(await exchange(url, given)).toMatchObject({ status: 401, body: { error: { code: "token_invalid", action: "reauth" } } });
    expect(await request(at, "GET", undefined, bearer(given.replaceAll(" ", "")))).toMatchObject({ status: 401, body: { error: { code: "token_invalid" } } });
    const probe = await enter(url, id, { token: given });
    expect(await probe.closed()).toMatchObject({ code: 4401, error: { code: "token_invalid" } });
  });

  it("D6 a link opens its own project only, and ends with it", async () => {
    const { url, id, admin, at, share } = await guarded();
    const link = await share("admin");
    const { body: elsewhere } = await request(`${url}/api/projects`, "POST", {}, bearer(admin));
    expect(await request(`${url}/api/projects/${elsewhere.id}`, "GET", undefined, bearer(link.token))).toMatchObject({
      status: 403,
      body: { error: { code: "not_allowed" } },
    });
    expect((await request(`${url}/api/projects`, "POST", {}, bearer(link.token))).status).toBe(403);
    expect((await request(`${at}?purge=true`, "DELETE", undefined, bearer(link.token))).status).toBe(204);
    expect((await request(at, "GET", undefined, bearer(link.token))).status).toBe(401);
    expect(await exchange(url, link.token)).toMatchObject({ status: 401 });
    expect(id).not.toBe(elsewhere.id);
  });

  it("D6 without a secret everybody is admin, and who comes by a link has the link's role all the same", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const at = `${url}/api/projects/${id}`;
    const { body: link } = await request(`${at}/links`, "POST", { role: "viewer", author: "Ada" });
    expect(link.createdBy).toBe("Ada");
    expect((await request(`${at}/links`)).body.guarded).toBe(false);
    const { body: session, cookie } = await exchange(url, link.token);
    const viewer = await enter(url, id, { token: session.token });
    expect((await viewer.next("init")).payload.role).toBe("viewer");
    expect((await request(at, "DELETE", undefined, bearer(session.token))).status).toBe(403);
    // The cookie takes nothing away from a browser whose user is admin.
    const admin = await enter(url, id, { cookie });
    expect((await admin.next("init")).payload.role).toBe("admin");
    await request(`${at}/links/${link.id}`, "DELETE");
    expect(await viewer.closed()).toMatchObject({ code: 4401, error: { code: "link_revoked" } });
    expect((await request(at, "GET", undefined, bearer(session.token))).status).toBe(401);
  });

  it("D6 an access token in the fragment becomes a cookie too, until it expires; junk does not", async () => {
    const { url, at, admin } = await guarded();
    const opened = await request(`${url}/api/session`, "POST", { token: admin });
    expect(opened).toMatchObject({ status: 200, body: { name: "Root", expiresAt: expect.any(Number) } });
    const set = opened.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/^livegantt_session=.+; HttpOnly; SameSite=Lax; Max-Age=3\d{3}$/);
    expect((await request(`${at}/links`, "GET", undefined, { cookie: set.split(";")[0] ?? "" })).status).toBe(200);
    // A link made up by somebody else puts nobody into another account.
    const eve = await sign({ sub: "eve", name: "Eve", projects: {} });
    const held = { cookie: set.split(";")[0] ?? "" };
    expect(await request(`${url}/api/session`, "POST", { token: eve }, held)).toMatchObject({
      status: 409,
      body: { error: { code: "signed_in", message: expect.stringContaining("as Root") } },
    });
    expect((await request(`${url}/api/session`, "POST", { token: await sign({ sub: "root", projects: { "*": "admin" } }) }, held)).status).toBe(200);
    expect((await request(`${url}/api/session`, "POST", { token: eve })).status).toBe(200);
    expect(await request(`${url}/api/session`, "POST", { token: "junk" })).toMatchObject({ status: 401, body: { error: { code: "token_invalid" } } });
    for (const body of [{}, { token: admin, link: "lgl_x" }, { token: "lgs_x.y" }])
      expect((await request(`${url}/api/session`, "POST", body)).status).toBe(400);
  });

  it("D6 a page of another origin exchanges nothing", async () => {
    const { url, share } = await guarded();
    const { token } = await share("editor");
    const answer = await request(`${url}/api/session`, "POST", { link: token }, { origin: "https://evil.example" });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "origin_not_allowed" } } });
    expect(answer.headers.get("set-cookie")).toBeNull();
  });
});

describe.skipIf(!hasPostgres)("D6 share links on two servers", () => {
  it("D6 what one revokes, the other ends within five seconds, and refuses at once", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    const north = await startServer({ database, auth: { secret } });
    const south = await startServer({ database, auth: { secret } });
    const { id, share, revoke } = await oneProject(north.url);
    const link = await share("editor");
    const session = await exchange(south.url, link.token);
    const probe = await enter(south.url, id, { cookie: session.cookie });
    await probe.next("init");
    const started = performance.now();
    await revoke(link.id);
    expect(await request(`${south.url}/api/projects/${id}`, "GET", undefined, { cookie: session.cookie })).toMatchObject({ status: 401 });
    expect(await probe.closed()).toMatchObject({ code: 4401, error: { code: "link_revoked" } });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("D6 rights that somebody else decides about", () => {
  it("D6 rights that are taken away end the connection; other rights make it connect anew; a fault of the decider does neither", async () => {
    let now = 1_700_000_000_000;
    let role: "viewer" | "editor" | "fault" | "none" = "editor";
    const { ServerError } = await import("../../errors.ts");
    const { url, sync } = await startServer({
      clock: () => now,
      authorize: async (_token, project) => {
        if (project === null || role === "editor") return { role: "editor", sub: "ann" };
        if (role === "fault") throw new Error("the database is away");
        if (role === "none") throw new ServerError("not_allowed", "fatal", "Not any more.");
        return { role, sub: "ann" };
      },
    });
    const id = await newProject(url);
    const look = async (): Promise<void> => {
      now += 3_000;
      await sync.checkAccess();
    };
    const ann = await Probe.join(url, id);
    role = "fault";
    await look();
    role = "viewer";
    await sync.checkAccess(); // asked just now: not yet again
    expect(ann.closeCode).toBeUndefined();
    await look();
    expect(await ann.closed()).toMatchObject({ code: 4503, error: { code: "rights_changed" } });
    const again = await enter(url, id);
    expect((await again.next("init")).payload.role).toBe("viewer");
    role = "none";
    await look();
    expect(await again.closed()).toMatchObject({ code: 4403, error: { code: "not_allowed", action: "fatal" } });
  });
});
