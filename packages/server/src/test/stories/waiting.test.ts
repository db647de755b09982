import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ChangeQuery, ProjectCommit } from "../../interfaces/store.ts";
import { openDatabase } from "../../stores/sqlite/database.ts";
import { SqliteStore } from "../../stores/sqlite/sqliteStore.ts";
import { atEnd, newProject, Probe, rename, request, startServer, temporaryFolder } from "../harness.ts";

/** A store that is far away: the test holds back its commits or its reads of the log, and lets them go. */
class FarStore extends SqliteStore {
  readonly #gates = new Map<string, { readonly open: Promise<void>; reached: () => void }>();

  hold(what: "commit" | "changes"): { readonly reached: Promise<void>; pass(): void } {
    let pass = (): void => {};
    const open = new Promise<void>((done) => {
      pass = done;
    });
    const gate = { open, reached: (): void => {} };
    const reached = new Promise<void>((done) => {
      gate.reached = done;
    });
    this.#gates.set(what, gate);
    return {
      reached,
      pass: () => {
        this.#gates.delete(what);
        pass();
      },
    };
  }

  async #wait(what: "commit" | "changes"): Promise<void> {
    const gate = this.#gates.get(what);
    gate?.reached();
    await gate?.open;
  }

  override async commit(batch: readonly ProjectCommit[]) {
    await this.#wait("commit");
    return super.commit(batch);
  }

  override async changes(project: string, query: ChangeQuery) {
    await this.#wait("changes");
    return super.changes(project, query);
  }
}

async function far() {
  const store = new FarStore(openDatabase(join(temporaryFolder(), "livegantt.db")));
  atEnd(() => store.close());
  const server = await startServer({ store });
  const id = await newProject(server.url);
  return { ...server, store, id };
}

describe("a store that takes its time", () => {
  it("W4 readers wait for a commit in flight: over HTTP and in hello they see the change, and not before it is durable", async () => {
    const { url, id, store } = await far();
    const ada = await Probe.join(url, id);
    const gate = store.hold("commit");
    ada.post(rename("a", "A1"));
    await gate.reached;
    let read = false;
    const snapshot = request(`${url}/api/projects/${id}`).then((answer) => {
      read = true;
      return answer.body;
    });
    const bob = new Probe(url, id);
    await bob.open();
    const init = bob.hello();
    // A round trip that needs no commit: had the readers not waited, they would have been answered by now.
    expect((await request(`${url}/healthz`)).status).toBe(200);
    expect([read, bob.seen.length, ada.seen.some((message) => message.type === "ack")]).toEqual([false, 0, false]);
    gate.pass();
    expect((await snapshot).tasks[0].name).toBe("A1");
    expect((await init).payload).toMatchObject({ revision: 1 });
    expect(await ada.next("ack")).toMatchObject({ payload: { serverRevision: 1 } });
  });

  it("W4 what arrives during a commit becomes one group after it, in order", async () => {
    const { url, id, store } = await far();
    const [ada, bob] = [await Probe.join(url, id), await Probe.join(url, id)];
    const gate = store.hold("commit");
    ada.post(rename("a", "A1"));
    await gate.reached;
    for (let i = 2; i <= 5; i++) ada.post(rename("a", `A${i}`));
    ada.send({ type: "heartbeat" });
    await ada.next("heartbeat");
    gate.pass();
    for (let revision = 1; revision <= 5; revision++) {
      expect((await ada.next("ack")).payload.serverRevision).toBe(revision);
      expect((await bob.next("changes")).revision).toBe(revision);
    }
    expect((await request(`${url}/metrics`)).body).toContain("livegantt_group_size_count 2");
  });

  it("W1 no change overtakes a delta that is being read", async () => {
    const { url, id, store } = await far();
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    const gate = store.hold("changes");
    const bob = new Probe(url, id);
    await bob.open();
    await bob.hello({ lastRevision: 0 });
    await gate.reached;
    // Sent before bob is live, and what ada does meanwhile: both come after the delta.
    bob.post(rename("b", "B1"), { baseRevision: 1 });
    await ada.change(rename("a", "A2"));
    gate.pass();
    await bob.next("ack");
    const order = bob.seen.filter(({ type }) => type === "delta" || type === "changes" || type === "ack").map((message) => [message.type, revisionOf(message)]);
    expect(order).toEqual([
      ["delta", 1],
      ["changes", 2],
      ["ack", 3],
    ]);
  });

  it("W1 a request for everything that comes while a delta is read is answered too", async () => {
    const { url, id, store } = await far();
    const ada = await Probe.join(url, id);
    await ada.change(rename("a", "A1"));
    const gate = store.hold("changes");
    ada.send({ type: "request_delta", payload: { lastRevision: 0 } });
    await gate.reached;
    ada.send({ type: "request_sync" });
    gate.pass();
    expect((await ada.next("delta", "sync")).type).toBe("delta");
    expect((await ada.next("delta", "sync")).type).toBe("sync");
  });

  it("presence: many who come in one beat are told in one go, and nobody of herself", async () => {
    const { url, id } = await far();
    const ada = await Probe.join(url, id, { clientId: "ada" });
    await Promise.all(Array.from({ length: 10 }, (_, i) => Probe.join(url, id, { clientId: `c${i}` })));
    const joined = new Set<string>();
    while (joined.size < 10) joined.add((await ada.next("user_joined")).payload.clientId);
    expect(joined.has("ada")).toBe(false);
  });
});

function revisionOf(message: { type: string; payload?: unknown; revision?: unknown }): unknown {
  const { serverRevision, to } = (message.payload ?? {}) as { serverRevision?: number; to?: number };
  return message.revision ?? serverRevision ?? to;
}
