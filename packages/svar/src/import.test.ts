import { expect, test } from "vitest";

test("A9 importing the adapter touches no window", async () => {
  expect(typeof window).toBe("undefined");
  expect((await import("./index.ts")).bindSvar).toBeTypeOf("function");
});
