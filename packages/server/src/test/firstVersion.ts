import { expect } from "vitest";
import type { Store } from "../interfaces/store.ts";
import { createServer } from "../server.ts";
import { Probe, rename, request } from "./harness.ts";

/** Plan and ledger at revision 0 as the first version wrote them: format 1, gzip. */
const snapshot =
  "1f8b08000000000004034590c14ac44010447f45ea3c0bb30b8acc4df0e6c1cb7a923db499761d4d7a86ee5e6109f9774930d9e3ab824751233eab0ee448fb00136af6551d6984f26fb15205290634addfdc2d79c9486808101a1809af7dbe6b3d0902cc49fd997c8e0ff170bf8bfb5d7c38c6c714638a11538093fd18d2fb88c54308a89a595ff88a048a37ef1302f245c9970d871bbc49712464ba623a05646e2c99a52b3c8b4f01ca562fdaad4866e52c038bfff71df52c9974c53a6ce514d0733eb3ce0fb0b86e52afc3877995cdda17b215cc69688b6e9afe0094119cd851010000";

/** A database of schema 1 with a project of two revisions and a client with an answer. */
export const firstVersionRows = `
INSERT INTO settings VALUES ('sample_project', 'p');
INSERT INTO projects VALUES ('p', 'Old plan', 'e1', 2, 2, 1000, 3000, NULL, 1);
INSERT INTO snapshots VALUES ('p', 0, x'${snapshot}');
INSERT INTO clients VALUES ('p', 'old', NULL, 1, x'${"00000000".repeat(64)}', 2000);
INSERT INTO changes VALUES ('p', 1, 'old', 1, 'Ada', NULL, 2000, NULL, 'task.rename', '{"tasks":{"updated":[{"id":"a","changes":{"name":"A1"}}]}}', NULL, '{"tasks":{"updated":[{"id":"a","changes":{"name":"A"},"was":{"name":"A1"}}]}}');
INSERT INTO changes VALUES ('p', 2, 'old', 2, 'Ada', NULL, 3000, NULL, NULL, '{"tasks":{"added":[{"id":"b","name":"B","duration":1,"durationUnit":"day","orderKey":"a5"}]}}', NULL, '{"tasks":{"removed":[{"id":"b"}]}}');
INSERT INTO answers VALUES ('p', 'old', 3, '{"type":"error","payload":{"code":"x","message":"x","action":"fatal","clientRevision":3}}');
`;

/** Opens it as the server of today does, reads what was there, and uses what came later. Closes the store. */
export async function firstVersionWorks(store: Store): Promise<void> {
  const server = await createServer({ port: 0, store });
  try {
    const at = `${server.url}/api/projects/p`;
    expect((await request(at)).body).toMatchObject({ revision: 2, tasks: [{ id: "a", name: "A1" }, { id: "b" }] });
    expect((await request(`${at}/history`)).body.entries.map(({ author }: { author: string }) => author)).toEqual(["Ada", "Ada"]);
    const old = await Probe.join(server.url, "p", { clientId: "old" });
    expect(await old.change({}, { revision: 3 })).toMatchObject({ type: "error", payload: { code: "x" } });
    expect(await old.change(rename("a", "A2", "A1"), { revision: 4 })).toMatchObject({ type: "ack", payload: { serverRevision: 3 } });
    const line = { project: "p", at: 1, action: "link.created", actor: "Ada", sub: null, detail: null } as const;
    const link = { id: "one", project: "p", role: "viewer", label: null, createdBy: "Ada", createdAt: 1, expiresAt: null, revokedAt: null } as const;
    await store.links.add(link, "hash", line);
    expect(await store.links.list("p")).toEqual([link]);
    const version = { revision: 0, name: "Start", author: "Ada", sub: null, at: 5 };
    await store.versions.add("p", version, Buffer.from("never written: there is one"), { ...line, action: "version.named" });
    expect(await store.versions.list("p")).toEqual([version]);
    expect((await request(`${at}/revisions/0`)).body.tasks).toMatchObject([{ id: "a", name: "A" }]);
    expect((await store.audit.page("p", { limit: 5 })).length).toBe(2);
  } finally {
    await server.close();
    await store.close();
  }
}
