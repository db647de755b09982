import { expect, test } from "vitest";
import { entryFromValues } from "./conflictEntries.ts";
import { conflictHtml } from "./conflictHtml.ts";
import { escapeHtml, initials, safeColor, safeImage } from "./html.ts";
import { en, nl, textsFor, valueText } from "./texts.ts";
import { avatarHtml, statusHtml } from "./toolbar.ts";

const evil = '"><img src=x onerror=alert(1)>';

test("A5 what people wrote is never markup", () => {
  const user = { clientId: evil, name: evil, avatar: "javascript:alert(1)", color: "red;background:url(x)", joinedAt: "" };
  const shown = [avatarHtml(user, false, en), conflictHtml([entryFromValues(evil, { [evil]: evil }, { [evil]: evil })], en)];
  for (const html of shown) expect(html).not.toContain("<img src=x");
  expect(shown[0]).not.toContain("javascript:");
  expect(escapeHtml("<&>\"'")).toBe("&lt;&amp;&gt;&quot;&#39;");
});

test("A5 only pictures that cannot run anything are shown", () => {
  for (const url of ["https://x/y.png", "/y.png", "y.png", "./y.png", "data:image/png;base64,AA"]) expect(safeImage(url)).toBe(url);
  for (const url of ["javascript:alert(1)", "data:text/html,<script>", "vbscript:x", undefined, ""]) expect(safeImage(url)).toBeUndefined();
  expect([safeColor("#2563eb"), safeColor("rgb(1, 2, 3)"), safeColor("red;x:url(y)")]).toEqual(["#2563eb", "rgb(1, 2, 3)", "#667085"]);
});

test("A5 initials of names in any script", () => {
  expect(["Ada Lovelace", "ada", "Jean-Luc van den Berg", "李 小龍", ""].map(initials)).toEqual(["AL", "A", "JB", "李小", "?"]);
});

test("A5 the status names the wait, what is unsaved and what is to decide", () => {
  const state = { users: [], ownClientId: "", status: "reconnecting" as const, retryInMs: 4000, unsaved: 2, toDecide: 1 };
  const html = statusHtml(state, en);
  for (const part of ["status-dot disconnected", "Reconnecting, next try in 4 s", "2 changes to save", "1 edit needs your choice"])
    expect(html).toContain(part);
  expect(statusHtml({ ...state, status: "live", toDecide: 0 }, nl)).toContain('status-dot connected"></span> Live');
});

test("A5 values read as a person writes them, in the plan's wall clock", () => {
  expect(valueText(en, "2026-03-02T08:00:00")).toBe("2 Mar 2026, 08:00");
  expect([valueText(en, null), valueText(nl, true), valueText(en, 1.5), valueText(nl, 1.5)]).toEqual(["(empty)", "ja", "1.5", "1,5"]);
  expect(textsFor("nl-BE").mine).toBe(nl.mine);
  expect(textsFor("de", { mine: "Meins" }).mine).toBe("Meins");
});
