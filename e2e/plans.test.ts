import { expect, test } from "vitest";
import { setStage } from "./support/stage.ts";

const stage = setStage();

const file = `<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="http://schemas.microsoft.com/project">
  <Name>Garden</Name><StartDate>2026-03-02T08:00:00</StartDate><CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay>
  <Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar></Calendar></Calendars>
  <Tasks>
    <Task><UID>1</UID><ID>1</ID><Name>Beds</Name><OutlineLevel>1</OutlineLevel><Duration>PT16H0M0S</Duration><DurationFormat>7</DurationFormat></Task>
    <Task><UID>2</UID><ID>2</ID><Name>Plant</Name><OutlineLevel>1</OutlineLevel><Duration>PT8H0M0S</Duration><DurationFormat>7</DurationFormat>
      <PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink></Task>
  </Tasks>
</Project>`;

test("U1 a first visit finds a believable sample plan, and two people edit it at once", async () => {
  const [ann, bob] = await Promise.all([stage.enter("Ann"), stage.enter("Bob")]);
  await ann.page.goto("/");
  const sample = ann.page.getByTestId("project-card").first();
  const project = (await sample.getAttribute("data-id")) ?? "";
  await sample.locator("a").click();
  await ann.page.getByTestId("name-input").fill("Ann");
  await ann.page.getByTestId("name-submit").click();
  await ann.becomes("live");
  await bob.open(project);
  await bob.page.getByTestId("user-avatars").getByText("A", { exact: false }).first().waitFor();
  const { tasks, resources, dependencies, calendars } = await (await fetch(`${stage.server.url}/api/projects/${project}`)).json();
  expect(tasks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(dependencies.map((link: { type?: number }) => link.type ?? 2)).size).toBe(4);
  expect(resources.length).toBeGreaterThan(0);
  expect(calendars.length).toBeGreaterThanOrEqual(2);
});

test("U2 a plan is created, gets its first task, and is in the list", async () => {
  const ann = await stage.enter("Ann");
  await ann.page.goto("/");
  await ann.page.getByTestId("new-plan-button").click();
  await ann.page.getByTestId("new-plan-name").fill("Boat");
  await ann.page.getByTestId("new-plan-create").click();
  await ann.page.getByTestId("name-input").fill("Ann");
  await ann.page.getByTestId("name-submit").click();
  await ann.becomes("live");
  await ann.page.getByTestId("new-task-button").click();
  await ann.page.locator(".wx-row").first().waitFor();
  await ann.saved();
  await ann.page.goto("/");
  await ann.page.getByTestId("project-list").getByText("Boat").waitFor();
});

test("U2 an MS Project file that is chosen or dropped becomes a plan with a report", async () => {
  const ann = await stage.enter("Ann");
  await ann.page.goto("/");
  await ann.page.getByTestId("import-file").setInputFiles({ name: "garden.xml", mimeType: "text/xml", buffer: Buffer.from(file) });
  expect(await ann.page.getByTestId("import-report").innerText()).toContain("2");
  await ann.page.getByTestId("import-open").click();
  await ann.page.getByTestId("name-input").fill("Ann");
  await ann.page.getByTestId("name-submit").click();
  await ann.becomes("live");
  await ann.page.locator(".wx-row", { hasText: "Plant" }).waitFor();
});

test("U2 a file of another format is refused with a reason, and the page goes on", async () => {
  const ann = await stage.enter("Ann");
  await ann.page.goto("/");
  await ann.page
    .getByTestId("import-file")
    .setInputFiles({ name: "notes.xml", mimeType: "text/xml", buffer: Buffer.from("<html><body>no plan</body></html>") });
  expect((await ann.page.getByTestId("import-error").innerText()).length).toBeGreaterThan(20);
});
