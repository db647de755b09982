import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, test } from "vitest";
import type { Person } from "./support/person.ts";
import { setStage, shots } from "./support/stage.ts";

const stage = setStage();

async function expectAccessible(person: Person): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    serious.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.target.join(" "))
          .slice(0, 5)
          .join(" | ")}`,
    ),
  ).toEqual([]);
}

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
];

describe("U3 every page looks as it should, and reads well to assistive technology", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const { width, height } of sizes) {
      const shot = (person: Person, name: string) => person.page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });

      test(`${colorScheme}, ${width} × ${height}`, async () => {
        const [ann, bob] = await Promise.all([stage.enter("Ann", { colorScheme, width, height }), stage.enter("Bob")]);
        await ann.page.goto("/");
        const sample = ann.page.getByTestId("project-card").first();
        const project = (await sample.getAttribute("data-id")) ?? "";
        await shot(ann, "plans");
        await expectAccessible(ann);

        await Promise.all([ann.open(project), bob.open(project)]);
        const order = await ann.chart.order();
        await bob.chart.select(order[4] ?? "");
        await ann.page.getByTestId("zoom-out-button").click();
        await ann.chart.select(order[6] ?? "");
        await ann.page.locator(`.wx-row[data-id=":${order[4]}"]`).waitFor();
        await shot(ann, "live");
        await expectAccessible(ann);

        await ann.page.keyboard.press("e");
        await ann.page.getByTestId("task-editor").waitFor();
        await shot(ann, "task");
        await expectAccessible(ann);
        await ann.page.keyboard.press("Escape");

        await ann.page.getByTestId("history-button").click();
        await ann.page.getByTestId("history-panel").waitFor();
        if ((await ann.page.getByTestId("version").count()) === 0) {
          await ann.page.getByTestId("version-name").click();
          await ann.page.getByTestId("version-input").fill("Approved by the client");
          await ann.page.getByTestId("version-save").click();
        }
        await ann.page.getByTestId("version").first().waitFor();
        await shot(ann, "history");
        await expectAccessible(ann);
      });

      test(`${colorScheme}, ${width} × ${height}: sharing`, async () => {
        const [ann, vera] = (await Promise.all(["Ann", "Vera"].map((name) => stage.enter(name, { colorScheme, width, height })))) as [Person, Person];
        await ann.page.goto("/");
        await ann.open((await ann.page.getByTestId("project-card").first().getAttribute("data-id")) ?? "");
        await ann.page.getByTestId("share-button").click();
        for (const role of ["editor", "viewer"]) {
          await ann.page.getByTestId(`share-role-${role}`).check();
          await ann.page.getByTestId("share-create").click();
          await ann.page.locator(`[data-testid=share-link][data-role=${role}] input`).first().waitFor();
        }
        await shot(ann, "share");
        await expectAccessible(ann);

        const address = new URL(await ann.page.getByTestId("share-address").inputValue());
        await vera.openAt(address.pathname + address.hash);
        await vera.page.getByTestId("role-chip").waitFor();
        await shot(vera, "viewer");
        await ann.page.getByTestId("share-revoke").first().click();
        await shot(ann, "share-sure");
        await ann.page.getByTestId("share-revoke-sure").click();
        await vera.page.getByTestId("access-banner").waitFor();
        await shot(vera, "denied");
        await expectAccessible(vera);
      });
    }
  }
});
