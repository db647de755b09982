import { describe, expect, test } from "vitest";
import type { Person } from "./support/person.ts";
import { createProject, house, snapshotOf } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";
import { within } from "./support/within.ts";

const stage = setStage();

/** Ann renames a task and Bob, who is cut off, renames it too; then Bob is back and has to choose. */
async function bothRename(name: string): Promise<{ ann: Person; bob: Person; project: string }> {
  const project = await createProject(stage.server.url, name, house);
  const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
  await Promise.all([ann.open(project), bob.open(project)]);
  bob.wire.cut();
  await bob.becomes("reconnecting", "offline");
  await bob.chart.type("dig", "text", "Bob's cellar");
  await bob.chart.type("pour", "text", "Pour and vibrate");
  await ann.chart.type("dig", "text", "Ann's trenches");
  await ann.saved();
  bob.wire.mend();
  await bob.page.getByTestId("inbox-button").click({ timeout: 20_000 });
  return { ann, bob, project };
}

const bothShow = async (people: readonly Person[], id: string, name: string): Promise<void> => {
  for (const person of people)
    await within(
      5000,
      () => person.chart.cell(id, "text").innerText(),
      (shown) => shown === name,
    );
};

describe("U6 a conflict is resolved in each of the three ways", () => {
  test("both values, the one before, and who wrote the other are shown; what did not conflict went through", async () => {
    const { ann, bob } = await bothRename("shown");
    const text = await bob.page.getByTestId("conflict-entry").innerText();
    for (const part of ["Dig the trenches", "Bob's cellar", "Ann's trenches", "Ann"]) expect(text).toContain(part);
    await bothShow([ann, bob], "pour", "Pour and vibrate");
    await bothShow([ann, bob], "dig", "Ann's trenches");
  });

  test("keep mine: my value replaces theirs for everybody", async () => {
    const { ann, bob, project } = await bothRename("mine");
    await bob.page.getByTestId("conflict-keep-mine").click();
    await bob.page.getByTestId("conflict-close").click();
    await bothShow([ann, bob], "dig", "Bob's cellar");
    await bob.saved();
    expect((await snapshotOf(stage.server.url, project)).tasks.find((task) => task.id === "dig")?.name).toBe("Bob's cellar");
    expect(await bob.page.getByTestId("inbox-button").count()).toBe(0);
  });

  test("take theirs: their value stays and nothing is sent", async () => {
    const { ann, bob, project } = await bothRename("theirs");
    const { revision } = await snapshotOf(stage.server.url, project);
    await bob.page.getByTestId("conflict-take-theirs").click();
    await bob.page.getByTestId("conflict-close").click();
    await bothShow([ann, bob], "dig", "Ann's trenches");
    expect(await bob.page.getByTestId("inbox-button").count()).toBe(0);
    expect((await snapshotOf(stage.server.url, project)).revision).toBe(revision);
  });

  test("something else: a third value is written by hand", async () => {
    const { ann, bob } = await bothRename("merged");
    await bob.page.getByTestId("choose-other-name").check();
    await bob.page.getByTestId("merge-name").fill("Trenches and cellar");
    await bob.page.getByTestId("conflict-apply").click();
    await bob.page.getByTestId("conflict-close").click();
    await bothShow([ann, bob], "dig", "Trenches and cellar");
  });

  test("a conflict waits through a reload", async () => {
    const { bob } = await bothRename("waits");
    await bob.page.reload();
    await bob.becomes("live");
    await bob.page.getByTestId("inbox-button").click();
    expect(await bob.page.getByTestId("conflict-entry").innerText()).toContain("Bob's cellar");
  });

  test("keeping an edit of a task that was deleted meanwhile brings it back with its links", async () => {
    const project = await createProject(stage.server.url, "deleted", house);
    const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
    await Promise.all([ann.open(project), bob.open(project)]);
    bob.wire.cut();
    await bob.becomes("reconnecting", "offline");
    await bob.chart.type("dig", "text", "Dig after all");
    await ann.chart.select("dig");
    await ann.page.keyboard.press("Delete");
    await ann.saved();
    bob.wire.mend();

    await bob.page.getByTestId("inbox-button").click({ timeout: 20_000 });
    await bob.page.getByTestId("conflict-keep-mine").click();
    await bob.page.getByTestId("conflict-close").click();
    await bothShow([ann, bob], "dig", "Dig after all");
    await bob.saved();
    expect((await snapshotOf(stage.server.url, project)).dependencies).toHaveLength(house.dependencies.length);
  });
});
