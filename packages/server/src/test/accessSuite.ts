import { expect, it } from "vitest";
import type { AuditRow } from "../interfaces/audit.ts";
import type { LinkRow } from "../interfaces/links.ts";
import type { ProjectInfo, Store } from "../interfaces/store.ts";

const link = (id: string, more: Partial<LinkRow> = {}): LinkRow => ({
  id,
  project: "p",
  role: "viewer",
  label: null,
  createdBy: "Ada",
  createdAt: 1_000,
  expiresAt: null,
  revokedAt: null,
  ...more,
});

const line = (more: Partial<AuditRow> = {}): AuditRow => ({ project: "p", at: 1_000, action: "link.created", actor: "Ada", sub: "ada", detail: null, ...more });

const version = (revision: number, name: string, at = 1_000) => ({ revision, name, author: "Ada", sub: null, at });

/** The rules of links, sessions, named versions and the audit log, for every driver. Part of `storeSuite`. */
export function accessSuite(current: () => Store, reopen: () => Promise<Store>, info: (id: string) => ProjectInfo, log: (upTo: number) => Promise<void>): void {
  const withProject = async (): Promise<Store> => {
    await current().create(info("p"), Buffer.from("zero"));
    return current();
  };

  it("D6 a link is found by the hash of its token, stays through a crash, and ends once", async () => {
    const { links } = await withProject();
    const [one, two] = [link("one", { label: "Züri \u0000 'x'" }), link("two", { role: "admin", createdAt: 2_000, expiresAt: 9_000 })];
    await links.add(one, "hash1", line());
    await links.add(two, "hash2", line());
    const store = await reopen();
    expect(await store.links.list("p")).toEqual([two, one]);
    expect(await store.links.list("q")).toEqual([]);
    expect(await store.links.byToken("hash1")).toEqual(one);
    expect(await store.links.byToken("one")).toBeUndefined();
    expect((await store.links.byIds(["two", "one", "none"])).map(({ id }) => id).sort()).toEqual(["one", "two"]);
    expect(await store.links.byIds([])).toEqual([]);
    expect(await store.links.revoke("q", "one", 3_000, line())).toBe(false);
    expect(await store.links.revoke("p", "one", 3_000, line({ action: "link.revoked" }))).toBe(true);
    expect(await store.links.revoke("p", "one", 4_000, line({ action: "link.revoked" }))).toBe(false);
    expect(await store.links.byToken("hash1")).toEqual({ ...one, revokedAt: 3_000 });
    expect((await store.audit.page("p", { limit: 10 })).map(({ action }) => action)).toEqual(["link.revoked", "link.created", "link.created"]);
  });

  it("D6 a link is refused whole where its project is gone, its id is taken or its role is none", async () => {
    const { links, audit } = await withProject();
    await links.add(link("one"), "hash1", line());
    await expect(links.add(link("two", { project: "gone" }), "hash2", line())).rejects.toMatchObject({ code: "exists" });
    await expect(links.add(link("one"), "hash3", line())).rejects.toMatchObject({ code: "exists" });
    await expect(links.add(link("three", { role: "owner" as "admin" }), "hash4", line())).rejects.toThrow();
    expect((await links.list("p")).length).toBe(1);
    expect((await audit.page("p", { limit: 10 })).length).toBe(1);
  });

  it("D6 a session is one person with several links, forgotten with its link's project or when nobody used it for long", async () => {
    const store = await withProject();
    await store.create(info("q"), Buffer.from("zero"));
    const [one, two] = [link("one"), link("two", { project: "q", role: "editor" })];
    await store.links.add(one, "hash1", line());
    await store.links.add(two, "hash2", line());
    expect(await store.links.session("s")).toBeUndefined();
    const few = { idleSince: 0, most: 1 };
    await store.links.open({ hash: "s", link: "one", sub: "guest", at: 5_000 }, few);
    await store.links.open({ hash: "s", link: "two", sub: "guest", at: 6_000 }, few);
    expect(await store.links.session("s")).toEqual({ sub: "guest", usedAt: 6_000, links: [one, two] });
    await store.links.touch("s", 7_000);
    expect(await store.links.session("s")).toMatchObject({ usedAt: 7_000 });
    expect(await store.links.open({ hash: "s", link: "one", sub: "guest", at: 7_000 }, few)).toBe(true);
    expect(await store.links.open({ hash: "other", link: "one", sub: "guest2", at: 8_000 }, few)).toBe(false);
    expect(await store.links.session("other")).toBeUndefined();
    await store.links.open({ hash: "other", link: "one", sub: "guest2", at: 9_000 }, { idleSince: 8_000, most: 1 });
    expect((await store.links.session("s"))?.links).toEqual([two]);
    await store.purge("q");
    expect(await store.links.session("s")).toBeUndefined();
    expect(await store.links.byToken("hash2")).toBeUndefined();
  });

  it("D3 named versions keep their snapshot when the log around them is folded", async () => {
    const store = await withProject();
    await log(6);
    const body = (revision: number) => Buffer.from(`at ${revision}`);
    expect(await store.versions.add("p", version(2, "Approved"), body(2), line({ action: "version.named" }))).toEqual({
      version: version(2, "Approved"),
      made: true,
    });
    expect(await store.versions.add("p", version(2, "Approved", 9_000), body(2), line())).toEqual({ version: version(2, "Approved"), made: false });
    await store.versions.add("p", version(2, "Also", 2_000), body(2), line());
    await store.versions.add("p", version(4, "Later"), body(4), line());
    await store.saveSnapshot("p", { revision: 3, body: body(3) });
    await store.saveSnapshot("p", { revision: 5, body: body(5) });
    await store.prune("p", 5);
    const again = await reopen();
    expect((await again.changes("p", { after: 0 })).map(({ revision }) => revision)).toEqual([6]);
    const kept = async (notAfter: number) => (await again.snapshot("p", notAfter))?.revision;
    expect(await Promise.all([1, 2, 3, 4, 5].map(kept))).toEqual([undefined, 2, 2, 4, 5]);
    expect(Buffer.from((await again.snapshot("p", 2))?.body ?? []).toString()).toBe("at 2");
    expect((await again.versions.list("p")).map(({ name }) => name)).toEqual(["Later", "Also", "Approved"]);
    expect((await again.audit.page("p", { limit: 9 })).length).toBe(3);
    await expect(again.versions.add("gone", version(1, "x"), body(1), line())).rejects.toMatchObject({ code: "exists" });
    await again.purge("p");
    expect(await again.versions.list("p")).toEqual([]);
  });

  it("D6 the audit log is read newest first, page by page, and outlives its project", async () => {
    const { audit } = await withProject();
    const rows = [1, 2, 3, 4, 5].map((at) =>
      line({ at, action: at % 2 ? "refused" : "exported", actor: `A${at}`, sub: at === 1 ? null : "s", detail: `{"n":${at}}` }),
    );
    for (const row of rows) await audit.append(row);
    await audit.append(line({ project: "other" }));
    await current().purge("p");
    const store = await reopen();
    const first = await store.audit.page("p", { limit: 2 });
    expect(first.map(({ id: _, ...row }) => row)).toEqual([rows[4], rows[3]]);
    const rest = await store.audit.page("p", { limit: 10, before: first[1]?.id ?? 0 });
    expect(rest.map(({ id: _, ...row }) => row)).toEqual([rows[2], rows[1], rows[0]]);
    expect((await store.audit.page("p", { limit: 10, action: "exported" })).map(({ at }) => at)).toEqual([4, 2]);
  });
}
