import { describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, startServer } from "./test/harness.ts";

describe("a live project", () => {
  it("W4 what one socket changes, the other hears, and both are told the same revision", async () => {
    const { url } = await startServer();
    const id = await newProject(url);
    const ada = await Probe.join(url, id, { user: { name: "Ada" } });
    const bob = await Probe.join(url, id, { user: { name: "Bob" } });
    const ack = await ada.change(rename("a", "A1", "A"), { intent: "task.rename" });
    expect(ack).toEqual({ type: "ack", payload: { clientRevision: 1, serverRevision: 1, outcome: "applied" } });
    const heard = await bob.next("changes");
    expect(heard).toMatchObject({
      revision: 1,
      clientRevision: 1,
      intent: "task.rename",
      payload: { tasks: { updated: [{ id: "a", changes: { name: "A1" } }] } },
    });
    const { body, headers } = await request(`${url}/api/projects/${id}`);
    expect(body.tasks[0].name).toBe("A1");
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{8}-1"$/);
  });
});
