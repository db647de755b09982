import type { Snapshot } from "@livegantt/core";
import { describe, expect, test } from "vitest";
import type { SeenRow } from "./support/chart.ts";
import type { Person } from "./support/person.ts";
import { createProject, datesOf, house, shownDay, snapshotOf } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";
import { within } from "./support/within.ts";

const stage = setStage();
const dayWidth = 26;

/** One kind of edit: what the hand does, what the other person then sees, and what the server then keeps. */
interface Edit {
  readonly what: string;
  readonly make: (person: Person) => Promise<void>;
  readonly seen: (rows: readonly SeenRow[]) => boolean;
  readonly kept: (plan: Snapshot) => unknown;
}

const row = (rows: readonly SeenRow[], id: string): SeenRow | undefined => rows.find((each) => each.id === id);
const cell = (rows: readonly SeenRow[], id: string, column: string): string | undefined => row(rows, id)?.cells[column];
const task = (plan: Snapshot, id: string) => plan.tasks.find((each) => each.id === id);
const below = (rows: readonly SeenRow[], id: string): string | undefined => rows[rows.findIndex((each) => each.id === id) + 1]?.id;
const tool = (person: Person, name: string) => person.page.getByTestId(`${name}-button`).click();

const edits: readonly Edit[] = [
  {
    what: "a name typed into the grid",
    make: ({ chart }) => chart.type("dig", "text", "Dig the cellar"),
    seen: (rows) => cell(rows, "dig", "text") === "Dig the cellar",
    kept: (plan) => task(plan, "dig")?.name === "Dig the cellar",
  },
  {
    what: "a duration typed into the grid",
    make: ({ chart }) => chart.type("dig", "duration", "5d"),
    seen: (rows) => cell(rows, "dig", "duration")?.startsWith("5") === true,
    kept: (plan) => task(plan, "dig")?.duration === 5,
  },
  {
    what: "predecessors typed into the grid",
    make: ({ chart }) => chart.type("windows", "predecessors", "2.1"),
    seen: (rows) => cell(rows, "windows", "predecessors")?.startsWith("2.1") === true,
    kept: (plan) => plan.dependencies.some((link) => link.fromTask === "walls" && link.toTask === "windows"),
  },
  {
    what: "a bar that is dragged",
    make: ({ chart }) => chart.moveBar("windows", 3 * dayWidth),
    seen: (rows) => cell(rows, "windows", "start") === shownDay("2026-03-05"),
    kept: (plan) => String(task(plan, "windows")?.constraintDate).startsWith("2026-03-05"),
  },
  {
    what: "a bar that is made longer",
    make: ({ chart }) => chart.resizeBar("survey", 2 * dayWidth),
    seen: (rows) => cell(rows, "survey", "duration")?.startsWith("4") === true,
    kept: (plan) => task(plan, "survey")?.duration === 4,
  },
  {
    what: "progress that is dragged",
    make: ({ chart }) => chart.dragProgress("dig", 1.5 * dayWidth),
    seen: (rows) => cell(rows, "dig", "progress") !== "0 %",
    kept: (plan) => Number(task(plan, "dig")?.percentDone) > 0,
  },
  {
    what: "progress typed into the grid",
    make: ({ chart }) => chart.type("dig", "progress", "40"),
    seen: (rows) => cell(rows, "dig", "progress") === "40 %",
    kept: (plan) => task(plan, "dig")?.percentDone === 40,
  },
  {
    what: "a link that is drawn",
    make: ({ chart }) => chart.link("survey", "windows"),
    seen: (rows) => cell(rows, "windows", "predecessors")?.startsWith("1.1") === true,
    kept: (plan) => plan.dependencies.some((link) => link.fromTask === "survey" && link.toTask === "windows"),
  },
  {
    what: "a link between two selected tasks",
    make: async (person) => {
      await person.chart.select("walls", "windows");
      await person.page.keyboard.press("l");
    },
    seen: (rows) => cell(rows, "windows", "predecessors")?.startsWith("2.1") === true,
    kept: (plan) => plan.dependencies.some((link) => link.fromTask === "walls" && link.toTask === "windows"),
  },
  {
    what: "links that are taken away",
    make: async (person) => {
      await person.chart.select("pour", "walls");
      await tool(person, "unlink");
    },
    seen: (rows) => cell(rows, "walls", "predecessors") === "",
    kept: (plan) => plan.dependencies.every((link) => link.toTask !== "walls"),
  },
  {
    what: "an indent by the toolbar",
    make: async (person) => {
      await person.chart.select("shell");
      await tool(person, "indent");
    },
    seen: (rows) => cell(rows, "shell", "wbs") === "1.4",
    kept: (plan) => task(plan, "shell")?.parentId === "ground",
  },
  {
    what: "an outdent by the keyboard",
    make: async (person) => {
      await person.chart.select("pour");
      await person.page.keyboard.press("Alt+Shift+ArrowLeft");
    },
    seen: (rows) => cell(rows, "pour", "wbs") === "2",
    kept: (plan) => (task(plan, "pour")?.parentId ?? null) === null,
  },
  {
    what: "a row that is dragged to another place",
    make: ({ chart }) => chart.dragRow("windows", "walls"),
    seen: (rows) => below(rows, "shell") === "windows",
    kept: (plan) => task(plan, "windows")?.parentId === "shell",
  },
  {
    what: "a row that is moved up by the keyboard",
    make: async (person) => {
      await person.chart.select("roof");
      await person.page.keyboard.press("Alt+Shift+ArrowUp");
    },
    seen: (rows) => below(rows, "shell") === "roof",
    kept: (plan) => task(plan, "roof")?.parentId === "shell",
  },
  {
    what: "a new task by the keyboard",
    make: async (person) => {
      await person.chart.select("dig");
      await person.page.keyboard.press("Insert");
    },
    seen: (rows) => rows.length === 9 && cell(rows, below(rows, "dig") ?? "", "text") === "New task",
    kept: (plan) => plan.tasks.length === 9,
  },
  {
    what: "a deleted task",
    make: async (person) => {
      await person.chart.select("dig");
      await person.page.keyboard.press("Delete");
    },
    seen: (rows) => row(rows, "dig") === undefined,
    kept: (plan) => task(plan, "dig") === undefined && plan.dependencies.length === 2,
  },
  {
    what: "a deleted phase with all its tasks",
    make: async (person) => {
      await person.chart.select("shell");
      await tool(person, "delete");
    },
    seen: (rows) => rows.length === 4,
    kept: (plan) => plan.tasks.length === 4 && plan.dependencies.length === 2,
  },
];

