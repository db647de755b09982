import { describe, expect, it } from "vitest";
import { atEnd, newProject, Probe, rename, startServer } from "../harness.ts";
import { emptyDatabase, hasPostgres } from "../postgres.ts";

async function threeNodes() {
  const { url, drop } = await emptyDatabase();
  atEnd(drop);
  return [await startServer({ database: url }), await startServer({ database: url }), await startServer({ database: url })] as const;
}

describe.skipIf(!hasPostgres)("D4 presence across servers", () => {
  it("D4 who is connected to one server is seen on the others, with the same name, colour and selection", async () => {
    const [north, south, east] = await threeNodes();
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id, { clientId: "ada", user: { name: "Ada", avatar: "ada.png" } });
    const bob = await Probe.join(south.url, id, { clientId: "bob", user: { name: "Bob" } });
    const heard = (await ada.next("user_joined")).payload.user;
    expect(heard).toMatchObject({ clientId: "bob", name: "Bob" });
    ada.send({ type: "selection", payload: { taskId: "a", field: "name", mode: "edit" } });
    expect(await bob.next("selection")).toMatchObject({ payload: { clientId: "ada", userName: "Ada", taskId: "a", field: "name", mode: "edit" } });
    const cid = new Probe(east.url, id);
    await cid.open();
    const { users } = (await cid.hello({ clientId: "cid", user: { name: "Cid" } })).payload;
    expect(users.map(({ name, avatar }) => [name, avatar])).toEqual([
      ["Ada", "ada.png"],
      ["Bob", undefined],
      ["Cid", undefined],
    ]);
    expect(users[1]).toEqual(heard);
    expect(new Set(users.map(({ color }) => color)).size).toBe(3);
    expect(await cid.next("selection")).toMatchObject({ payload: { clientId: "ada", color: users[0]?.color } });
    bob.socket.close();
    for (const probe of [ada, cid]) expect((await probe.next("user_left")).payload.clientId).toBe("bob");
  });

  it("D4 a server that stops takes its users with it, on the others too", async () => {
    const [north, south] = await threeNodes();
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id, { clientId: "ada" });
    await Probe.join(south.url, id, { clientId: "bob" });
    await ada.next("user_joined");
    await south.close();
    expect((await ada.next("user_left")).payload.clientId).toBe("bob");
  });

  it("D4 presence stays out of the log", async () => {
    const [north, south] = await threeNodes();
    const id = await newProject(north.url);
    const ada = await Probe.join(north.url, id);
    const bob = await Probe.join(south.url, id);
    ada.send({ type: "selection", payload: { taskId: "a" } });
    await bob.next("selection");
    await ada.change(rename("a", "A1"));
    expect(await bob.next("changes")).toMatchObject({ revision: 1 });
    expect(await north.sync.store.changes(id, { after: 0 })).toHaveLength(1);
  });
});
