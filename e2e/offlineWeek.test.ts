import { expect, test } from "vitest";
import { changePlan, createProject, snapshotOf } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";
import { within } from "./support/within.ts";

const stage = setStage();

const count = 100;
const weekMs = 7 * 24 * 3600 * 1000;
const ids = Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, "0")}`);
const plan = {
  project: { startDate: "2026-03-02T08:00:00" },
  tasks: ids.map((id, index) => ({ id, name: `Step ${index}`, duration: 1, durationUnit: "day" })),
};
/** Every fifth task is renamed by Bob too. */
const contested = ids.filter((_, index) => index % 5 === 0);

test("O6 200 edits made in a week without network: what others changed too waits in the inbox, everything else is merged", { timeout: 240_000 }, async () => {
  const project = await createProject(stage.server.url, "a week away", plan);
  const ann = await stage.enter("Ann");
  await ann.context.clock.install();
  await ann.open(project);
  ann.wire.cut();
  await ann.becomes("reconnecting", "offline");

  // When: Ann renames each task and sets its progress, the second half a week later, while Bob renames every fifth.
  for (const [index, id] of ids.entries()) {
    if (index === count / 2) await ann.context.clock.setSystemTime(Date.now() + weekMs);
    await ann.chart.show(id);
    await ann.chart.type(id, "text", `Ann's ${index}`);
    await ann.chart.type(id, "progress", "50");
  }
  const updated = contested.map((id) => ({ id, changes: { name: `Bob's ${id}` } }));
  await changePlan(stage.server.url, project, "bob", { tasks: { updated } });

  // Then: every contested name is in the inbox with both values, and everything else is in the plan.
  ann.wire.mend();
  await ann.page.getByTestId("inbox-button").click({ timeout: 60_000 });
  const entries = ann.page.getByTestId("conflict-entry");
  await within(
    90_000,
    () => entries.count(),
    (shown) => shown === contested.length,
  );
  const texts = await entries.allInnerTexts();
  for (const id of contested)
    expect(
      texts.filter((text) => text.includes(`Bob's ${id}`) && text.includes(`Ann's ${ids.indexOf(id)}`)),
      id,
    ).toHaveLength(1);
  await within(
    90_000,
    () => snapshotOf(stage.server.url, project),
    ({ tasks }) => tasks.every((task) => task.percentDone === 50),
  );
  const merged = (await snapshotOf(stage.server.url, project)).tasks;
  for (const [index, id] of ids.entries()) expect(merged.find((task) => task.id === id)?.name).toBe(contested.includes(id) ? `Bob's ${id}` : `Ann's ${index}`);

  // And: one choice for all of them ends it.
  await ann.page.getByTestId("conflict-all-mine").click();
  await within(
    90_000,
    () => snapshotOf(stage.server.url, project),
    ({ tasks }) => tasks.every((task) => String(task.name).startsWith("Ann's")),
  );
  await ann.saved();
});
