import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { cataloguePage } from "./page.ts";

const file = fileURLToPath(new URL("../../../../../docs/concurrent-edits.md", import.meta.url));

it("K10 the page of concurrent edits says what the table says", () => {
  if (process.env.UPDATE_DOCS) writeFileSync(file, cataloguePage());
  expect(readFileSync(file, "utf8"), "write it anew: UPDATE_DOCS=1 npx vitest run packages/core/src/changes/catalogue/page.test.ts").toBe(cataloguePage());
});
