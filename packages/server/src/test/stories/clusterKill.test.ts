import { beforeAll, describe, expect, it } from "vitest";
import { Author, checkAgreement, checkLedger, median, Node } from "../clusterTown.ts";
import { atEnd, newProject, twoTasks } from "../harness.ts";
import { emptyDatabase, hasBinaries, hasPostgres, ownCluster } from "../postgres.ts";
import { buildServer } from "../serverProcess.ts";
import { TcpProxy } from "../tcpProxy.ts";

beforeAll(buildServer, 60_000);

/** Two server processes on one database, a balancer in front, and people who come through it. */
async function town(database: string, people: number) {
  const nodes = await Promise.all([Node.start(database), Node.start(database)]);
  const project = await newProject((nodes[0] as Node).url, twoTasks);
  const balancer = await TcpProxy.start(...nodes.map(({ port }) => port));
  const url = `http://127.0.0.1:${balancer.port}`;
  const authors: Author[] = [];
  for (let i = 0; i < people; i++) authors.push(await Author.enter(url, project, `p${i}`));
  /** After a server was started again, at another port. */
  const balance = (): void => {
    balancer.targets = nodes.map(({ port }) => port);
  };
  return { nodes, project, authors, balance };
}

async function everybodyWroteOn(authors: readonly Author[], count: number): Promise<void> {
  await Promise.all(authors.map((author) => author.ackedMore(count)));
}

describe.skipIf(!hasPostgres)("D4 a server of two is killed", () => {
  it("P3 ten times kill -9 under load: nothing acknowledged is lost, doubled or missing, and its clients are live on the other within 2 s", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    const { nodes, project, authors, balance } = await town(database, 8);
    for (const author of authors) author.write(4);
    const backAfter: number[] = [];
    await everybodyWroteOn(authors, 6);
    for (let round = 0; round < 10; round++) {
      const victim = nodes[round % 2] as Node;
      const before = backAfter.length;
      for (const author of authors) void author.backAgain().then((ms) => backAfter.push(ms));
      await victim.end("SIGKILL");
      await Promise.all([victim.start(), everybodyWroteOn(authors, 6)]);
      expect(backAfter.length).toBeGreaterThan(before);
      balance();
    }
    await everybodyWroteOn(authors, 6);
    await Promise.all(authors.map((author) => author.stop()));
    expect(authors.flatMap(({ refused }) => refused)).toEqual([]);
    const rows = await checkLedger(database, project, authors);
    expect(rows.length).toBe(authors.reduce((sum, { acked }) => sum + acked.size, 0));
    const plan = await checkAgreement(nodes, project, authors);
    expect(plan.tasks.length).toBe(rows.length + 2);
    expect(median(backAfter)).toBeLessThan(2_000);
  }, 180_000);

  it("D8 a rolling restart loses, doubles and refuses nothing, and nobody is asked to do anything", async () => {
    const { url: database, drop } = await emptyDatabase();
    atEnd(drop);
    const { nodes, project, authors, balance } = await town(database, 6);
    for (const author of authors) author.write(3);
    for (const node of nodes) {
      await everybodyWroteOn(authors, 5);
      expect(await node.end("SIGTERM")).toBe(0);
      await Promise.all([node.start(), everybodyWroteOn(authors, 5)]);
      balance();
    }
    await everybodyWroteOn(authors, 5);
    await Promise.all(authors.map((author) => author.stop()));
    expect(authors.flatMap(({ refused }) => refused)).toEqual([]);
    const rows = await checkLedger(database, project, authors);
    expect(rows.length).toBe(authors.reduce((sum, { made }) => sum + made, 0));
    await checkAgreement(nodes, project, authors);
  }, 120_000);
});

describe.skipIf(!hasBinaries)("W4 PostgreSQL is killed under two servers", () => {
  it("P3 ten times, at once started again: nothing acknowledged is lost, doubled or missing, nothing has to be restarted", async () => {
    const cluster = await ownCluster();
    atEnd(() => cluster.destroy());
    const { nodes, project, authors } = await town(cluster.url, 6);
    for (const author of authors) author.write(4);
    for (let round = 0; round < 10; round++) {
      await everybodyWroteOn(authors, 6);
      await cluster.crash();
      await cluster.start();
    }
    await everybodyWroteOn(authors, 6);
    await Promise.all(authors.map((author) => author.stop()));
    expect(authors.flatMap(({ refused }) => refused)).toEqual([]);
    const rows = await checkLedger(cluster.url, project, authors);
    expect(rows.length).toBe(authors.reduce((sum, { made }) => sum + made, 0));
    await checkAgreement(nodes, project, authors);
  }, 180_000);
});
