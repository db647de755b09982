import { describe, expect, it } from "vitest";
import { rememberedAnswers } from "../../interfaces/store.ts";
import { newProject, Probe, rename, request, startServer } from "../harness.ts";

const later = async (url: string, id: string, clientId: string) => {
  const probe = new Probe(url, id);
  await probe.open();
  await probe.hello({ clientId });
  return probe;
};

describe("W3 every number has one answer for ever", () => {
  it("W3 a repeat gets the original answer and changes nothing, also after a restart", async () => {
    const first = await startServer();
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id, { clientId: "ada" });
    const bob = await Probe.join(first.url, id);
    const original = await ada.change({ tasks: { added: [{ id: "n", name: "N" }] } });
    expect(original).toMatchObject({ type: "ack", payload: { outcome: "merged", normalised: { tasks: { added: [{ id: "n" }] } } } });
    await bob.change(rename("b", "B1"));
    const repeat = await ada.change({ tasks: { added: [{ id: "n", name: "N" }] } }, { revision: 1 });
    expect(repeat).toEqual(original);
    await first.close();
    const second = await startServer({ data: first.data });
    const again = await later(second.url, id, "ada");
    expect(await again.change({ tasks: { added: [{ id: "n", name: "N" }] } }, { revision: 1 })).toEqual(original);
    const { body } = await request(`${second.url}/api/projects/${id}`);
    expect(body.revision).toBe(2);
    expect(body.tasks.length).toBe(3);
  });

  it("W3 a repeated conflict and a repeated refusal are the original ones", async () => {
    const first = await startServer();
    const id = await newProject(first.url);
    const ada = await Probe.join(first.url, id, { clientId: "ada" });
    const bob = await Probe.join(first.url, id, { clientId: "bob" });
    await ada.change(rename("a", "mine", "A"));
    const conflict = await bob.change(rename("a", "yours", "A"), { baseRevision: 0 });
    const refusal = await bob.change({ tasks: { updated: [{ id: "a", changes: { percentDone: 900 } }] } });
    expect([conflict.type, refusal.type]).toEqual(["conflict", "error"]);
    await ada.change(rename("a", "mine again"));
    await first.close();
    const { url } = await startServer({ data: first.data });
    const again = await later(url, id, "bob");
    expect(await again.change(rename("a", "yours", "A"), { revision: 1 })).toEqual(conflict);
    expect(await again.change({}, { revision: 2 })).toEqual(refusal);
    expect(await again.change(rename("b", "B1"), { revision: 3 })).toMatchObject({ type: "ack", payload: { clientRevision: 3 } });
  });

  it("W3 the same number twice in one turn is applied once", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    for (let i = 0; i < 3; i++) ada.post({ tasks: { added: [{ id: "n", name: "N" }] } }, { revision: 1 });
    const answers = [await ada.next("ack"), await ada.next("ack"), await ada.next("ack")];
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await request(`${url}/api/projects/${id}`)).body.revision).toBe(1);
  });

  it("W3 a number older than the answers kept is answered as already done", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const count = rememberedAnswers + 6;
    for (let i = 1; i <= count; i++) ada.post(rename("a", `A${i}`));
    for (let i = 1; i <= count; i++) await ada.next("ack");
    expect(await ada.change(rename("a", "old"), { revision: 7 })).toMatchObject({ type: "ack", payload: { clientRevision: 7, serverRevision: 7 } });
    expect(await ada.change(rename("a", "old"), { revision: 6 })).toMatchObject({ type: "ack", payload: { clientRevision: 6, serverRevision: count } });
    expect((await request(`${url}/api/projects/${id}`)).body).toMatchObject({ revision: count });
  });

  it("W3 a gap names the number that is expected and does not use one up", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    const gap = await ada.change(rename("a", "A9"), { revision: 9 });
    expect(gap).toMatchObject({
      type: "error",
      payload: { code: "revision_gap", action: "fix", message: expect.stringMatching(/number 1 is expected, 9 came/) },
    });
    expect((gap.payload as { clientRevision?: number }).clientRevision).toBeUndefined();
    expect(await ada.change(rename("a", "A1"), { revision: 1 })).toMatchObject({ type: "ack", payload: { serverRevision: 1 } });
  });

  it("W3 a malformed change with a number uses it up, in its place", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    ada.post(rename("a", "A1"));
    ada.post({ nope: {} });
    ada.post(rename("a", "A2"));
    const answers = [await ada.next("ack", "error"), await ada.next("ack", "error"), await ada.next("ack", "error")];
    expect(answers.map((answer) => [answer.type, answer.payload.clientRevision])).toEqual([
      ["ack", 1],
      ["error", 2],
      ["ack", 3],
    ]);
    expect(answers[1]?.payload).toMatchObject({ action: "fix", path: expect.stringContaining("nope") });
  });

  it("W3 over HTTP the same rules hold, with statuses", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const at = `${url}/api/projects/${id}/changes`;
    const change = { clientId: "script", revision: 1, baseRevision: 0, payload: rename("a", "A1", "A") };
    const first = await request(at, "POST", change);
    expect(first).toMatchObject({ status: 200, body: { clientRevision: 1, serverRevision: 1, outcome: "applied" } });
    expect((await request(at, "POST", change)).body).toEqual(first.body);
    expect(await request(at, "POST", { ...change, revision: 7 })).toMatchObject({ status: 409, body: { error: { code: "revision_gap" } } });
    const other = { ...change, clientId: "other", payload: rename("a", "mine", "A") };
    expect(await request(at, "POST", other)).toMatchObject({ status: 409, body: { conflicts: [{ type: "concurrent_edit" }] } });
    expect(await request(at, "POST", { ...other, revision: 2, payload: { tasks: 1 } })).toMatchObject({ status: 422, body: { error: { action: "fix" } } });
    expect(await request(at, "POST", { revision: 1 })).toMatchObject({ status: 400, body: { error: { path: "clientId" } } });
    expect(await request(at, "POST", { ...other, revision: 3, payload: rename("b", "B1") })).toMatchObject({ status: 200 });
  });
});
