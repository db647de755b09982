import { describe, expect, it } from "vitest";
import { story } from "./report.ts";
import { planOf, run } from "./run.ts";

const seeds = 200;
const onSqlite = 20;
const inOneTest = 10;

/** Whole teams of real clients on a bad network around a real server that is killed. More seeds and longer runs: `npm run simulate`. */
describe("Q3 the promises P1 to P5 hold whatever happens", () => {
  for (let first = 1; first <= seeds; first += inOneTest)
    it(`seeds ${first} to ${first + inOneTest - 1}${first <= onSqlite ? ", on the real SQLite driver" : ""}`, { timeout: 120_000 }, async () => {
      for (let seed = first; seed < first + inOneTest; seed++) {
        const plan = planOf(seed, { clients: 5, steps: 100, sqlite: seed <= onSqlite });
        const result = await run(plan);
        expect(result.problems.length === 0 ? "" : await story(plan, result, 20_000)).toBe("");
      }
    });
});

describe("Q3 the simulation itself", () => {
  it("tells the same story twice for one seed", async () => {
    const plan = planOf(7, { clients: 5, steps: 120, sqlite: false });
    const [first, second] = [await run(plan, true), await run(plan, true)];
    expect(second.story).toEqual(first.story);
    expect(second.figures).toEqual(first.figures);
  });
});
