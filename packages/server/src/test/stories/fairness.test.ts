import { beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { ProjectSyncServer } from "../../projectSyncServer.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";
import { buildServer, ServerProcess } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How long a person of another project waits for answers, edit by edit. */
async function waits(url: string, project: string, edits: number): Promise<number[]> {
  const witness = await Probe.join(url, project);
  const found: number[] = [];
  for (let i = 0; i < edits; i++) {
    const started = performance.now();
    expect((await witness.change(rename("b", `B${i}`))).type).toBe("ack");
    found.push(performance.now() - started);
  }
  witness.socket.close();
  return found;
}

const refusals = ({ metrics }: ProjectSyncServer) => metrics.registry.getSingleMetricAsString("livegantt_refusals_total");

const bigPlan = (tasks: number) => ({ tasks: Array.from({ length: tasks }, (_, i) => ({ id: `t${i}`, name: `Task ${i}`, duration: 1, durationUnit: "day" })) });

/** A connection that sends what `next` gives for as long as its socket takes it, whatever comes back. */
async function flood(url: string, project: string, next: (n: number) => string): Promise<() => void> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/gantt-sync?project=${project}`);
  await new Promise((done) => socket.once("open", done));
  socket.send('{"type":"hello","protocol":1,"user":{"name":"Eve"}}');
  await new Promise((done) => socket.once("message", done));
  let n = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 200 && socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 2_000_000; i++) socket.send(next(++n));
  }, 5);
  const stop = (): void => {
    clearInterval(timer);
    socket.terminate();
  };
  atEnd(stop);
  return stop;
}

const many = Array.from({ length: 2_000 }, (_, i) => `{"id":"t${i}","changes":{"note":"${"x".repeat(300)}"}}`).join(",");
const floods: Record<string, (n: number) => string> = {
  "changes of thousands of records": (n) => `{"type":"changes","revision":${n},"baseRevision":0,"payload":{"tasks":{"updated":[${many}]}}}`,
  "small changes": (n) =>
    `{"type":"changes","revision":${n},"baseRevision":0,"payload":{"tasks":{"updated":[{"id":"t1","changes":{"duration":${(n % 90) + 1}}}]}}}`,
  "wishes for the whole project": () => '{"type":"request_sync"}',
  selections: (n) => `{"type":"selection","payload":{"taskId":"t${n % 2_000}"}}`,
  "commands over the whole plan": (n) => `{"type":"command","revision":${n},"baseRevision":0,"name":"captureBaseline","args":{"index":${n % 10}}}`,
};

describe("D7 one hostile client cannot slow another project", () => {
  it.each(Object.keys(floods))(
    "D7 a flood of %s in one project is not felt in another",
    async (name) => {
      const server = new ServerProcess({ LIVEGANTT_DATA: temporaryFolder() });
      const url = (await server.link()).origin;
      const [theirs, ours] = [await newProject(url, bigPlan(2_000)), await newProject(url)];
      const calm = median(await waits(url, ours, 15));
      await flood(url, theirs, floods[name] as (n: number) => string);
      const found = await waits(url, ours, 40);
      // Wide bounds: they hold on a busy machine, where all that was sent would take much longer.
      expect(median(found)).toBeLessThan(200 + 20 * calm);
      expect(Math.max(...found)).toBeLessThan(3_000);
    },
    60_000,
  );

  it("D7 whoever is slowed down is told why, and it is counted", async () => {
    const { url, sync } = await startServer({ limits: { framesPerSecond: 64 } });
    const probe = await Probe.join(url, await newProject(url));
    for (let i = 0; i < 200; i++) probe.send({ type: "selection", payload: { taskId: "a" } });
    expect((await probe.next("error")).payload).toMatchObject({ code: "too_fast", action: "backoff", message: expect.stringContaining("framesPerSecond") });
    expect(await refusals(sync)).toContain('code="too_fast"} 1');
  });

  it("D7 a project that nobody uses makes place for another; where all are in use, the refusal is counted", async () => {
    const { url, sync } = await startServer({ limits: { projectsInMemory: 2 } });
    const [first, second, third] = [await newProject(url), await newProject(url), await newProject(url)];
    const ada = await Probe.join(url, first);
    const bob = await Probe.join(url, second);
    const cid = new Probe(url, third);
    await cid.open();
    cid.send({ type: "hello", protocol: 1 });
    expect(await cid.closed()).toMatchObject({
      code: 4429,
      error: { code: "too_many_projects", action: "backoff", message: expect.stringContaining("projectsInMemory") },
    });
    expect(await refusals(sync)).toContain('code="too_many_projects"} 1');
    await bob.change(rename("a", "kept"));
    bob.socket.close();
    while (sync.connections > 1) await new Promise((done) => setImmediate(done));
    await Probe.join(url, third);
    expect(sync.rooms.peek(second)).toBeUndefined();
    expect(sync.rooms.size).toBe(2);
    expect((await ada.change(rename("a", "A1"))).type).toBe("ack");
    ada.socket.close();
    while (sync.connections > 1) await new Promise((done) => setImmediate(done));
    expect((await request(`${url}/api/projects/${second}`)).body.tasks[0].name).toBe("kept");
  });
});
