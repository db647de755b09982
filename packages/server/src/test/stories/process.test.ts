import { beforeAll, describe, expect, it } from "vitest";
import { newProject, Probe, rename, request, temporaryFolder } from "../harness.ts";
import { buildServer, ServerProcess } from "../serverProcess.ts";

beforeAll(buildServer, 60_000);

describe("the process", () => {
  it("P3 kill -9 during writes, ten times: everything acknowledged is there, nothing twice, the repeat has the same answer", async () => {
    const data = temporaryFolder();
    let server = new ServerProcess({ LIVEGANTT_DATA: data });
    let url = (await server.link()).origin;
    const id = await newProject(url);
    const acked = new Map<string, number>();
    const clients = ["ada", "bob", "carol", "dan"];
    /** What each client sent and did not hear of: it is sent again after the restart, under the same number. */
    const unsure = new Map<string, { revision: number; task: string }[]>(clients.map((client) => [client, []]));
    const next = new Map(clients.map((client) => [client, 1]));

    for (let round = 0; round < 10; round++) {
      let heard = 0;
      const enough = 20 + round * 7;
      const joined = await Promise.all(
        clients.map(async (clientId) => {
          const probe = new Probe(url, id);
          await probe.open();
          return { clientId, probe, lastClientRevision: (await probe.hello({ clientId })).payload.lastClientRevision };
        }),
      );
      const writers = joined.map(async ({ clientId, probe, lastClientRevision }) => {
        const open = unsure.get(clientId) ?? [];
        // Nothing that was acknowledged may have been forgotten.
        expect(lastClientRevision).toBeGreaterThanOrEqual((open[0]?.revision ?? next.get(clientId) ?? 1) - 1);
        const send = ({ revision, task }: { revision: number; task: string }) => probe.post({ tasks: { added: [{ id: task, name: task }] } }, { revision });
        const make = () => {
          const revision = next.get(clientId) ?? 1;
          next.set(clientId, revision + 1);
          const made = { revision, task: `${clientId}-${revision}` };
          open.push(made);
          send(made);
        };
        for (const again of open) send(again);
        // A client has up to 32 numbers open; the answers of the last 64 are kept.
        while (open.length < 8) make();
        try {
          for (;;) {
            const { payload } = await probe.next("ack");
            const done = open.shift();
            expect(payload.clientRevision).toBe(done?.revision);
            acked.set(done?.task ?? "", payload.serverRevision);
            if (++heard === enough) server.child.kill("SIGKILL");
            make();
          }
        } catch (error) {
          if (probe.closeCode === undefined) throw error;
        }
      });
      await Promise.all(writers);
      await server.end();
      server = new ServerProcess({ LIVEGANTT_DATA: data });
      url = (await server.link()).origin;
      const { revision, tasks } = (await request(`${url}/api/projects/${id}`)).body as { revision: number; tasks: { id: string }[] };
      const ids = tasks.map((task) => task.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const task of acked.keys()) expect(ids).toContain(task);
      // Every revision added one task, so no change is there without its task or twice.
      expect(ids.length).toBe(revision + 2);
    }

    for (const clientId of clients) {
      const probe = new Probe(url, id);
      await probe.open();
      await probe.hello({ clientId });
      for (const { revision, task } of unsure.get(clientId) ?? []) {
        expect(await probe.change({ tasks: { added: [{ id: task, name: task }] } }, { revision })).toMatchObject({
          type: "ack",
          payload: { clientRevision: revision },
        });
      }
    }
    const { body } = await request(`${url}/api/projects/${id}`);
    const all = clients.flatMap((client) => Array.from({ length: (next.get(client) ?? 1) - 1 }, (_, i) => `${client}-${i + 1}`));
    expect(body.tasks.map((task: { id: string }) => task.id).sort()).toEqual([...all, "a", "b"].sort());
    const { entries } = (await request(`${url}/api/projects/${id}/history?limit=500`)).body;
    for (const { revision, changes } of entries as { revision: number; changes: { id: string }[] }[]) {
      const task = changes[0]?.id ?? "";
      if (acked.has(task)) expect(acked.get(task)).toBe(revision);
    }
  }, 120_000);

  it("an empty database gets the sample once, and the link leads to it", async () => {
    const data = temporaryFolder();
    const first = new ServerProcess({ LIVEGANTT_DATA: data });
    const link = await first.link();
    const id = /^\/p\/(.+)$/.exec(link.pathname)?.[1];
    const { body } = await request(`${link.origin}/api/projects/${id}`);
    expect(body.tasks.length).toBeGreaterThanOrEqual(60);
    expect((await request(`${link.origin}/api/projects/${id}?purge=true`, "DELETE")).status).toBe(204);
    expect(await first.end("SIGTERM")).toBe(0);
    const second = new ServerProcess({ LIVEGANTT_DATA: data });
    const again = await second.link();
    expect(again.pathname).toBe("/");
    expect((await request(`${again.origin}/api/projects`)).body.projects).toEqual([]);
  }, 30_000);

  it("D8 SIGTERM: sockets are told to go elsewhere, what was sent is saved, the process ends with 0 in time", async () => {
    const data = temporaryFolder();
    const server = new ServerProcess({ LIVEGANTT_DATA: data });
    const url = (await server.link()).origin;
    const id = await newProject(url);
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    const started = performance.now();
    const ended = server.end("SIGTERM");
    expect(await ada.closed()).toMatchObject({ code: 4503, error: { code: "going_away" } });
    expect(await ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
    const again = new ServerProcess({ LIVEGANTT_DATA: data });
    expect((await request(`${(await again.link()).origin}/api/projects/${id}`)).body.tasks[0].name).toBe("A1");
  }, 30_000);

  it("what it cannot start with is said in one line, without a stack", async () => {
    const taken = new ServerProcess({ LIVEGANTT_DATA: temporaryFolder() });
    const { port } = await taken.link();
    for (const [env, code, said] of [
      [{ PORT: port }, 1, /port .*is taken.*--port/i],
      [{ HOST: "0.0.0.0" }, 2, /--insecure/],
      [{ PORT: "http" }, 2, /port "http"/],
      [{ LIVEGANTT_SECRET: "short", HOST: "0.0.0.0" }, 2, /at least 32/],
    ] as const) {
      const server = new ServerProcess({ LIVEGANTT_DATA: temporaryFolder(), ...env });
      expect(await server.end()).toBe(code);
      expect(server.output).toMatch(said);
      expect(server.output.trim().split("\n").length).toBe(1);
    }
  }, 30_000);
});
