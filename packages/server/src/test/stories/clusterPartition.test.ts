import { canonicalJson } from "@livegantt/core";
import { beforeAll, describe, expect, it } from "vitest";
import { Author, checkAgreement, checkLedger, Node } from "../clusterTown.ts";
import { atEnd, newProject, Probe, request, twoTasks } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";
import { buildServer } from "../serverProcess.ts";
import { TcpProxy } from "../tcpProxy.ts";

beforeAll(buildServer, 60_000);

/** Two server processes, one of which reaches PostgreSQL through a wire that can be cut, each with two people. */
async function divided() {
  const { url: database, drop } = await emptyDatabase();
  atEnd(drop);
  const wire = await TcpProxy.start(Number(new URL(database).port));
  const through = new URL(database);
  through.port = String(wire.port);
  const nodes = await Promise.all([Node.start(database), Node.start(through.href.replaceAll("+", "%20"))]);
  const [north, south] = nodes as [Node, Node];
  const project = await newProject(north.url, twoTasks);
  const enter = (node: Node, name: string) => Author.enter(node.url, project, name);
  const authors = [await enter(north, "n1"), await enter(north, "n2"), await enter(south, "s1"), await enter(south, "s2")] as const;
  return { database, wire, nodes, north, south, project, authors };
}

const nameOf = (plan: { tasks: readonly { id: string; name: string }[] }, id: string) => plan.tasks.find((task) => task.id === id)?.name;

describe.skipIf(!hasPostgres)("Q9 a server that is cut off from PostgreSQL", () => {
  it("P1 P2 P3 P4 the others go on; when the wire is whole again it catches up, and every edit was saved or came back", async () => {
    const { database, wire, nodes, north, south, project, authors } = await divided();
    const [n1, , s1] = authors;
    for (const author of authors) author.write(2);
    await Promise.all(authors.map((author) => author.ackedMore(5)));
    await Promise.all(authors.map((author) => author.stop()));

    for (let round = 1; round <= 3; round++) {
      wire.cut();
      // Both sides rename the same task. The one that is cut off keeps its edit, and its server says that it is not ready.
      n1.live.update("tasks", "a", { name: `north ${round}` });
      await n1.live.saved();
      s1.live.update("tasks", "a", { name: `south ${round}` });
      s1.live.update("tasks", "b", { note: `south ${round}` });
      expect((await request(`${south.url}/readyz`)).status).toBe(503);
      expect((await request(`${north.url}/readyz`)).status).toBe(200);
      for (const author of authors) author.write(2);
      await Promise.all([n1, authors[1]].map((author) => author.ackedMore(10)));
      expect(s1.live.pendingCount).toBeGreaterThan(0);
      wire.heal();
      await Promise.all(authors.map((author) => author.ackedMore(4)));
      await Promise.all(authors.map((author) => author.stop()));
      const plan = await checkAgreement(nodes, project, authors);
      // P4: of two values for one register one stands, and the other waits for its author; the edit beside it was saved.
      expect(nameOf(plan, "a")).toBe(`north ${round}`);
      expect(s1.live.conflicts.length).toBe(1);
      expect(canonicalJson(s1.live.conflicts[0]?.payload)).toContain(`south ${round}`);
      s1.live.resolve(s1.live.conflicts[0]?.id ?? "", "accept_server");
      expect((plan.tasks.find(({ id }) => id === "b") as { note?: string }).note).toBe(`south ${round}`);
    }
    await checkLedger(database, project, authors);
    expect(authors.flatMap(({ refused }) => refused.filter((reason) => !reason.startsWith("conflict")))).toEqual([]);
  }, 60_000);

  it("D4 on a wire that swallows everything nothing is lost either, and presence comes back with it", async () => {
    const { database, wire, nodes, north, project, authors } = await divided();
    const watcher = await Probe.join(north.url, project);
    for (const author of authors) author.write(2);
    await Promise.all(authors.map((author) => author.ackedMore(5)));
    wire.freeze();
    // The users of a server that nobody hears are gone after a while, though it lives.
    const gone = new Set([(await watcher.next("user_left")).payload.clientId, (await watcher.next("user_left")).payload.clientId]);
    expect(gone).toEqual(new Set(authors.slice(2).map(({ live }) => live.clientId)));
    wire.heal();
    const back = new Set([(await watcher.next("user_joined")).payload.clientId, (await watcher.next("user_joined")).payload.clientId]);
    expect(back).toEqual(gone);
    await Promise.all(authors.map((author) => author.ackedMore(5)));
    await Promise.all(authors.map((author) => author.stop()));
    expect(authors.flatMap(({ refused }) => refused)).toEqual([]);
    await checkLedger(database, project, authors);
    await checkAgreement(nodes, project, authors);
  }, 60_000);
});
