import { describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, startServer } from "../harness.ts";

const plan = {
  project: { startDate: "2026-01-05T08:00:00" },
  tasks: [
    { id: "a", name: "A", duration: 2, durationUnit: "day" },
    { id: "b", name: "B", duration: 1, durationUnit: "day" },
  ],
  dependencies: [{ id: "d", fromTask: "a", toTask: "b" }],
};

describe("computed dates", () => {
  it("the schedule is computed from the newest revision", async () => {
    const { url } = await startServer();
    const id = await newProject(url, plan);
    const at = `${url}/api/projects/${id}/schedule`;
    const { body } = await request(at);
    expect(body).toMatchObject({ revision: 0, engineVersion: expect.any(String), violations: [] });
    expect(body.tasks.b.startDate).toBe(body.tasks.a.endDate);
    expect(body.tasks.b).toMatchObject({ critical: true, totalSlack: 0, earlyStart: expect.any(String), lateEnd: expect.any(String) });
    const ada = await Probe.join(url, id);
    await ada.change({ tasks: { updated: [{ id: "a", changes: { duration: 5 } }] } });
    const later = (await request(at)).body;
    expect(later.revision).toBe(1);
    expect(later.tasks.b.startDate > body.tasks.b.startDate).toBe(true);
  });

  it("captureBaseline holds the dates of the server's revision, told to all as an ordinary change, and once", async () => {
    const { url } = await startServer();
    const id = await newProject(url, plan);
    const ada = await Probe.join(url, id);
    const bob = await Probe.join(url, id);
    await bob.change({ tasks: { updated: [{ id: "a", changes: { duration: 4 } }] } });
    const { tasks } = (await request(`${url}/api/projects/${id}/schedule`)).body;
    ada.send({ type: "command", revision: 1, baseRevision: 0, name: "captureBaseline", args: { index: 0 } });
    const { payload } = await ada.next("ack");
    expect(payload).toMatchObject({ clientRevision: 1, serverRevision: 2 });
    const changes = payload.normalised?.tasks?.updated?.map((update) => [update.id, (update.changes["baselines.0"] as { endDate: string }).endDate]);
    expect(Object.fromEntries(changes ?? [])).toEqual({ a: tasks.a.endDate, b: tasks.b.endDate });
    const heard = await bob.next("changes");
    expect(heard).toMatchObject({ revision: 2, intent: "captureBaseline", payload: payload.normalised });
    ada.send({ type: "command", revision: 1, baseRevision: 0, name: "captureBaseline", args: { index: 0 } });
    expect((await ada.next("ack")).payload).toEqual(payload);
    expect((await request(`${url}/api/projects/${id}`)).body.revision).toBe(2);
  });

  it("S7 level delays what one person cannot do at once, told to all as an ordinary change that can be taken back", async () => {
    const { url } = await startServer();
    const two = ["a", "b"].map((id) => ({ id, name: id, duration: 2, durationUnit: "day" }));
    const assignments = ["a", "b"].map((event) => ({ id: `of-${event}`, event, resource: "r", units: 100 }));
    const id = await newProject(url, { project: plan.project, tasks: two, resources: [{ id: "r", name: "R" }], assignments });
    const schedule = async () => (await request(`${url}/api/projects/${id}/schedule`)).body;
    expect((await schedule()).violations).toMatchObject([{ kind: "over-allocated" }]);
    const ada = await Probe.join(url, id);
    const bob = await Probe.join(url, id);
    ada.send({ type: "command", revision: 1, baseRevision: 0, name: "level", args: {} });
    const { payload } = await ada.next("ack");
    expect(payload.normalised?.tasks?.updated).toMatchObject([{ changes: { levelingDelay: expect.any(Number) } }]);
    expect(await bob.next("changes")).toMatchObject({ revision: 1, intent: "level", payload: payload.normalised });
    expect((await schedule()).violations).toEqual([]);
  });

  it.each([{ index: -1 }, { index: 11 }, { index: "x" }])("a baseline that does not exist (%o) is refused and uses up its number", async (args) => {
    const { url } = await startServer();
    const id = await newProject(url, plan);
    const ada = await Probe.join(url, id);
    ada.send({ type: "command", revision: 1, baseRevision: 0, name: "captureBaseline", args });
    expect((await ada.next("error")).payload).toMatchObject({ code: "invalid_value", action: "fix", clientRevision: 1, path: "args.index" });
    ada.send({ type: "command", revision: 2, baseRevision: 0, name: "shout" });
    expect((await ada.next("error")).payload).toMatchObject({ action: "fix", clientRevision: 2 });
    expect(await ada.change(rename("a", "A1"), { revision: 3 })).toMatchObject({ type: "ack" });
  });
});
