import { expect, test } from "vitest";
import type { Person } from "./support/person.ts";
import { createProject, house, snapshotOf } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";
import { within } from "./support/within.ts";

const stage = setStage();

async function annAndBobOn(name: string): Promise<{ ann: Person; bob: Person; project: string }> {
  const project = await createProject(stage.server.url, name, house);
  const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
  await Promise.all([ann.open(project), bob.open(project)]);
  return { ann, bob, project };
}

const nameOf = (person: Person, id: string): Promise<string> => person.chart.cell(id, "text").innerText();
const becomesNamed = (person: Person, id: string, name: string): Promise<number> =>
  within(
    20_000,
    () => nameOf(person, id),
    (shown) => shown === name,
  );

/** Both are connected, nobody has anything under way, and both see the same. */
async function expectSameView(ann: Person, bob: Person): Promise<void> {
  await Promise.all([ann, bob].map((person) => person.becomes("live")));
  await Promise.all([ann.saved(), bob.saved()]);
  await within(
    5000,
    () => bob.chart.seen(),
    async (rows) => JSON.stringify(rows) === JSON.stringify(await ann.chart.seen()),
  );
}

test("U6 edits made while the network is cut reach the others when it is back, and theirs come in", async () => {
  const { ann, bob } = await annAndBobOn("cut");
  ann.wire.cut();
  await ann.becomes("reconnecting", "offline");

  await ann.chart.type("dig", "text", "Dig without network");
  await ann.chart.select("roof");
  await ann.page.keyboard.press("Insert");
  await bob.chart.type("walls", "text", "Walls of brick");
  expect(await nameOf(ann, "dig")).toBe("Dig without network");
  expect(await ann.page.getByTestId("save-status").getAttribute("data-saved")).toBe("false");

  ann.wire.mend();
  await becomesNamed(bob, "dig", "Dig without network");
  await becomesNamed(ann, "walls", "Walls of brick");
  await expectSameView(ann, bob);
  expect(await bob.chart.order()).toHaveLength(house.tasks.length + 1);
});

test("U6 a browser that says it is offline stops trying, and goes on by itself when it is online again", async () => {
  const { ann, bob } = await annAndBobOn("offline");
  ann.wire.cut();
  await ann.context.setOffline(true);
  await ann.becomes("offline");
  await ann.chart.type("dig", "text", "Dig in the tunnel");

  ann.wire.mend();
  await ann.context.setOffline(false);
  await becomesNamed(bob, "dig", "Dig in the tunnel");
  await expectSameView(ann, bob);
});

test("U6 edits of everybody go on while the server is killed, and are all there when it runs again", async () => {
  const { ann, bob, project } = await annAndBobOn("killed");
  await ann.chart.type("survey", "text", "Acknowledged");
  await ann.saved();

  await stage.server.stop("SIGKILL");
  await Promise.all([ann.becomes("reconnecting", "offline"), bob.becomes("reconnecting", "offline")]);
  await ann.chart.type("dig", "text", "Ann's, without a server");
  await bob.chart.type("pour", "duration", "4d");

  await stage.server.start();
  await becomesNamed(bob, "dig", "Ann's, without a server");
  await expectSameView(ann, bob);
  const kept = await snapshotOf(stage.server.url, project);
  const task = (id: string) => kept.tasks.find((each) => each.id === id);
  expect([task("survey")?.name, task("dig")?.name, task("pour")?.duration]).toEqual(["Acknowledged", "Ann's, without a server", 4]);
});

test("U6 a server that is killed in the middle of a stream of edits loses and doubles none of them", async () => {
  const { ann, bob, project } = await annAndBobOn("killed while writing");
  await ann.chart.select("windows");
  for (let count = 0; count < 12; count += 1) {
    if (count === 4 || count === 8) await stage.server.stop("SIGKILL");
    await ann.page.keyboard.press("Insert");
    if (count === 6 || count === 10) await stage.server.start();
  }
  await expectSameView(ann, bob);
  expect((await snapshotOf(stage.server.url, project)).tasks).toHaveLength(house.tasks.length + 12);
});

test("U6 a tab that is reloaded with unsent edits still shows them, and sends them once", async () => {
  const { ann, bob, project } = await annAndBobOn("reloaded");
  ann.wire.cutLiveConnection();
  await ann.becomes("reconnecting", "offline");
  await ann.chart.type("dig", "text", "Survives a reload");
  await ann.chart.select("roof");
  await ann.page.keyboard.press("Insert");

  await ann.keeps(2);
  ann.page.once("dialog", (dialog) => dialog.accept());
  await ann.page.reload();
  await becomesNamed(ann, "dig", "Survives a reload");
  expect(await ann.chart.order()).toHaveLength(house.tasks.length + 1);

  ann.wire.mend();
  await becomesNamed(bob, "dig", "Survives a reload");
  await expectSameView(ann, bob);
  expect((await snapshotOf(stage.server.url, project)).tasks).toHaveLength(house.tasks.length + 1);
});

test("O1 two tabs of one browser never send an edit twice, also when one is closed with unsent edits", async () => {
  const { ann, bob, project } = await annAndBobOn("two tabs");
  const first = ann.page;
  ann.wire.cutLiveConnection();
  await ann.becomes("reconnecting", "offline");
  await ann.chart.select("roof");
  for (let count = 0; count < 3; count += 1) await ann.page.keyboard.press("Insert");
  await within(
    2000,
    () => ann.chart.order(),
    (order) => order.length === house.tasks.length + 3,
  );
  await ann.keeps(3);

  await ann.openTab();
  await ann.page.goto(`/p/${project}`);
  await ann.page.locator(".wx-row").first().waitFor();
  await ann.chart.select("dig");
  for (let count = 0; count < 2; count += 1) await ann.page.keyboard.press("Insert");
  await first.close();
  ann.wire.mend();

  await within(
    20_000,
    () => bob.chart.order(),
    (order) => order.length === house.tasks.length + 5,
  );
  await expectSameView(ann, bob);
  expect((await snapshotOf(stage.server.url, project)).tasks).toHaveLength(house.tasks.length + 5);
});
