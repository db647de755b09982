import { projectFromSnapshot, ScheduleEngine, type Snapshot } from "@livegantt/core";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { systemScheduler } from "../../interfaces/scheduler.ts";
import type { ServerOptions } from "../../server.ts";
import { newProject, Probe, rename, startServer } from "../harness.ts";

/** A server with a project, its mismatches as counted and as logged, and hands on the clock that paces its passes. */
async function withProject(options: ServerOptions = {}) {
  const logged: Record<string, unknown>[] = [];
  const time = { passed: 0 };
  const { url, sync } = await startServer({
    logger: pino({ level: "warn" }, { write: (line) => void logged.push(JSON.parse(line)) }),
    scheduler: { ...systemScheduler, elapsed: () => time.passed },
    ...options,
  });
  const id = await newProject(url);
  const counted = async () => /livegantt_schedule_mismatches_total (\d+)/.exec(await sync.metrics.registry.metrics())?.[1];
  return { url, id, logged, time, counted };
}

function fingerprint(snapshot: Snapshot): string {
  const { schedule } = new ScheduleEngine(projectFromSnapshot(snapshot));
  return `${schedule.engineVersion}:${schedule.hash()}`;
}

async function join(url: string, id: string, clientId: string): Promise<{ probe: Probe; plan: Snapshot }> {
  const probe = new Probe(url, id);
  await probe.open();
  return { probe, plan: (await probe.hello({ clientId })).payload.project as Snapshot };
}

/** Everything that came until the answer to a question that is answered after all earlier ones. */
async function heardAfter(probe: Probe, ...messages: object[]): Promise<string[]> {
  const before = probe.seen.length;
  for (const message of messages) probe.send(message);
  probe.send({ type: "request_delta", payload: { lastRevision: probe.revision } });
  await probe.next("delta");
  return probe.seen.slice(before).map(({ type }) => type);
}

const beat = (revision: number, scheduleHash: string) => ({ type: "heartbeat", payload: { revision, scheduleHash } });
const lie = "1:0000000000000000";

describe("P5 the server compares what clients compute", () => {
  it("P5 a client with other dates is logged, counted and sent the whole project; an honest one is left alone", async () => {
    const { url, id, logged, counted } = await withProject();
    const ada = await join(url, id, "ada");
    const bob = await join(url, id, "bob");
    await ada.probe.next("user_joined");
    expect(await heardAfter(ada.probe, beat(0, fingerprint(ada.plan)))).toEqual(["heartbeat", "delta"]);
    expect(await counted()).toBe("0");
    expect(await heardAfter(bob.probe, beat(0, lie))).toEqual(["heartbeat", "sync", "delta"]);
    expect(await counted()).toBe("1");
    expect(logged).toMatchObject([{ level: 40, project: id, client: "bob", revision: 0, healing: true }]);
    const healed = bob.probe.seen.find((message) => message.type === "sync");
    expect(fingerprint(healed?.payload as Snapshot)).toBe(fingerprint(ada.plan));
  });

  it("P5 one sync heals at a revision; a client that goes on is counted, and gets the next at the next revision", async () => {
    const { url, id, time, logged, counted } = await withProject();
    const { probe } = await join(url, id, "ada");
    expect(await heardAfter(probe, beat(0, lie), beat(0, lie))).toEqual(["heartbeat", "heartbeat", "sync", "delta"]);
    expect(await counted()).toBe("2");
    expect(logged.map(({ healing }) => healing)).toEqual([true, false]);
    await probe.change(rename("a", "A1"));
    time.passed += 10_000;
    expect(await heardAfter(probe, beat(1, lie))).toEqual(["heartbeat", "sync", "delta"]);
    expect(await counted()).toBe("3");
  });

  it("P5 nothing is made of another revision, of another engine, or of half a claim", async () => {
    const { url, id, counted } = await withProject();
    const { probe } = await join(url, id, "ada");
    await probe.change(rename("a", "A1"));
    const messages = [
      beat(0, lie),
      beat(2, lie),
      beat(1, "2:0000000000000000"),
      { type: "heartbeat", payload: { revision: 1 } },
      { type: "heartbeat", payload: { scheduleHash: lie } },
    ];
    expect(await heardAfter(probe, ...messages)).toEqual([...messages.map(() => "heartbeat"), "delta"]);
    expect(await counted()).toBe("0");
  });

  it("P5 a busy project is passed through every ten seconds at most", async () => {
    const { url, id, time, counted } = await withProject();
    const { probe, plan } = await join(url, id, "ada");
    await heardAfter(probe, beat(0, fingerprint(plan)));
    await probe.change({ tasks: { updated: [{ id: "a", changes: { duration: 5 } }] } });
    time.passed += 9_999;
    expect(await heardAfter(probe, beat(1, lie))).toEqual(["heartbeat", "delta"]);
    time.passed += 1;
    expect(await heardAfter(probe, beat(1, lie))).toEqual(["heartbeat", "sync", "delta"]);
    expect(await counted()).toBe("1");
  });
});
