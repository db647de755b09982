import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveProject, OpenConflict } from "./api.ts";
import { ClientError } from "./errors.ts";
import type { OpenProjectOptions } from "./options.ts";
import { DeviceStorage, FakeTab, record, World } from "./testing/world.ts";

let world: World;
let ann: LiveProject;
let ben: LiveProject;
const start = async (options: Partial<OpenProjectOptions> = {}): Promise<void> => {
  world = new World();
  ann = await world.enter("Ann");
  ben = await world.enter("Ben", options);
};
beforeEach(() => start());
afterEach(() => world.end());

/** Both did something without having seen the other's; Ann's was first. */
async function bothAtOnce(hers: (live: LiveProject) => void, his: (live: LiveProject) => void): Promise<void> {
  ben.disconnect();
  hers(ann);
  await world.calm();
  his(ben);
  ben.connect();
  await world.calm();
}
const rename =
  (name: string, task = "a") =>
  (live: LiveProject) =>
    live.update("tasks", task, { name });
const only = (live: LiveProject): OpenConflict => {
  expect(live.conflicts).toHaveLength(1);
  return live.conflicts[0] as OpenConflict;
};
const server = (task: string) => world.server.state.tasks.get(task);

describe("a conflict", () => {
  it("R0 takes nothing else with it: the untouched rest of the changeset is sent again at once", async () => {
    await bothAtOnce(rename("Excavate"), (live) =>
      live.transact("paste", (tx) => {
        tx.update("tasks", "a", { name: "Trench", duration: 9 });
        tx.update("tasks", "b", { name: "Concrete" });
        tx.add("tasks", { id: "new", name: "Fence" });
      }),
    );
    expect(server("a")).toMatchObject({ name: "Excavate", duration: 9 });
    expect(server("b")?.name).toBe("Concrete");
    expect(server("new")?.name).toBe("Fence");
    expect(only(ben).payload).toEqual({ tasks: { updated: [{ id: "a", changes: { name: "Trench" }, was: { name: "Dig" } }] } });
  });

  it("R0 an atomic change waits as a whole", async () => {
    await bothAtOnce(rename("Excavate"), (live) =>
      live.transact(
        "swap",
        (tx) => {
          tx.update("tasks", "a", { name: "Pour" });
          tx.update("tasks", "b", { name: "Dig" });
        },
        { atomic: true },
      ),
    );
    expect(server("b")?.name).toBe("Pour");
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    expect([server("a")?.name, server("b")?.name]).toEqual(["Pour", "Dig"]);
  });

  it("R0 C4 the rest of an earlier edit does not overwrite what its author did later", async () => {
    ben.disconnect();
    rename("Excavate")(ann);
    await world.calm();
    ben.update("tasks", "a", { name: "Trench", duration: 5 });
    ben.update("tasks", "b", { name: "between" });
    ben.update("tasks", "a", { duration: 2 });
    ben.connect();
    await world.calm();
    expect(server("a")).toMatchObject({ name: "Excavate", duration: 2 });
    expect(ben.snapshot()).toEqual(ann.snapshot());
  });

  it("R1 shows the server's value, keeps base, mine, theirs, who and when, and lets everything else flow", async () => {
    const opened = record(ben, "conflict");
    const made = world.clock.now();
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    const conflict = only(ben);
    expect(opened).toEqual([conflict]);
    expect(conflict.conflicts[0]).toMatchObject({
      type: "concurrent_edit",
      by: { name: "Ann" },
      fields: { name: { base: "Dig", local: "Trench", server: "Excavate" } },
    });
    expect(Date.parse(conflict.madeAt)).toBe(made + 500);
    expect(Date.parse(conflict.arrivedAt)).toBeGreaterThanOrEqual(made + 500);
    expect(ben.state.tasks.get("a")?.name).toBe("Excavate");
    ben.update("tasks", "a", { percentDone: 50 });
    await world.calm();
    expect(server("a")?.percentDone).toBe(50);
  });

  it("R1 later edits of the same register, and of a record whose adding is in conflict, wait behind it", async () => {
    await bothAtOnce(
      (live) => {
        rename("Excavate")(live);
        live.remove("tasks", "b");
      },
      (live) => {
        rename("Trench")(live);
        rename("between", "c")(live);
        rename("Ditch")(live);
        live.transact("tasks.add", (tx) => {
          tx.add("tasks", { id: "n", name: "New" });
          tx.add("dependencies", { id: "bn", fromTask: "b", toTask: "n" });
        });
        live.add("dependencies", { id: "nc", fromTask: "n", toTask: "c" });
      },
    );
    expect(server("c")?.name).toBe("between");
    expect(server("n")?.name).toBe("New");
    expect(world.server.state.dependencies.has("nc")).toBe(true);
    const [name, link] = ben.conflicts;
    expect(name).toMatchObject({ parked: 1 });
    expect(name?.conflicts[0]?.fields?.name?.local).toBe("Ditch");
    expect(link?.conflicts[0]?.type).toBe("missing_reference");
    ben.resolve(name?.id ?? "", "keep_local");
    await world.calm();
    expect(server("a")?.name).toBe("Ditch");
  });

  it("R1 survives a reload, with the edits that wait", async () => {
    const device = new DeviceStorage();
    const tab = new FakeTab();
    ben.destroy();
    ben = await world.enter("Ben", { storage: device, tab });
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    const before = only(ben);
    ben.destroy();
    ben = await world.enter("Ben", { storage: device, tab });
    await world.calm();
    expect(only(ben)).toEqual(before);
    ben.resolve(before.id, "keep_local");
    await world.calm();
    expect(server("a")?.name).toBe("Trench");
    expect(device.read("").filter(([key]) => /\/(edit|conflict)\//.test(key))).toEqual([]);
  });
});

describe("resolving", () => {
  it("R2 keep mine sends it anew on the current revision", async () => {
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    ben.resolve(only(ben).id, "keep_local");
    expect(ben.conflicts).toEqual([]);
    expect(ben.state.tasks.get("a")?.name).toBe("Trench");
    await world.calm();
    expect(ann.state.tasks.get("a")?.name).toBe("Trench");
  });

  it("R2 accept theirs sends nothing", async () => {
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    const sent = world.server.received.length;
    ben.resolve(only(ben).id, "accept_server");
    await world.calm();
    expect(world.server.received).toHaveLength(sent);
    expect(ben.conflicts).toEqual([]);
  });

  it("K1 R2 two fields of one task are one entry; a merge takes one of mine and one of theirs", async () => {
    await bothAtOnce(
      (live) => live.update("tasks", "a", { name: "Excavate", duration: 7 }),
      (live) => live.update("tasks", "a", { name: "Trench", duration: 8 }),
    );
    const conflict = only(ben);
    expect(conflict.conflicts.flatMap(({ fields }) => Object.keys(fields ?? {}))).toEqual(["name", "duration", "durationUnit"]);
    ben.resolve(conflict.id, { merge: { duration: 8 } });
    await world.calm();
    expect(server("a")).toMatchObject({ name: "Excavate", duration: 8, durationUnit: "day" });
  });

  it("R2 a merge sends the chosen values", async () => {
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    ben.resolve(only(ben).id, { merge: { name: "Excavate trench" } });
    await world.calm();
    expect(ann.state.tasks.get("a")?.name).toBe("Excavate trench");
  });

  it("R2 is a compare-and-set: where the server moved again, a new conflict opens", async () => {
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    world.server.held = true;
    rename("Scoop")(ann);
    await world.calm(1);
    ben.resolve(only(ben).id, "keep_local");
    world.server.release();
    await world.calm();
    expect(only(ben).conflicts[0]?.fields?.name).toMatchObject({ local: "Trench", server: "Scoop" });
  });

  it("R2 M4 a duration keeps its unit", async () => {
    await bothAtOnce(
      (live) => live.update("tasks", "a", { duration: 16, durationUnit: "hour" }),
      (live) => live.update("tasks", "a", { duration: 3 }),
    );
    expect(server("a")).toMatchObject({ duration: 16, durationUnit: "hour" });
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    expect(server("a")).toMatchObject({ duration: 3, durationUnit: "day" });
  });

  it("K2 keep mine of a removed task brings it back with its children, links and assignments, and the edit", async () => {
    ann.add("tasks", { id: "a1", name: "Part", parentId: "a" });
    await world.calm();
    const before = world.server.state.tasks.get("a");
    await bothAtOnce((live) => live.remove("tasks", "a"), rename("Trench"));
    expect(server("a")).toBeUndefined();
    expect(only(ben).conflicts[0]?.type).toBe("task_not_found");
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    expect(server("a")).toMatchObject({ name: "Trench", duration: before?.duration });
    expect(server("a1")?.parentId).toBe("a");
    expect(world.server.state.dependencies.get("ab")).toMatchObject({ fromTask: "a", toTask: "b" });
    expect(world.server.state.assignments.has("ra")).toBe(true);
    expect(ann.snapshot()).toEqual(ben.snapshot());
  });

  it("K2 where the removal is too old to be taken back, keeping mine says so and the conflict stays", async () => {
    ben.disconnect();
    ann.remove("tasks", "b");
    await world.calm();
    world.server.ledger.prune(Number.POSITIVE_INFINITY);
    rename("Concrete", "b")(ben);
    ben.connect();
    await world.calm();
    expect(() => ben.resolve(only(ben).id, "keep_local")).toThrow(expect.objectContaining({ code: "restore_unavailable", action: "fix" }));
    ben.resolve(only(ben).id, "accept_server");
    expect(ben.conflicts).toEqual([]);
  });

  it("K3 removing what another has edited asks first; keeping mine removes it", async () => {
    await bothAtOnce(rename("Excavate"), (live) => live.remove("tasks", "a"));
    expect(server("a")?.name).toBe("Excavate");
    expect(only(ben).conflicts[0]?.type).toBe("edited_before_remove");
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    expect(server("a")).toBeUndefined();
  });

  it("K4 a link that closes a loop stays in the inbox with its path; keeping it is refused in clear words", async () => {
    await bothAtOnce(
      (live) => live.add("dependencies", { id: "bc", fromTask: "b", toTask: "c" }),
      (live) => live.add("dependencies", { id: "ca", fromTask: "c", toTask: "a" }),
    );
    const conflict = only(ben);
    expect(conflict.conflicts[0]?.path?.map(({ name }) => name)).toContain("Pour");
    expect(() => ben.resolve(conflict.id, "keep_local")).toThrow(expect.objectContaining({ code: "dependency_cycle" }));
    expect(only(ben).id).toBe(conflict.id);
  });

  it("K6 the same link made twice with different lags: keeping mine sets the lag of the one that is there", async () => {
    await bothAtOnce(
      (live) => live.add("dependencies", { id: "x", fromTask: "a", toTask: "c", lag: 1 }),
      (live) => live.add("dependencies", { id: "y", fromTask: "a", toTask: "c", lag: 2 }),
    );
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    expect(world.server.state.dependencies.get("x")?.lag).toBe(2);
    expect(world.server.state.dependencies.has("y")).toBe(false);
    expect(ann.snapshot()).toEqual(ben.snapshot());
  });

  it("#63 one id made twice: keeping mine gives it a new id, links to it included", async () => {
    await bothAtOnce(
      (live) => live.add("tasks", { id: "n", name: "Hers" }),
      (live) =>
        live.transact("add", (tx) => {
          tx.add("tasks", { id: "n", name: "His" });
          tx.add("dependencies", { id: "an", fromTask: "a", toTask: "n" });
        }),
    );
    ben.resolve(only(ben).id, "keep_local");
    await world.calm();
    const his = [...world.server.state.tasks.values()].find(({ name }) => name === "His");
    expect(his?.id).not.toBe("n");
    expect(world.server.state.dependencies.get("an")?.toTask).toBe(his?.id);
    expect(server("n")?.name).toBe("Hers");
  });

  it("R3 all of mine, all of theirs", async () => {
    await bothAtOnce(
      (live) => {
        rename("A1")(live);
        rename("B1", "b")(live);
      },
      (live) => {
        rename("A2")(live);
        rename("B2", "b")(live);
      },
    );
    expect(ben.conflicts).toHaveLength(2);
    ben.resolveAll("keep_local");
    await world.calm();
    expect([server("a")?.name, server("b")?.name]).toEqual(["A2", "B2"]);
  });

  it("an unknown conflict is a clear error", () => {
    expect(() => ben.resolve("nothing", "keep_local")).toThrow(ClientError);
  });
});

describe("policies", () => {
  it("R3 local: mine is sent again without asking; server: theirs stays and I am told", async () => {
    await start({ policies: { "tasks.name": "local", "tasks.duration": "server" } });
    const notices = record(ben, "notice");
    await bothAtOnce(
      (live) => live.update("tasks", "a", { name: "Excavate", duration: 7 }),
      (live) => live.update("tasks", "a", { name: "Trench", duration: 8 }),
    );
    expect(server("a")).toMatchObject({ name: "Trench", duration: 7 });
    expect(ben.conflicts).toEqual([]);
    expect(notices[0]).toMatchObject({
      by: "Ann",
      notices: [{ kind: "overwritten", id: "a", register: "duration", previous: { duration: 8, durationUnit: "day" } }],
    });
  });

  it("R3 a policy may be an async function; until it has decided, the conflict is in the inbox", async () => {
    let decide: (choice: "keep_local") => void = () => {};
    const policy = vi.fn(() => new Promise<"keep_local">((resolve) => (decide = resolve)));
    await start({ policies: { tasks: policy } });
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    expect(only(ben).conflicts[0]?.type).toBe("concurrent_edit");
    decide("keep_local");
    await world.calm();
    expect(server("a")?.name).toBe("Trench");
    expect(ben.conflicts).toEqual([]);
  });

  it("R3 a policy that fails leaves the conflict to the person and says so", async () => {
    await start({ policies: { "*": () => Promise.reject(new Error("broken")) } });
    const errors = record(ben, "error");
    await bothAtOnce(rename("Excavate"), rename("Trench"));
    expect(only(ben)).toBeDefined();
    expect(errors[0]).toMatchObject({ code: "policy_failed" });
  });
});

describe("send", () => {
  it("sendWithOptimistic: settles with the server's revision", async () => {
    const sent = ann.send({ tasks: { updated: [{ id: "a", changes: { name: "Excavate" } }] } }, "task.rename");
    expect(ann.state.tasks.get("a")?.name).toBe("Excavate");
    await world.calm();
    await expect(sent).resolves.toEqual({ serverRevision: 1 });
  });

  it("sendWithOptimistic: rejects with the conflict's data, and rolls back", async () => {
    ben.disconnect();
    rename("Excavate")(ann);
    await world.calm();
    const sent = ben.send({ tasks: { updated: [{ id: "a", changes: { name: "Trench" } }] } }, "task.rename");
    const refused = expect(sent).rejects.toMatchObject({ type: "conflict", conflictData: { conflicts: [{ type: "concurrent_edit", id: "a" }] } });
    ben.connect();
    await world.calm();
    await refused;
    expect(ben.state.tasks.get("a")?.name).toBe("Excavate");
  });
});

describe("refused for good", () => {
  it("a rejected edit is taken back, stays visible with its reason, and survives a reload until it is dismissed", async () => {
    const device = new DeviceStorage();
    const tab = new FakeTab();
    const cleo = await world.enter("Cleo", { storage: device, tab });
    const heard = record(cleo, "rejected");
    world.server.refuseNext = { times: 1, error: { code: "forbidden", message: "not yours", action: "fatal" } };
    cleo.add("tasks", { id: "n", name: "New" });
    cleo.update("tasks", "b", { name: "Concrete" });
    cleo.add("dependencies", { id: "na", fromTask: "n", toTask: "a" });
    await world.calm();
    expect(cleo.state.tasks.has("n")).toBe(false);
    expect(server("b")?.name).toBe("Concrete");
    expect(heard.map(({ code }) => code)).toEqual(["forbidden", "depends_on_rejected"]);
    cleo.destroy();
    const again = await world.enter("Cleo", { storage: device, tab });
    expect(again.rejections.map(({ code }) => code)).toEqual(["forbidden", "depends_on_rejected"]);
    for (const { id } of again.rejections) again.dismiss(id);
    expect(again.rejections).toEqual([]);
    expect(device.read("").filter(([key]) => key.includes("/rejected/"))).toEqual([]);
  });

  it("a law that forbids an edit says so at once, and nothing happens", () => {
    const before = ann.snapshot();
    expect(() => ann.add("dependencies", { fromTask: "b", toTask: "a" })).toThrow(expect.objectContaining({ code: "dependency_cycle", action: "fix" }));
    expect(() => ann.update("tasks", "a", { duration: -1 })).toThrow(expect.objectContaining({ code: "invalid_value" }));
    expect(() => ann.update("tasks", "nobody", { name: "x" })).toThrow(expect.objectContaining({ code: "task_not_found" }));
    expect(ann.snapshot()).toEqual(before);
    expect(ann.pendingCount).toBe(0);
  });

  it("an edit larger than a message is refused here, and the ones behind it go on", async () => {
    const cleo = await world.enter("Cleo", { maxMessageBytes: 2000 });
    cleo.update("tasks", "a", { note: "x".repeat(3000) });
    cleo.update("tasks", "b", { name: "Concrete" });
    await world.calm();
    expect(cleo.rejections[0]?.code).toBe("message_too_large");
    expect(server("b")?.name).toBe("Concrete");
    expect(server("a")?.note).toBeUndefined();
  });
});
