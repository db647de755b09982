import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { apply, sabotages } from "../sabotages.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** That each is caught is shown by `npm run simulate:sabotage`, which takes minutes. */
describe("Q3 each sabotage still finds what it changes", () => {
  it.each(sabotages)("$name", (sabotage) => {
    const source = readFileSync(root + sabotage.file, "utf8");
    expect(apply(source, sabotage)).not.toBe(source);
  });

  it("one whose anchor is gone fails loudly", () => {
    const [any] = sabotages;
    expect(() => apply("", any as (typeof sabotages)[number])).toThrow(/it has to follow the product/);
  });
});
