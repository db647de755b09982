import { expect, test } from "vitest";
import { ago } from "./when.ts";

test("U3 a card says when its plan changed in words", () => {
  const now = Date.UTC(2026, 4, 7, 12);
  expect(ago(now - 5_000, now)).toBe("just now");
  expect(ago(now + 5_000, now)).toBe("just now");
  expect(ago(now - 7_200_000, now)).toBe("2 hours ago");
  expect(ago(now - 90_000_000, now)).toBe("yesterday");
  expect(ago(now - 9 * 86_400_000, now)).toBe("last week");
});
