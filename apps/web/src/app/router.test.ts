import { describe, expect, test } from "vitest";
import { projectPath, routeOf } from "./router.ts";

describe("routes", () => {
  test("U2 a project has an address of its own, whatever its id", () => {
    for (const id of ["p1", "a/b", "plan 7", "%", "ü"]) expect(routeOf(projectPath(id))).toEqual({ page: "project", id });
  });

  test("U2 the front page lists the projects, anything else is not found", () => {
    expect(routeOf("/")).toEqual({ page: "projects" });
    expect(routeOf("/p/")).toEqual({ page: "unknown" });
    expect(routeOf("/p/%E0%A4%A")).toEqual({ page: "unknown" });
    expect(routeOf("/x")).toEqual({ page: "unknown" });
  });
});
