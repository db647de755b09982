import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Scheduler } from "../interfaces/scheduler.ts";
import type { FrameGroup } from "../socket/frameGroup.ts";
import { Neighbours } from "./neighbours.ts";
import { fitting, parseNeighbourText } from "./neighbourText.ts";
import { Presence } from "./presence.ts";

/** A clock that moves when told. */
class Hands {
  now = 0;
  #due: { at: number; run: () => void; every?: number }[] = [];
  readonly scheduler: Scheduler = {
    elapsed: () => this.now,
    soon: (run) => void this.#add({ at: this.now, run }),
    after: (ms, run) => this.#add({ at: this.now + ms, run }),
    every: (ms, run) => this.#add({ at: this.now + ms, run, every: ms }),
  };

  #add(timer: { at: number; run: () => void; every?: number }) {
    this.#due.push(timer);
    const cancel = (): void => {
      this.#due = this.#due.filter((other) => other !== timer);
    };
    return { cancel };
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.now = Math.max(this.now, next.at);
      if (next.every === undefined) this.#due = this.#due.filter((other) => other !== next);
      else next.at += next.every;
      next.run();
    }
    this.now = end;
  }
}

/** Servers on one channel. `lose`: texts that do not arrive. */
function town(bytes = 7_999) {
  const hands = new Hands();
  const listeners = new Map<string, (text: string) => void>();
  const said: string[] = [];
  const lose = { to: undefined as string | undefined };
  const join = (name: string) => {
    const presences = new Map<string, Presence>();
    const heard: string[] = [];
    const told = {
      tellBytes: bytes,
      watch: () => () => {},
      heads: async () => [],
      missed: async () => [],
      tell: async (texts: readonly string[]) => {
        for (const text of texts) {
          said.push(text);
          for (const [to, hear] of listeners) if (to !== lose.to) hear(text);
        }
      },
    };
    const neighbours = new Neighbours(told, hands.scheduler, pino({ level: "silent" }), (project, client) => presences.get(project)?.noticed(client));
    listeners.set(name, (text) => neighbours.heard(text));
    const listener = {
      clientId: "listener",
      presence: (group: FrameGroup) => void group.send({ send: (text: string) => heard.push(text) } as never),
    };
    return {
      neighbours,
      heard,
      project(id = "p") {
        const known = presences.get(id) ?? new Presence(hands.scheduler, () => [listener], id, neighbours);
        presences.set(id, known);
        return known;
      },
      names: (id = "p") =>
        [...(presences.get(id)?.users() ?? [])].map(({ name, color, activeTask }) => `${name} ${color}${activeTask ? ` ${activeTask}` : ""}`),
      /** As a kill does: nothing more comes or goes. */
      die() {
        listeners.delete(name);
        told.tell = async () => {};
      },
      deaf(on: boolean) {
        lose.to = on ? name : undefined;
      },
    };
  };
  return { hands, said, join };
}

const at = (n: number) => new Date(n).toISOString();

