import { describe, expect, it } from "vitest";
import type { ServerOptions } from "../../server.ts";
import { atEnd, newProject, Probe, rename, request, startServer } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";

const day = 86_400_000;

/** A project whose task `a` is called A1, A2, … at the revisions 1, 2, … */
async function edited(options: ServerOptions = {}) {
  const server = await startServer(options);
  const id = await newProject(server.url);
  const ada = await Probe.join(server.url, id, { user: { name: "Ada" } });
  const rename1 = async (n: number): Promise<void> => {
    await ada.change(rename("a", `A${n}`));
  };
  for (let n = 1; n <= 6; n++) await rename1(n);
  const at = `${server.url}/api/projects/${id}`;
  const nameAt = async (revision: number): Promise<unknown> => {
    const { status, body } = await request(`${at}/revisions/${revision}`);
    return status === 200 ? body.tasks.find((task: { id: string }) => task.id === "a").name : `${status} ${body.error.code}`;
  };
  return { ...server, id, at, ada, rename: rename1, nameAt };
}

describe("D3 named versions", () => {
  it("D3 name the newest revision or an older one; the same name again changes nothing", async () => {
    const { at } = await edited();
    const made = await request(`${at}/versions`, "POST", { name: " Approved ", author: "Ada" });
    expect(made).toMatchObject({ status: 201, body: { revision: 6, name: "Approved", author: "Ada", at: expect.any(Number) } });
    expect(await request(`${at}/versions`, "POST", { name: "Approved" })).toEqual({ ...made, status: 200, headers: expect.anything() });
    expect(await request(`${at}/versions`, "POST", { name: "Start", revision: 0 })).toMatchObject({ status: 201, body: { revision: 0 } });
    expect((await request(`${at}/versions`)).body.versions.map(({ name, revision }: { name: string; revision: number }) => [name, revision])).toEqual([
      ["Approved", 6],
      ["Start", 0],
    ]);
    expect(await request(`${at}/versions`, "POST", { name: "  " })).toMatchObject({ status: 400, body: { error: { path: "name" } } });
    expect(await request(`${at}/versions`, "POST", { name: "x", revision: 7 })).toMatchObject({ status: 404, body: { error: { code: "revision_not_found" } } });
  });

  it("D7 a project has no more of them than its limit", async () => {
    const { at } = await edited({ limits: { versionsPerProject: 1 } });
    expect((await request(`${at}/versions`, "POST", { name: "One" })).status).toBe(201);
    const refused = await request(`${at}/versions`, "POST", { name: "Two" });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "limit_exceeded", message: expect.stringContaining("versionsPerProject") } } });
  });

  const stores: readonly (readonly [string, boolean, () => Promise<ServerOptions>])[] = [
    ["sqlite", true, async () => ({})],
    [
      "postgres",
      hasPostgres,
      async () => {
        const { url, drop } = await emptyDatabase();
        atEnd(drop);
        return { database: url };
      },
    ],
  ];
  for (const [name, present, options] of stores)
    it.skipIf(!present)(`D3 are seen and restored when the log around them was folded, and after a restart (${name})`, async () => {
      let now = 1_700_000_000_000;
      const given: ServerOptions = { ...(await options()), clock: () => now, limits: { keepRevisions: 2, keepDays: 1 } };
      const { at, ada, rename, sync, nameAt, id, data, close } = await edited(given);
      await request(`${at}/versions`, "POST", { name: "Two", revision: 2 });
      await request(`${at}/versions`, "POST", { name: "Four", revision: 4 });
      now += 3 * day;
      await rename(7);
      await sync.rooms.compact();
      // The log holds 6 and 7; of what was before, the named ones are left.
      expect((await request(`${at}/history`)).body.entries.map(({ revision }: { revision: number }) => revision)).toEqual([7, 6]);
      expect(await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(nameAt))).toEqual([
        "410 history_compacted",
        "410 history_compacted",
        "A2",
        "410 history_compacted",
        "A4",
        "A5",
        "A6",
        "A7",
      ]);
      expect(await request(`${at}/revisions/3/restore`, "POST")).toMatchObject({ status: 410 });
      expect(await request(`${at}/versions`, "POST", { name: "Three", revision: 3 })).toMatchObject({ status: 410 });
      expect(await request(`${at}/revisions/2/restore`, "POST")).toMatchObject({ status: 200, body: { serverRevision: 8 } });
      expect(await nameAt(8)).toBe("A2");
      now += 3 * day;
      ada.revision = 8;
      await rename(9);
      await sync.rooms.compact();
      expect(await Promise.all([2, 4, 5].map(nameAt))).toEqual(["A2", "A4", "410 history_compacted"]);
      await close();
      const again = await startServer({ ...given, data });
      const old = await request(`${again.url}/api/projects/${id}/revisions/4`);
      expect(old.body.tasks[0]).toMatchObject({ id: "a", name: "A4" });
      expect((await request(`${again.url}/api/projects/${id}`)).body.tasks[0].name).toBe("A9");
      expect((await request(`${again.url}/api/projects/${id}/versions`)).body.versions.length).toBe(2);
    });
});
