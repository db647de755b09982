import { expect, test } from "vitest";

test("A9 importing the hooks and parts touches no window", async () => {
  expect(typeof window).toBe("undefined");
  expect((await import("./index.ts")).ProjectProvider).toBeTypeOf("function");
});
