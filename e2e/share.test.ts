import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { house } from "./support/plan.ts";
import { setStage } from "./support/stage.ts";

const secret = "a secret of the server, long enough for it";
const stage = setStage({ LIVEGANTT_SECRET: secret });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
function sign(claims: object): string {
  const text = `${part({ alg: "HS256" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
const admin = sign({ sub: "ann", name: "Ann", projects: { "*": "admin" } });

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${admin}`, ...(body && { "content-type": "application/json" }) };
  const answer = await fetch(stage.server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

describe("D6 a plan is shared by links", () => {
  test("D6 U6 a viewer's link lets somebody in who can look but not edit, and who is told within five seconds when it is revoked", async () => {
    const { id: project } = await ask<{ id: string }>("POST", "/api/projects", { name: "House", plan: house });
    const ann = await stage.enter("Ann");
    // An access token in the address becomes a session, and is gone from the address.
    await ann.page.goto(`/#token=${admin}`);
    await ann.page.getByTestId("project-card").first().waitFor();
    expect(new URL(ann.page.url()).hash).toBe("");
    await ann.open(project);

    await ann.page.getByTestId("share-button").click();
    await ann.page.getByTestId("share-role-viewer").check();
    await ann.page.getByTestId("share-expiry").selectOption("7");
    await ann.page.getByTestId("share-label").fill("The neighbours");
    await ann.page.getByTestId("share-create").click();
    const address = new URL(await ann.page.getByTestId("share-address").inputValue());
    expect(address.pathname + address.hash).toMatch(new RegExp(`^/p/${project}#link=lgl_`));

    const bob = await stage.enter("Bob");
    await bob.openAt(address.pathname + address.hash);
    expect(new URL(bob.page.url()).hash).toBe("");
    await expect.poll(() => bob.page.getByTestId("role-chip").textContent()).toContain("View only");
    expect(await bob.page.getByTestId("share-button").count()).toBe(0);
    expect(await bob.page.getByTestId("new-task-button").isEnabled()).toBe(false);
    await bob.chart.select("dig");
    await bob.page.keyboard.press("Delete");
    await bob.page.keyboard.press("e");
    await bob.page.getByTestId("task-editor").waitFor();
    expect(await bob.page.getByTestId("task-editor").locator("input:enabled").count()).toBe(0);
    await bob.page.keyboard.press("Escape");
    // What Ann does is on his screen, so he really is live; and the task that he pressed Delete on is still there.
    await ann.page.getByTestId("share-close").click();
    await ask("POST", `/api/projects/${project}/changes`, {
      clientId: "script",
      revision: 1,
      baseRevision: 0,
      payload: { tasks: { updated: [{ id: "dig", changes: { name: "Dig deep" } }] } },
    });
    await bob.page.getByText("Dig deep").first().waitFor();

    // The same person after a reload, in a tab that knows the link, and in one that only has the cookie.
    await bob.page.reload();
    await bob.becomes("live");
    await bob.page.getByTestId("role-chip").waitFor();
    await bob.openTab();
    await bob.open(project);
    await bob.page.getByTestId("role-chip").waitFor();

    await ann.page.getByTestId("share-button").click();
    await ann.page.getByTestId("share-revoke").click();
    const started = performance.now();
    await ann.page.getByTestId("share-revoke-sure").click();
    const banner = bob.page.getByTestId("access-banner");
    await banner.waitFor({ timeout: 5_000 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await banner.textContent()).toContain("This share link was revoked");
    await bob.becomes("denied");
    expect(await bob.page.getByTestId("new-task-button").isEnabled()).toBe(false);
    const late = await stage.enter("Late");
    await late.page.goto(address.pathname + address.hash);
    await late.page.getByTestId("name-input").fill("Late");
    await late.page.keyboard.press("Enter");
    await late.page.getByText("This share link was revoked").waitFor();
  });

  test("D6 U6 an editor's link lets somebody in who edits; what each does, the other sees", async () => {
    const { id: project } = await ask<{ id: string }>("POST", "/api/projects", { name: "House", plan: house });
    const { path } = await ask<{ path: string }>("POST", `/api/projects/${project}/links`, { role: "editor" });
    const [eve, max] = await Promise.all([stage.enter("Eve"), stage.enter("Max")]);
    await Promise.all([eve.openAt(path), max.openAt(path)]);
    expect(await eve.page.getByTestId("role-chip").count()).toBe(0);
    expect(await eve.page.getByTestId("share-button").count()).toBe(0);
    await eve.page.getByTestId("new-task-button").click();
    await eve.saved();
    await expect.poll(async () => (await max.chart.order()).length).toBe(9);
  });

  test("D6 U6 what somebody did offline who may only look by now comes back as refused, and is shown", async () => {
    const { id: project } = await ask<{ id: string }>("POST", "/api/projects", { name: "House", plan: house });
    const link = (role: string) => ask<{ id: string; path: string }>("POST", `/api/projects/${project}/links`, { role });
    const [editing, viewing] = [await link("editor"), await link("viewer")];
    const eve = await stage.enter("Eve");
    await eve.openAt(editing.path);
    eve.wire.cut();
    await eve.becomes("reconnecting", "offline");
    await eve.chart.type("dig", "text", "Dig by hand");
    await eve.keeps(1);
    await ask("DELETE", `/api/projects/${project}/links/${editing.id}`);
    eve.wire.mend();
    const banner = eve.page.getByTestId("access-banner");
    await banner.waitFor({ timeout: 30_000 });
    expect(await banner.textContent()).toContain("stays on this device");
    // She is given another link, and opens it in the same tab.
    await eve.page.goto("about:blank");
    await eve.openAt(viewing.path);
    await eve.page.getByTestId("inbox-button").click();
    const refused = eve.page.getByTestId("rejected-entry");
    await refused.waitFor();
    expect(await refused.textContent()).toMatch(/You may look at this project, not change it.*Dig by hand/s);
    expect(await eve.chart.cell("dig", "text").textContent()).toContain("Dig the trenches");
  });

  test("D3 U2 a version gets a name in the history panel, and is brought back from there", async () => {
    const { id: project } = await ask<{ id: string }>("POST", "/api/projects", { name: "House", plan: house });
    const ann = await stage.enter("Ann");
    await ann.page.goto(`/#token=${admin}`);
    await ann.open(project);
    await ann.page.getByTestId("history-button").click();
    await ann.page.getByTestId("version-name").click();
    await ann.page.getByTestId("version-input").fill("As agreed");
    await ann.page.getByTestId("version-save").click();
    await ann.page.getByTestId("version").getByText("As agreed").waitFor();
    await ann.page.getByTestId("new-task-button").click();
    await ann.saved();
    await expect.poll(async () => (await ann.chart.order()).length).toBe(9);
    await ann.page.getByTestId("version-restore").click();
    await ann.page.getByTestId("version-restore-sure").click();
    await expect.poll(async () => (await ann.chart.order()).length).toBe(8);
  });
});