describe("presence across servers", () => {
  it("D4 users, selections and colours are the same on all servers", async () => {
    const { hands, join } = town();
    const [north, south] = [join("north"), join("south")];
    const [p, q] = [north.project(), south.project()];
    p.join("a", { name: "Ann", avatar: "a.png" }, at(1));
    await hands.pass(100);
    q.join("b", { name: "Bob" }, at(2));
    p.select("a", { taskId: "t1", field: "name", mode: "edit" });
    q.activeTask("b", "t9");
    await hands.pass(100);
    expect(p.users()).toEqual(q.users());
    expect(p.users().map(({ name, activeTask }) => [name, activeTask])).toEqual([
      ["Ann", undefined],
      ["Bob", "t9"],
    ]);
    expect(p.selections()).toEqual(q.selections());
    expect(JSON.parse(q.selections()[0] ?? "")).toMatchObject({ payload: { clientId: "a", userName: "Ann", taskId: "t1", field: "name", mode: "edit" } });
    expect(south.heard.map((text) => JSON.parse(text).type)).toEqual(expect.arrayContaining(["user_joined", "selection"]));
    p.leave("a");
    await hands.pass(100);
    expect(q.users().map(({ name }) => name)).toEqual(["Bob"]);
    expect(q.selections()).toEqual([]);
  });

  it("D4 two who come at once on two servers get one colour each, and all agree which", async () => {
    const { hands, join } = town();
    const nodes = [join("a"), join("b"), join("c")];
    for (const [i, node] of nodes.entries()) for (let k = 0; k < 4; k++) node.project().join(`${i}${k}`, { name: `${i}${k}` }, at(k));
    await hands.pass(1_000);
    const seen = nodes.map(({ names }) => names());
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(new Set((nodes[0]?.project().users() ?? []).map(({ color }) => color)).size).toBe(12);
  });

  it("D4 the users of a server that was killed vanish from the others within a few seconds; of one that stops, at once", async () => {
    const { hands, join } = town();
    const [north, south, east] = [join("north"), join("south"), join("east")];
    north.project().join("a", { name: "Ann" }, at(1));
    south.project().join("b", { name: "Bob" }, at(2));
    east.project();
    await hands.pass(1_500);
    expect(east.names().length).toBe(2);
    north.die();
    await hands.pass(1_500);
    expect(east.names().length).toBe(2);
    await hands.pass(3_000);
    expect(east.names().map((name) => name.slice(0, 3))).toEqual(["Bob"]);
    const closing = south.neighbours.close();
    await hands.pass(10);
    await closing;
    expect(east.names()).toEqual([]);
    await hands.pass(100);
    expect(east.heard.filter((text) => text.includes("user_left")).length).toBe(2);
  });

  it("D4 a client that moves keeps its colour, and its end on the old server ends nothing on the new one", async () => {
    const { hands, join } = town();
    const [north, south, east] = [join("north"), join("south"), join("east")];
    north.project().join("x", { name: "First" }, at(0));
    north.project().join("a", { name: "Ann" }, at(1));
    east.project();
    south.project();
    await hands.pass(100);
    const before = east.project().users()[1];
    south.project().join("a", { name: "Ann" }, at(5_000));
    await hands.pass(100);
    north.project().leave("a");
    await hands.pass(100);
    for (const node of [north, south, east]) expect(node.project().users()[1]).toMatchObject({ clientId: "a", color: before?.color, joinedAt: at(5_000) });
    expect(east.heard.filter((text) => text.includes("user_left"))).toEqual([]);
  });

  it("D4 a server that starts later, or missed something, asks for everything", async () => {
    const { hands, join } = town();
    const north = join("north");
    for (let i = 0; i < 200; i++) north.project(`p${i % 3}`).join(`c${i}`, { name: `Person ${i} ${"é".repeat(40)}` }, at(i));
    await hands.pass(2_000);
    const south = join("south");
    for (const id of ["p0", "p1", "p2"]) south.project(id);
    south.neighbours.missed();
    await hands.pass(600);
    expect(["p0", "p1", "p2"].map((id) => south.names(id))).toEqual(["p0", "p1", "p2"].map((id) => north.names(id)));
    south.deaf(true);
    north.project("p0").leave("c0");
    north.project("p1").join("late", { name: "Late" }, at(900));
    await hands.pass(500);
    south.deaf(false);
    await hands.pass(2_000);
    expect(["p0", "p1", "p2"].map((id) => south.names(id))).toEqual(["p0", "p1", "p2"].map((id) => north.names(id)));
  });

  it("D4 no text is longer than the channel takes, whoever is in it", async () => {
    const { hands, said, join } = town(7_999);
    const [north, south] = [join("north"), join("south")];
    south.project();
    for (let i = 0; i < 300; i++) north.project().join(`c${i}`, { name: "\u0001".repeat(255), avatar: "ü".repeat(i === 7 ? 4_096 : 900) }, at(i));
    for (let i = 0; i < 300; i++) north.project().select(`c${i}`, { taskId: "\u0002".repeat(64), field: "\u0003".repeat(64) });
    await hands.pass(500);
    expect(Math.max(...said.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(7_999);
    expect(south.project().users().length).toBe(300);
    expect(
      south
        .project()
        .users()
        .filter(({ avatar }) => avatar === undefined)
        .map(({ clientId }) => clientId),
    ).toEqual(["c7"]);
  });

  it("D4 a stream of selections goes out once a beat, the last one counting", async () => {
    const { hands, said, join } = town();
    const [north, south] = [join("north"), join("south")];
    south.project();
    north.project().join("a", { name: "Ann" }, at(1));
    await hands.pass(900);
    const before = said.length;
    for (let i = 0; i < 200; i++) {
      north.project().select("a", { taskId: `t${i}`, mode: "drag" });
      await hands.pass(2);
    }
    await hands.pass(50);
    expect(said.length - before).toBeLessThanOrEqual(14);
    expect(JSON.parse(south.project().selections()[0] ?? "").payload.taskId).toBe("t199");
  });

  it("D4 what is none of ours on the channel does nothing", () => {
    for (const text of ["", "{", "null", "[1]", '{"node":7}', '{"node":"n","seq":1,"words":[{"project":"p"}]}', '{"node":"n","seq":-1}'])
      expect(parseNeighbourText(text)).toBeUndefined();
    expect(fitting([], 100)).toEqual([]);
  });
});
