import { describe, expect, test } from "vitest";
import type { Person } from "./support/person.ts";
import { createProject, house, snapshotOf } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";
import { within } from "./support/within.ts";

const stage = setStage();

/** Both have the same task open in the editor. */
async function bothOpen(name: string): Promise<{ ann: Person; bob: Person; project: string }> {
  const project = await createProject(stage.server.url, name, house);
  const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
  for (const person of [ann, bob]) {
    await person.open(project);
    await person.chart.select("survey");
    await person.page.keyboard.press("e");
    await person.page.getByTestId("task-editor").waitFor();
  }
  return { ann, bob, project };
}

const field = (person: Person, name: string) => person.page.getByTestId(`field-${name}`);

describe("U6 what is written in the task editor appears in the other's within a second", () => {
  const fields = [
    { name: "name", text: "Survey by drone", shows: "Survey by drone", kept: "Survey by drone" },
    { name: "note", text: "Ask the neighbour for the key.", shows: "Ask the neighbour for the key.", kept: "Ask the neighbour for the key." },
    { name: "duration", text: "3d", shows: "3 d", kept: 3 },
    { name: "percentDone", text: "25", shows: "25 %", kept: 25 },
    { name: "deadlineDate", text: "2026-03-20", shows: "2026-03-20", kept: /^2026-03-20/ },
  ];
  for (const { name, text, shows, kept } of fields) {
    test(name, async () => {
      const { ann, bob, project } = await bothOpen(name);
      await field(ann, name).fill(text);
      await field(ann, name).press(name === "note" ? "Tab" : "Enter");
      await within(
        1000,
        () => field(bob, name).inputValue(),
        (value) => value === shows,
      );
      await ann.saved();
      const task = (await snapshotOf(stage.server.url, project)).tasks.find(({ id }) => id === "survey") as unknown as Record<string, unknown>;
      if (kept instanceof RegExp) expect(task[name]).toMatch(kept);
      else expect(task[name]).toBe(kept);
    });
  }

  test("a constraint, chosen with its date", async () => {
    const { ann, bob, project } = await bothOpen("constraint");
    await field(ann, "constraintType").selectOption("startnoearlierthan");
    await field(ann, "constraintDate").fill("2026-03-12");
    await field(ann, "constraintDate").press("Enter");
    await within(
      1000,
      () => field(bob, "constraintDate").inputValue(),
      (value) => value === "2026-03-12",
    );
    await ann.saved();
    expect((await snapshotOf(stage.server.url, project)).tasks.find(({ id }) => id === "survey")).toMatchObject({ constraintType: "startnoearlierthan" });
  });

  test("a resource that is new, a predecessor, and a comment with its author", async () => {
    const { ann, bob, project } = await bothOpen("lists");
    await ann.page.getByTestId("assign-resource").fill("Cara");
    await ann.page.getByRole("option", { name: "Cara" }).click();
    await bob.page.getByTestId("assignment-row").getByText("Cara").waitFor({ timeout: 1000 });

    await ann.page.getByTestId("add-predecessor").fill("Set the windows");
    await ann.page.getByRole("option", { name: "Set the windows" }).click();
    await bob.page.getByTestId("link-row").getByText("Set the windows").waitFor({ timeout: 1000 });

    await ann.page.getByTestId("comment-input").fill("The weather will hold.");
    await ann.page.getByTestId("comment-send").click();
    const comment = bob.page.getByTestId("comment");
    await comment.getByText("The weather will hold.").waitFor({ timeout: 1000 });
    expect(await comment.innerText()).toContain("Ann");

    await ann.saved();
    const plan = await snapshotOf(stage.server.url, project);
    expect([plan.resources.length, plan.assignments.length, plan.dependencies.length, plan.comments.length]).toEqual([1, 1, house.dependencies.length + 1, 1]);
  });

  test("the field that somebody is in carries that person's name, and text under one's hands stays", async () => {
    const { ann, bob } = await bothOpen("frames");
    await field(ann, "note").fill("Ann is in the middle of a sent");
    await bob.page.getByTestId("task-editor").getByText("Ann", { exact: true }).first().waitFor();
    await field(bob, "note").fill("Bob was quicker.");
    await field(bob, "note").press("Tab");
    await bob.saved();
    expect(await field(ann, "note").inputValue()).toBe("Ann is in the middle of a sent");
  });
});
