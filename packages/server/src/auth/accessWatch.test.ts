import { pino } from "pino";
import { expect, it } from "vitest";
import type { LinkRow } from "../interfaces/links.ts";
import { systemScheduler } from "../interfaces/scheduler.ts";
import { openSqliteStore } from "../stores/sqlite/sqliteStore.ts";
import { atEnd, temporaryFolder } from "../test/harness.ts";
import { AccessWatch, type Visitor } from "./accessWatch.ts";

const link: LinkRow = { id: "one", project: "p", role: "viewer", label: null, createdBy: "Ada", createdAt: 1, expiresAt: 5_000, revokedAt: null };
const info = { id: "p", name: "P", epoch: "e", revision: 0, tasks: 0, createdAt: 1, updatedAt: 1, archivedAt: null };
const line = { project: "p", at: 1, action: "link.created", actor: "Ada", sub: null, detail: null } as const;

async function watching(againMs: number | undefined) {
  const store = openSqliteStore(temporaryFolder());
  atEnd(() => store.close());
  await store.create(info, Buffer.from("x"));
  await store.links.add(link, "hash", line);
  const world = { now: 1_000, judged: [] as string[] };
  const visitor = (name: string, by: string | undefined): Visitor => ({
    link: by,
    judgedAt: 1_000,
    judge: async () => void world.judged.push(name),
  });
  const visitors = [visitor("guest", "one"), visitor("stranger", "none"), visitor("account", undefined)];
  const watch = new AccessWatch({ store, clock: () => world.now, log: pino({ level: "silent" }), scheduler: systemScheduler, againMs });
  return { store, world, look: () => watch.look(visitors) };
}

it("D6 asks anew where a link has ended, and where rights come from elsewhere after a while", async () => {
  const { store, world, look } = await watching(3_000);
  await look();
  expect(world.judged).toEqual(["stranger"]);
  world.now = 4_000;
  await look();
  expect(world.judged.splice(0)).toEqual(["stranger", "stranger", "account"]);
  world.now = 5_000;
  await look();
  expect(world.judged.splice(0)).toEqual(["guest", "stranger", "account"]);
  world.now = 2_000;
  await store.links.revoke("p", "one", 2_000, { ...line, action: "link.revoked" });
  await look();
  expect(world.judged).toEqual(["guest", "stranger"]);
});

it("D6 leaves everybody where they are while the store does not answer, and never asks where nobody decides", async () => {
  const { store, world, look } = await watching(undefined);
  world.now = 100_000;
  await store.close();
  await look();
  expect(world.judged).toEqual([]);
});
