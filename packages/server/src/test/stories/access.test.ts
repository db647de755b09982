import { describe, expect, it } from "vitest";
import { tokenAccess } from "../../auth/tokens.ts";
import { systemScheduler } from "../../interfaces/scheduler.ts";
import { bearer, guarded, sign } from "../guarded.ts";
import { Probe, rename, request } from "../harness.ts";

describe("D6 access", () => {
  it("D6 the role decides, per change: viewer nothing, commenter comments, editor all", async () => {
    const { url, id, token } = await guarded();
    const comment = { comments: { added: [{ id: "c1", task: "a", text: "hm" }] } };
    const answers: Record<string, string[]> = {};
    for (const role of ["viewer", "commenter", "editor", "admin"]) {
      const probe = new Probe(url, id);
      await probe.open();
      const { payload } = await probe.hello({ token: await token(role), user: { name: "somebody else" } });
      expect(payload.role).toBe(role);
      expect(payload.users.find((user) => user.clientId === payload.clientId)?.name).toBe(`The ${role}`);
      const said = [await probe.change(rename("a", role)), await probe.change({ comments: { added: [{ ...comment.comments.added[0], id: `c-${role}` }] } })];
      answers[role] = said.map((answer) =>
        answer.type === "error" ? `${answer.payload.code} ${answer.payload.action} ${answer.payload.clientRevision}` : answer.type,
      );
    }
    expect(answers).toEqual({
      viewer: ["not_allowed fatal 1", "not_allowed fatal 2"],
      commenter: ["not_allowed fatal 1", "ack"],
      editor: ["ack", "ack"],
      admin: ["ack", "ack"],
    });
  });

  it.each([
    ["no token", async () => undefined, "token_required"],
    ["a token of another secret", () => sign({ sub: "x", projects: { "*": "admin" } }, { key: "another secret that is long enough" }), "token_invalid"],
    ["a token without signature", async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x","projects":{"*":"admin"}}')}.`, "token_invalid"],
    ["an expired token", () => sign({ sub: "x", projects: { "*": "admin" } }, { expires: Math.floor(Date.now() / 1000) - 60 }), "token_expired"],
    ["junk", async () => "junk", "token_invalid"],
  ])("D6 %s closes with 4401 and gets 401", async (_name, make, code) => {
    const { url, id, at } = await guarded();
    const token = await make();
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol: 1, ...(token !== undefined && { token }) });
    expect(await probe.closed()).toMatchObject({ code: 4401, error: { code, action: "reauth" } });
    const answer = await request(at, "GET", undefined, token === undefined ? {} : bearer(token));
    expect(answer).toMatchObject({ status: 401, body: { error: { code } } });
    expect((await request(`${url}/api/projects`, "GET", undefined, token === undefined ? {} : bearer(token))).status).toBe(401);
  });

  it("D6 a token for another project is not allowed here, and does not see it in the list", async () => {
    const { url, id, at, admin } = await guarded();
    const other = await sign({ sub: "x", projects: { elsewhere: "admin" } });
    const probe = new Probe(url, id);
    await probe.open();
    probe.send({ type: "hello", protocol: 1, token: other });
    expect(await probe.closed()).toMatchObject({ code: 4403, error: { code: "not_allowed", action: "fatal" } });
    expect((await request(at, "GET", undefined, bearer(other))).status).toBe(403);
    expect((await request(`${url}/api/projects`, "GET", undefined, bearer(other))).body.projects).toEqual([]);
    expect((await request(`${url}/api/projects`, "GET", undefined, bearer(admin))).body.projects.length).toBe(1);
    expect((await request(`${url}/api/projects`, "POST", {}, bearer(other))).status).toBe(403);
  });

  it("D6 only an admin archives, only an editor restores; the session cookie works like a bearer", async () => {
    const { at, token } = await guarded();
    const editor = await token("editor");
    expect((await request(at, "DELETE", undefined, bearer(editor))).status).toBe(403);
    expect((await request(`${at}/revisions/0/restore`, "POST", undefined, bearer(await token("viewer")))).status).toBe(403);
    expect((await request(at, "GET", undefined, { cookie: `x=1; livegantt_session=${editor}` })).status).toBe(200);
    expect((await request(at, "DELETE", undefined, bearer(await token("admin")))).status).toBe(204);
  });

  it("W3 a clientId belongs to the person who first used it", async () => {
    const { url, id, at, token } = await guarded();
    const ada = new Probe(url, id);
    await ada.open();
    await ada.hello({ clientId: "tab", token: await token("editor", "ada") });
    await ada.change(rename("a", "A1"));
    const eve = new Probe(url, id);
    await eve.open();
    eve.send({ type: "hello", protocol: 1, clientId: "tab", token: await token("editor", "eve") });
    expect(await eve.closed()).toMatchObject({ code: 4403, error: { code: "client_id_taken" } });
    const change = { clientId: "tab", revision: 2, baseRevision: 1, payload: rename("a", "E") };
    expect(await request(`${at}/changes`, "POST", change, bearer(await token("editor", "eve")))).toMatchObject({
      status: 403,
      body: { error: { code: "client_id_taken" } },
    });
    expect((await ada.change(rename("a", "A2"))).type).toBe("ack");
  });

  it("D6 a connection ends with its token", async () => {
    let now = Date.now();
    const { url, id, sync, token } = await guarded({ clock: () => now });
    const ada = new Probe(url, id);
    await ada.open();
    await ada.hello({ token: await token("editor") });
    now += 3_700_000;
    sync.checkConnections();
    expect(await ada.closed()).toMatchObject({ code: 4401, error: { code: "token_expired", action: "reauth" } });
  });

  it("W8 a connection that is silent for too long is let go", async () => {
    let passed = 0;
    const { url, id, sync, token } = await guarded({ scheduler: { ...systemScheduler, elapsed: () => systemScheduler.elapsed() + passed } });
    const ada = new Probe(url, id);
    await ada.open();
    await ada.hello({ token: await token("editor") });
    passed = 101_000;
    sync.checkConnections();
    expect(await ada.closed()).toMatchObject({ error: { code: "silent", action: "retry" } });
  });

  it("D6 a short secret and a broken key set are refused at the start", () => {
    expect(() => tokenAccess({ secret: "short" })).toThrowError(/at least 32/);
    expect(() => tokenAccess({ jwks: "{not json" })).toThrowError(/key set/);
  });
});
