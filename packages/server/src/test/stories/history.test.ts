import { describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, startServer } from "../harness.ts";

async function edited() {
  const server = await startServer();
  const id = await newProject(server.url);
  const ada = await Probe.join(server.url, id, { user: { name: "Ada" } });
  await ada.change(rename("a", "A1", "A"), { intent: "task.rename", madeAt: "2026-01-01T10:00:00.000Z" });
  await ada.change({ tasks: { added: [{ id: "n", name: "New", parentId: "b" }] } });
  await ada.change({ dependencies: { added: [{ id: "d", fromTask: "a", toTask: "n" }] } });
  await ada.change({ tasks: { removed: [{ id: "b", seen: { tasks: ["n"], dependencies: ["d"] } }] } });
  return { ...server, id, ada, at: `${server.url}/api/projects/${id}` };
}

describe("history", () => {
  it("tells who did what when, newest first, with the values before", async () => {
    const { at } = await edited();
    const { entries, next } = (await request(`${at}/history`)).body;
    expect(next).toBeUndefined();
    expect(entries.map((entry: { revision: number }) => entry.revision)).toEqual([4, 3, 2, 1]);
    expect(entries[3]).toMatchObject({
      author: "Ada",
      intent: "task.rename",
      madeAt: "2026-01-01T10:00:00.000Z",
      at: expect.any(Number),
      changes: [{ collection: "tasks", id: "a", action: "updated", name: "A1", fields: { name: { before: "A", after: "A1" } } }],
    });
    const removed = entries[0].changes.filter((change: { action: string }) => change.action === "removed");
    expect(removed.map((change: { collection: string; id: string }) => `${change.collection}/${change.id}`).sort()).toEqual([
      "dependencies/d",
      "tasks/b",
      "tasks/n",
    ]);
    expect(removed.find((change: { id: string }) => change.id === "b")).toMatchObject({ name: "B", fields: { duration: { before: 1, after: null } } });
  });

  it("pages, and filters by task with its links", async () => {
    const { at } = await edited();
    const first = (await request(`${at}/history?limit=3`)).body;
    expect(first.next).toBe(1);
    expect((await request(`${at}/history?limit=3&to=${first.next}`)).body.entries.map((entry: { revision: number }) => entry.revision)).toEqual([1]);
    const revisions = async (query: string) => (await request(`${at}/history?${query}`)).body.entries.map((entry: { revision: number }) => entry.revision);
    expect(await revisions("task=a")).toEqual([4, 3, 1]);
    expect(await revisions("task=n")).toEqual([4, 3, 2]);
    expect(await revisions("task=A1")).toEqual([]);
    expect(await revisions("from=2&to=3")).toEqual([3, 2]);
    expect(await request(`${at}/history?limit=100000`)).toMatchObject({ status: 400, body: { error: { code: "limit_exceeded", path: "limit" } } });
    expect(await request(`${at}/history?limit=x`)).toMatchObject({ status: 400, body: { error: { code: "invalid_request", path: "limit" } } });
  });

  it("shows the plan at any revision", async () => {
    const { at } = await edited();
    const names = async (revision: number) => (await request(`${at}/revisions/${revision}`)).body.tasks.map((task: { name: string }) => task.name);
    expect(await names(0)).toEqual(["A", "B"]);
    expect(await names(1)).toEqual(["A1", "B"]);
    expect(await names(3)).toEqual(["A1", "B", "New"]);
    expect(await names(4)).toEqual(["A1"]);
    expect(await request(`${at}/revisions/9`)).toMatchObject({ status: 404, body: { error: { code: "revision_not_found" } } });
  });

  it("makes an old plan the newest one, as a change that everybody hears and that can be taken back", async () => {
    const { at, url, id } = await edited();
    const bob = await Probe.join(url, id);
    expect(await request(`${at}/revisions/3/restore`, "POST")).toMatchObject({ status: 200, body: { serverRevision: 5 } });
    expect(await bob.next("changes")).toMatchObject({ revision: 5, intent: "restore:3" });
    const then = (await request(`${at}/revisions/3`)).body;
    expect({ ...(await request(at)).body, revision: 3 }).toEqual(then);
    expect(await request(`${at}/revisions/4/restore`, "POST")).toMatchObject({ status: 200, body: { serverRevision: 6 } });
    expect((await request(at)).body.tasks.map((task: { name: string }) => task.name)).toEqual(["A1"]);
    expect(await request(`${at}/revisions/6/restore`, "POST")).toMatchObject({ status: 200, body: { serverRevision: 6 } });
  });

  it("exports the plan as JSON that makes an equal project", async () => {
    const { at, url } = await edited();
    const file = await request(`${at}/export?format=json`);
    expect(file.headers.get("content-disposition")).toBe(`attachment; filename="Test.json"; filename*=UTF-8''Test.json`);
    const copy = await newProject(url, file.body);
    const [{ body: one }, { body: two }] = [await request(at), await request(`${url}/api/projects/${copy}`)];
    expect(two.tasks).toEqual(one.tasks);
    expect(await request(`${at}/export?format=exe`)).toMatchObject({ status: 400 });
  });
});
