import { expect, test } from "vitest";
import { keyName } from "./useShortcuts.ts";

const press = (key: string, ...held: ("ctrlKey" | "metaKey" | "altKey" | "shiftKey")[]) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...Object.fromEntries(held.map((name) => [name, true])) });

test("U3 keys are called as the sheet under ? calls them", () => {
  expect(press("z", "ctrlKey")).toBe("Ctrl+Z");
  expect(press("Z", "metaKey", "shiftKey")).toBe("Ctrl+Shift+Z");
  expect(press("ArrowRight", "altKey", "shiftKey")).toBe("Alt+Shift+→");
  expect(press("?", "shiftKey")).toBe("?");
  expect(press("-")).toBe("−");
  expect(press("Delete")).toBe("Del");
});
