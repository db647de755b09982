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
    expect(await request(`${at}/revisions/4/restore`, "POST", { author: "Ada" })).toMatchObject({ status: 200, body: { serverRevision: 6 } });
    expect((await request(`${at}/history?limit=2`)).body.entries.map(({ author }: { author: string }) => author)).toEqual(["Ada", "Restore"]);
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
    for (const [format, type, start] of [
      ["mspdi", "application/xml", "<?xml"],
      ["csv", "text/csv", ""],
      ["ical", "text/calendar", "BEGIN:VCALENDAR"],
    ]) {
      const { status, headers, body } = await request(`${at}/export?format=${format}`);
      expect([status, headers.get("content-type")]).toEqual([200, `${type}; charset=utf-8`]);
      expect(body).toContain(start);
      expect(body).toContain("A1");
    }
    expect(await request(`${at}/export?format=exe`)).toMatchObject({ status: 400 });
  });

  it("D3 folds what is older than the limits: the plan, unsent edits and recent history stay", async () => {
    let now = 1_700_000_000_000;
    const day = 86_400_000;
    const { url, sync } = await startServer({ clock: () => now, limits: { keepRevisions: 3, keepDays: 2, tombstoneDays: 1 } });
    const id = await newProject(url);
    const at = `${url}/api/projects/${id}`;
    const ada = await Probe.join(url, id, { clientId: "ada", user: { name: "Ada" } });
    const first = await ada.change(rename("a", "A1", "A"));
    await ada.change({ tasks: { removed: [{ id: "b" }] } });
    for (let i = 2; i <= 5; i++) await ada.change(rename("a", `A${i}`));
    await sync.rooms.compact();
    expect((await request(`${at}/history`)).body.entries.length).toBe(6);
    now += 3 * day;
    await ada.change(rename("a", "A6"));
    await sync.rooms.compact();
    const revisions = (await request(`${at}/history`)).body.entries.map((entry: { revision: number }) => entry.revision);
    expect(revisions).toEqual([7, 6, 5]);
    expect((await request(`${at}/revisions/4`)).body.tasks).toMatchObject([{ id: "a", name: "A3" }]);
    expect(await request(`${at}/revisions/2`)).toMatchObject({ status: 410, body: { error: { code: "history_compacted" } } });
    // W3, W1: numbers are remembered, a client that is older than the log gets everything, and its unsent edit is judged by what it saw.
    expect(await ada.change(rename("a", "A1", "A"), { revision: 1 })).toEqual(first);
    const bob = await Probe.join(url, id, { lastRevision: 1 });
    expect((await bob.next("sync", "delta")).type).toBe("sync");
    expect(await bob.change(rename("a", "B", "A1"), { baseRevision: 1 })).toMatchObject({
      type: "conflict",
      payload: { conflicts: [{ type: "concurrent_edit", by: { name: "Ada" } }] },
    });
    // The removed task is out of reach by now: no offer to bring it back.
    const gone = await bob.change(rename("b", "B1", "B"), { baseRevision: 1 });
    expect(gone).toMatchObject({ type: "conflict", payload: { conflicts: [{ type: "task_not_found" }] } });
    expect(JSON.stringify(gone)).not.toContain("restore");
    const carol = await Probe.join(url, id, { lastRevision: 4 });
    expect(await carol.next("delta")).toMatchObject({ payload: { from: 4, to: 7 } });
  });
});
