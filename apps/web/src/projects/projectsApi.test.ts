import { describe, expect, test } from "vitest";
import { refusal } from "../app/http.ts";
import { parseProjects } from "./projectsApi.ts";

describe("the list of projects", () => {
  test("U2 newest first, whatever way times are written, and nothing of an unknown shape", () => {
    const rows = [
      { id: "a", name: "Old", tasks: 3, updatedAt: 1000, archived: false },
      { id: "b", name: "", tasks: 1, updatedAt: "1970-01-01T00:00:02Z", archived: true },
      { name: "no id" },
      null,
    ];
    const expected = [
      { id: "b", name: "Untitled plan", tasks: 1, updatedAt: 2000, archived: true },
      { id: "a", name: "Old", tasks: 3, updatedAt: 1000, archived: false },
    ];
    expect(parseProjects({ projects: rows })).toEqual(expected);
    expect(parseProjects(rows)).toEqual(expected);
    expect(parseProjects("<html>")).toEqual([]);
  });

  test("U2 a refusal shows the server's own words, a proxy's page its status", () => {
    expect(refusal(422, JSON.stringify({ error: { code: "not_xml", message: "This is not an MS Project XML file." } }))).toMatchObject({
      code: "not_xml",
      message: "This is not an MS Project XML file.",
    });
    expect(refusal(502, "<html>").message).toContain("502");
    expect(refusal(0, "").message).toContain("does not answer");
  });
});