/** Every date on the page is the server's. */
async function expectEqualDates(project: string, rows: readonly SeenRow[]): Promise<void> {
  const dates = await datesOf(stage.server.url, project);
  expect(rows.map(({ id, cells }) => [id, cells.start, cells.end])).toEqual(
    rows.map(({ id }) => [id, shownDay(dates[id]?.startDate), shownDay(dates[id]?.endDate)]),
  );
}

describe("U6 each kind of edit appears in the other window within a second, with equal computed dates", () => {
  for (const { what, make, seen, kept } of edits) {
    test(what, async () => {
      const project = await createProject(stage.server.url, what, house);
      const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
      await Promise.all([ann.open(project), bob.open(project)]);
      expect(seen(await bob.chart.seen())).toBe(false);

      await make(ann);
      await within(
        1000,
        () => bob.chart.seen(),
        async (rows) => seen(rows) && JSON.stringify(rows) === JSON.stringify(await ann.chart.seen()),
      );

      await ann.saved();
      await expectEqualDates(project, await bob.chart.seen());
      expect(kept(await snapshotOf(stage.server.url, project))).toBe(true);
    });
  }

  test("undo takes an edit back in both windows, redo brings it again", async () => {
    const project = await createProject(stage.server.url, "undo", house);
    const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
    await Promise.all([ann.open(project), bob.open(project)]);
    const before = await bob.chart.seen();
    const isAgain = (wanted: readonly SeenRow[]) => async (rows: readonly SeenRow[]) => JSON.stringify(rows) === JSON.stringify(wanted);

    await ann.chart.select("ground");
    await ann.page.keyboard.press("Delete");
    await within(
      1000,
      () => bob.chart.seen(),
      (rows) => rows.length === 4,
    );
    const after = await bob.chart.seen();
    await ann.page.keyboard.press("ControlOrMeta+z");
    await within(1000, () => bob.chart.seen(), isAgain(before));
    await ann.page.keyboard.press("ControlOrMeta+y");
    await within(1000, () => bob.chart.seen(), isAgain(after));
  });
});
